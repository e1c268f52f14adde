/// The market of one underlying as a margin rule sees it: prices with the confidence of their feeds, expiries, instruments.
public struct MarginMarket<Number: MarginNumber>: Sendable {
  /// A price and its feed's confidence, 1 for certain.
  public struct Quote: Sendable {
    /// The price.
    public let price: Number
    /// The confidence.
    public let confidence: Number

    /// A quote.
    public init(_ price: Number, confidence: Number = .one) {
      self.price = price
      self.confidence = confidence
    }
  }

  /// An expiry.
  public struct Expiry: Sendable {
    /// Seconds to go, 0 when past.
    public let seconds: UInt64
    /// The forward's part that is settled already.
    public let settledForward: Number
    /// The forward's part that still moves with the spot.
    public let movingForward: Number
    /// The annual interest rate.
    public let rate: Number
    /// The least confidence of forward, rate and volatility.
    public let confidence: Number

    /// An expiry; over the last 30 minutes the forward's share that settlement has seen stands still.
    public init(seconds: UInt64, forward: Number, rate: Number, confidence: Number) {
      let window = 1800
      let left = Int(clamping: seconds)
      self.seconds = seconds
      settledForward = left < window ? forward.scaled(by: window - left, over: window) : .zero
      movingForward = left < window ? forward.scaled(by: left, over: window) : forward
      self.rate = rate
      self.confidence = confidence
    }
  }

  /// An option that accounts may hold.
  public struct Instrument: Sendable {
    /// The expiry's place in the market.
    public let expiry: Int
    /// The strike.
    public let strike: Number
    /// Whether it is a call.
    public let isCall: Bool
    /// The volatility that it is marked at.
    public let volatility: Number

    /// An option.
    public init(expiry: Int, strike: Number, isCall: Bool, volatility: Number) {
      self.expiry = expiry
      self.strike = strike
      self.isCall = isCall
      self.volatility = volatility
    }
  }

  /// The spot.
  public let spot: Quote
  /// The perpetual.
  public let perpetual: Quote
  /// The price of the settlement coin.
  public let stablePrice: Number
  /// The expiries.
  public let expiries: [Expiry]
  /// The options, those of an expiry side by side.
  public let instruments: [Instrument]

  /// A market.
  public init(
    spot: Quote, perpetual: Quote, stablePrice: Number, expiries: [Expiry], instruments: [Instrument]
  ) {
    self.spot = spot
    self.perpetual = perpetual
    self.stablePrice = stablePrice
    self.expiries = expiries
    self.instruments = instruments
  }
}

/// What an account holds in one market.
public struct MarginHoldings<Number: MarginNumber>: Sendable {
  /// An amount of an option.
  public struct Option: Sendable {
    /// The instrument's place in the market.
    public let instrument: Int
    /// The amount, negative when short.
    public let amount: Number

    /// An amount of an option.
    public init(instrument: Int, amount: Number) {
      self.instrument = instrument
      self.amount = amount
    }
  }

  /// An amount of a dated future.
  public struct Future: Sendable {
    /// The expiry's place in the market.
    public let expiry: Int
    /// The amount, negative when short.
    public let amount: Number

    /// An amount of a dated future.
    public init(expiry: Int, amount: Number) {
      self.expiry = expiry
      self.amount = amount
    }
  }

  /// An amount of an asset that counts as collateral.
  public struct Collateral: Sendable {
    /// The amount.
    public let amount: Number
    /// The asset's price and its feed's confidence.
    public let quote: MarginMarket<Number>.Quote
    /// The share of its value that maintenance margin does not count.
    public let maintenanceHaircut: Number
    /// The further share that initial margin does not count.
    public let initialHaircut: Number
    /// Whether it moves with the spot in scenarios, against the other positions.
    public let isRiskCancelling: Bool

    /// An amount of an asset.
    public init(
      amount: Number, quote: MarginMarket<Number>.Quote, maintenanceHaircut: Number, initialHaircut: Number,
      isRiskCancelling: Bool
    ) {
      self.amount = amount
      self.quote = quote
      self.maintenanceHaircut = maintenanceHaircut
      self.initialHaircut = initialHaircut
      self.isRiskCancelling = isRiskCancelling
    }
  }

  /// Cash in the settlement coin.
  public var cash: Number
  /// Perpetuals, negative when short.
  public var perpetuals: Number
  /// Dated futures.
  public var futures: [Future]
  /// The profit of perpetuals and futures that is not settled, with funding.
  public var unsettled: Number
  /// The underlying itself, which moves with the spot.
  public var underlying: Number
  /// Options, by instrument in ascending order where sums are to have the same bits in any order of rows.
  public var options: [Option]
  /// Collateral.
  public var collateral: [Collateral]

  /// What an account holds.
  public init(
    cash: Number = .zero, perpetuals: Number = .zero, futures: [Future] = [], unsettled: Number = .zero,
    underlying: Number = .zero, options: [Option] = [], collateral: [Collateral] = []
  ) {
    self.cash = cash
    self.perpetuals = perpetuals
    self.futures = futures
    self.unsettled = unsettled
    self.underlying = underlying
    self.options = options
    self.collateral = collateral
  }
}

extension MarginMarket {
  /// The market after a relative move of the spot: everything that moves with it, moves.
  func moved(by factor: Number) -> MarginMarket {
    MarginMarket(
      spot: .init(spot.price.times(factor), confidence: spot.confidence),
      perpetual: .init(perpetual.price.times(factor), confidence: perpetual.confidence), stablePrice: stablePrice,
      expiries: expiries.map { $0.moved(by: factor) }, instruments: instruments)
  }
}

extension MarginMarket.Expiry {
  /// The expiry with its moving forward times `factor`.
  fileprivate func moved(by factor: Number) -> Self {
    Self(
      seconds: seconds, settledForward: settledForward, movingForward: movingForward.times(factor), rate: rate,
      confidence: confidence)
  }

  private init(seconds: UInt64, settledForward: Number, movingForward: Number, rate: Number, confidence: Number) {
    self.seconds = seconds
    self.settledForward = settledForward
    self.movingForward = movingForward
    self.rate = rate
    self.confidence = confidence
  }
}
