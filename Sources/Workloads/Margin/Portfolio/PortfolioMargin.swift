/// An account's margin under a portfolio rule, with every term that it is the sum of.
///
/// initial = worst * initialFactor - maintenanceContingency - initialContingency - roll + markToMarket + cash, maintenance
/// likewise without the initial contingency: what is left above the requirement, negative when the account falls short.
public struct PortfolioMargin<Number: MarginNumber>: Sendable {
  /// What is left above the initial requirement.
  public let initial: Number
  /// What is left above the maintenance requirement.
  public let maintenance: Number
  /// The value of the positions and the collateral.
  public let markToMarket: Number
  /// Cash.
  public let cash: Number
  /// Profit and loss of each scenario against the mark.
  public let profitAndLoss: [Number]
  /// The basis contingency, at most 0.
  public let basisContingency: Number
  /// The scenario that loses most; the number of scenarios when it is the basis contingency.
  public let worstScenario: Int
  /// The loss that decides, at most 0, with the least that short options are charged.
  public let worst: Number
  /// The worst loss's factor for initial margin, with the settlement coin's peg in it.
  public let initialFactor: Number
  /// What maintenance charges beside the worst loss.
  public let maintenanceContingency: Number
  /// What initial margin charges further.
  public let initialContingency: Number
  /// What rolling the contracts is charged.
  public let roll: Number

  /// Cash and the value of everything held.
  public var equity: Number { markToMarket + cash }
  /// The initial requirement.
  public var initialRequirement: Number { equity - initial }
  /// The maintenance requirement.
  public var maintenanceRequirement: Number { equity - maintenance }
}

extension ScenarioPrices {
  /// The margin of an account.
  @_specialize(where Number == Binary64)
  @_specialize(where Number == Fixed18)
  public func margin(of holdings: MarginHoldings<Number>) -> PortfolioMargin<Number> {
    margin(of: PreparedHoldings(holdings, in: market))
  }

  /// The margin of an account whose holdings were prepared in this market, or one with the same instruments.
  @_specialize(where Number == Binary64)
  @_specialize(where Number == Fixed18)
  public func margin(of prepared: PreparedHoldings<Number>) -> PortfolioMargin<Number> {
    var values = [Number](repeating: .zero, count: width)
    return margin(of: prepared, &values)
  }

  /// The same, with room for ``width`` values that the caller keeps from account to account.
  func margin(of prepared: PreparedHoldings<Number>, _ values: inout [Number]) -> PortfolioMargin<Number> {
    let holdings = prepared.holdings, contingencies = rule.contingencies
    let perpetualNotional = holdings.perpetuals.magnitude.times(market.spot.price)
    let confidence =
      holdings.perpetuals == .zero
      ? market.spot.confidence : Number.smaller(market.spot.confidence, market.perpetual.confidence)
    var sums = MarginSums<Number>(scenarios: rule.scenarios.count)
    sums.maintenance = perpetualNotional.times(contingencies.perpetualMaintenance)
    sums.initial =
      perpetualNotional.times(contingencies.perpetualInitial) + doubt(confidence, of: perpetualNotional)
    sums.value = holdings.perpetuals == .zero && holdings.futures.isEmpty ? .zero : holdings.unsettled
    addFutures(of: holdings, to: &sums)
    for run in prepared.runs { add(run, of: holdings, confidence: confidence, &values, to: &sums) }
    if holdings.underlying != .zero {
      add(worth: holdings.underlying.times(market.spot.price, over: market.stablePrice), isMoving: true, to: &sums)
    }
    for collateral in holdings.collateral { add(collateral, to: &sums) }
    // Without scenarios there is no loss whose factor the settlement coin could raise: it charges short options and perpetuals.
    if rule.isolated != nil, market.stablePrice < contingencies.pegThreshold {
      let missing = (contingencies.pegThreshold - market.stablePrice).times(contingencies.pegFactor)
      sums.initial =
        sums.initial + (sums.short + holdings.perpetuals.magnitude).times(missing).times(market.spot.price)
    }
    return combine(holdings, sums)
  }

  /// Perpetuals and dated futures: their profit in each scenario, and what rolling them costs.
  private func addFutures(of holdings: MarginHoldings<Number>, to sums: inout MarginSums<Number>) {
    if holdings.perpetuals != .zero {
      for (index, scenario) in rule.scenarios.enumerated() {
        let change = move(of: market.perpetual.price, scenario)
        sums.profitAndLoss[index] =
          sums.profitAndLoss[index] + holdings.perpetuals.times(change).times(scenario.damping)
      }
      sums.roll = sums.roll + holdings.perpetuals.magnitude.times(rollRate(seconds: 0))
    }
    for future in holdings.futures {
      let expiry = market.expiries[future.expiry]
      for (index, scenario) in rule.scenarios.enumerated() {
        let change = move(of: expiry.movingForward, scenario)
        sums.profitAndLoss[index] = sums.profitAndLoss[index] + future.amount.times(change).times(scenario.damping)
      }
      sums.roll = sums.roll + future.amount.magnitude.times(rollRate(seconds: Int(clamping: expiry.seconds)))
    }
  }

  /// What one contract on `price` gains in a scenario: in the coin, s / (1 + s), where the rule settles in it.
  private func move(of price: Number, _ scenario: PortfolioRule<Number>.Scenario) -> Number {
    let change = scenario.spotFactor - .one
    return rule.requirement.isInverse ? change.over(scenario.spotFactor) : change.times(price)
  }

  /// What futures and perpetuals gain when their prices move by `factor`.
  func gain(of holdings: MarginHoldings<Number>, movedBy factor: Number) -> Number {
    let move = PortfolioRule<Number>.Scenario(spotFactor: factor, volatility: .none, damping: .one)
    let perpetuals =
      holdings.perpetuals == .zero
      ? Number.zero : holdings.perpetuals.times(self.move(of: market.perpetual.price, move))
    return holdings.futures.reduce(perpetuals) { sum, future in
      sum + future.amount.times(self.move(of: market.expiries[future.expiry].movingForward, move))
    }
  }

  /// What a unit of delta is charged for being rolled.
  private func rollRate(seconds: Int) -> Number {
    let requirement = rule.requirement
    return .larger(requirement.rollMinimum, requirement.rollPerYear.scaled(by: seconds, over: Self.year))
  }

  /// Options of one expiry. Scenarios lie side by side in memory, so that the sums over them run several at a time.
  private func add(
    _ run: PreparedHoldings<Number>.Run, of holdings: MarginHoldings<Number>, confidence: Number,
    _ values: inout [Number], to sums: inout MarginSums<Number>
  ) {
    let factors = expiries[run.expiry], contingencies = rule.contingencies
    let mark = value(holdings.options[run.options], &values)
    sums.value = sums.value + mark
    let loss = Number.smaller(.smaller(values[width - 2] - mark, values[width - 1] - mark), .zero)
    sums.basis = sums.basis + loss.times(factors.basis)
    values.withUnsafeMutableBufferPointer { values in
      dampings.withUnsafeBufferPointer { dampings in
        for scenario in dampings.indices {
          let discounted = values[scenario].times(values[scenario] < .zero ? factors.negative : factors.positive)
          values[scenario] = (discounted - mark).times(dampings[scenario])
        }
      }
      for scenario in skewed where .zero < values[scenario] { values[scenario] = -values[scenario] }
      sums.profitAndLoss.withUnsafeMutableBufferPointer { sums in
        for scenario in sums.indices { sums[scenario] = sums[scenario] + values[scenario] }
      }
    }
    let naked = run.naked.times(market.spot.price)
    sums.maintenance = sums.maintenance + naked.times(contingencies.optionMaintenance)
    sums.initial =
      sums.initial + naked.times(contingencies.optionInitial)
      + doubt(
        .smaller(confidence, market.expiries[run.expiry].confidence),
        of: (rule.isolated == nil ? run.size : run.short).times(market.spot.price))
    sums.short = sums.short + run.short
    if let isolated = rule.isolated {
      let margin = isolatedMargin(of: holdings.options[run.options], expiry: run.expiry, by: isolated)
      sums.maintenance = sums.maintenance + mark - margin.maintenance
      sums.initial = sums.initial + margin.maintenance - margin.initial
    }
  }

  /// The value of options under every scenario, into `values`; returns what they are worth as prices stand.
  private func value(_ options: ArraySlice<MarginHoldings<Number>.Option>, _ values: inout [Number]) -> Number {
    var mark = Number.zero
    values.withUnsafeMutableBufferPointer { values in
      for scenario in values.indices { values[scenario] = .zero }
      shocked.withUnsafeBufferPointer { shocked in
        for option in options {
          mark = mark + marks[option.instrument].times(option.amount)
          let prices = UnsafeBufferPointer(
            rebasing: shocked[option.instrument * values.count..<(option.instrument + 1) * values.count])
          for scenario in values.indices {
            values[scenario] = values[scenario] + prices[scenario].times(option.amount)
          }
        }
      }
    }
    return mark
  }

  private func add(_ collateral: MarginHoldings<Number>.Collateral, to sums: inout MarginSums<Number>) {
    let worth = collateral.amount.times(collateral.quote.price, over: market.stablePrice)
    add(worth: worth, isMoving: collateral.isRiskCancelling, to: &sums)
    sums.maintenance = sums.maintenance + worth.times(collateral.maintenanceHaircut)
    sums.initial =
      sums.initial + worth.times(collateral.initialHaircut)
      + doubt(.smaller(collateral.quote.confidence, market.spot.confidence), of: worth)
  }

  /// Something that is worth its price, and moves with the spot when `isMoving`.
  private func add(worth: Number, isMoving: Bool, to sums: inout MarginSums<Number>) {
    sums.value = sums.value + worth
    guard isMoving else { return }
    for (index, scenario) in rule.scenarios.enumerated() {
      sums.profitAndLoss[index] =
        sums.profitAndLoss[index] + worth.times(scenario.spotFactor - .one).times(scenario.damping)
    }
  }

  /// The worst loss, the factors, and the sums.
  private func combine(_ holdings: MarginHoldings<Number>, _ sums: MarginSums<Number>) -> PortfolioMargin<Number> {
    let requirement = rule.requirement, contingencies = rule.contingencies
    var profitAndLoss = sums.profitAndLoss
    if requirement.gainFactor != .one {
      profitAndLoss = profitAndLoss.map { .zero < $0 ? $0.times(requirement.gainFactor) : $0 }
    }
    var worst = sums.basis, worstScenario = profitAndLoss.count
    for (index, change) in profitAndLoss.enumerated() where change < worst { (worst, worstScenario) = (change, index) }
    // A scenario that is no number decides: the account is undecided, never safe.
    if let undefined = profitAndLoss.firstIndex(where: \.isUndefined) {
      (worst, worstScenario) = (.undefined, undefined)
    }
    if let places = requirement.places { worst = worst.rounded(places: places) }
    if requirement.shortMinimum != .zero { worst = .smaller(worst, -sums.short.times(requirement.shortMinimum)) }
    let factor =
      market.stablePrice < contingencies.pegThreshold
      ? rule.initialFactor + (contingencies.pegThreshold - market.stablePrice).times(contingencies.pegFactor)
      : rule.initialFactor
    let maintenance =
      requirement.maintenanceShare.map { (worst - sums.roll).times($0) - sums.maintenance }
      ?? worst.times(rule.maintenanceFactor) - sums.roll - sums.maintenance
    return PortfolioMargin(
      initial: worst.times(factor) - sums.roll - sums.initial - sums.maintenance + sums.value + holdings.cash,
      maintenance: maintenance + sums.value + holdings.cash, markToMarket: sums.value, cash: holdings.cash,
      profitAndLoss: profitAndLoss, basisContingency: sums.basis, worstScenario: worstScenario, worst: worst,
      initialFactor: factor, maintenanceContingency: sums.maintenance, initialContingency: sums.initial,
      roll: sums.roll)
  }

  /// What initial margin charges because a feed is not confident enough.
  private func doubt(_ confidence: Number, of notional: Number) -> Number {
    guard !confidence.isUndefined else { return .undefined }
    return confidence < rule.contingencies.confidenceThreshold
      ? (Number.one - confidence).times(rule.contingencies.confidenceFactor).times(notional) : .zero
  }
}

/// What an account's positions add up to, before the worst scenario is looked for.
private struct MarginSums<Number: MarginNumber> {
  var value = Number.zero
  var basis = Number.zero
  var profitAndLoss: [Number]
  var maintenance = Number.zero
  var initial = Number.zero
  var roll = Number.zero
  var short = Number.zero

  init(scenarios: Int) { profitAndLoss = [Number](repeating: .zero, count: scenarios) }
}
