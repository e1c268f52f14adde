import AssayCore
import AssaySignatures

/// A text signed by an address's key, as wallets' `signmessage` does (Bitcoin Core; headers of segregated witnesses as BIP-137 has
/// them).
///
/// Accepted when the key recovered from the signature over the text behind Bitcoin's prefix, hashed twice with SHA-256, has the
/// address: 27 to 30 an uncompressed key's hash, 31 to 34 a compressed key's, 35 to 38 a P2SH witness key's, 39 to 42 a witness
/// key's. The result carries `publicKey`. Acceptance does not say that the address has ever held anything.
public struct BitcoinSignedMessage: ChainObject {
  /// The text's bytes.
  public var message: [UInt8]
  /// The address.
  public var address: String
  /// Header, r and s: 65 bytes.
  public var signature: [UInt8]

  /// Describes a row.
  public init(message: [UInt8], address: String, signature: [UInt8]) {
    self.message = message
    self.address = address
    self.signature = signature
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    guard let address = BitcoinAddress(address) else {
      throw .malformed("address is not one of Bitcoin for a key or script hash")
    }
    guard signature.count == 65, (27...42).contains(signature[0]) else {
      throw ObjectFault(.signatureEncodingInvalid, "signature is not 65 bytes with a header of 27 to 42")
    }
    let form = (signature[0] - 27) / 4
    let isRight: Bool =
      switch address.kind {
      case .keyHash: form < 2
      case .scriptHash: form == 2
      case .witnessKeyHash: form == 3
      case .witnessScriptHash, .taproot: false
      }
    guard isRight else { throw ObjectFault(.addressMismatch, "the signature's header is for another kind of address") }
    let prefix = BitcoinScript.sized(Array("Bitcoin Signed Message:\n".utf8))
    work.digest(.sha256d, of: prefix + BitcoinScript.sized(message)) { digest in
      let check = RecoveryCheck(digest: digest, signature: signature[1...] + [(signature[0] - 27) % 4])
      work.verify([.recovery(check)]) { outcomes in
        guard let point = outcomes[0].recovered?.publicKey else {
          return finish(.rejected(outcomes[0].verdict, "no key can be recovered from the signature"))
        }
        let key = form == 0 ? point : [0x02 + (point[64] & 1)] + point[1..<33]
        work.digest(.sha256, of: key) { keyDigest in
          let keyHash = RIPEMD160.digest(keyDigest)
          let hash =
            form == 2
            ? ([0x00, 0x14] + keyHash).withUnsafeBytes { RIPEMD160.digest(SHA256.digest($0)) } : keyHash
          finish(
            hash == address.hash
              ? .accepted([("publicKey", .bytes(key))])
              : .rejected(.addressMismatch, "address is not that of the key that signed"))
        }
      }
    }
  }
}
