import AssayCore
import AssayProofs
import AssaySignatures

/// An EIP-7702 authorization on its own: that an account takes the code of an address.
///
/// Accepted when Keccak-256 of 05 | RLP([chain, address, nonce]) was signed, s is in the lower half, and hash and authority are
/// those asked for. The result carries `authority` and `hash`. Acceptance does not say that the nonce is still the account's.
public struct EthereumAuthorization: ChainObject {
  /// The chain's identifier, big-endian, at most 32 bytes; 0 for any chain.
  public var chainId: [UInt8]
  /// The address whose code is taken, 20 bytes.
  public var address: [UInt8]
  /// The account's nonce, big-endian, at most 8 bytes.
  public var nonce: [UInt8]
  /// r, s and a parity: 65 bytes.
  public var signature: [UInt8]
  /// The account that must have signed, 20 bytes.
  public var authority: [UInt8]?
  /// The digest that must have been signed, 32 bytes.
  public var hash: [UInt8]?

  /// Describes a row.
  public init(
    chainId: [UInt8], address: [UInt8], nonce: [UInt8], signature: [UInt8], authority: [UInt8]? = nil,
    hash: [UInt8]? = nil
  ) {
    self.chainId = chainId
    self.address = address
    self.nonce = nonce
    self.signature = signature
    self.authority = authority
    self.hash = hash
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    guard address.count == 20, authority?.count ?? 20 == 20 else { throw .malformed("an address is not 20 bytes long") }
    guard signature.count == 65 else { throw ObjectFault(.signatureEncodingInvalid, "signature is not 65 bytes long") }
    guard nonce.drop(while: { $0 == 0 }).count <= 8, chainId.drop(while: { $0 == 0 }).count <= 32 else {
      throw .malformed("nonce or chainId is too large")
    }
    guard !DecodedTransaction.isHighS(Array(signature[32..<64])) else {
      throw ObjectFault(.highS, "s is above half the group order")
    }
    let payload =
      [0x05]
      + RLPWriter.list([RLPWriter.integer(chainId), RLPWriter.string(address), RLPWriter.integer(nonce)])
    work.digest(.keccak256, of: payload) { digest in
      if let hash, hash != digest { return finish(.rejected(.valueMismatch, "the authorization has another hash")) }
      work.verify([.recovery(RecoveryCheck(digest: digest, signature: signature, address: authority))]) { outcomes in
        guard outcomes[0].verdict.isAccepted, let key = outcomes[0].recovered else {
          return finish(.rejected(outcomes[0].verdict, "authority is not who signed, or nobody can be recovered"))
        }
        finish(.accepted([("authority", .bytes(key.address)), ("hash", .bytes(digest))]))
      }
    }
  }
}
