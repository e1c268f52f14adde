import AssayCore

/// The digest that a signature in a Bitcoin transaction is over, for a script that the caller knows.
///
/// Before segregated witnesses, or with the spent amount those of version 0 (BIP-143). Accepted when the digest is the one
/// given. The result carries `sighash`.
public struct BitcoinSighash: ChainObject {
  /// The transaction.
  public var transaction: [UInt8]
  /// Which input, from 0.
  public var input: Int
  /// The script that the signature is over.
  public var script: [UInt8]
  /// The spent amount in satoshi; nil before segregated witnesses.
  public var value: UInt64?
  /// The type, with all the bits that the reference client hashes.
  public var type: UInt32
  /// The digest, 32 bytes in the order in which they are signed.
  public var digest: [UInt8]

  /// Describes a row.
  public init(transaction: [UInt8], input: Int, script: [UInt8], value: UInt64?, type: UInt32, digest: [UInt8]) {
    self.transaction = transaction
    self.input = input
    self.script = script
    self.value = value
    self.type = type
    self.digest = digest
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    let transaction = try BitcoinTransaction(transaction)
    guard transaction.inputs.indices.contains(input) else { throw .malformed("the transaction has no input \(input)") }
    SighashDigest.digest(
      SignatureHash(transaction: transaction, input: input), script, value: value, type: type, in: work
    ) {
      digest in
      finish(
        digest == self.digest
          ? .accepted([("sighash", .bytes(digest))]) : .rejected(.valueMismatch, "the signature hash is another one"))
    }
  }
}

/// Digests of ECDSA signatures in Bitcoin transactions.
enum SighashDigest {
  /// Asks for the digest: of version 0 witnesses when there is a value.
  static func digest(
    _ hash: SignatureHash, _ script: [UInt8], value: UInt64?, type: UInt32, in work: ObjectWork,
    then receive: @escaping ([UInt8]) -> Void
  ) {
    if let value {
      // The parts and the whole are hashed twice alike.
      work.digests(.sha256d, of: [hash.witnessV0(script, value: value, type: type)]) { receive($0[0]) }
    } else if let message = hash.legacy(script, type: type) {
      work.digest(.sha256d, of: message, then: receive)
    } else {
      receive([1] + [UInt8](repeating: 0, count: 31))
    }
  }
}
