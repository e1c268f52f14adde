/// JSON as it is written, for what a parser does not keep: how a value was spelt, and numbers of any size.
public enum RawJSON {
  /// The text of the value of the first field called `name` of the object that `text` is, as it is written; nil when it is not found, as
  /// where the name is written with escapes.
  ///
  /// - Parameter text: valid JSON.
  public static func value(of name: UnsafeRawBufferPointer, in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer?
  {
    var index = 0
    var depth = 0
    var isName = false
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        isName = text[index] == UInt8(ascii: "{")
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ","): isName = depth == 1
      case .quote:
        let end = stringEnd(of: text, from: index)
        if depth == 1, isName, text.part(index + 1..<max(end - 1, index + 1)).elementsEqual(name) {
          return valueText(of: text, after: end)
        }
        isName = false
        index = end
        continue
      default: break
      }
      index += 1
    }
    return nil
  }

  /// The text with each number that a parser may refuse, of more than 18 digits or with an exponent, made a string that
  /// ``JSONValue/numeral`` knows; nil when there is none.
  static func markingNumerals(in text: UnsafeRawBufferPointer) -> [UInt8]? {
    var result: [UInt8] = []
    var copied = 0
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte == .quote {
        index = stringEnd(of: text, from: index)
      } else if byte == UInt8(ascii: "-") || (48...57).contains(byte) {
        let end = numberEnd(of: text, from: index)
        if end - index > 18 || text.part(index..<end).contains(where: { $0 | 0x20 == UInt8(ascii: "e") }),
          isNumber(text.part(index..<end))
        {
          result += text.part(copied..<index)
          result += Array("\"\\u0000#".utf8) + text.part(index..<end) + [.quote]
          copied = end
        }
        index = end
      } else {
        index += 1
      }
    }
    guard copied > 0 else { return nil }
    return result + text.part(copied..<text.count)
  }

  /// The index after the string that starts at `start`, its closing quote included.
  private static func stringEnd(of text: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start + 1
    while let quote = text.firstIndex(of: .quote, from: index) {
      var backslashes = 0
      while quote - backslashes - 1 > start, text[quote - backslashes - 1] == UInt8(ascii: "\\") { backslashes += 1 }
      if backslashes % 2 == 0 { return quote + 1 }
      index = quote + 1
    }
    return text.count
  }

  private static func numberEnd(of text: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    while index < text.count {
      switch text[index] {
      case 48...57, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        index += 1
      default: return index
      }
    }
    return index
  }

  /// Whether `text` is a number of RFC 8259, section 6.
  private static func isNumber(_ text: UnsafeRawBufferPointer) -> Bool {
    var rest = text[...]
    func digits() -> Int {
      let count = rest.prefix { (48...57).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let startsWithZero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !startsWithZero || whole == 1 else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard digits() > 0 else { return false }
    }
    if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  /// The text of the value that follows a name and its colon.
  private static func valueText(of text: UnsafeRawBufferPointer, after name: Int) -> UnsafeRawBufferPointer? {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":"), from: name) else { return nil }
    var start = colon + 1
    while start < text.count, text[start] <= .space { start += 1 }
    guard start < text.count else { return nil }
    if text[start] == .quote { return text.part(start..<stringEnd(of: text, from: start)) }
    let end = numberEnd(of: text, from: start)
    return end > start ? text.part(start..<end) : nil
  }
}
