import AssayCore

/// Types and values of SNIP-12 as nodes to be hashed.
struct StarknetEncoder {
  private let types: [String: [StarknetTypedData.Member]]
  private let revision: StarknetTypedData.Revision
  private var typeHashes: [String: HashNode] = [:]
  private var typeBytes = 0
  private static let mostTypeBytes = 4 << 20
  private static let deepest = 64
  /// The field's modulus: 2^251 + 17 2^192 + 1.
  private static let modulus: [UInt8] = [0x08, 0, 0, 0, 0, 0, 0, 0x11] + [UInt8](repeating: 0, count: 23) + [1]

  /// Types that revision 1 has by itself.
  private static let presets: [String: [StarknetTypedData.Member]] = [
    "u256": [.init(name: "low", type: "u128"), .init(name: "high", type: "u128")],
    "TokenAmount": [.init(name: "token_address", type: "ContractAddress"), .init(name: "amount", type: "u256")],
    "NftId": [.init(name: "collection_address", type: "ContractAddress"), .init(name: "token_id", type: "u256")],
  ]

  init(_ types: [String: [StarknetTypedData.Member]], _ revision: StarknetTypedData.Revision) {
    self.types = revision == .one ? types.merging(Self.presets) { own, _ in own } : types
    self.revision = revision
  }

  /// The hash of a list of elements: Poseidon's, or Pedersen's chain from 0 with the count at the end.
  func hash(_ parts: [HashNode.Part]) -> HashNode {
    guard revision == .zero else { return HashNode(parts, .poseidon) }
    let zero = HashNode.Part.bytes([UInt8](repeating: 0, count: 32))
    let chain = parts.reduce(zero) { .node(HashNode([$0, $1], .pedersen)) }
    return HashNode([chain, .bytes(UInt64(parts.count).bigEndianBytes.padded(to: 32))], .pedersen)
  }

  /// The hash of a struct: of its type's hash and its members.
  mutating func structure(
    _ type: String, _ value: [String: TypedValue], at place: String, depth: Int = 0
  ) throws(ObjectFault) -> HashNode {
    guard let members = types[type] else { throw .malformed("\(place): type '\(type.prefix(80))' is not defined") }
    guard depth < Self.deepest else { throw .malformed("\(place) is nested too deeply") }
    var parts: [HashNode.Part] = [.node(try typeHash(type))]
    for member in members {
      guard let value = value[member.name] else { throw .malformed("\(place).\(member.name) is missing") }
      parts.append(try encode(value, as: member, at: "\(place).\(member.name)", depth: depth + 1))
    }
    return hash(parts)
  }

  private mutating func encode(
    _ value: TypedValue, as member: StarknetTypedData.Member, at place: String, depth: Int
  ) throws(ObjectFault) -> HashNode.Part {
    let type = member.type
    guard depth < Self.deepest else { throw .malformed("\(place) is nested too deeply") }
    if type.hasSuffix("*") {
      guard case .list(let elements) = value else { throw .malformed("\(place) is not an array") }
      let inner = StarknetTypedData.Member(name: member.name, type: String(type.dropLast()))
      var parts: [HashNode.Part] = []
      for (index, element) in elements.enumerated() {
        parts.append(try encode(element, as: inner, at: "\(place)[\(index)]", depth: depth + 1))
      }
      return .node(hash(parts))
    }
    if type == "enum", revision == .one {
      return .node(try encodeEnum(value, of: member.contains ?? "", at: place, depth: depth))
    }
    if type == "merkletree" {
      throw ObjectFault(.unsupportedType, "\(place): a merkletree is not hashed by this version")
    }
    if types[type] != nil {
      guard case .object(let members) = value else { throw .malformed("\(place) is not an object of type \(type)") }
      return .node(try structure(type, members, at: place, depth: depth))
    }
    return try atom(value, type, at: place)
  }

  /// The hash of the variant's number and its values.
  private mutating func encodeEnum(
    _ value: TypedValue, of type: String, at place: String, depth: Int
  ) throws(ObjectFault) -> HashNode {
    guard let variants = types[type] else { throw .malformed("\(place): type '\(type.prefix(80))' is not defined") }
    guard case .object(let members) = value, members.count == 1, let (name, fields) = members.first,
      let index = variants.firstIndex(where: { $0.name == name }), case .list(let values) = fields
    else { throw .malformed("\(place) is not one variant of \(type) with a list of values") }
    let inner = Self.elements(of: variants[index].type)
    guard inner.count == values.count else { throw .malformed("\(place).\(name) does not have \(inner.count) values") }
    var parts: [HashNode.Part] = [.bytes(UInt64(index).bigEndianBytes.padded(to: 32))]
    for (number, (value, type)) in zip(values, inner).enumerated() {
      parts.append(
        try encode(value, as: .init(name: name, type: type), at: "\(place).\(name)[\(number)]", depth: depth + 1))
    }
    return hash(parts)
  }

  /// The types between parentheses.
  private static func elements(of type: String) -> [String] {
    let inner = type.dropFirst().dropLast()
    return inner.isEmpty ? [] : inner.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  // MARK: - Values

  private func atom(_ value: TypedValue, _ type: String, at place: String) throws(ObjectFault) -> HashNode.Part {
    switch (type, revision) {
    case ("felt", _), ("shortstring", .one): return .bytes(try felt(value, at: place))
    case ("bool", _):
      if case .bool(let flag) = value { return .bytes([flag ? 1 : 0].padded(to: 32)) }
      let word = try felt(value, at: place)
      guard word.dropLast().allSatisfy({ $0 == 0 }), (word.last ?? 2) < 2 else {
        throw .malformed("\(place) is neither true nor false")
      }
      return .bytes(word)
    case ("string", .zero): return .bytes(try felt(value, at: place))
    case ("string", .one): return .node(try byteArray(value, at: place))
    case ("selector", _):
      guard case .text(let name) = value else { throw .malformed("\(place) is not a string") }
      if name.hasPrefix("0x") { return .bytes(try felt(value, at: place)) }
      return .node(HashNode([.bytes(Array(name.utf8))], .starknetKeccak))
    case ("u128", .one), ("timestamp", .one):
      guard let word = try integer(value, at: place).unsigned(bits: 128) else {
        throw .malformed("\(place) is outside \(type)")
      }
      return .bytes(word)
    case ("i128", .one):
      let number = try integer(value, at: place)
      guard number.signed(bits: 128) != nil else { throw .malformed("\(place) is outside i128") }
      return .bytes(number.isNegative ? Self.negated(number.magnitude) : number.magnitude)
    case ("ContractAddress", .one), ("ClassHash", .one):
      return .bytes(try felt(value, at: place))
    default: throw .malformed("\(place): '\(type.prefix(80))' is neither a type of SNIP-12 nor defined")
    }
  }

  /// An element: a whole number below the modulus, or the bytes of a short text.
  private func felt(_ value: TypedValue, at place: String) throws(ObjectFault) -> [UInt8] {
    switch value {
    case .number(let text), .text(let text):
      if let word = Integer256(text)?.unsigned(bits: 256) {
        guard word.lexicographicallyPrecedes(Self.modulus) else {
          throw .malformed("\(place) is not below the modulus")
        }
        return word
      }
      guard case .text = value, text.utf8.count <= 31, text.utf8.allSatisfy({ $0 < 0x80 }) else { break }
      return Array(text.utf8).padded(to: 32)
    case .bool(let flag): return [flag ? 1 : 0].padded(to: 32)
    default: break
    }
    throw .malformed("\(place) is neither a whole number nor a text of at most 31 characters")
  }

  private func integer(_ value: TypedValue, at place: String) throws(ObjectFault) -> Integer256 {
    switch value {
    case .number(let text), .text(let text):
      if let integer = Integer256(text) { return integer }
    default: break
    }
    throw .malformed("\(place) is not a whole number")
  }

  /// The hash of a text in words of 31 bytes: their number, the words, the rest and its length.
  private func byteArray(_ value: TypedValue, at place: String) throws(ObjectFault) -> HashNode {
    guard case .text(let text) = value else { throw .malformed("\(place) is not a string") }
    let bytes = Array(text.utf8)
    let words = bytes.count / 31
    var parts: [HashNode.Part] = [.bytes(UInt64(words).bigEndianBytes.padded(to: 32))]
    for word in 0..<words { parts.append(.bytes(bytes[31 * word..<31 * word + 31].padded(to: 32))) }
    let rest = bytes[(31 * words)...]
    parts += [.bytes(rest.padded(to: 32)), .bytes([UInt8(rest.count)].padded(to: 32))]
    return hash(parts)
  }

  /// The modulus less a positive number.
  private static func negated(_ magnitude: [UInt8]) -> [UInt8] {
    var borrow = 0
    return zip(modulus, magnitude).reversed().map { left, right in
      let difference = Int(left) - Int(right) - borrow
      borrow = difference < 0 ? 1 : 0
      return UInt8(truncatingIfNeeded: difference)
    }.reversed()
  }

  // MARK: - Types

  private mutating func typeHash(_ type: String) throws(ObjectFault) -> HashNode {
    if let hash = typeHashes[type] { return hash }
    let text = Array(try encodeType(type).utf8)
    typeBytes += text.count
    guard typeBytes <= Self.mostTypeBytes else { throw .malformed("the types are too large") }
    let hash = HashNode([.bytes(text)], .starknetKeccak)
    typeHashes[type] = hash
    return hash
  }

  /// The type's own declaration, then those of all types that it refers to, sorted by name; revision 1 puts names in quotes.
  private func encodeType(_ type: String) throws(ObjectFault) -> String {
    var referenced: Set<String> = [type]
    var pending = [type]
    while let name = pending.popLast() {
      for member in types[name] ?? [] {
        var names = [member.contains ?? member.type]
        if revision == .one, member.type.hasPrefix("(") { names = Self.elements(of: member.type) }
        for inner in names {
          let base = String(inner.prefix { $0 != "*" })
          if types[base] != nil, referenced.insert(base).inserted { pending.append(base) }
        }
      }
    }
    referenced.remove(type)
    var text = ""
    for name in [type] + referenced.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      text +=
        quoted(name) + "(" + (types[name] ?? []).map { "\(quoted($0.name)):\(typeName($0))" }.joined(separator: ",")
        + ")"
      guard text.utf8.count <= Self.mostTypeBytes else { throw .malformed("the types are too large") }
    }
    return text
  }

  private func typeName(_ member: StarknetTypedData.Member) -> String {
    if revision == .one, member.type.hasPrefix("(") {
      return "(" + Self.elements(of: member.type).map { quoted($0) }.joined(separator: ",") + ")"
    }
    return quoted(member.type == "enum" ? member.contains ?? "" : member.type)
  }

  private func quoted(_ name: String) -> String { revision == .one ? "\"\(name)\"" : name }
}
