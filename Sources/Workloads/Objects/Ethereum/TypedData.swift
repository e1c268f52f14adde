import AssayCore

/// A value of a typed-data object as JSON has it.
public indirect enum TypedValue: Sendable, Hashable {
  /// Nothing.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number as decimal digits, with a minus sign when negative.
  case number(String)
  /// A string.
  case text(String)
  /// A list.
  case list([TypedValue])
  /// An object's members in their order.
  case object([String: TypedValue])
}

/// Structured data to be signed (EIP-712): types, the type of the message, the domain and the message.
///
/// Values are taken strictly, since a lenient reading would have a signature match what nobody saw: integers within their type,
/// decimal or `0x` hexadecimal; `bytesN`, `bytes` and `address` as `0x` and exactly their bytes; true and false themselves; arrays of
/// the type's length; every member there. A member without a type is not signed and ignored, as wallets do. `uint` and `int` are not
/// types of the standard. Types without `EIP712Domain` get the one that the domain's members make, in the standard's order.
public struct TypedData: Sendable {
  /// A member of a struct type.
  public struct Member: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its type, such as `uint256` or `Person[]`.
    public var type: String

    /// A member from its parts.
    public init(name: String, type: String) {
      self.name = name
      self.type = type
    }
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

  static let domainType = "EIP712Domain"

  /// The digest that is signed: Keccak-256 of 1901, the domain separator and, unless the domain itself is the message, the
  /// message's hash.
  func digestNode() throws(ObjectFault) -> HashNode {
    var types = types
    if types[Self.domainType] == nil { types[Self.domainType] = try impliedDomain() }
    let encoder = TypedDataEncoder(types)
    var parts: [HashNode.Part] = [
      .bytes([0x19, 0x01]), .node(try encoder.hash(Self.domainType, domain, at: "domain")),
    ]
    if primaryType != Self.domainType {
      parts.append(.node(try encoder.hash(primaryType, message, at: "message")))
    }
    return HashNode(parts)
  }

  /// The domain type that the members of the domain make.
  private func impliedDomain() throws(ObjectFault) -> [Member] {
    let order = [
      ("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address"),
      ("salt", "bytes32"),
    ]
    for (name, value) in domain where value != .null && !order.contains(where: { $0.0 == name }) {
      throw .malformed("domain.\(name) is not a member of a domain, and types has no EIP712Domain")
    }
    return order.filter { domain[$0.0].map { $0 != .null } ?? false }.map { Member(name: $0.0, type: $0.1) }
  }
}
