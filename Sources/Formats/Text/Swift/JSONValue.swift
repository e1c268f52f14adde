/// A value in a parsed JSON document: a position on simdjson's tape. Valid as long as the parser's document.
///
/// The tape is one array of 64-bit words: a type letter in the top byte and a payload; numbers have their value in the next word,
/// strings are an offset to a length and UTF-8 bytes, and an opening bracket knows where its value ends.
public struct JSONValue {
  private let tape: UnsafePointer<UInt64>
  private let strings: UnsafePointer<UInt8>
  private let index: Int

  init(_ tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, at index: Int) {
    self.tape = tape
    self.strings = strings
    self.index = index
  }

  private func node(at index: Int) -> JSONValue { JSONValue(tape, strings: strings, at: index) }

  private var word: UInt64 { tape[index] }
  private var letter: UInt8 { UInt8(truncatingIfNeeded: word >> 56) }
  private var payload: Int { Int(word & 0x00ff_ffff_ffff_ffff) }

  /// The tape position after this value.
  private var next: Int {
    switch letter {
    case UInt8(ascii: "{"), UInt8(ascii: "["): Int(word & 0xffff_ffff)
    case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): index + 2
    default: index + 1
    }
  }

  /// Whether it is `null`.
  public var isNull: Bool { letter == UInt8(ascii: "n") }

  /// Whether it is an object.
  public var isObject: Bool { letter == UInt8(ascii: "{") }

  /// A truth value; nil when it is none.
  public var bool: Bool? {
    switch letter {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: nil
    }
  }

  /// The UTF-8 bytes of a string, escapes resolved; nil when it is none.
  public var utf8: UnsafeRawBufferPointer? {
    guard letter == UInt8(ascii: "\"") else { return nil }
    let start = UnsafeRawPointer(strings) + payload
    return UnsafeRawBufferPointer(start: start + 4, count: Int(start.loadUnaligned(as: UInt32.self)))
  }

  /// A string; nil when it is none.
  public var string: String? { utf8.map { String(decoding: $0, as: UTF8.self) } }

  /// Whether it is the string `text`.
  public func isString(_ text: StaticString) -> Bool { utf8.map { $0.equals(text) } ?? false }

  /// A whole number from 0 to 2^64 - 1; nil when it is none.
  public var unsigned: UInt64? {
    switch letter {
    case UInt8(ascii: "u"): return tape[index + 1]
    case UInt8(ascii: "l"):
      let value = Int64(bitPattern: tape[index + 1])
      return value < 0 ? nil : UInt64(value)
    default: return nil
    }
  }

  /// A number as binary64; nil when it is none.
  public var double: Double? {
    switch letter {
    case UInt8(ascii: "d"): Double(bitPattern: tape[index + 1])
    case UInt8(ascii: "l"): Double(Int64(bitPattern: tape[index + 1]))
    case UInt8(ascii: "u"): Double(tape[index + 1])
    default: nil
    }
  }

  /// The bytes of a string of hexadecimal digits in either case, with or without `0x`; nil when it is none or odd.
  public var hexadecimal: [UInt8]? { utf8.flatMap(Hexadecimal.decode) }

  /// The first field called `name` of an object; nil when it is no object or lacks it.
  public subscript(name: StaticString) -> JSONValue? {
    guard isObject else { return nil }
    var at = index + 1
    let end = next - 1
    while at < end {
      let key = node(at: at)
      let value = node(at: at + 1)
      if let bytes = key.utf8, bytes.equals(name) { return value }
      at = value.next
    }
    return nil
  }

  /// The fields of an object in their order; nil when it is none.
  public var fields: [(name: String, value: JSONValue)]? {
    guard isObject else { return nil }
    var fields: [(String, JSONValue)] = []
    var at = index + 1
    let end = next - 1
    while at < end {
      let value = node(at: at + 1)
      fields.append((node(at: at).string ?? "", value))
      at = value.next
    }
    return fields
  }

  /// The elements of an array; nil when it is none.
  public var elements: [JSONValue]? {
    guard letter == UInt8(ascii: "[") else { return nil }
    var elements: [JSONValue] = []
    var at = index + 1
    let end = next - 1
    while at < end {
      let value = node(at: at)
      elements.append(value)
      at = value.next
    }
    return elements
  }
}

extension UnsafeRawBufferPointer {
  @inline(__always)
  fileprivate func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    for index in 0..<count where self[index] != text.utf8Start[index] { return false }
    return true
  }
}
