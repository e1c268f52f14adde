import Assay
import AssayFormats
import Testing

/// Margin of options by themselves, in both arithmetics.
struct IsolatedMarginTests {
  /// Derive's standard manager with the constants of its test cases.
  private static let text = """
    {"name": "isolated", "arithmetic": "evm18", "scenarios": [],
     "isolated": {"initial": {"largestShare": 0.15, "leastShare": 0.1},
       "maintenance": {"largestShare": 0.075, "leastShare": 0.075, "markShare": 0.075}, "initialOfMaintenance": 1.05,
       "bounded": true, "unpairedInitial": 1.2, "unpairedMaintenance": 1.1},
     "contingencies": {"pegThreshold": 0.98, "pegFactor": 1.2}}
    """

  private func rule<Number: MarginNumber>(_: Number.Type) throws -> PortfolioRule<Number> {
    try MarginRuleFile(Array(Self.text.utf8), path: "rule.json").rule(Number.self)
  }

  private func margin<Number: MarginNumber>(
    _ options: [(isCall: Bool, strike: Number, volatility: Number, amount: Number)], spot: Number, forward: Number,
    seconds: UInt64, stablePrice: Number = .one
  ) throws -> PortfolioMargin<Number> {
    let market = MarginMarket<Number>(
      spot: .init(spot), perpetual: .init(spot), stablePrice: stablePrice,
      expiries: [.init(seconds: seconds, forward: forward, rate: .zero, confidence: .one)],
      instruments: options.map { .init(expiry: 0, strike: $0.strike, isCall: $0.isCall, volatility: $0.volatility) })
    var holdings = MarginHoldings<Number>()
    holdings.options = options.indices.map { .init(instrument: $0, amount: options[$0].amount) }
    return try ScenarioPrices(try rule(Number.self), market, on: portable).margin(of: holdings)
  }

  private func short(_ isCall: Bool, _ strike: Double, _ amount: Double = -1) throws -> PortfolioMargin<Binary64> {
    try margin(
      [(isCall, Binary64(strike), Binary64(0.5), Binary64(amount))], spot: Binary64(1000), forward: Binary64(1000),
      seconds: 86_400)
  }

  @Test("a short option is charged a share of the spot, less what it is out of the money, on top of its value")
  func shares() throws {
    func charged(_ margin: PortfolioMargin<Binary64>) -> (initial: Double, maintenance: Double) {
      (margin.initialRequirement.value, margin.maintenanceRequirement.value)
    }
    // What is required beside the value, which the account owes anyway.
    #expect(abs(charged(try short(true, 1000)).initial - 150) < 1e-9)
    #expect(abs(charged(try short(true, 1000)).maintenance - 75) < 1e-9)
    #expect(abs(charged(try short(true, 1030)).initial - 120) < 1e-9)
    #expect(abs(charged(try short(true, 1200)).initial - 100) < 1e-9)
    #expect(abs(charged(try short(false, 980)).initial - 130) < 1e-9)
    #expect(abs(charged(try short(true, 1000, -2)).maintenance - 150) < 1e-9)
    // A put deep in the money: 7.5% of its value of 2,000 is more than 7.5% of the spot, and initial margin is 105% of maintenance.
    let deep = try short(false, 3000)
    #expect(abs(deep.maintenance.value + 2150) < 1e-6)
    #expect(abs(deep.initial.value + 2150 * 1.05) < 1e-6)
  }

  @Test("a long option has no value that others could use, and asks for nothing")
  func long() throws {
    let margin = try short(true, 1000, 1)
    #expect(margin.initial.value == 0)
    #expect(margin.maintenance.value == 0)
    #expect(margin.markToMarket.value > 0)
  }

  @Test("a spread requires its largest loss, a call that no other covers a share of the forward besides")
  func bounded() throws {
    func pair(_ amounts: (Double, Double)) throws -> PortfolioMargin<Binary64> {
      try margin(
        [
          (true, Binary64(900), Binary64(0.5), Binary64(amounts.0)),
          (true, Binary64(950), Binary64(0.5), Binary64(amounts.1)),
        ],
        spot: Binary64(1000), forward: Binary64(1000), seconds: 86_400)
    }
    let spread = try pair((-1, 1))
    #expect(spread.initial.value == -50)
    #expect(spread.maintenance.value == -50)
    let unpaired = try pair((-1.01, 1))
    #expect(abs(unpaired.initial.value + 50.5 + 0.01 * 1200) < 1e-9)
    #expect(abs(unpaired.maintenance.value + 50.5 + 0.01 * 1100) < 1e-9)
  }

  @Test("below its peg the settlement coin charges short options for initial margin")
  func peg() throws {
    let margin = try margin(
      [(true, Fixed18(whole: 1000), Fixed18.ratio(1, 2), -Fixed18.one)], spot: Fixed18(whole: 1000),
      forward: Fixed18(whole: 1000), seconds: 86_400, stablePrice: .ratio(3, 10))
    // (0.98 - 0.3) x 1.2 x 1000, and the share of 15%.
    #expect(margin.initialRequirement.reported == "966000000000000000000")
    #expect(margin.maintenanceRequirement.reported == "75000000000000000000")
  }

  @Test(
    "the standard manager's published cases of options alone, within 1e-12 of their scale",
    .enabled(if: Suites.areThere, "the published suites are not there: set ASSAY_VECTORS"))
  func published() throws {
    let cases = try #require(try Suites.json("margin/derive-v2-core/StandardManager/test-cases.json").members)
    var compared = 0
    for (name, entry) in cases {
      let scenario = try #require(entry["Scenario"]), result = try #require(entry["Result"])
      func wei(_ value: DecimalJSON?) throws -> Fixed18 {
        Fixed18(try #require(DecimalText("\(try #require(value?.decimal).text)e-18")))
      }
      func list(_ name: String) throws -> [DecimalJSON] { try #require(scenario[name]?.elements) }
      let underlyings = try list("OptionUnderlying").map { $0.string ?? "" }
      let seconds = try list("OptionExpiries").map { try #require(UInt64($0.decimal?.text ?? "")) }
      // Perpetuals' entries, spot holdings, and averages over the last half hour are not in this form of a market.
      let names = ["Perps_ETH", "Perps_BTC", "wETH", "wBTC", "OracleConts"]
      let isPlain = names.allSatisfy { (scenario[$0] ?? result[$0])?.decimal?.text == "0" }
      guard isPlain, Set(underlyings).count == 1, Set(seconds).count == 1, seconds[0] > 1800 else { continue }
      let strikes = try list("OptionStrikes"), volatilities = try list("OptionVols")
      let amounts = try list("OptionAmounts"), calls = try list("OptionIsCall")
      let margin: PortfolioMargin<Fixed18> = try margin(
        strikes.indices.map {
          (calls[$0].decimal?.text == "1", try wei(strikes[$0]), try wei(volatilities[$0]), try wei(amounts[$0]))
        }, spot: try wei(scenario["\(underlyings[0])SpotPrice"]), forward: try wei(try list("Forwards")[0]),
        seconds: seconds[0], stablePrice: try wei(scenario["USDCValue"]))
      let scale = max(1, abs(try wei(result["PortfolioMtM"]).approximate), abs(try wei(result["realIM"]).approximate))
      #expect(abs(margin.initial.approximate - (try wei(result["realIM"]).approximate)) <= 1e-12 * scale, "\(name)")
      #expect(abs(margin.maintenance.approximate - (try wei(result["realMM"]).approximate)) <= 1e-12 * scale, "\(name)")
      compared += 1
    }
    #expect(compared >= 15)
  }
}
