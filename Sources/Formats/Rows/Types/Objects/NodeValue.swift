import Assay
import AssayIO

/// A value inside JSON as nodes print it, with the way to it for messages. Names are the nodes' own.
struct NodeValue {
  let json: JSONValue
  /// How it is reached from the value that it lies in.
  private let step: Step
  private let parent: Parent?

  private enum Step {
    case member(StaticString)
    case named(String)
    case element(Int)
  }

  /// The way to a value, spelt only when a message needs it: most values are as they should be.
  private final class Parent {
    let step: Step
    let parent: Parent?

    init(_ step: Step, _ parent: Parent?) {
      self.step = step
      self.parent = parent
    }

    var path: String { NodeValue.path(step, parent) }
  }

  /// The value of a row's field.
  init(_ json: JSONValue, _ field: StaticString) { self.init(json, .member(field), nil) }

  private init(_ json: JSONValue, _ step: Step, _ parent: Parent?) {
    self.json = json
    self.step = step
    self.parent = parent
  }

  /// The way from the row's field, such as `commit.signatures[3]`.
  var path: String { Self.path(step, parent) }

  private static func path(_ step: Step, _ parent: Parent?) -> String {
    switch step {
    case .member(let name): parent.map { "\($0.path).\(name)" } ?? "\(name)"
    case .named(let name): parent.map { "\($0.path).\(name)" } ?? name
    case .element(let index): "\(parent?.path ?? "")[\(index)]"
    }
  }

  /// The members of an object in their order; nil when it is not one.
  var members: [(name: String, value: NodeValue)]? {
    guard let fields = json.fields else { return nil }
    let own = Parent(step, parent)
    return fields.map { ($0.name, NodeValue($0.value, .named($0.name), own)) }
  }

  /// The member called `name`; nil when it is missing or null.
  func optional(_ name: StaticString) -> NodeValue? {
    json[name].flatMap { $0.isNull ? nil : NodeValue($0, .member(name), Parent(step, parent)) }
  }

  /// The member called `name`.
  func member(_ name: StaticString) throws(RowProblem) -> NodeValue {
    guard json.isObject else { throw .malformed("\(path) is not an object") }
    guard let value = optional(name) else { throw .malformed("\(path).\(name) is missing") }
    return value
  }

  /// The first member of these names that is there.
  func member(_ name: StaticString, or other: StaticString) throws(RowProblem) -> NodeValue {
    if let value = optional(name) { return value }
    if let value = optional(other) { return value }
    throw .malformed("\(path).\(name) is missing")
  }

  /// The elements of a list.
  var elements: [NodeValue] {
    get throws(RowProblem) {
      guard let elements = json.elements else { throw .malformed("\(path) is not a list") }
      let own = Parent(step, parent)
      return elements.enumerated().map { NodeValue($1, .element($0), own) }
    }
  }

  /// Text.
  var text: String {
    get throws(RowProblem) {
      guard let text = json.string else { throw .malformed("\(path) is not a string") }
      return text
    }
  }

  /// A byte string in hexadecimal, or after `base64:` or `base58:`.
  var bytes: [UInt8] {
    get throws(RowProblem) {
      guard let bytes = json.encodedBytes else {
        throw .malformed("\(path) is not a string of hexadecimal digits, an even number of them")
      }
      return bytes
    }
  }

  /// A byte string in base64, the `base64:` in front or not.
  var base64: [UInt8] {
    get throws(RowProblem) {
      guard let text = json.utf8 else { throw .malformed("\(path) is not a string") }
      guard let bytes = Base64.decode(text.dropping(prefix: "base64:") ?? text) else {
        throw .malformed("\(path) is not base64")
      }
      return bytes
    }
  }

  /// A list of byte strings in hexadecimal.
  var byteStrings: [[UInt8]] {
    get throws(RowProblem) {
      var list: [[UInt8]] = []
      for element in try elements { list.append(try element.bytes) }
      return list
    }
  }

  /// A list of byte strings in base64.
  var base64Strings: [[UInt8]] {
    get throws(RowProblem) {
      var list: [[UInt8]] = []
      for element in try elements { list.append(try element.base64) }
      return list
    }
  }

  /// A whole number from 0 to 2^64 - 1: a number, a decimal string, or hexadecimal after `0x`.
  var whole: UInt64 {
    get throws(RowProblem) {
      if let number = json.wholeNumber { return number }
      let number = try number.drop { $0 == 0 }
      guard number.count <= 8 else { throw .malformed("\(path) is more than 2^64 - 1") }
      return number.reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  /// A whole number from 0 to 2^63 - 1.
  var positive: Int64 {
    get throws(RowProblem) {
      guard let number = Int64(exactly: try whole) else { throw .malformed("\(path) is more than 2^63 - 1") }
      return number
    }
  }

  /// A whole number from 0 to 2^31 - 1.
  var small: Int32 {
    get throws(RowProblem) {
      guard let number = Int32(exactly: try whole) else { throw .malformed("\(path) is more than 2^31 - 1") }
      return number
    }
  }

  /// A whole number of any width in big-endian bytes: a number, a decimal string, or hexadecimal after `0x`.
  var number: [UInt8] {
    get throws(RowProblem) {
      let isDecimal = json.utf8.map { !$0.isEmpty && $0.allSatisfy { (48...57).contains($0) } } ?? false
      let text = json.string ?? ""
      let bytes: [UInt8]? =
        isDecimal ? Decimal.bytes(text) : json.utf8 == nil || text.hasPrefix("0x") ? json.quantity : nil
      guard let bytes else { throw .malformed("\(path) is not a whole number") }
      return bytes
    }
  }
}

/// Decimal digits as big-endian bytes.
enum Decimal {
  /// More digits than any number here has.
  private static let longest = 160

  /// The bytes; nil for any other text, or an absurd length.
  static func bytes(_ text: String) -> [UInt8]? {
    guard !text.isEmpty, text.utf8.count <= longest else { return nil }
    var bytes: [UInt8] = []
    for character in text.utf8 {
      guard (48...57).contains(character) else { return nil }
      var carry = Int(character) - 48
      for index in bytes.indices.reversed() {
        carry += Int(bytes[index]) * 10
        bytes[index] = UInt8(truncatingIfNeeded: carry)
        carry >>= 8
      }
      if carry > 0 { bytes.insert(UInt8(carry), at: 0) }
    }
    return bytes
  }
}

extension Row {
  /// A field that nodes print, for reading on.
  func node(_ name: StaticString) throws(RowProblem) -> NodeValue { NodeValue(try value(name), name) }

  /// A field that nodes print; nil when it is missing or null.
  func optionalNode(_ name: StaticString) throws(RowProblem) -> NodeValue? { has(name) ? try node(name) : nil }

  /// A public key: bytes, or a SubjectPublicKeyInfo of the scheme in PEM.
  func publicKey(_ name: StaticString, _ scheme: SubjectPublicKey.Scheme) throws(RowProblem) -> [UInt8] {
    guard let text = try value(name).string, text.hasPrefix("-----BEGIN") else { return try bytes(name) }
    guard let key = SubjectPublicKey(pem: text) else {
      throw .malformed("\(name) is not a PUBLIC KEY in PEM of a scheme that this version knows")
    }
    guard key.scheme == scheme else { throw .malformed("\(name) is a key of another scheme") }
    return key.point
  }
}
