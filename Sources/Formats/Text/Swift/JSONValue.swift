/// A value in a parsed JSON document: a position on simdjson's tape. Valid as long as the parser's document.
///
/// The tape is one array of 64-bit words: a type letter in the top byte and a payload; numbers have their value in the next word,
/// strings are an offset to a length and UTF-8 bytes, and an opening bracket knows where its value ends.
public struct JSONValue {
  private let tape: UnsafePointer<UInt64>
  private let strings: UnsafePointer<UInt8>
  private let index: Int
  /// Whether strings may be marked numbers, as ``RawJSON/markingNumerals(in:)`` makes them.
  private let hasNumerals: Bool

  init(_ tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, at index: Int, hasNumerals: Bool) {
    self.tape = tape
    self.strings = strings
    self.index = index
    self.hasNumerals = hasNumerals
  }

  private func node(at index: Int) -> JSONValue {
    JSONValue(tape, strings: strings, at: index, hasNumerals: hasNumerals)
  }

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

  /// Whether it is an array.
  public var isArray: Bool { letter == UInt8(ascii: "[") }

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
    guard let text = stored, !isMarked(text) else { return nil }
    return text
  }

  /// The bytes of a string as the tape has them.
  private var stored: UnsafeRawBufferPointer? {
    guard letter == UInt8(ascii: "\"") else { return nil }
    let start = UnsafeRawPointer(strings) + payload
    return UnsafeRawBufferPointer(start: start + 4, count: Int(start.loadUnaligned(as: UInt32.self)))
  }

  private func isMarked(_ text: UnsafeRawBufferPointer) -> Bool {
    hasNumerals && text.count > 2 && text[0] == 0 && text[1] == UInt8(ascii: "#")
  }

  /// The text of a number that 64 bits do not hold, or whose size binary64 does not; nil for anything else.
  public var numeral: String? {
    guard let text = stored, isMarked(text) else { return nil }
    return String(decoding: text.dropFirst(2), as: UTF8.self)
  }

  /// Whether it is a number, of any size.
  public var isNumber: Bool {
    switch letter {
    case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): true
    default: numeral != nil
    }
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

  /// The first field called `name` of an object; nil when it is not an object or lacks it.
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

  /// Calls `body` with the name and the value of every field of an object, in their order; not at all when it is none.
  public func forEachField(_ body: (UnsafeRawBufferPointer, JSONValue) -> Void) {
    guard isObject else { return }
    var at = index + 1
    let end = next - 1
    while at < end {
      let value = node(at: at + 1)
      if let name = node(at: at).stored { body(name, value) }
      at = value.next
    }
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
