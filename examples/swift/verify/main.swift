// Verifies a block of Ed25519 signatures in one batch. The second is the first with a bit changed.
import Assay

/// The bytes of hexadecimal digits.
func bytes(_ hexadecimal: String) -> [UInt8] {
  let digits = hexadecimal.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(16 * digits[$0] + digits[$0 + 1]) }
}

// RFC 8032, section 7.1, test 2.
let signature = bytes(
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
var changed = signature
changed[40] ^= 1

let block = [signature, changed].map { signature in
  SignatureCheck.ed25519(
    Ed25519Check(
      .zip215, publicKey: bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"), message: [0x72],
      signature: signature))
}

let engine = try Engine()
let outcomes = try SignatureVerifier.verify(block, on: engine)
for (place, outcome) in outcomes.enumerated() {
  print("transaction \(place): \(outcome.verdict.reason ?? "accepted")")
}
guard outcomes.map(\.verdict) == [.accepted, .signatureMismatch] else { fatalError("Other verdicts than expected.") }
