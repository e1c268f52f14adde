public import Assay

/// A test file of Derive's portfolio margin (derivexyz/v2-core, `PMRM_2/portfolio_cases`): a market, an account, the rule's
/// constants, and what they come to.
public struct DeriveCase<Number: MarginNumber>: Sendable {
  /// The rule.
  public let rule: PortfolioRule<Number>
  /// The market, with an instrument for every option held.
  public let market: MarginMarket<Number>
  /// The account.
  public let holdings: MarginHoldings<Number>
  /// The results that the file states.
  public let stated: Stated

  /// What the file states.
  public struct Stated: Sendable {
    /// Initial margin.
    public let initial: Double?
    /// Maintenance margin.
    public let maintenance: Double?
    /// Every scenario's profit and loss, in the order of the rule; empty when it is not stated.
    public let profitAndLoss: [Double]
  }

  /// Reads a case.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming what is missing or cannot be.
  public init(_ document: DecimalJSON, name: String, on executor: any Executor) throws(AssayError) {
    let file = DeriveFields<Number>(value: document, path: name)
    let scene = try file["Scenario"]
    rule = try Self.rule(try file["Parameters"])
    let stable = try scene.number("StablePrice")
    let feeds = try scene.list("OptionFeeds")
    // The contracts fill an expiry's options from the end.
    let options = try scene.list("Options").reversed()
    var places: [Int: Int] = [:], slices: [SmileSlice<Number>] = [], expiries: [MarginMarket<Number>.Expiry] = []
    for feed in feeds {
      let seconds = try feed.seconds("FeedExpiry")
      places[seconds] = expiries.count
      let forward = try feed.number("Forward")
      let confidences = [
        try feed.number("ForwardConfidence"), try feed.number("RateConfidence"),
        try feed.number("OptionVolConfidences"),
      ]
      expiries.append(
        MarginMarket<Number>.Expiry(
          seconds: UInt64(seconds), forward: forward, rate: try feed.number("Rate"),
          confidence: confidences.min() ?? .zero))
      let parameters = try feed.list("SVIparam")
      guard parameters.count == 7 else { throw feed.failure("SVIparam does not hold seven numbers") }
      var numbers: [Number] = []
      for parameter in parameters { numbers.append(try parameter.number()) }
      slices.append(
        SmileSlice(
          a: numbers[0], b: numbers[1], rho: numbers[2], m: numbers[3], sigma: numbers[4], forward: numbers[5],
          tau: numbers[6]))
    }
    var held: [(expiry: Int, strike: Number, isCall: Bool, amount: Number)] = []
    for option in options {
      guard let place = places[try option.seconds("Expiry")] else { throw option.failure("no feed has its expiry") }
      held.append((place, try option.number("Strike"), try option.flag("IsCall"), try option.number("Amount")))
    }
    // Stable: options of an expiry side by side, in the order that the contracts keep them in.
    let order = held.indices.sorted { (held[$0].expiry, $0) < (held[$1].expiry, $1) }
    held = order.map { held[$0] }
    let volatilities = try Number.volatilities(
      held.map { SVIStrike(strike: $0.strike, slice: slices[$0.expiry]) }, on: executor)
    market = MarginMarket(
      spot: .init(try scene.number("SpotPrice"), confidence: try scene.number("SpotConfidence")),
      perpetual: .init(try scene.number("PerpPrice"), confidence: try scene.number("PerpConfidence")),
      stablePrice: stable, expiries: expiries,
      instruments: zip(held, volatilities).map {
        .init(expiry: $0.expiry, strike: $0.strike, isCall: $0.isCall, volatility: $1)
      })
    var collateral: [MarginHoldings<Number>.Collateral] = []
    for asset in try scene.list("Collaterals") {
      collateral.append(
        .init(
          amount: try asset.number("Amount"),
          quote: .init(try asset.number("Price"), confidence: try asset.number("Confidence")),
          maintenanceHaircut: try asset.number("MMHaircut"), initialHaircut: try asset.number("IMHaircut"),
          isRiskCancelling: try asset.flag("IsRiskCancelling")))
    }
    holdings = MarginHoldings(
      cash: try scene.number("Cash"), perpetuals: try scene.number("NumPerps"),
      unsettled: try scene.number("UnrealisedPerpPNL") + (try scene.number("UnrealisedFunding")),
      options: held.indices.map { .init(instrument: $0, amount: held[$0].amount) }, collateral: collateral)
    stated = Self.stated(document["Result"])
  }

  private static func stated(_ result: DecimalJSON?) -> Stated {
    func last(_ row: DecimalJSON) -> Double? { row.elements?.last?.decimal?.double }
    let losses = ["reg_losses", "tail_losses", "skew_losses"].flatMap { result?[$0]?.elements ?? [] }
    return Stated(
      initial: result?["IM"]?.decimal?.double, maintenance: result?["MM"]?.decimal?.double,
      profitAndLoss: losses.compactMap(last))
  }

  private static func rule(_ file: DeriveFields<Number>) throws(AssayError) -> PortfolioRule<Number> {
    let volatility = try file["VolShock"], skew = try file["SkewShock"], margin = try file["Margin"]
    let basis = try file["BasisContingency"], other = try file["OtherContingency"]
    var scenarios: [PortfolioRule<Number>.Scenario] = []
    for scenario in try file.list("Scenarios") {
      scenarios.append(
        .init(
          spotFactor: try scenario.number("SpotShock"), volatility: try scenario.move("VolShockDirection"),
          damping: try scenario.number("DampeningFactor")))
    }
    return PortfolioRule(
      initialFactor: try margin.number("IM_LOSS_FACTOR"), maintenanceFactor: try margin.number("MM_LOSS_FACTOR"),
      scenarios: scenarios,
      volatilityShock: .init(
        up: try volatility.number("VOLRANGEUP"), down: try volatility.number("VOLRANGEDOWN"),
        minimumUp: try volatility.number("MIN_VOL_EVAL_SHOCKED"), shortPower: try volatility.number("SHORTTERMPOWER"),
        longPower: try volatility.number("LONGTERMPOWER"), shortestSeconds: try volatility.days("DTE_FLOOR")),
      skewShock: .init(
        linearBase: try skew.number("LINEAR_SCALE_CAP"), linearSlope: try skew.number("LINEAR_CBASE"),
        absoluteBase: try skew.number("ABS_SCALE_CAP"), absoluteSlope: try skew.number("ABS_CBASE"),
        leastWidth: try skew.number("MIN_K_STAR"), width: try skew.number("MIN_WIDTH_SCALE"),
        level: try skew.number("VOL_PARAM_STATIC"), tilt: try skew.number("VOL_PARAM_SCALE")),
      positiveDiscount: .init(
        base: try margin.number("BASE_STATIC_DISCOUNT"), rateMultiple: try margin.number("LONG_RATE_MULTSCALE"),
        rateAddition: try margin.number("LONG_RATE_ADDSCALE")),
      negativeDiscount: .init(
        base: try margin.number("BASE_STATIC_DISCOUNT_NEG"), rateMultiple: try margin.number("SHORT_RATE_MULTSCALE"),
        rateAddition: try margin.number("SHORT_RATE_ADDSCALE")),
      basis: .init(
        up: try basis.number("SCENARIO_SPOT_UP"), down: try basis.number("SCENARIO_SPOT_DOWN"),
        addition: try basis.number("BASIS_CONT_ADD_FACTOR"), multiple: try basis.number("BASIS_CONT_MULT_FACTOR")),
      contingencies: .init(
        perpetualMaintenance: try other.number("MM_PERP_PERCENT"),
        perpetualInitial: try other.number("IM_PERP_PERCENT"),
        optionMaintenance: try other.number("MM_OPTION_PERCENT"), optionInitial: try other.number("IM_OPTION_PERCENT"),
        confidenceThreshold: try other.number("CONF_THRESHOLD"), confidenceFactor: try other.number("CONF_MARGIN"),
        pegThreshold: try other.number("PEG_LOSS_THRESHOLD"), pegFactor: try other.number("PEG_LOSS_FACTOR")))
  }
}

/// A place in a case file: its values by name, or an error that says where.
private struct DeriveFields<Number: MarginNumber> {
  let value: DecimalJSON
  let path: String

  func failure(_ what: String) -> AssayError { AssayError(.input, "\(path): \(what).") }

  subscript(name: String) -> DeriveFields {
    get throws(AssayError) {
      guard let member = value[name] else { throw failure("it has no \(name)") }
      return DeriveFields(value: member, path: "\(path).\(name)")
    }
  }

  func list(_ name: String) throws(AssayError) -> [DeriveFields] {
    let member = try self[name]
    guard let elements = member.value.elements else { throw member.failure("it is \(member.value.kind), not an array") }
    return elements.enumerated().map { DeriveFields(value: $1, path: "\(member.path)[\($0)]") }
  }

  func number() throws(AssayError) -> Number {
    guard let decimal = value.decimal else { throw failure("it is \(value.kind), not a number") }
    return Number(decimal)
  }

  func number(_ name: String) throws(AssayError) -> Number { try self[name].number() }

  /// A time, 0 when it has passed.
  func seconds(_ name: String) throws(AssayError) -> Int {
    let member = try self[name]
    guard let whole = member.value.decimal.flatMap({ Int($0.integer(places: 0).description) }) else {
      throw member.failure("it is not a whole number of seconds")
    }
    return max(0, whole)
  }

  /// Days, with decimals, as whole seconds.
  func days(_ name: String) throws(AssayError) -> Int {
    let member = try self[name]
    guard let decimal = member.value.decimal,
      let seconds = Int((decimal.integer(places: 18) * Int256(86_400) / Int256(1_000_000_000_000_000_000)).description),
      seconds >= 0
    else { throw member.failure("it is not a number of days") }
    return seconds
  }

  /// Whether it is true or 1.
  func flag(_ name: String) throws(AssayError) -> Bool {
    let member = try self[name]
    if let bool = member.value.bool { return bool }
    switch member.value.decimal?.double {
    case 0: return false
    case 1: return true
    default: throw member.failure("it is neither true nor false")
    }
  }

  func move(_ name: String) throws(AssayError) -> PortfolioRule<Number>.VolatilityMove {
    let member = try self[name]
    switch member.value.string {
    case "None": return .none
    case "Up": return .up
    case "Down": return .down
    case "LINEAR": return .skewLinear
    case "ABS": return .skewAbsolute
    default: throw member.failure("it is none of None, Up, Down, LINEAR, ABS")
    }
  }
}
