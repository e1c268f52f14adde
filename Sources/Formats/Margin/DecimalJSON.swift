public import Assay

/// A JSON document whose numbers keep their spelling, so that an amount reaches integer arithmetic with every digit.
///
/// RFC 8259, with limits: 64 levels, and names that occur once an object. simdjson's tape, which the rest of Assay reads, holds
/// binary64 numbers only.
public indirect enum DecimalJSON: Sendable {
  /// `null`.
  case null
  /// A truth value.
  case bool(Bool)
  /// A number.
  case number(DecimalText)
  /// A string, escapes resolved.
  case string(String)
  /// An array.
  case array([DecimalJSON])
  /// An object, its members in the order of the text.
  case object([(name: String, value: DecimalJSON)])

  /// Parses `text`, which messages call `name`.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the place and what is wrong.
  public init(_ text: [UInt8], name: String) throws(AssayError) {
    var reader = DecimalJSONReader(text, name: name)
    self = try reader.document()
  }

  /// The member called `name` of an object; nil when there is none.
  public subscript(name: String) -> DecimalJSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// An array's elements; nil when it is none.
  public var elements: [DecimalJSON]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// An object's members; nil when it is none.
  public var members: [(name: String, value: DecimalJSON)]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// A string; nil when it is none.
  public var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// A truth value; nil when it is none.
  public var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// A number, or a string that spells one; nil when it is neither.
  public var decimal: DecimalText? {
    switch self {
    case .number(let number): number
    case .string(let text): DecimalText(text)
    default: nil
    }
  }

  /// What it is, for messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// Reads one document from the front.
private struct DecimalJSONReader {
  private let text: [UInt8]
  private let name: String
  private var at = 0
  private static let deepest = 64

  init(_ text: [UInt8], name: String) {
    self.text = text
    self.name = name
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
  }

  mutating func document() throws(AssayError) -> DecimalJSON {
    let value = try self.value(depth: 0)
    skipSpace()
    if at < text.count { throw failure("something follows the document") }
    return value
  }

  private func failure(_ what: String) -> AssayError {
    let line = text[..<min(at, text.count)].count { $0 == UInt8(ascii: "\n") } + 1
    let column = min(at, text.count) - (text[..<min(at, text.count)].lastIndex(of: UInt8(ascii: "\n")) ?? -1)
    return AssayError(.input, "\(name):\(line):\(column): is not JSON: \(what).")
  }

  private mutating func skipSpace() {
    while at < text.count, [0x20, 0x0A, 0x0D, 0x09].contains(text[at]) { at += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard at < text.count, text[at] == byte else { return false }
    at += 1
    return true
  }

  private mutating func value(depth: Int) throws(AssayError) -> DecimalJSON {
    skipSpace()
    guard at < text.count else { throw failure("it ends early") }
    guard depth < Self.deepest else { throw failure("it is deeper than \(Self.deepest) levels") }
    switch text[at] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    default: return try word()
    }
  }

  private mutating func object(depth: Int) throws(AssayError) -> DecimalJSON {
    at += 1
    var members: [(name: String, value: DecimalJSON)] = []
    var names: Set<String> = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      skipSpace()
      guard at < text.count, text[at] == UInt8(ascii: "\"") else { throw failure("a member has no name") }
      let member = try string()
      guard names.insert(member).inserted else { throw failure("\"\(member)\" occurs twice") }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw failure("a colon is missing") }
      members.append((member, try value(depth: depth + 1)))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw failure("an object does not end") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(AssayError) -> DecimalJSON {
    at += 1
    var elements: [DecimalJSON] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array([]) }
    repeat {
      elements.append(try value(depth: depth + 1))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw failure("an array does not end") }
    return .array(elements)
  }

  private mutating func word() throws(AssayError) -> DecimalJSON {
    let rest = text[at...].prefix { ![0x20, 0x0A, 0x0D, 0x09, 0x2C, 0x5D, 0x7D, 0x3A].contains($0) }
    let spelling = String(decoding: rest, as: UTF8.self)
    defer { at += rest.count }
    switch spelling {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    default:
      guard let first = rest.first, first == UInt8(ascii: "-") || (48...57).contains(first),
        let number = DecimalText(spelling)
      else { throw failure("'\(spelling.prefix(40))' is not a value") }
      return .number(number)
    }
  }

  private mutating func string() throws(AssayError) -> String {
    at += 1
    var bytes: [UInt8] = []
    while at < text.count, text[at] != UInt8(ascii: "\"") {
      guard text[at] >= 0x20 else { throw failure("a string holds a control character") }
      if text[at] == UInt8(ascii: "\\") {
        at += 1
        bytes += try escape()
      } else {
        bytes.append(text[at])
        at += 1
      }
    }
    guard take(UInt8(ascii: "\"")) else { throw failure("a string does not end") }
    guard let string = String(validating: bytes, as: UTF8.self) else { throw failure("a string is not UTF-8") }
    return string
  }

  private mutating func escape() throws(AssayError) -> [UInt8] {
    guard at < text.count else { throw failure("it ends early") }
    let letter = text[at]
    at += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var units = [try unit()]
      if (0xD800..<0xDC00).contains(units[0]), at + 1 < text.count, text[at] == UInt8(ascii: "\\"),
        text[at + 1] == UInt8(ascii: "u")
      {
        at += 2
        units.append(try unit())
      }
      guard let string = String(validating: units, as: UTF16.self) else {
        throw failure("an escape is half a character")
      }
      return Array(string.utf8)
    default: throw failure("a string has an unknown escape")
    }
  }

  private mutating func unit() throws(AssayError) -> UInt16 {
    guard at + 4 <= text.count, let value = UInt16(String(decoding: text[at..<at + 4], as: UTF8.self), radix: 16) else {
      throw failure("an escape lacks four hexadecimal digits")
    }
    at += 4
    return value
  }
}
