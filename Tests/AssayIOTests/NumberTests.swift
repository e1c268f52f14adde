import AssayIO
import Testing

/// Binary64 as text.
@Suite struct NumberTests {
  @Test(arguments: [
    (0.0, "0"), (-0.0, "-0"), (1, "1"), (-1.5, "-1.5"), (100_000, "100000"), (1e15, "1000000000000000"), (1e16, "1e16"),
    (0.1, "0.1"), (1e-5, "0.00001"), (1e-6, "1e-6"), (123_456_789_012_345_680, "1.2345678901234568e17"),
    (.leastNonzeroMagnitude, "5e-324"), (.greatestFiniteMagnitude, "1.7976931348623157e308"),
    (.leastNormalMagnitude, "2.2250738585072014e-308"),
    (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"), (9_007_199_254_740_992, "9007199254740992"), (0.3, "0.3"),
  ])
  func texts(value: Double, expected: String) { #expect(text(value) == expected) }

  /// The standard library's description is the shortest too: the digits must be the same ones.
  @Test func randomValuesHaveTheShortestDigits() {
    var random = Random(seed: 1)
    for index in 0..<100_000 {
      let value = index % 2 == 0 ? Double(bitPattern: random.next()) : Double(random.next() >> 30) / 1000
      guard value.isFinite else { continue }
      let text = text(value)
      #expect(Double(text)?.bitPattern == value.bitPattern)
      #expect(digits(text) == digits(value.description), "\(value)")
    }
  }

  @Test func integers() {
    var buffer = TextBuffer()
    for value in [0, 7, -7, Int.max, Int.min] {
      buffer.append(value)
      buffer.append(UInt8(ascii: " "))
    }
    buffer.append(UInt64.max)
    #expect(String(decoding: buffer.bytes, as: UTF8.self) == "0 7 -7 \(Int.max) \(Int.min) \(UInt64.max)")
  }

  @Test func jsonStringsAreEscaped() {
    var buffer = TextBuffer()
    Array("a\"b\\c\n\u{1}é".utf8).withUnsafeBytes { buffer.append(jsonString: $0) }
    #expect(String(decoding: buffer.bytes, as: UTF8.self) == #""a\"b\\c\u000a\u0001é""#)
  }

  private func text(_ value: Double) -> String {
    var buffer = TextBuffer()
    buffer.append(value)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }

  /// The significant digits, without zeros at both ends.
  private func digits(_ text: String) -> String {
    let mantissa = text.prefix { $0 != "e" }.filter(\.isNumber)
    let tail = mantissa.drop { $0 == "0" }
    return String(tail.reversed().drop { $0 == "0" }.reversed())
  }
}
