/// A perpetual market's margin requirement in whole quantums, with dYdX v4's roundings: notional truncates, requirements round up
/// (v4-chain, `x/perpetuals/lib`).
public struct LinearRequirement: Sendable, Hashable {
  /// The initial margin's share of notional in millionths.
  public let initialMillionths: Int
  /// Maintenance margin's share of the initial margin in millionths.
  public let maintenanceMillionths: Int
  /// Between which open interests the initial share grows; nil when it does not.
  public let openInterestCaps: OpenInterestCaps?

  /// Open interests in quote quantums.
  public struct OpenInterestCaps: Sendable, Hashable {
    /// Up to here the share is the market's own.
    public let lower: Int256
    /// From here on it is the whole notional.
    public let upper: Int256

    /// Two open interests.
    public init(lower: Int256, upper: Int256) {
      self.lower = lower
      self.upper = upper
    }
  }

  /// A market's requirement.
  public init(
    initialMillionths: Int, maintenanceMillionths: Int, openInterestCaps: OpenInterestCaps? = nil
  ) {
    self.initialMillionths = initialMillionths
    self.maintenanceMillionths = maintenanceMillionths
    self.openInterestCaps = openInterestCaps
  }

  /// Quote quantums that `quantums` are worth, truncated toward zero: quantums * price * 10^(exponent + resolution + 6).
  public static func notional(quantums: Int256, price: Int256, exponent: Int, resolution: Int) -> Int256 {
    let power = exponent + resolution + 6
    guard (-77...77).contains(power) else { return .undefined }
    let scale = (0..<abs(power)).reduce(Int256(1)) { product, _ in product * Int256(10) }
    return power < 0 ? quantums * price / scale : quantums * price * scale
  }

  /// The initial share in millionths at an open interest of `openInterest` quote quantums.
  public func initialShare(openInterest: Int256) -> Int256 {
    let whole = Int256(1_000_000), base = Int256(initialMillionths)
    guard let caps = openInterestCaps, caps.lower < openInterest else { return base }
    guard openInterest < caps.upper else { return whole }
    return base + (whole - base) * (openInterest - caps.lower) / (caps.upper - caps.lower)
  }

  /// The requirement of a position of `notional` quote quantums; maintenance margin does not grow with open interest.
  public func requirement(notional: Int256, openInterest: Int256 = .zero) -> (initial: Int256, maintenance: Int256) {
    let whole = Int256(1_000_000), size = notional.isNegative ? -notional : notional
    let base = (size * Int256(initialMillionths)).dividedRoundingUp(by: whole)
    return (
      (size * initialShare(openInterest: openInterest)).dividedRoundingUp(by: whole),
      (base * Int256(maintenanceMillionths)).dividedRoundingUp(by: whole)
    )
  }
}

/// An account in the order of liquidation: the one whose collateral covers least of its maintenance requirement first, the larger
/// requirement first where they are equal (v4-chain, `x/subaccounts/lib`), then by name.
public struct LiquidationRank: Sendable, Comparable {
  /// The account.
  public let account: String
  /// Net collateral, positions included.
  public let collateral: Int256
  /// The maintenance requirement.
  public let maintenance: Int256

  /// An account to rank.
  public init(account: String, collateral: Int256, maintenance: Int256) {
    self.account = account
    self.collateral = collateral
    self.maintenance = maintenance
  }

  /// Whether the account may be liquidated.
  public var isLiquidatable: Bool { .zero < maintenance && collateral < maintenance }

  /// Order of liquidation, riskiest first, by products, never by a rounded quotient.
  public static func < (a: LiquidationRank, b: LiquidationRank) -> Bool {
    let left = a.collateral * b.maintenance, right = b.collateral * a.maintenance
    if left != right { return left < right }
    if a.maintenance != b.maintenance { return b.maintenance < a.maintenance }
    return a.account.utf8.lexicographicallyPrecedes(b.account.utf8)
  }
}
