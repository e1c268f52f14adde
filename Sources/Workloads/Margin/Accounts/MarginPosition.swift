/// What is held.
public enum PositionKind: Sendable, Hashable {
  /// A European option.
  case option(isCall: Bool)
  /// A future of the row's expiry.
  case future
  /// A perpetual.
  case perpetual
  /// The underlying itself.
  case spot
  /// The settlement currency.
  case cash

  /// Whether it is an option.
  public var isOption: Bool { self == .option(isCall: true) || self == .option(isCall: false) }
  /// Whether it has an expiry.
  public var hasExpiry: Bool { isOption || self == .future }
}

/// One position of a book, as a margin rule sees it.
public struct MarginPosition<Number: MarginNumber>: Sendable {
  /// The account.
  public var account: String
  /// The currency that it settles in.
  public var currency: String
  /// The underlying.
  public var underlying: String
  /// What is held.
  public var kind: PositionKind
  /// The underlying's spot.
  public var spot: Number
  /// The forward of the expiry; nil where it follows from spot, rate and dividend yield.
  public var forward: Number?
  /// The strike.
  public var strike: Number
  /// Seconds to expiry.
  public var seconds: UInt64
  /// The annual interest rate.
  public var rate: Number
  /// The annual dividend yield.
  public var dividendYield: Number
  /// The annual volatility.
  public var volatility: Number
  /// The amount, multiplier included, negative when short.
  public var amount: Number

  /// A position of one unit of an option.
  public init(
    account: String, currency: String = "", underlying: String, kind: PositionKind, spot: Number,
    forward: Number? = nil,
    strike: Number = .zero, seconds: UInt64 = 0, rate: Number = .zero, dividendYield: Number = .zero,
    volatility: Number = .zero, amount: Number = .one
  ) {
    self.account = account
    self.currency = currency
    self.underlying = underlying
    self.kind = kind
    self.spot = spot
    self.forward = forward
    self.strike = strike
    self.seconds = seconds
    self.rate = rate
    self.dividendYield = dividendYield
    self.volatility = volatility
    self.amount = amount
  }
}

/// An account of one currency, the unit that margin is computed for.
public struct AccountKey: Sendable, Hashable, Comparable {
  /// The account.
  public let account: String
  /// The currency.
  public let currency: String

  /// An account of one currency.
  public init(account: String, currency: String = "") {
    self.account = account
    self.currency = currency
  }

  /// Order by the account's bytes, then the currency's.
  public static func < (a: AccountKey, b: AccountKey) -> Bool {
    a.account == b.account
      ? a.currency.utf8.lexicographicallyPrecedes(b.currency.utf8)
      : a.account.utf8.lexicographicallyPrecedes(b.account.utf8)
  }
}

/// What an account holds beside its positions.
public struct AccountBalance<Number: MarginNumber>: Sendable {
  /// An amount of an asset that counts as collateral, with its haircuts.
  public struct Collateral: Sendable {
    /// The asset; its price is the spot of the underlying of the same name.
    public let asset: String
    /// The amount.
    public let amount: Number
    /// The share of its value that maintenance margin does not count.
    public let maintenanceHaircut: Number
    /// The further share that initial margin does not count.
    public let initialHaircut: Number

    /// Makes it from its parts.
    public init(asset: String, amount: Number, maintenanceHaircut: Number, initialHaircut: Number) {
      self.asset = asset
      self.amount = amount
      self.maintenanceHaircut = maintenanceHaircut
      self.initialHaircut = initialHaircut
    }
  }

  /// Cash in the account's currency.
  public let cash: Number
  /// Collateral.
  public let collateral: [Collateral]

  /// Makes it from its parts.
  public init(cash: Number, collateral: [Collateral]) {
    self.cash = cash
    self.collateral = collateral
  }
}
