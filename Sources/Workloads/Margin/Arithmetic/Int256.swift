/// A signed 256-bit integer as the Ethereum Virtual Machine has it, or undefined.
///
/// A sum or product that leaves the range, and a quotient by zero, where a contract would revert, is ``undefined``; so is whatever
/// is made from it, as a NaN is in floating point. Quotients truncate toward zero.
public struct Int256: Sendable, Hashable {
  /// The value modulo 2^256 as two halves, the upper one signed.
  let high: Int128
  let low: UInt128
  /// Whether this is undefined: an overflow, a quotient by zero, or made from one.
  public let isUndefined: Bool

  private init(high: Int128, low: UInt128, isUndefined: Bool = false) {
    self.high = isUndefined ? 0 : high
    self.low = isUndefined ? 0 : low
    self.isUndefined = isUndefined
  }

  // Not inlined: Swift 6.3.1's optimizer ends with a signal where it folds a constant through the 128-bit arithmetic below.
  /// A small number.
  @inline(never)
  public init(_ value: Int) {
    self.init(high: value < 0 ? -1 : 0, low: UInt128(truncatingIfNeeded: value))
  }

  /// A number from its magnitude, 256 unsigned bits in two halves; undefined when it does not fit.
  init(magnitude: (high: UInt128, low: UInt128), isNegative: Bool) {
    guard isNegative else {
      self.init(
        high: Int128(truncatingIfNeeded: magnitude.high), low: magnitude.low, isUndefined: magnitude.high >> 127 != 0)
      return
    }
    let (low, borrow) = (0 as UInt128).subtractingReportingOverflow(magnitude.low)
    let high = Int128(truncatingIfNeeded: 0 &- magnitude.high &- (borrow ? 1 : 0))
    self.init(high: high, low: low, isUndefined: high >= 0 && (magnitude.high != 0 || magnitude.low != 0))
  }

  /// A number from the halves of its two's complement.
  init(bits high: UInt128, _ low: UInt128) { self.init(high: Int128(truncatingIfNeeded: high), low: low) }

  /// No number.
  public static let undefined = Int256(high: 0, low: 0, isUndefined: true)
  /// 0.
  public static let zero = Int256(0)

  /// Whether it is below 0.
  public var isNegative: Bool { high < 0 }

  /// The absolute value's two halves.
  var magnitude: (high: UInt128, low: UInt128) {
    guard isNegative else { return (UInt128(truncatingIfNeeded: high), low) }
    let (low, borrow) = (0 as UInt128).subtractingReportingOverflow(low)
    return (0 &- UInt128(truncatingIfNeeded: high) &- (borrow ? 1 : 0), low)
  }

  /// The 32 big-endian bytes of the two's complement.
  public var bytes: [UInt8] {
    let words = [UInt128(truncatingIfNeeded: high), low]
    return words.flatMap { word in (0..<16).map { UInt8(truncatingIfNeeded: word >> (120 - 8 * $0)) } }
  }

  /// A number from 32 big-endian bytes of a two's complement; undefined for any other count.
  public init(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else {
      self = .undefined
      return
    }
    func half(_ part: some Collection<UInt8>) -> UInt128 { part.reduce(0) { $0 << 8 | UInt128($1) } }
    self.init(high: Int128(truncatingIfNeeded: half(bytes.prefix(16))), low: half(bytes.dropFirst(16)))
  }
}

extension Int256: Comparable {
  /// Order by value; an undefined number is below and above none.
  public static func < (a: Int256, b: Int256) -> Bool {
    !a.isUndefined && !b.isUndefined && (a.high, a.low) < (b.high, b.low)
  }

  /// The sum.
  public static func + (a: Int256, b: Int256) -> Int256 {
    let (low, carry) = a.low.addingReportingOverflow(b.low)
    let (part, first) = a.high.addingReportingOverflow(b.high)
    let (high, second) = part.addingReportingOverflow(carry ? 1 : 0)
    // Two overflows of opposite signs cancel.
    return Int256(high: high, low: low, isUndefined: a.isUndefined || b.isUndefined || first != second)
  }

  /// The number with the other sign.
  public static prefix func - (a: Int256) -> Int256 {
    a.isUndefined ? a : Int256(magnitude: a.magnitude, isNegative: !a.isNegative)
  }

  /// The difference.
  public static func - (a: Int256, b: Int256) -> Int256 {
    // -2^255 has no negative of its own.
    b.high == .min && b.low == 0 && !b.isUndefined ? (a + Int256(1)) + -(b + Int256(1)) : a + -b
  }

  /// The product.
  public static func * (a: Int256, b: Int256) -> Int256 {
    let x = a.magnitude, y = b.magnitude
    guard !a.isUndefined, !b.isUndefined, x.high == 0 || y.high == 0 else { return .undefined }
    let (carry, low) = x.low.multipliedFullWidth(by: y.low)
    let (upper, overflow) = (x.high == 0 ? y.high : x.high).multipliedReportingOverflow(by: x.high == 0 ? x.low : y.low)
    let (high, second) = UInt128(carry).addingReportingOverflow(upper)
    guard !overflow, !second else { return .undefined }
    return Int256(magnitude: (high, UInt128(low)), isNegative: a.isNegative != b.isNegative)
  }

  /// The quotient toward zero and the magnitude of the rest.
  func divided(by b: Int256) -> (quotient: Int256, rest: Int256) {
    let x = magnitude, y = b.magnitude
    guard !isUndefined, !b.isUndefined, y.high != 0 || y.low != 0 else { return (.undefined, .undefined) }
    let quotient: (high: UInt128, low: UInt128), rest: (high: UInt128, low: UInt128)
    if y.high == 0 {
      let (upper, left) = x.high.quotientAndRemainder(dividingBy: y.low)
      let (lower, remainder) = y.low.dividingFullWidth((left, x.low))
      (quotient, rest) = ((upper, lower), (0, remainder))
    } else {
      (quotient, rest) = Self.longDivision(x, by: y)
    }
    return (
      Int256(magnitude: quotient, isNegative: isNegative != b.isNegative), Int256(magnitude: rest, isNegative: false)
    )
  }

  /// Bit by bit, for divisors above 2^128, which amounts of money never are.
  private static func longDivision(
    _ x: (high: UInt128, low: UInt128), by y: (high: UInt128, low: UInt128)
  ) -> ((UInt128, UInt128), (UInt128, UInt128)) {
    var quotient: UInt128 = 0, rest: (high: UInt128, low: UInt128) = (0, x.high)
    for bit in (0..<128).reversed() {
      rest = (rest.high << 1 | rest.low >> 127, rest.low << 1 | (x.low >> bit) & 1)
      quotient <<= 1
      if rest >= y {
        let (low, borrow) = rest.low.subtractingReportingOverflow(y.low)
        rest = (rest.high - y.high - (borrow ? 1 : 0), low)
        quotient |= 1
      }
    }
    return ((0, quotient), rest)
  }

  /// The quotient, truncated toward zero; undefined by zero.
  public static func / (a: Int256, b: Int256) -> Int256 { a.divided(by: b).quotient }

  /// The quotient rounded away from zero.
  public func dividedRoundingUp(by b: Int256) -> Int256 {
    let (quotient, rest) = divided(by: b)
    return rest == .zero ? quotient : quotient + Int256(isNegative != b.isNegative ? -1 : 1)
  }
}

extension Int256: CustomStringConvertible {
  /// Decimal digits with a sign when negative; `undefined`.
  public var description: String {
    if isUndefined { return "undefined" }
    var rest = magnitude, digits: [String] = []
    let base: UInt128 = 1_000_000_000_000_000_000
    while rest.high != 0 || rest.low >= base {
      let (upper, left) = rest.high.quotientAndRemainder(dividingBy: base)
      let (lower, remainder) = base.dividingFullWidth((left, rest.low))
      digits.append(String(String(base + remainder).dropFirst()))
      rest = (upper, lower)
    }
    return (isNegative ? "-" : "") + String(rest.low) + digits.reversed().joined()
  }

  /// A number from decimal digits with an optional sign; nil when that is not what `text` is; undefined beyond 2^255.
  public init?(_ text: some StringProtocol) {
    let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.count <= 1000, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    var value = Int256.zero
    // Downwards: the least number has no positive counterpart.
    for digit in digits.utf8 { value = value * Int256(10) - Int256(Int(digit) - 48) }
    self = text.hasPrefix("-") ? value : -value
  }
}
