import AssayCore

/// `encodeType`, `encodeData` and `hashStruct` of EIP-712 over a set of struct types.
final class TypedDataEncoder {
  private let types: [String: [TypedData.Member]]
  /// The hash of each struct type's `encodeType`, made once.
  private var typeHashes: [String: HashNode] = [:]
  private var typeBytes = 0
  /// All `encodeType` strings together are at most this long: types that all name each other would grow with their square.
  private static let mostTypeBytes = 4 << 20
  private static let deepest = 64

  init(_ types: [String: [TypedData.Member]]) { self.types = types }

  /// `hashStruct` of an object.
  func hash(
    _ type: String, _ value: [String: TypedValue], at place: String, depth: Int = 0
  ) throws(ObjectFault) -> HashNode {
    guard let members = types[type] else { throw .malformed("\(place): type '\(type.prefix(80))' is not defined") }
    guard depth < Self.deepest else { throw .malformed("\(place) is nested too deeply") }
    var parts: [HashNode.Part] = [.node(try typeHash(type))]
    for member in members {
      guard let value = value[member.name] else { throw .malformed("\(place).\(member.name) is missing") }
      parts.append(try encode(value, as: member.type[...], at: "\(place).\(member.name)", depth: depth + 1))
    }
    return HashNode(parts)
  }

  /// A value in 32 bytes, or the hash that stands for it.
  private func encode(
    _ value: TypedValue, as type: Substring, at place: String, depth: Int
  ) throws(ObjectFault) -> HashNode.Part {
    if type.hasSuffix("]") {
      return .node(try encodeArray(value, as: type, at: place, depth: depth))
    }
    if types[String(type)] != nil {
      guard case .object(let members) = value else { throw .malformed("\(place) is not an object of type \(type)") }
      return .node(try hash(String(type), members, at: place, depth: depth))
    }
    return try encodeAtom(value, as: type, at: place)
  }

  private func encodeArray(
    _ value: TypedValue, as type: Substring, at place: String, depth: Int
  ) throws(ObjectFault) -> HashNode {
    guard depth < Self.deepest else { throw .malformed("\(place) is nested too deeply") }
    guard let open = type.lastIndex(of: "[") else { throw .malformed("\(place): '\(type.prefix(80))' is not a type") }
    let length = type[type.index(after: open)...].dropLast()
    guard case .list(let elements) = value else { throw .malformed("\(place) is not an array") }
    if !length.isEmpty {
      guard let count = Int(length), length == String(count) else {
        throw .malformed("\(place): '\(type.prefix(80))' is not a type")
      }
      guard count == elements.count else { throw .malformed("\(place) has \(elements.count) elements, not \(count)") }
    }
    let element = type[..<open]
    var parts: [HashNode.Part] = []
    parts.reserveCapacity(elements.count)
    for (index, value) in elements.enumerated() {
      parts.append(try encode(value, as: element, at: "\(place)[\(index)]", depth: depth + 1))
    }
    return HashNode(parts)
  }

  private func encodeAtom(_ value: TypedValue, as type: Substring, at place: String) throws(ObjectFault)
    -> HashNode.Part
  {
    switch type {
    case "string":
      guard case .text(let text) = value else { throw .malformed("\(place) is not a string") }
      return .node(HashNode(Array(text.utf8)))
    case "bytes":
      return .node(HashNode(try bytes(value, at: place)))
    case "bool":
      guard case .bool(let flag) = value else { throw .malformed("\(place) is neither true nor false") }
      return .bytes([UInt8](repeating: 0, count: 31) + [flag ? 1 : 0])
    case "address":
      let address = try bytes(value, at: place)
      guard address.count == 20 else { throw .malformed("\(place) is not an address of 20 bytes") }
      return .bytes(address.padded(to: 32))
    default: break
    }
    if let width = Self.width(type, after: "bytes"), (1...32).contains(width) {
      let bytes = try bytes(value, at: place)
      guard bytes.count == width else { throw .malformed("\(place) is not \(width) bytes long") }
      return .bytes(bytes + [UInt8](repeating: 0, count: 32 - width))
    }
    if let bits = Self.width(type, after: "uint"), bits % 8 == 0, (8...256).contains(bits) {
      guard let word = try integer(value, at: place).unsigned(bits: bits) else {
        throw .malformed("\(place) is outside \(type)")
      }
      return .bytes(word)
    }
    if let bits = Self.width(type, after: "int"), bits % 8 == 0, (8...256).contains(bits) {
      guard let word = try integer(value, at: place).signed(bits: bits) else {
        throw .malformed("\(place) is outside \(type)")
      }
      return .bytes(word)
    }
    throw .malformed("\(place): '\(type.prefix(80))' is neither a type of EIP-712 nor defined")
  }

  private func bytes(_ value: TypedValue, at place: String) throws(ObjectFault) -> [UInt8] {
    guard case .text(let text) = value, text.hasPrefix("0x"), let bytes = Hex.bytes(text.utf8.dropFirst(2)) else {
      throw .malformed("\(place) is not 0x and pairs of hexadecimal digits")
    }
    return bytes
  }

  private func integer(_ value: TypedValue, at place: String) throws(ObjectFault) -> Integer256 {
    switch value {
    case .number(let text), .text(let text):
      if let integer = Integer256(text) { return integer }
    default: break
    }
    throw .malformed("\(place) is not a whole number of at most 256 bits")
  }

  /// The number behind a type's name, without leading zeros; nil when there is none.
  private static func width(_ type: Substring, after name: String) -> Int? {
    guard type.hasPrefix(name) else { return nil }
    let digits = type.dropFirst(name.count)
    return Int(digits).flatMap { digits == String($0) ? $0 : nil }
  }

  // MARK: - Types

  private func typeHash(_ type: String) throws(ObjectFault) -> HashNode {
    if let hash = typeHashes[type] { return hash }
    let text = Array(try encodeType(type).utf8)
    typeBytes += text.count
    guard typeBytes <= Self.mostTypeBytes else { throw .malformed("the types are too large") }
    let hash = HashNode(text)
    typeHashes[type] = hash
    return hash
  }

  /// The type's own declaration, then those of all structs that it refers to, sorted by name.
  private func encodeType(_ type: String) throws(ObjectFault) -> String {
    var referenced: Set<String> = [type]
    var pending = [type]
    while let name = pending.popLast() {
      for member in types[name] ?? [] {
        let base = String(member.type.prefix { $0 != "[" })
        if types[base] != nil, referenced.insert(base).inserted { pending.append(base) }
      }
    }
    referenced.remove(type)
    let names = [type] + referenced.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var text = ""
    for name in names {
      text += name + "(" + (types[name] ?? []).map { "\($0.type) \($0.name)" }.joined(separator: ",") + ")"
      guard text.utf8.count <= Self.mostTypeBytes else { throw .malformed("the types are too large") }
    }
    return text
  }
}
