public import AssayCore
import AssayPricing

/// A binary64 number as margin rules compute with it: good for screening, 1e-15 away from what a contract decides.
public struct Binary64: MarginNumber {
  /// The number.
  public let value: Double

  /// Wraps a number.
  @inline(__always)
  public init(_ value: Double) { self.value = value }

  /// The number that a file spells, rounded to nearest.
  public init(_ text: DecimalText) { value = text.double }
  /// A whole number.
  public init(whole: Int) { value = Double(whole) }

  /// 0.
  public static let zero = Binary64(0)
  /// 1.
  public static let one = Binary64(1)
  /// No number.
  public static let undefined = Binary64(.nan)
  /// How reports call the arithmetic.
  public static let mode = "binary64"

  /// Whether it is infinite or not a number.
  @inline(__always)
  public var isUndefined: Bool { !value.isFinite }
  /// The shortest decimal that reads back to the same number.
  public var reported: String { value.description }
  /// The number.
  public var approximate: Double { value }

  /// Order by value.
  @inline(__always)
  public static func < (a: Binary64, b: Binary64) -> Bool { a.value < b.value }
  /// The sum.
  @inline(__always)
  public static func + (a: Binary64, b: Binary64) -> Binary64 { Binary64(a.value + b.value) }
  /// The difference.
  @inline(__always)
  public static func - (a: Binary64, b: Binary64) -> Binary64 { Binary64(a.value - b.value) }
  /// The number with the other sign.
  @inline(__always)
  public static prefix func - (a: Binary64) -> Binary64 { Binary64(-a.value) }
  /// The product.
  @inline(__always)
  public func times(_ other: Binary64) -> Binary64 { Binary64(value * other.value) }
  /// The quotient.
  public func over(_ other: Binary64) -> Binary64 { Binary64(value / other.value) }
  /// self * factor / divisor.
  public func times(_ factor: Binary64, over divisor: Binary64) -> Binary64 {
    Binary64(value * factor.value / divisor.value)
  }
  /// self * factor / divisor for whole numbers.
  public func scaled(by factor: Int, over divisor: Int) -> Binary64 {
    Binary64(value * Double(factor) / Double(divisor))
  }
  /// a / b for whole numbers.
  public static func ratio(_ a: Int, _ b: Int) -> Binary64 { Binary64(Double(a) / Double(b)) }
  /// The number rounded to nearest at `places` decimals, half away from zero.
  public func rounded(places: Int) -> Binary64 {
    let scale = (0..<max(0, min(places, 22))).reduce(1.0) { product, _ in product * 10 }
    return Binary64((value * scale).rounded(.toNearestOrAwayFromZero) / scale)
  }
}

extension Binary64 {
  /// exp of every number.
  public static func exponentials(_ numbers: [Binary64], on executor: any Executor) throws(AssayError) -> [Binary64] {
    try apply(.exponential, numbers, on: executor)
  }

  /// The natural logarithm of every number.
  public static func logarithms(_ numbers: [Binary64], on executor: any Executor) throws(AssayError) -> [Binary64] {
    try apply(.logarithm, numbers, on: executor)
  }

  /// The square root of every number.
  public static func squareRoots(_ numbers: [Binary64], on executor: any Executor) throws(AssayError) -> [Binary64] {
    numbers.map { Binary64($0.value.squareRoot()) }
  }

  private static func apply(
    _ operation: Operation, _ numbers: [Binary64], on executor: any Executor
  ) throws(AssayError) -> [Binary64] {
    let results = try executor.execute(Batch(operation, [Column(numbers.map(\.value))]))
    return results.f64("result").map { Binary64($0) }
  }

  /// Black-76 prices of options: undiscounted, then times the discount factor.
  public static func prices(
    _ options: [PricedOption<Binary64>], on executor: any Executor
  ) throws(AssayError) -> [Binary64] {
    let book = try OptionBook(
      .black76, types: options.map { $0.isCall ? .call : .put },
      columns: [
        "forward": options.map(\.forward.value), "strike": options.map(\.strike.value),
        "years": options.map { Double($0.seconds) / 31_536_000 }, "volatility": options.map(\.volatility.value),
      ])
    let prices = try executor.price(book, measures: [.price]).column(.price)
    return options.indices.map { Binary64(prices[$0] * options[$0].discount.value) }
  }

  /// Volatilities of strikes from SVI slices; the strike's distance from the forward is held within 4 sqrt(a + b sigma), total
  /// variance below 144.
  public static func volatilities(
    _ strikes: [SVIStrike<Binary64>], on executor: any Executor
  ) throws(AssayError) -> [Binary64] {
    let distances = try logarithms(strikes.map { Binary64($0.strike.value / $0.slice.forward.value) }, on: executor)
    return zip(strikes, distances).map { strike, distance in
      let slice = strike.slice
      guard strike.strike.value != 0 else { return .zero }
      let bound = 4 * (slice.a.value + slice.b.value * slice.sigma.value).squareRoot()
      let k = min(max(distance.value, -bound), bound) - slice.m.value
      let root = (k * k + slice.sigma.value * slice.sigma.value).squareRoot()
      let variance = slice.a.value + slice.b.value * (root + slice.rho.value * k)
      return Binary64(variance < 0 ? .nan : (min(variance, 144) / slice.tau.value).squareRoot())
    }
  }
}
