import AssayCore

/// Makes one underlying's market from the positions on it: every instrument once, in an order that depends on what they are, not
/// on the rows' order.
struct MarketBuilder<Number: MarginNumber>: Sendable {
  /// What makes two rows the same expiry: a forward that they give, or one that follows from the spot.
  struct ExpiryKey: Hashable, Sendable {
    let seconds: UInt64
    /// The forward that the rows give; nil where it follows from the spot.
    var forward: Number?
    let rate: Number
    let dividendYield: Number
  }

  /// What makes two rows the same option.
  struct InstrumentKey: Hashable, Sendable {
    let expiry: Int
    let strike: Number
    let isCall: Bool
    let volatility: Number
  }

  /// The market.
  private(set) var market: MarginMarket<Number>
  private var expiryKeys: [ExpiryKey]
  /// What a forward that follows from the spot is of it; nil where it is the spot.
  private let growths: [Number?]
  private var expiries: [ExpiryKey: Int]
  private let instruments: [InstrumentKey: Int]

  /// The market of `rows`.
  init(
    _ positions: [MarginPosition<Number>], rows: [Int], stablePrice: Number, on executor: any Executor
  ) throws(AssayError) {
    let spot = positions[rows[0]].spot
    expiryKeys = Set(rows.lazy.filter { positions[$0].kind.hasExpiry }.map { Self.key(positions[$0]) })
      .sorted(by: Self.comesFirst)
    let places = Dictionary(uniqueKeysWithValues: expiryKeys.enumerated().map { ($1, $0) })
    expiries = places
    var keys = Set<InstrumentKey>()
    for row in rows where positions[row].kind.isOption {
      keys.insert(Self.instrument(positions[row], expiry: places[Self.key(positions[row])] ?? 0))
    }
    let ordered = keys.sorted { a, b in
      if a.expiry != b.expiry { return a.expiry < b.expiry }
      if a.strike != b.strike { return a.strike < b.strike }
      return a.isCall == b.isCall ? a.volatility < b.volatility : a.isCall
    }
    instruments = Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1, $0) })
    growths = try Self.growths(expiryKeys, on: executor)
    market = MarginMarket(
      spot: .init(spot), perpetual: .init(spot), stablePrice: stablePrice, expiries: [],
      instruments: ordered.map {
        .init(expiry: $0.expiry, strike: $0.strike, isCall: $0.isCall, volatility: $0.volatility)
      })
    market = market(at: spot)
  }

  private static func key(_ position: MarginPosition<Number>) -> ExpiryKey {
    ExpiryKey(
      seconds: position.seconds, forward: position.forward, rate: position.rate,
      dividendYield: position.forward == nil ? position.dividendYield : .zero)
  }

  private static func instrument(_ position: MarginPosition<Number>, expiry: Int) -> InstrumentKey {
    InstrumentKey(
      expiry: expiry, strike: position.strike, isCall: position.kind == .option(isCall: true),
      volatility: position.volatility)
  }

  private static func comesFirst(_ a: ExpiryKey, _ b: ExpiryKey) -> Bool {
    if a.seconds != b.seconds { return a.seconds < b.seconds }
    if (a.forward == nil) != (b.forward == nil) { return a.forward == nil }
    return (a.forward ?? .zero, a.rate, a.dividendYield) < (b.forward ?? .zero, b.rate, b.dividendYield)
  }

  /// exp((rate - dividend yield) T) of every expiry whose forward follows from the spot; nil without carry, as exp(0) falls short
  /// of 1 on chain.
  private static func growths(_ keys: [ExpiryKey], on executor: any Executor) throws(AssayError) -> [Number?] {
    let exponents = keys.map { key in
      (key.rate - key.dividendYield).scaled(by: Int(clamping: key.seconds), over: ScenarioPrices<Number>.year)
    }
    let growths = try Number.exponentials(exponents, on: executor)
    return keys.indices.map { keys[$0].forward != nil || exponents[$0] == .zero ? nil : growths[$0] }
  }

  private func market(at spot: Number) -> MarginMarket<Number> {
    MarginMarket(
      spot: .init(spot), perpetual: .init(spot), stablePrice: market.stablePrice,
      expiries: expiryKeys.indices.map { index in
        let key = expiryKeys[index]
        let forward = key.forward ?? growths[index].map { spot.times($0) } ?? spot
        return .init(seconds: key.seconds, forward: forward, rate: key.rate, confidence: .one)
      }, instruments: market.instruments)
  }

  /// The market with another spot; nil when two given forwards become one, which from-scratch rows would then share.
  func moved(to spot: Number) -> MarketBuilder? {
    var moved = self
    for index in expiryKeys.indices {
      if let forward = expiryKeys[index].forward {
        moved.expiryKeys[index].forward = forward.times(spot, over: market.spot.price)
      }
    }
    let inOrder = zip(moved.expiryKeys, moved.expiryKeys.dropFirst()).allSatisfy { Self.comesFirst($0, $1) }
    guard inOrder else { return nil }
    moved.expiries = Dictionary(uniqueKeysWithValues: moved.expiryKeys.enumerated().map { ($1, $0) })
    moved.market = moved.market(at: spot)
    return moved
  }

  /// Whether the market has what `position` is of.
  func knows(_ position: MarginPosition<Number>) -> Bool {
    guard position.kind.hasExpiry else { return true }
    guard let expiry = expiries[Self.key(position)] else { return false }
    return !position.kind.isOption || instruments[Self.instrument(position, expiry: expiry)] != nil
  }

  /// What `rows` of one account add up to: amounts of one instrument in ascending order, so that rows may come in any.
  func holdings(of rows: [Int], _ positions: [MarginPosition<Number>]) -> PreparedHoldings<Number> {
    // Options by their instrument, then futures by their expiry, then perpetuals, then the underlying itself.
    let options = market.instruments.count, futures = options + market.expiries.count
    let held = rows.map { row -> (slot: Int, amount: Number) in
      let position = positions[row]
      let expiry = position.kind.hasExpiry ? expiries[Self.key(position)] ?? 0 : 0
      let slot =
        switch position.kind {
        case .option: instruments[Self.instrument(position, expiry: expiry)] ?? 0
        case .future: options + expiry
        case .perpetual: futures
        case .spot, .cash: futures + 1
        }
      return (slot, position.amount)
    }.sorted { $0 < $1 }
    var holdings = MarginHoldings<Number>(), index = 0
    while index < held.count {
      let slot = held[index].slot
      var amount = held[index].amount
      index += 1
      while index < held.count, held[index].slot == slot {
        amount = amount + held[index].amount
        index += 1
      }
      switch slot {
      case ..<options: holdings.options.append(.init(instrument: slot, amount: amount))
      case ..<futures: holdings.futures.append(.init(expiry: slot - options, amount: amount))
      case futures: holdings.perpetuals = amount
      default: holdings.underlying = amount
      }
    }
    return PreparedHoldings(holdings, in: market)
  }
}
