public import AssayCore

/// An 18-decimal fixed-point number in 256 bits, with the truncations of the contracts that settle on chain.
public struct Fixed18: MarginNumber {
  /// The number times 1e18.
  public let wei: Int256

  /// A number of `wei` times 1e-18.
  public init(wei: Int256) { self.wei = wei }

  /// The number that a file spells, truncated at 18 decimals.
  public init(_ text: DecimalText) { wei = text.integer(places: 18) }

  /// A whole number.
  public init(whole: Int) { wei = Int256(whole) * Self.unit }

  /// 1e18.
  static let unit = Int256(1_000_000_000_000_000_000)
  /// 0.
  public static let zero = Fixed18(wei: .zero)
  /// 1.
  public static let one = Fixed18(wei: unit)
  /// No number.
  public static let undefined = Fixed18(wei: .undefined)
  /// How reports call the arithmetic.
  public static let mode = "evm18"

  /// Whether it stands for something that is not a number.
  public var isUndefined: Bool { wei.isUndefined }
  /// The integer of 1e-18.
  public var reported: String { wei.description }
  /// The nearest binary64 of the integer, divided by 1e18.
  public var approximate: Double { (Double(wei.description) ?? .nan) / 1e18 }

  /// Order by value.
  public static func < (a: Fixed18, b: Fixed18) -> Bool { a.wei < b.wei }
  /// The sum.
  public static func + (a: Fixed18, b: Fixed18) -> Fixed18 { Fixed18(wei: a.wei + b.wei) }
  /// The difference.
  public static func - (a: Fixed18, b: Fixed18) -> Fixed18 { Fixed18(wei: a.wei - b.wei) }
  /// The number with the other sign.
  public static prefix func - (a: Fixed18) -> Fixed18 { Fixed18(wei: -a.wei) }
  /// The product, truncated.
  public func times(_ other: Fixed18) -> Fixed18 { Fixed18(wei: wei * other.wei / Self.unit) }
  /// The quotient, truncated.
  public func over(_ other: Fixed18) -> Fixed18 { Fixed18(wei: wei * Self.unit / other.wei) }
  /// self * factor / divisor, truncated once.
  public func times(_ factor: Fixed18, over divisor: Fixed18) -> Fixed18 {
    Fixed18(wei: wei * factor.wei / divisor.wei)
  }
  /// self * factor / divisor for whole numbers, truncated once.
  public func scaled(by factor: Int, over divisor: Int) -> Fixed18 {
    Fixed18(wei: wei * Int256(factor) / Int256(divisor))
  }
  /// The number rounded to nearest at `places` decimals, half away from zero.
  public func rounded(places: Int) -> Fixed18 {
    guard (0..<18).contains(places) else { return self }
    let step = (places..<18).reduce(Int256(1)) { product, _ in product * Int256(10) }
    let half = step / Int256(2)
    return Fixed18(wei: (wei + (wei.isNegative ? -half : half)) / step * step)
  }
  /// a / b for whole numbers, truncated.
  public static func ratio(_ a: Int, _ b: Int) -> Fixed18 { Fixed18(wei: Int256(a) * unit / Int256(b)) }
}

extension Fixed18 {
  /// exp of every number.
  public static func exponentials(_ numbers: [Fixed18], on executor: any Executor) throws(AssayError) -> [Fixed18] {
    try apply(.evm18Exponential, [numbers], "result", on: executor)
  }

  /// The natural logarithm of every number.
  public static func logarithms(_ numbers: [Fixed18], on executor: any Executor) throws(AssayError) -> [Fixed18] {
    try apply(.evm18Logarithm, [numbers], "result", on: executor)
  }

  /// The square root of every number, floored.
  public static func squareRoots(_ numbers: [Fixed18], on executor: any Executor) throws(AssayError) -> [Fixed18] {
    try apply(.evm18SquareRoot, [numbers], "result", on: executor)
  }

  /// Black-76 prices of options.
  public static func prices(
    _ options: [PricedOption<Fixed18>], on executor: any Executor
  ) throws(AssayError) -> [Fixed18] {
    // A discount factor is a 64-bit number of 1e-18, as in the contracts.
    let discounts = options.map { UInt64(exactly: $0.discount.wei.magnitude.low) ?? 0 }
    let results = try executor.execute(
      Batch(
        .evm18Black76,
        [
          words(options.map(\.seconds)), words(discounts), words(options.map(\.volatility)),
          words(options.map(\.forward)), words(options.map(\.strike)),
        ]))
    let calls = numbers("call", of: results), puts = numbers("put", of: results)
    return options.indices.map { row in
      let isWhole = options[row].discount.wei == Int256(magnitude: (0, UInt128(discounts[row])), isNegative: false)
      return isWhole ? options[row].isCall ? calls[row] : puts[row] : .undefined
    }
  }

  /// Volatilities of strikes from SVI slices.
  public static func volatilities(
    _ strikes: [SVIStrike<Fixed18>], on executor: any Executor
  ) throws(AssayError) -> [Fixed18] {
    let slices = strikes.map(\.slice)
    return try apply(
      .evm18SVIVolatility,
      [
        strikes.map(\.strike), slices.map(\.a), slices.map(\.b), slices.map(\.rho), slices.map(\.m),
        slices.map(\.sigma),
        slices.map(\.forward), slices.map(\.tau),
      ], "volatility", on: executor)
  }

  /// An operation of 18-decimal columns, its refused rows undefined.
  static func apply(
    _ operation: Operation, _ columns: [[Fixed18]], _ output: String, on executor: any Executor
  ) throws(AssayError) -> [Fixed18] {
    let results = numbers(output, of: try executor.execute(Batch(operation, columns.map(words))))
    return results.indices.map { row in columns.contains { $0[row].isUndefined } ? .undefined : results[row] }
  }

  /// An undefined number goes in as the most negative one, which prices refuse.
  private static func words(_ numbers: [Fixed18]) -> Column {
    let memory = Memory(byteCount: 32 * numbers.count)
    for (row, number) in numbers.enumerated() {
      let high = number.isUndefined ? 1 << 127 : UInt128(truncatingIfNeeded: number.wei.high)
      memory.bytes.storeBytes(of: high.bigEndian, toByteOffset: 32 * row, as: UInt128.self)
      memory.bytes.storeBytes(of: number.wei.low.bigEndian, toByteOffset: 32 * row + 16, as: UInt128.self)
    }
    return Column(borrowing: memory.start, count: numbers.count, as: .bytes(32), owner: memory)
  }

  private static func words(_ numbers: [UInt64]) -> Column {
    let memory = Memory(byteCount: 8 * numbers.count)
    for (row, number) in numbers.enumerated() {
      memory.bytes.storeBytes(of: number, toByteOffset: 8 * row, as: UInt64.self)
    }
    return Column(borrowing: memory.start, count: numbers.count, as: .u64, owner: memory)
  }

  private static func numbers(_ name: String, of results: Results) -> [Fixed18] {
    withExtendedLifetime(results) {
      guard let bytes = results.bytes(name), let verdicts = results.bytes("verdict") else { return [] }
      return verdicts.indices.map { row in
        guard verdicts[row] == Verdict.accepted.rawValue else { return .undefined }
        return Fixed18(
          wei: Int256(
            bits: UInt128(bigEndian: bytes.load(fromByteOffset: 32 * row, as: UInt128.self)),
            UInt128(bigEndian: bytes.load(fromByteOffset: 32 * row + 16, as: UInt128.self))))
      }
    }
  }
}
