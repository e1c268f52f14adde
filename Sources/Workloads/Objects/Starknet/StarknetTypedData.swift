import AssayCore

/// Structured data for a Starknet account to sign (SNIP-12): revision 0 hashes with Pedersen, revision 1 with Poseidon.
public struct StarknetTypedData: Sendable {
  /// A member of a struct type.
  public struct Member: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its type, such as `felt` or `Person*`.
    public var type: String
    /// For `enum` and `merkletree`: the type that it is one of, or has leaves of.
    public var contains: String?

    /// A member from its parts.
    public init(name: String, type: String, contains: String? = nil) {
      self.name = name
      self.type = type
      self.contains = contains
    }
  }

  /// How types are written and values hashed.
  public enum Revision: Sendable {
    /// The first one, without a revision in the domain.
    case zero
    /// Revision 1.
    case one

    var domainType: String { self == .zero ? "StarkNetDomain" : "StarknetDomain" }
  }

  /// The struct types by name.
  public var types: [String: [Member]]
  /// The type of the message.
  public var primaryType: String
  /// The domain's members.
  public var domain: [String: TypedValue]
  /// The message's members.
  public var message: [String: TypedValue]

  /// Data from its parts.
  public init(
    types: [String: [Member]], primaryType: String, domain: [String: TypedValue], message: [String: TypedValue]
  ) {
    self.types = types
    self.primaryType = primaryType
    self.domain = domain
    self.message = message
  }

  /// The hash that is signed: of a prefix, the domain, the account and the message.
  func messageNode(account: [UInt8]) throws(ObjectFault) -> HashNode {
    let revision: Revision = types["StarknetDomain"] == nil ? .zero : .one
    if revision == .one, domain["revision"] != .text("1"), domain["revision"] != .number("1") {
      throw ObjectFault(.unsupportedType, "domain.revision is not 1")
    }
    guard account.count == 32 else { throw .malformed("account is not an element of 32 bytes") }
    var encoder = StarknetEncoder(types, revision)
    return encoder.hash([
      .bytes(Array("StarkNet Message".utf8).padded(to: 32)),
      .node(try encoder.structure(revision.domainType, domain, at: "domain")), .bytes(account),
      .node(try encoder.structure(primaryType, message, at: "message")),
    ])
  }
}
