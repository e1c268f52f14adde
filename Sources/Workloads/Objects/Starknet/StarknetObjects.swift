import AssayCore
public import AssaySignatures

/// What Starknet's accounts sign: a hash, or typed data.
public enum StarknetSubject: Sendable {
  /// The hash itself, an element of 32 bytes.
  case hash([UInt8])
  /// Typed data for an account (SNIP-12).
  case typedData(StarknetTypedData, account: [UInt8])

  /// Asks for the hash.
  func hash(in work: ObjectWork, then receive: @escaping ([UInt8]) -> Void) throws(ObjectFault) {
    switch self {
    case .hash(let hash): receive(hash)
    case .typedData(let data, let account):
      work.digests(of: [try data.messageNode(account: account)]) { receive($0[0]) }
    }
  }
}

/// A signature of a Starknet account's key over a hash or typed data.
///
/// Acceptance does not say that the key is the account's: accounts are contracts and may have other rules.
public struct StarknetSignature: ChainObject {
  /// What was signed.
  public var subject: StarknetSubject
  /// The key's x coordinate, 32 bytes.
  public var publicKey: [UInt8]
  /// r and s, 64 bytes.
  public var signature: [UInt8]

  /// Describes a row.
  public init(_ subject: StarknetSubject, publicKey: [UInt8], signature: [UInt8]) {
    self.subject = subject
    self.publicKey = publicKey
    self.signature = signature
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    try subject.hash(in: work) { hash in
      work.run([.verify(digest: hash, publicKey: publicKey, signature: signature)]) { results in
        finish(
          results[0].verdict.isAccepted
            ? .accepted([("hash", .bytes(hash))])
            : .rejected(results[0].verdict, "the signature was not made by this key over this hash"))
      }
    }
  }
}

/// An element that something over the STARK field must give: a hash, a key.
public struct StarknetValue: ChainObject {
  /// What gives the element.
  public enum Source: Sendable {
    /// A hash or a key.
    case call(StarkCall)
    /// The hash that an account signs of typed data.
    case subject(StarknetSubject)
  }

  /// What gives the element.
  public var source: Source
  /// The element, 32 bytes.
  public var value: [UInt8]

  /// Describes a row.
  public init(_ source: Source, value: [UInt8]) {
    self.source = source
    self.value = value
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    func settle(_ found: [UInt8]) {
      finish(found == value ? .accepted() : .rejected(.valueMismatch, "the value is another one"))
    }
    switch source {
    case .call(let call):
      work.run([call]) { results in
        guard results[0].verdict.isAccepted else {
          return finish(.rejected(results[0].verdict, "an operand is not an element of the field"))
        }
        settle(results[0].output)
      }
    case .subject(let subject): try subject.hash(in: work) { settle($0) }
    }
  }
}
