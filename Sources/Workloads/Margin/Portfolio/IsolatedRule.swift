/// Margin of short options by themselves: a share of the spot less what they are out of the money, on top of their value. Or what all options
/// of an expiry can lose at most, where that is less.
///
/// Derive's standard manager (v2-core, `StandardManager.sol`) computes so, and strategy margins of exchanges are of this kind (Cboe rule 10.3,
/// FINRA rule 4210(f)(2)). Long options have no value that others could use.
public struct IsolatedRule<Number: MarginNumber>: Sendable {
  /// What a short option is charged beside its value.
  public struct Charge: Sendable {
    /// The share of the spot, from which the share is taken by which the option is out of the money ...
    public let largestShare: Number
    /// ... but at least this share of the spot, for puts only where they have no least share of the strike.
    public let leastShare: Number
    /// Of a put's strike, charged at least.
    public let leastStrikeShare: Number
    /// Of a put's value, charged at least.
    public let markShare: Number

    /// Makes it from its parts.
    public init(largestShare: Number, leastShare: Number, leastStrikeShare: Number, markShare: Number) {
      self.largestShare = largestShare
      self.leastShare = leastShare
      self.leastStrikeShare = leastStrikeShare
      self.markShare = markShare
    }

    /// The charge of one unit.
    func unit(isCall: Bool, strike: Number, spot: Number) -> Number {
      let outside = isCall ? strike - spot : spot - strike
      let ratio = Number.zero < outside ? outside.over(spot) : .zero
      var share = isCall || leastStrikeShare == .zero ? leastShare : .zero
      if ratio < largestShare, share < largestShare - ratio { share = largestShare - ratio }
      let charge = share.times(spot)
      return isCall ? charge : .larger(charge, leastStrikeShare.times(strike))
    }
  }

  /// For initial margin.
  public let initial: Charge
  /// For maintenance margin.
  public let maintenance: Charge
  /// What a put's maintenance margin is multiplied by to give what its initial margin is at least.
  public let initialOfMaintenance: Number
  /// Whether the largest loss counts where it is less.
  public let isBounded: Bool
  /// Of the forward, what each call that no other covers adds to the largest loss, for initial margin.
  public let unpairedInitial: Number
  /// The same for maintenance margin.
  public let unpairedMaintenance: Number

  /// The largest loss is sought at every strike, so its time grows with the square of the options: an account with more of one expiry is
  /// undecided.
  public static var mostOptions: Int { 4096 }

  /// Makes it from its parts.
  public init(
    initial: Charge, maintenance: Charge, initialOfMaintenance: Number, isBounded: Bool, unpairedInitial: Number,
    unpairedMaintenance: Number
  ) {
    self.initial = initial
    self.maintenance = maintenance
    self.initialOfMaintenance = initialOfMaintenance
    self.isBounded = isBounded
    self.unpairedInitial = unpairedInitial
    self.unpairedMaintenance = unpairedMaintenance
  }
}

extension ScenarioPrices {
  /// What options of one expiry leave of an account, negative: for initial and for maintenance margin.
  func isolatedMargin(
    of options: ArraySlice<MarginHoldings<Number>.Option>, expiry: Int, by rule: IsolatedRule<Number>
  ) -> (initial: Number, maintenance: Number) {
    var initial = Number.zero, maintenance = Number.zero
    for option in options where option.amount < .zero {
      let instrument = market.instruments[option.instrument]
      let mark = marks[option.instrument].times(option.amount)
      func charge(_ charge: IsolatedRule<Number>.Charge) -> Number {
        let charged = charge.unit(isCall: instrument.isCall, strike: instrument.strike, spot: market.spot.price)
          .times(option.amount)
        return (instrument.isCall ? charged : .smaller(charged, charge.markShare.times(mark))) + mark
      }
      let maintained = charge(rule.maintenance), begun = charge(rule.initial)
      maintenance = maintenance + maintained
      initial =
        initial + (instrument.isCall ? begun : .smaller(begun, maintained.times(rule.initialOfMaintenance)))
    }
    guard rule.isBounded else { return (initial, maintenance) }
    guard options.count <= IsolatedRule<Number>.mostOptions else { return (.undefined, .undefined) }
    let loss = largestLoss(of: options)
    let calls = options.reduce(Number.zero) { sum, option in
      market.instruments[option.instrument].isCall ? sum + option.amount : sum
    }
    func bounded(_ unpaired: Number) -> Number {
      guard calls < .zero else { return loss }
      let expiry = market.expiries[expiry]
      return loss + unpaired.times(expiry.movingForward + expiry.settledForward).times(calls)
    }
    return (
      .larger(initial, bounded(rule.unpairedInitial)), .larger(maintenance, bounded(rule.unpairedMaintenance))
    )
  }

  /// The least that options of one expiry pay at 0 and at any of their strikes, at most 0: between strikes what they pay is linear.
  private func largestLoss(of options: ArraySlice<MarginHoldings<Number>.Option>) -> Number {
    let strikes = options.map { market.instruments[$0.instrument].strike }
    return ([Number.zero] + strikes).reduce(.zero) { least, price in
      let payoff = options.reduce(Number.zero) { sum, option in
        let instrument = market.instruments[option.instrument]
        let inside = instrument.isCall ? price - instrument.strike : instrument.strike - price
        return .zero < inside ? sum + inside.times(option.amount) : sum
      }
      return .smaller(least, payoff)
    }
  }
}
