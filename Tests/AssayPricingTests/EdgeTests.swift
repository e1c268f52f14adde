import Assay
import Foundation
import Testing

/// The contract's conventions at the edges, one by one, for every model and measure.
@Suite struct EdgeTests {
  /// An option's numbers; black-76, bachelier and inverse read `spot` as the forward and have no `yield`, inverse no `rate`.
  private struct Option {
    var type = OptionBook.OptionType.call
    var spot = 100.0, strike = 100.0, years = 1.0, rate = 0.05, yield = 0.01, volatility = 0.2
    var price = 0.0
  }

  private static let engine = try? Engine(threads: 1)
  private static let tiny = Double.leastNonzeroMagnitude

  private static func book(_ model: PricingModel, _ options: [Option]) throws -> OptionBook {
    try OptionBook(
      model, types: options.map(\.type),
      readAmong: [
        "spot": options.map(\.spot), "forward": options.map(\.spot), "strike": options.map(\.strike),
        "years": options.map(\.years), "rate": options.map(\.rate), "dividendYield": options.map(\.yield),
        "volatility": options.map(\.volatility), "price": options.map(\.price),
      ])
  }

  private static func price(_ model: PricingModel, _ options: [Option]) throws -> BookMeasures {
    try #require(engine).price(book(model, options), measures: model.measures)
  }

  /// What a measure is where nothing is uncertain any more: the discounted intrinsic value and its one-sided derivatives; exactly at
  /// the forward each side counts half, and what the density multiplies is 0.
  private static func limit(_ measure: Measure, _ model: String, _ option: Option) -> Double {
    let sign: Double = option.type == .call ? 1 : -1
    let rate = model == "inverse" ? 0 : option.rate
    let yield = model == "black-scholes" ? option.yield : rate
    let spot = option.spot * exp(-yield * option.years), strike = option.strike * exp(-rate * option.years)
    let isMiddle = option.spot == option.strike && (yield == rate || option.years < 1e-300)
    let weight = isMiddle ? 0.5 : sign * (spot - strike) > 0 ? 1.0 : 0
    let value = isMiddle ? 0 : max(sign * (spot - strike), 0)
    switch measure.name {
    case "price": return model == "inverse" ? value / option.spot : value
    case "delta": return sign * weight * exp(-yield * option.years)
    case "theta": return sign * weight * (yield * spot - rate * strike)
    case "rho":
      return ["black-scholes", "inverse"].contains(model)
        ? sign * weight * option.years * strike : -option.years * value
    case "dividendRho": return -sign * (weight * (option.years * spot))
    case "charm": return sign * weight * yield * exp(-yield * option.years)
    case "dualDelta": return -sign * weight * exp(-rate * option.years)
    case "netDelta": return sign * weight * strike / spot
    case "coinDelta": return sign * weight * strike / spot / spot
    case "coinGamma": return -2 * sign * weight * strike / spot / spot / spot
    default: return 0
    }
  }

  @Test(arguments: PricingModel.closedForms.map(\.name))
  func withoutTimeOrVolatilityItIsTheIntrinsicValue(name: String) throws {
    let model = try #require(PricingModel(named: name))
    var options: [Option] = []
    for type in [OptionBook.OptionType.call, .put] {
      for spot in [80.0, 100, 110] {
        options += [
          Option(type: type, spot: spot, years: 0), Option(type: type, spot: spot, volatility: 0),
          Option(type: type, spot: spot, years: 0, volatility: 0),
          Option(type: type, spot: spot, years: 0, rate: -0.03),
          Option(type: type, spot: spot, rate: -0.03, yield: -0.03, volatility: 0),
          // So little of either that nothing is left of it.
          Option(type: type, spot: spot, volatility: Self.tiny),
          Option(type: type, spot: spot, years: Self.tiny, rate: 0, yield: 0, volatility: Self.tiny),
        ]
      }
    }
    // At the money a gamma is still huge at the smallest time; elsewhere nothing is left.
    for type in [OptionBook.OptionType.call, .put] {
      options += [Option(type: type, spot: 80, years: Self.tiny), Option(type: type, spot: 110, years: Self.tiny)]
    }
    if name != "bachelier" {
      // Limits of the lognormal models: an asset worth nothing, a strike of nothing.
      for type in [OptionBook.OptionType.call, .put] {
        options += [
          Option(type: type, strike: 0), Option(type: type, strike: 0, years: 0),
          Option(type: type, strike: 0, volatility: 0), Option(type: type, strike: Self.tiny),
        ]
        if name != "inverse" {
          options += [
            Option(type: type, spot: 0), Option(type: type, spot: 0, years: 0), Option(type: type, spot: Self.tiny),
          ]
        }
      }
    }
    try expectLimits(model, options)
  }

  @Test(arguments: PricingModel.closedForms.map(\.name))
  func farInOrOutOfTheMoneyItIsTheIntrinsicValue(name: String) throws {
    let model = try #require(PricingModel(named: name))
    // 80 deviations and more: the other side's probability is below the smallest number.
    var far: [(spot: Double, strike: Double)] = [(100, 1e-30), (1e-30, 100)]
    if name != "bachelier" { far += [(1e200, 1e-100), (1e-100, 1e200)] }
    // An inverse option has no coin price at a forward so far below its strike.
    if name == "inverse" { far.removeLast() }
    var options: [Option] = []
    for (spot, strike) in far {
      for type in [OptionBook.OptionType.call, .put] {
        options.append(
          Option(
            type: type, spot: spot, strike: strike, rate: -0.02, yield: 0.03,
            volatility: name == "bachelier" ? 0.1 : 0.3))
      }
    }
    try expectLimits(model, options)
  }

  private func expectLimits(_ model: PricingModel, _ options: [Option]) throws {
    let results = try Self.price(model, options)
    for (row, option) in options.enumerated() {
      #expect(results.verdict(row).isAccepted, "\(option)")
      for measure in model.measures {
        let value = try results.column(measure)[row], expected = Self.limit(measure, model.name, option)
        // Both are differences of discounted values, each right to an ulp or two.
        let scale = measure == "price" || measure == "theta" || measure == "rho" ? option.spot + option.strike : 0
        #expect(
          abs(value - expected) <= 4e-15 * max(abs(expected), scale) || value == expected,
          "\(model.name) \(measure) of \(option): \(value), not \(expected)")
      }
    }
  }

  /// Far out, but not beyond binary64: no price is 0 or negative, and call minus put is the forward's distance.
  @Test(arguments: ["black-scholes", "black-76", "bachelier"])
  func farOutPricesArePositive(name: String) throws {
    let model = try #require(PricingModel(named: name))
    let deviations = stride(from: 0.0, through: 36, by: 0.5)
    var options: [Option] = []
    for type in [OptionBook.OptionType.call, .put] {
      for deviation in deviations {
        let move = (type == .call ? 1 : -1) * deviation * 0.2
        options.append(
          name == "bachelier"
            ? Option(type: type, strike: 100 + move, volatility: 0.2) : Option(type: type, strike: 100 * exp(move)))
      }
    }
    let results = try Self.price(model, options)
    let others = try Self.price(
      model,
      options.map {
        var other = $0; other.type = $0.type == .call ? .put : .call; return other
      })
    for (row, option) in options.enumerated() {
      let value = try results.column("price")[row], other = try others.column("price")[row]
      #expect(value > 0 && value.isFinite && other > 0, "\(option)")
      let yield = name == "black-scholes" ? option.yield : option.rate
      let distance = option.spot * exp(-yield) - option.strike * exp(-option.rate)
      let sign: Double = option.type == .call ? 1 : -1
      #expect(abs(value - other - sign * distance) <= 2e-15 * (option.spot + option.strike), "\(option)")
    }
  }

  @Test func infinitelyWildIsTheBound() throws {
    for name in ["black-scholes", "black-76"] {
      let model = try #require(PricingModel(named: name))
      let results = try Self.price(
        model,
        [
          Option(volatility: 1e6), Option(type: .put, volatility: 1e300),
          Option(years: 3000, rate: 0, yield: 0, volatility: 9),
        ])
      let yield = name == "black-scholes" ? 0.01 : 0.05
      let prices = try results.column("price")
      #expect(abs(prices[0] - 100 * exp(-yield)) <= 3e-14)
      #expect(abs(prices[1] - 100 * exp(-0.05)) <= 3e-14)
      #expect(prices[2] == 100 && results["vega"]?[0] == 0 && results["gamma"]?[1] == 0)
    }
  }

  /// A number that is no number, negative where that means nothing, or infinite: its reason, and every measure the canonical NaN.
  @Test(arguments: PricingModel.closedForms.map(\.name))
  func badNumbersHaveTheirReason(name: String) throws {
    let model = try #require(PricingModel(named: name))
    var table: [(Option, Verdict)] = []
    for bad in [Double.nan, -.nan, .infinity, -.infinity, -1, -Self.tiny] {
      let isFinite = bad.isFinite
      // A normal model takes forwards and strikes of any sign.
      let spotVerdict: Verdict = name == "bachelier" && isFinite ? .accepted : .invalidSpot
      let strikeVerdict: Verdict = name == "bachelier" && isFinite ? .accepted : .invalidStrike
      table.append((Option(spot: bad), spotVerdict))
      table.append((Option(strike: bad), strikeVerdict))
      table.append((Option(years: bad), .invalidYears))
      table.append((Option(volatility: bad), .invalidVolatility))
      if name != "inverse" { table.append((Option(rate: bad), isFinite ? .accepted : .invalidNumber)) }
      if name == "black-scholes" { table.append((Option(yield: bad), isFinite ? .accepted : .invalidNumber)) }
    }
    if name == "inverse" {
      // A coin price is a value divided by the forward.
      table.append((Option(spot: 0), .invalidSpot))
    } else {
      // Discount factors beyond e^200.
      table.append((Option(years: 10, rate: 30), .invalidNumber))
      table.append((Option(years: 10, rate: -30), .invalidNumber))
      table.append((Option(years: 0, rate: 1e40), .invalidNumber))
    }
    // The first bad number in the order of the contract's list decides.
    table.append((Option(spot: .nan, strike: .nan, years: -1, volatility: -1), .invalidSpot))
    table.append((Option(strike: .nan, years: -1, volatility: -1), .invalidStrike))
    table.append((Option(years: -1, volatility: -1), .invalidYears))
    let results = try Self.price(model, table.map(\.0))
    for (row, item) in table.enumerated() {
      #expect(results.verdict(row) == item.1, "\(item.0)")
      if !item.1.isAccepted {
        for measure in model.measures { #expect(results[measure]?[row].bitPattern == 0x7FF8_0000_0000_0000) }
      }
    }
  }

  @Test func minusZeroIsZero() throws {
    let results = try Self.price(.blackScholes, [Option(strike: -0.0), Option(years: -0.0), Option(volatility: -0.0)])
    #expect((0..<3).allSatisfy { results.verdict($0).isAccepted })
  }

  /// What a price must be to have an implied volatility, for the three models that have one.
  @Test(arguments: ["black-scholes", "black-76", "bachelier"])
  func impliedVolatilityKnowsItsBounds(name: String) throws {
    let model = try #require(PricingModel(named: name))
    let yield = name == "black-scholes" ? 0.01 : 0.05
    // At strike 90 a call is worth at least this, and always less than the asset; a put less than its strike.
    let floor = (100 * exp(-yield) - 90 * exp(-0.05)), ceiling = 100 * exp(-yield)
    func call(_ price: Double, years: Double = 1) -> Option { Option(strike: 90, years: years, price: price) }
    func put(_ price: Double) -> Option { Option(type: .put, strike: 90, price: price) }
    let isBounded = name != "bachelier"
    let table: [(Option, Verdict, Double?)] = [
      (call(floor * 0.999), .priceBelowIntrinsic, nil), (call(0), .priceBelowIntrinsic, nil),
      (call(-1), .priceBelowIntrinsic, nil), (put(-1e-300), .priceBelowIntrinsic, nil),
      (call(floor + 2e-14), .accepted, nil), (put(0), .accepted, 0), (put(-0.0), .accepted, 0),
      (call(ceiling * 0.999), .accepted, nil),
      (call(ceiling * 1.001), isBounded ? .priceAboveBound : .accepted, nil),
      (put(90), isBounded ? .priceAboveBound : .accepted, nil),
      (call(1e300), isBounded ? .priceAboveBound : .invalidNumber, nil),
      // Without time there is only the intrinsic value.
      (call(10, years: 0), .accepted, 0), (call(10.5, years: 0), .priceAboveBound, nil),
      (call(9.5, years: 0), .priceBelowIntrinsic, nil),
      (call(.nan), .invalidNumber, nil), (call(.infinity), .invalidNumber, nil),
      (call(-.infinity), .invalidNumber, nil),
      // Bad numbers have the reasons that they have in pricing.
      (Option(spot: .nan, price: 1), .invalidSpot, nil), (Option(years: -1, price: 1), .invalidYears, nil),
    ]
    let results = try #require(Self.engine).impliedVolatility(Self.book(model, table.map(\.0)))
    for (row, (option, verdict, expected)) in table.enumerated() {
      let value = try results.column("impliedVolatility")[row]
      #expect(results.verdict(row) == verdict, "\(option)")
      #expect(
        verdict.isAccepted ? value >= 0 && value.isFinite : value.bitPattern == 0x7FF8_0000_0000_0000,
        "\(option): \(value)")
      if let expected { #expect(value == expected, "\(option): \(value)") }
    }
  }

  /// A price in coin has a volatility below 1 coin for a call and below strike/forward for a put.
  @Test func impliedVolatilityOfPricesInCoin() throws {
    let volatilities = [0.05, 0.2, 0.6086, 1.5, 4]
    let options = volatilities.flatMap { volatility in
      [60.0, 100, 150].flatMap { strike in
        [OptionBook.OptionType.call, .put].map { Option(type: $0, strike: strike, volatility: volatility) }
      }
    }
    let prices = try Self.price(.inverse, options)
    var given = options
    for row in given.indices { given[row].price = try prices.column(.price)[row] }
    let found = try #require(Self.engine).impliedVolatility(Self.book(.inverse, given))
    for (row, option) in options.enumerated() where try prices.column(.vega)[row] > 1e-3 {
      let volatility = try found.column("impliedVolatility")[row]
      #expect(abs(volatility / option.volatility - 1) < 1e-11, "\(option): \(volatility)")
    }
    let table: [(Option, Verdict)] = [
      (Option(strike: 90, price: 0.0999), .priceBelowIntrinsic), (Option(strike: 90, price: 1), .priceAboveBound),
      (Option(type: .put, strike: 90, price: 0.9), .priceAboveBound), (Option(price: -0.1), .priceBelowIntrinsic),
      (Option(spot: 0, price: 0.1), .invalidSpot), (Option(price: .nan), .invalidNumber),
    ]
    let bounds = try #require(Self.engine).impliedVolatility(Self.book(.inverse, table.map(\.0)))
    for (row, (option, verdict)) in table.enumerated() { #expect(bounds.verdict(row) == verdict, "\(option)") }
  }

  @Test func measuresAndColumnsAreChecked() throws {
    let engine = try #require(Self.engine)
    let bachelier = try #require(PricingModel(named: "bachelier"))
    #expect(throws: AssayError.self) { try engine.price(Self.book(bachelier, [Option()]), measures: ["ultima"]) }
    #expect(throws: AssayError.self) { try OptionBook(.blackScholes, types: [.call], columns: ["spot": [1, 2]]) }
    #expect(throws: AssayError.self) {
      try engine.price(OptionBook(.blackScholes, types: [.call], columns: ["spot": [1]]))
    }
    for columns in [["dividendYeild": [0.1]], ["spot": [1], "Spot": [1]], ["type": [0]], ["price": [1], "kind": [1]]] {
      #expect(throws: AssayError.self) { try OptionBook(.blackScholes, types: [.call], columns: columns) }
    }
    #expect(throws: AssayError.self) { try OptionBook(.black76, types: [.call], columns: ["dividendYield": [0.1]]) }
    #expect(throws: AssayError.self) { try OptionBook(.black76, borrowing: ["forward": Column([1])]) }
    let none = try engine.price(
      OptionBook(.blackScholes, types: [], columns: ["spot": [], "strike": [], "years": [], "volatility": []]))
    #expect(none["price"]?.isEmpty == true)
  }

  /// A name is a column's whatever its case and punctuation: a yield must not be dropped for an underscore.
  @Test func namesAreReadWithoutCaseAndPunctuation() throws {
    let engine = try #require(Self.engine)
    func price(_ yield: String) throws -> Double {
      let book = try OptionBook(
        .blackScholes, types: [.call],
        columns: ["spot": [100], "STRIKE": [100], "years": [1], "Volatility": [0.2], yield: [0.03]])
      return try engine.price(book).column(.price)[0]
    }
    #expect(try price("dividend_yield") == price("dividendYield"))
    #expect(try price("Dividend-Yield") == price("dividendYield"))
    #expect(try price("dividendYield") < price("rate"))
  }

  /// A measure has the bits that it has among all others, and only what was asked for is there.
  @Test(arguments: PricingModel.closedForms.map(\.name))
  func eachMeasureAloneHasTheSameBits(name: String) throws {
    let model = try #require(PricingModel(named: name))
    var options: [Option] = []
    for row in 0..<300 {
      let (spot, years, volatility) = (60 + Double(row % 80), Double(row % 7) / 3, Double(row % 5) / 4)
      options.append(Option(type: row % 2 == 0 ? .call : .put, spot: spot, years: years, volatility: volatility))
    }
    let all = try Self.price(model, options)
    for measure in model.measures {
      let one = try #require(Self.engine).price(Self.book(model, options), measures: [measure])
      let (alone, among) = (try one.column(measure), try all.column(measure))
      #expect(alone.elementsEqual(among) { $0.bitPattern == $1.bitPattern }, "\(measure)")
      #expect(model.measures.allSatisfy { $0 == measure || one[$0] == nil })
    }
  }
}
