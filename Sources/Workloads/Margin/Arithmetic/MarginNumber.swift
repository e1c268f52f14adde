public import AssayCore

/// What a margin rule computes with: binary64 for screening, or ``Fixed18`` for what a contract decides. One rule is written once
/// and evaluated in either; the names are those of fixed-point arithmetic, where each truncates as a contract does.
public protocol MarginNumber: Sendable, Hashable, Comparable {
  /// 0.
  static var zero: Self { get }
  /// 1.
  static var one: Self { get }
  /// No number: an overflow, or a row that could not be priced.
  static var undefined: Self { get }
  /// How reports call the arithmetic: `binary64` or `evm18`.
  static var mode: String { get }

  /// The number that a file spells.
  init(_ text: DecimalText)
  /// A whole number.
  init(whole: Int)

  /// Whether it stands for something that is not a number.
  var isUndefined: Bool { get }
  /// The number as a report writes it: an integer of 1e-18 in fixed point.
  var reported: String { get }
  /// The number in binary64, for people and ratios.
  var approximate: Double { get }

  /// The sum.
  static func + (a: Self, b: Self) -> Self
  /// The difference.
  static func - (a: Self, b: Self) -> Self
  /// The number with the other sign.
  static prefix func - (a: Self) -> Self
  /// The product.
  func times(_ other: Self) -> Self
  /// The quotient.
  func over(_ other: Self) -> Self
  /// self * factor / divisor, rounded once.
  func times(_ factor: Self, over divisor: Self) -> Self
  /// self * factor / divisor for whole numbers, rounded once.
  func scaled(by factor: Int, over divisor: Int) -> Self
  /// a / b for whole numbers.
  static func ratio(_ a: Int, _ b: Int) -> Self
  /// The number rounded to nearest at `places` decimals, half away from zero.
  func rounded(places: Int) -> Self

  /// exp of every number.
  static func exponentials(_ numbers: [Self], on executor: any Executor) throws(AssayError) -> [Self]
  /// The natural logarithm of every number.
  static func logarithms(_ numbers: [Self], on executor: any Executor) throws(AssayError) -> [Self]
  /// The square root of every number.
  static func squareRoots(_ numbers: [Self], on executor: any Executor) throws(AssayError) -> [Self]
  /// Black-76 prices of options, undefined where there is none.
  static func prices(_ options: [PricedOption<Self>], on executor: any Executor) throws(AssayError) -> [Self]
  /// Volatilities of strikes from SVI slices, undefined where there is none.
  static func volatilities(_ strikes: [SVIStrike<Self>], on executor: any Executor) throws(AssayError) -> [Self]
}

extension MarginNumber {
  /// The smaller; undefined when either is.
  static func smaller(_ a: Self, _ b: Self) -> Self { a.isUndefined || b.isUndefined ? .undefined : b < a ? b : a }
  /// The larger; undefined when either is.
  static func larger(_ a: Self, _ b: Self) -> Self { a.isUndefined || b.isUndefined ? .undefined : a < b ? b : a }
  /// The absolute value.
  var magnitude: Self { self < .zero ? -self : self }
}

/// One option to price on its forward.
public struct PricedOption<Number: MarginNumber>: Sendable {
  /// Whether it is a call.
  public let isCall: Bool
  /// Seconds to expiry; a year has 31,536,000.
  public let seconds: UInt64
  /// The discount factor.
  public let discount: Number
  /// Annual volatility, 0.2 for 20%.
  public let volatility: Number
  /// The forward.
  public let forward: Number
  /// The strike.
  public let strike: Number

  /// Makes it from its parts.
  public init(isCall: Bool, seconds: UInt64, discount: Number, volatility: Number, forward: Number, strike: Number) {
    self.isCall = isCall
    self.seconds = seconds
    self.discount = discount
    self.volatility = volatility
    self.forward = forward
    self.strike = strike
  }
}

/// A strike on a slice of Gatheral's SVI.
public struct SVIStrike<Number: MarginNumber>: Sendable {
  /// The strike.
  public let strike: Number
  /// The slice.
  public let slice: SmileSlice<Number>

  /// Makes it from its parts.
  public init(strike: Number, slice: SmileSlice<Number>) {
    self.strike = strike
    self.slice = slice
  }
}

/// A slice of Gatheral's SVI: total variance a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)), k = ln(strike / forward).
public struct SmileSlice<Number: MarginNumber>: Sendable, Hashable {
  /// The level.
  public let a: Number
  /// The slope.
  public let b: Number
  /// The asymmetry.
  public let rho: Number
  /// The centre.
  public let m: Number
  /// The width.
  public let sigma: Number
  /// The forward that the slice was fitted on.
  public let forward: Number
  /// The years that the slice was fitted at.
  public let tau: Number

  /// Makes it from its parts.
  public init(a: Number, b: Number, rho: Number, m: Number, sigma: Number, forward: Number, tau: Number) {
    self.a = a
    self.b = b
    self.rho = rho
    self.m = m
    self.sigma = sigma
    self.forward = forward
    self.tau = tau
  }
}
