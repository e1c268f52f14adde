// Many tasks verify one signature each; the verifier computes them together, on threads of its own.
import Assay

/// The bytes of hexadecimal digits.
func bytes(_ hexadecimal: String) -> [UInt8] {
  let digits = hexadecimal.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(16 * digits[$0] + digits[$0 + 1]) }
}

// RFC 8032, section 7.1, test 2: every third transaction says something else than what was signed.
let key = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
let signature = bytes(
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
let transactions = (0..<300).map { index in
  Check.signature(
    .ed25519(Ed25519Check(.zip215, publicKey: key, message: [index % 3 == 2 ? 0x73 : 0x72], signature: signature)))
}

let verifier = try await Verifier(warm: [.ed25519ZIP215], batching: .upTo(128, within: .milliseconds(2)))

// A call for each of a server's requests: those that come close together are one batch.
let accepted = try await withThrowingTaskGroup(of: Verdict.self) { group in
  for transaction in transactions {
    group.addTask { try await verifier.verify(transaction, priority: .urgent, deadline: .seconds(30)) }
  }
  var accepted = 0
  for try await verdict in group where verdict.isAccepted { accepted += 1 }
  return accepted
}

// A stream, in order, read no further than verdicts are taken.
let mempool = AsyncStream { continuation in
  for transaction in transactions { continuation.yield(transaction) }
  continuation.finish()
}
var rejected = 0
for try await (_, verdict) in verifier.verdicts(for: mempool) where !verdict.isAccepted { rejected += 1 }

let statistics = verifier.statistics
print("\(accepted) accepted, \(rejected) rejected, \(statistics.rows) rows in \(statistics.batches) batches")
guard accepted == 200, rejected == 100 else { fatalError("Other verdicts than expected.") }
