/// A decimal number as a file spells it, so that no digit is lost before the arithmetic that decides has it.
public struct DecimalText: Sendable, Hashable {
  /// Whether a minus stands before it.
  let isNegative: Bool
  /// The digits, values 0 to 9, without a point.
  let digits: [UInt8]
  /// The power of ten that the digits, as an integer, are multiplied by.
  let exponent: Int
  /// The spelling.
  public let text: String

  /// A number as JSON spells it: an optional sign, digits, an optional fraction and exponent. Nil when `text` is not that.
  public init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    var fraction: ArraySlice<UInt8> = []
    if rest.first == UInt8(ascii: ".") {
      fraction = rest.dropFirst().prefix(while: isDigit)
      rest = rest.dropFirst(1 + fraction.count)
    }
    var power = 0
    if let letter = rest.first, letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") {
      guard let value = Int(String(decoding: rest.dropFirst(), as: UTF8.self)), (-10_000...10_000).contains(value)
      else {
        return nil
      }
      power = value
      rest = []
    }
    guard rest.isEmpty, !(whole.isEmpty && fraction.isEmpty), whole.count + fraction.count <= 2000 else { return nil }
    self.isNegative = isNegative
    digits = (whole + fraction).map { $0 - 48 }
    exponent = power - fraction.count
    self.text = text
  }

  /// The number times 10^`places`, truncated toward zero.
  public func integer(places: Int) -> Int256 {
    let shift = exponent + places
    var value = Int256.zero
    let significant = digits.drop { $0 == 0 }
    for digit in significant.dropLast(max(0, -shift)) { value = value * Int256(10) + Int256(Int(digit)) }
    if significant.isEmpty { return .zero }
    for _ in 0..<max(0, min(shift, 100)) { value = value * Int256(10) }
    if shift > 100 { return .undefined }
    return isNegative ? -value : value
  }

  /// The nearest binary64.
  public var double: Double { Double(text) ?? .nan }
}
