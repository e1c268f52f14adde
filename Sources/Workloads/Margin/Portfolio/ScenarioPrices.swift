public import AssayCore

/// A market under every scenario of a rule: each instrument is priced once, whoever holds it.
public struct ScenarioPrices<Number: MarginNumber>: Sendable {
  /// The rule.
  public let rule: PortfolioRule<Number>
  /// The market.
  public let market: MarginMarket<Number>
  /// Prices as they stand, by instrument.
  public let marks: [Number]
  /// Prices at instrument * (scenarios + 2) + scenario; the last two are the basis moves up and down.
  let shocked: [Number]
  /// What depends on the expiry only.
  let expiries: [ExpiryFactors]
  /// What each scenario's profit or loss is multiplied by.
  let dampings: [Number]
  /// The skew scenarios, in which profits count as losses.
  let skewed: [Int]

  /// What depends on the expiry only.
  struct ExpiryFactors: Sendable {
    /// The discount factor.
    var discount = Number.one
    /// What volatility is multiplied by in upward scenarios.
    var up = Number.one
    /// What volatility is multiplied by in downward scenarios.
    var down = Number.one
    /// What a positive shocked value is multiplied by.
    var positive = Number.one
    /// What a negative shocked value is multiplied by.
    var negative = Number.one
    /// What the basis loss is multiplied by.
    var basis = Number.one
    /// The root of the time in years.
    var rootYears = Number.zero
  }

  /// How many prices an instrument has.
  var width: Int { rule.scenarios.count + 2 }

  /// Prices every instrument of `market` under every scenario of `rule`.
  @_specialize(where Number == Binary64)
  @_specialize(where Number == Fixed18)
  public init(
    _ rule: PortfolioRule<Number>, _ market: MarginMarket<Number>, on executor: any Executor
  ) throws(AssayError) {
    self.rule = rule
    self.market = market
    dampings = rule.scenarios.map(\.damping)
    skewed = rule.scenarios.indices.filter { rule.scenarios[$0].volatility.isSkew }
    expiries = try Self.factors(rule, market, on: executor)
    let skews = try Self.skews(rule, market, expiries, on: executor)
    var options: [PricedOption<Number>] = []
    options.reserveCapacity(market.instruments.count * (rule.scenarios.count + 3))
    let basis = [
      PortfolioRule<Number>.Scenario(spotFactor: rule.basis.up, volatility: .none, damping: .one),
      PortfolioRule<Number>.Scenario(spotFactor: rule.basis.down, volatility: .none, damping: .one),
      PortfolioRule<Number>.Scenario(spotFactor: .one, volatility: .none, damping: .one),
    ]
    for (index, instrument) in market.instruments.enumerated() {
      let expiry = market.expiries[instrument.expiry], factors = expiries[instrument.expiry]
      for scenario in rule.scenarios + basis {
        var volatility = instrument.volatility
        switch scenario.volatility {
        case .none: break
        case .up: volatility = .larger(rule.volatilityShock.minimumUp, volatility.times(factors.up))
        case .down: volatility = volatility.times(factors.down)
        case .skewLinear: volatility = volatility.times(skews[index].linear)
        case .skewAbsolute: volatility = volatility.times(skews[index].absolute)
        }
        // A skew scenario leaves the spot where it is.
        let moving = scenario.volatility.isSkew ? expiry.movingForward : expiry.movingForward.times(scenario.spotFactor)
        options.append(
          PricedOption(
            isCall: instrument.isCall, seconds: expiry.seconds, discount: factors.discount, volatility: volatility,
            forward: moving + expiry.settledForward, strike: instrument.strike))
      }
    }
    var prices = try Number.prices(options, on: executor)
    if rule.requirement.isInverse { prices = zip(prices, options).map { $0.over($1.forward) } }
    let stride = rule.scenarios.count + 3
    marks = market.instruments.indices.map { prices[$0 * stride + stride - 1] }
    shocked = prices.indices.lazy.filter { $0 % stride != stride - 1 }.map { prices[$0] }
  }

  private static func factors(
    _ rule: PortfolioRule<Number>, _ market: MarginMarket<Number>, on executor: any Executor
  ) throws(AssayError) -> [ExpiryFactors] {
    let seconds = market.expiries.map { Int(clamping: $0.seconds) }
    let years = seconds.map { Number.ratio($0, Self.year) }
    let rates = market.expiries.map { Number.larger($0.rate, .zero) }
    let shock = rule.volatilityShock
    let times = seconds.map { Number.ratio(Self.month, max($0, shock.shortestSeconds)) }
    let logarithms = try Number.logarithms(times, on: executor)
    let roots = try Number.squareRoots(years, on: executor)
    let powers = seconds.map { $0 <= Self.month ? shock.shortPower : shock.longPower }
    var exponents: [Number] = []
    for index in seconds.indices {
      exponents += [
        (-rates[index]).scaled(by: seconds[index], over: Self.year), logarithms[index].times(powers[index]),
        exponent(rule.positiveDiscount, rates[index], years[index]),
        exponent(rule.negativeDiscount, rates[index], years[index]),
      ]
    }
    let exponentials = try Number.exponentials(exponents, on: executor)
    return seconds.indices.map { index in
      let discount = exponentials[4 * index], power = exponentials[4 * index + 1]
      return ExpiryFactors(
        discount: discount, up: .one + shock.up.times(power), down: .larger(.zero, .one - shock.down.times(power)),
        positive: rule.positiveDiscount.map { $0.base.times(exponentials[4 * index + 2]) } ?? .one,
        negative: rule.negativeDiscount.map {
          .smaller(Number.one.over(discount), $0.base.over(exponentials[4 * index + 3]))
        } ?? .one,
        basis: rule.basis.addition + rule.basis.multiple.times(years[index]), rootYears: roots[index])
    }
  }

  /// -T (multiple rate + addition).
  private static func exponent(
    _ discount: PortfolioRule<Number>.StaticDiscount?, _ rate: Number, _ years: Number
  ) -> Number {
    discount.map { -years.times(rate.times($0.rateMultiple) + $0.rateAddition) } ?? .zero
  }

  /// What an instrument's volatility is multiplied by in the two skew scenarios.
  private static func skews(
    _ rule: PortfolioRule<Number>, _ market: MarginMarket<Number>, _ expiries: [ExpiryFactors],
    on executor: any Executor
  ) throws(AssayError) -> [(linear: Number, absolute: Number)] {
    guard rule.scenarios.contains(where: { $0.volatility.isSkew }) else {
      return market.instruments.map { _ in (.one, .one) }
    }
    let skew = rule.skewShock
    let distances = try Number.logarithms(
      market.instruments.map { instrument in
        let expiry = market.expiries[instrument.expiry]
        return instrument.strike.over(expiry.movingForward + expiry.settledForward)
      }, on: executor)
    return zip(market.instruments, distances).map { instrument, k in
      let root = expiries[instrument.expiry].rootYears
      let width = Number.larger(
        skew.leastWidth, root.times(skew.width).times(skew.level + root.times(skew.tilt)))
      func multiple(_ k: Number, cap: Number) -> Number {
        let move = k.times(cap, over: width)
        return .larger(.zero, .one + (k < .zero ? .larger(-cap, move) : .smaller(cap, move)))
      }
      return (
        multiple(k, cap: skew.linearSlope.times(root) + skew.linearBase),
        multiple(k.magnitude, cap: skew.absoluteSlope.times(root) + skew.absoluteBase)
      )
    }
  }

  /// Seconds of 365 days.
  static var year: Int { 31_536_000 }
  /// Seconds of 30 days.
  static var month: Int { 2_592_000 }
}
