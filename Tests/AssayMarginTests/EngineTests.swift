import Assay
import AssayFormats
import Testing

@testable import AssayMargin

@Suite struct EngineTests {
  /// A small grid with every part that moves: up, down, skew and basis.
  private func rule<Number: MarginNumber>(_: Number.Type) throws -> PortfolioRule<Number> {
    let text = """
      {"name": "test", "maintenanceFactor": 0.8, "grid": {"spotFactors": [0.85, 1, 1.15], "volatility": ["down", "none", "up"]},
       "scenarios": [{"volatility": "skewLinear"}, {"spotFactor": 0.4, "damping": 0.1}],
       "volatilityShock": {"up": 0.5, "down": 0.25, "shortPower": 0.3, "longPower": 0.13, "shortestSeconds": 86400},
       "skewShock": {"linearBase": 0.15, "linearSlope": -0.05, "absoluteBase": 0.15, "absoluteSlope": -0.05, "leastWidth": 0.01,
         "width": 4, "level": 0.6, "tilt": -0.1},
       "basis": {"up": 1.045, "down": 0.955, "addition": 0.5, "multiple": 2},
       "contingencies": {"perpetualMaintenance": 0.015, "optionMaintenance": 0.003}}
      """
    return try MarginRuleFile(Array(text.utf8), path: "test").rule(Number.self)
  }

  private func positions<Number: MarginNumber>(_: Number.Type, accounts: Int, rows: Int) -> [MarginPosition<Number>] {
    var state: UInt64 = 88_172_645_463_325_252
    func next(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    return (0..<rows).map { row in
      let underlying = ["BTC", "ETH"][next(2)]
      let spot = underlying == "BTC" ? 97_000 : 2_700
      let kind: PositionKind =
        switch next(10) {
        case 0: .perpetual
        case 1: .future
        case 2: .spot
        case 3: .cash
        default: .option(isCall: next(2) == 0)
        }
      return MarginPosition(
        account: "account \(row % accounts)", underlying: underlying, kind: kind, spot: Number(whole: spot),
        forward: next(3) == 0 ? nil : Number(whole: spot + 10 * next(3)),
        strike: Number(whole: spot * (50 + 10 * next(10)) / 100), seconds: UInt64(86_400 * (1 + 20 * next(4))),
        rate: .ratio(next(5), 100), volatility: .ratio(30 + 10 * next(6), 100), amount: .ratio(next(2000) - 1000, 100))
    }
  }

  private func same<Number: MarginNumber>(_ a: MarginEngine<Number>, _ b: MarginEngine<Number>) -> Bool {
    a.accounts == b.accounts && a.margins == b.margins
  }

  @Test("the order of rows changes no bit")
  func order() throws {
    let rows = positions(Binary64.self, accounts: 7, rows: 300)
    let engine = try MarginEngine(try rule(Binary64.self), rows, on: portable)
    #expect(same(engine, try MarginEngine(try rule(Binary64.self), rows.reversed(), on: portable)))
    #expect(same(engine, try MarginEngine(try rule(Binary64.self), rows.shuffled(), on: portable)))
    // Split in seven files and read one after the other.
    let split = (0..<7).flatMap { part in rows.indices.filter { $0 % 7 == part }.map { rows[$0] } }
    #expect(same(engine, try MarginEngine(try rule(Binary64.self), split, on: portable)))
  }

  @Test("a new price and a trade give the bits of computing everything again", arguments: [true, false])
  func streaming(inIntegers: Bool) throws {
    inIntegers ? try streaming(Fixed18.self) : try streaming(Binary64.self)
  }

  private func streaming<Number: MarginNumber>(_: Number.Type) throws {
    var rows = positions(Number.self, accounts: 5, rows: 120)
    let rule = try rule(Number.self)
    var engine = try MarginEngine(rule, rows, on: portable)
    for price in [96_500, 97_123, 40_000, 250_000] {
      let spot = Number(whole: price)
      try engine.update(spotOf: "BTC", to: spot, on: portable)
      for row in rows.indices where rows[row].underlying == "BTC" && rows[row].kind != .cash {
        rows[row].forward = rows[row].forward?.times(spot, over: rows[row].spot)
        rows[row].spot = spot
      }
      #expect(same(engine, try MarginEngine(rule, rows, on: portable)))
    }
    // A trade in a known instrument, in a new one, of a new account, of cash.
    var known = rows.first { $0.kind.isOption && $0.underlying == "ETH" } ?? rows[0]
    known.amount = .ratio(-333, 100)
    var other = known
    other.strike = Number(whole: 3_333)
    var stranger = known
    stranger.account = "zoe"
    var cash = known
    cash.kind = .cash
    for trade in [known, other, stranger, cash] {
      rows.append(trade)
      try engine.add(trade, on: portable)
      #expect(same(engine, try MarginEngine(rule, rows, on: portable)))
    }
  }

  @Test("an account whose price is no number is undecided, and its neighbours are not")
  func undecided() throws {
    var rows = positions(Binary64.self, accounts: 3, rows: 30)
    rows.append(
      MarginPosition(
        account: "bad", underlying: "DOGE", kind: .option(isCall: true), spot: Binary64(1), strike: Binary64(1),
        seconds: 86_400, volatility: Binary64(.nan)))
    let engine = try MarginEngine(try rule(Binary64.self), rows, on: portable)
    let bad = try #require(engine[AccountKey(account: "bad")])
    #expect(bad.isUndecided && !bad.isLiquidatable && bad.ratio == nil)
    #expect(engine.margins.count { $0.isUndecided } == 1)
    let distances = try engine.distancesToLiquidation(on: portable)
    #expect(distances[engine.accounts.firstIndex(of: bad.key) ?? 0] == nil)
  }

  @Test("distance to liquidation: a long perpetual falls, a short one rises, cash alone never")
  func distance() throws {
    func perpetual(_ account: String, _ amount: Double, cash: Double) -> [MarginPosition<Binary64>] {
      [
        MarginPosition(
          account: account, underlying: "BTC", kind: .perpetual, spot: Binary64(100), amount: Binary64(amount)),
        MarginPosition(account: account, underlying: "", kind: .cash, spot: .one, amount: Binary64(cash)),
      ]
    }
    let rows = perpetual("long", 1, cash: 30) + perpetual("short", -1, cash: 30) + perpetual("gone", 1, cash: 1)
    let rule = try MarginRuleFile(
      Array(#"{"name": "linear", "contingencies": {"perpetualMaintenance": 0.05}}"#.utf8), path: "test"
    ).rule(Binary64.self)
    let engine = try MarginEngine(rule, rows, on: portable)
    let distances = try engine.distancesToLiquidation(on: portable)
    func distance(_ account: String) -> LiquidationDistance? {
      engine.accounts.firstIndex(of: AccountKey(account: account)).flatMap { distances[$0] }
    }
    // Equity 30 + 100 x against 5 (1 + x): x = -0.263.
    #expect(distance("long") == .init(down: .init(survived: -0.2, fatal: -0.3), up: nil))
    // Equity 30 - 100 x against 5 (1 + x): x = 0.238.
    #expect(distance("short") == .init(down: nil, up: .init(survived: 0.2, fatal: 0.3)))
    #expect(distance("gone")?.down == .init(survived: 0, fatal: 0))
    #expect(AccountMargin.liquidationOrder(engine.margins) == [AccountKey(account: "gone")])
  }

  @Test("the order of liquidation compares products: less covered first, the larger requirement on ties, then the name")
  func liquidation() {
    func rank(_ name: String, _ collateral: Int, _ maintenance: Int) -> LiquidationRank {
      LiquidationRank(account: name, collateral: Int256(collateral), maintenance: Int256(maintenance))
    }
    let order = [rank("a", 50, 100), rank("b", 1, 2), rank("c", 50, 100), rank("d", -1, 5), rank("e", 99, 100)].sorted()
    #expect(order.map(\.account) == ["d", "a", "c", "b", "e"])
    #expect(rank("a", 100, 100).isLiquidatable == false && rank("a", 99, 100).isLiquidatable)
    #expect(rank("a", -5, 0).isLiquidatable == false)
  }

  @Test("Deribit's documented example, to every printed digit")
  func deribit() throws {
    // docs.deribit.com, private/pme/simulate: two inverse futures, of which the perpetual has no days to expiry.
    let text = """
      {"name": "deribit", "arithmetic": "evm18",
       "grid": {"spotFactors": [0.84, 0.88, 0.92, 0.96, 1, 1.04, 1.08, 1.12, 1.16], "volatility": ["none"]},
       "requirement": {"gainFactor": 0, "rollMinimum": 0.01, "rollPerYear": 0.075, "places": 9, "inverse": true,
         "maintenanceShare": 0.8}}
      """
    let rule = try MarginRuleFile(Array(text.utf8), path: "test").rule(Fixed18.self)
    func decimal(_ text: String) throws -> Fixed18 { Fixed18(try #require(DecimalText(text))) }
    let market = MarginMarket<Fixed18>(
      spot: .init(try decimal("65666.19")), perpetual: .init(try decimal("65666.19")), stablePrice: .one,
      expiries: [.init(seconds: 936_576, forward: try decimal("65666.19"), rate: .zero, confidence: .one)],
      instruments: [])
    let margin = try ScenarioPrices(rule, market, on: portable).margin(
      of: MarginHoldings(
        perpetuals: try decimal("0.314538364"), futures: [.init(expiry: 0, amount: try decimal("-0.001187534"))]))
    #expect(margin.worst.reported == "-59685872000000000")
    #expect(margin.roll.rounded(places: 11).reported == "3157258980000000")
    #expect((-margin.initial).rounded(places: 11) == (try decimal("0.06284313098")))
    #expect((-margin.maintenance).rounded(places: 12) == (try decimal("0.050274504784")))
    let others = try decimal("0.06") + (try decimal("0.000018212"))
    #expect((others - margin.initial).rounded(places: 9) == (try decimal("0.122861343")))
    // Each bucket before gains are cut, as the answer prints them.
    let losses = ["-0.05968587238095239", "-0.04272965863636364", "-0.02724789826086957", "-0.013056284583333334", "0"]
    for (computed, printed) in zip(margin.profitAndLoss, losses) {
      #expect(abs(computed.approximate - (Double(printed) ?? .nan)) < 1e-17)
    }
  }

  @Test("rule files refuse what they do not know, by name")
  func ruleFiles() throws {
    func problem(_ text: String) -> String {
      do throws(AssayError) {
        _ = try MarginRuleFile(Array(text.utf8), path: "rule.json")
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(problem(#"{"name": "x"}"#) == "")
    #expect(problem(#"{"name": "x", "maintenanceFacter": 1}"#).contains("did you mean maintenanceFactor"))
    #expect(problem(#"{"name": "x", "colour": 1}"#).contains("colour is not known here"))
    #expect(problem(#"{"name": "x", "contingencies": {"pegFacto": 1}}"#).contains("did you mean pegFactor"))
    #expect(problem(#"{"name": "x", "scenarios": [{"volatility": "sideways"}]}"#).contains("not sideways"))
    #expect(
      problem(#"{"name": "x", "scenarios": [{"volatility": "skewLinear", "spotFactor": 1.1}]}"#).contains(
        "moves the spot"))
    #expect(problem(#"{"name": "x", "scenarios": [{"spotFactor": 0}]}"#).contains("not above 0"))
    #expect(problem(#"{"name": "x", "initialFactor": "1e400"}"#).contains("out of range"))
    #expect(problem(#"{"name": "x", "name": "y"}"#).contains("twice"))
    #expect(problem(#"{}"#).contains("name is missing"))
    #expect(problem("[").contains("not JSON"))
  }
}
