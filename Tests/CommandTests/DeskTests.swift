import Foundation
import Testing

/// What a desk's book holds and asks: hedges, currencies, scenarios, volatilities with measures. `Tests/Vectors/books/desk.py` made
/// the numbers.
@Suite struct DeskTests {
  /// The values of desk.csv by name.
  private static func reference(_ name: String) throws -> Double {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/books/desk.csv")
    let lines = try String(contentsOf: url.standardized, encoding: .utf8).split(separator: "\n")
    let line = try #require(lines.first { $0.hasPrefix(name + ",") })
    return try #require(Double(line.split(separator: ",")[1]))
  }

  /// A short call and its hedges, 5 shares in all.
  private static let hedged = """
    id,account,underlying,type,spot,strike,years,rate,volatility,quantity
    o1,A,AAPL,call,240,250,0.1,0.03,0.3,-10
    h1,A,AAPL,spot,240,,,,,3
    h2,A,AAPL,future,240,,0.1,,,1
    h3,A,AAPL,perpetual,240,,,,,1

    """

  /// The document of `assay risk --json`.
  private func risk(_ files: [String: String], _ arguments: [String]) throws -> [String: Any] {
    let run = try Run(["risk", "book.csv", "--json", "--quiet"] + arguments, in: Folder(files))
    try #require(run.status == 0, "\(run.errors)")
    return try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  private func totals(_ line: Any?) throws -> [String: Double] {
    try #require((line as? [String: Any])?["totals"] as? [String: Any]).compactMapValues { $0 as? Double }
  }

  /// Profit and loss of the scenarios of a line by name.
  private func profitAndLoss(_ line: Any?) throws -> [String: Double] {
    let scenarios = try #require((line as? [String: Any])?["scenarios"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: try scenarios.map {
        (try #require($0["name"] as? String), try #require($0["profitAndLoss"] as? Double))
      })
  }

  private func isClose(_ value: Double?, _ expected: Double) -> Bool {
    value.map { abs($0 - expected) <= 1e-12 * max(1, abs(expected)) } ?? false
  }

  @Test func hedgesCountInTheBook() throws {
    let total = try totals(risk(["book.csv": Self.hedged], ["--by", "account"])["total"])
    #expect(try isClose(total["delta"], Self.reference("hedged delta")), "\(total)")
    #expect(try isClose(total["price"], Self.reference("hedged price")), "\(total)")
    let rows = try Run(
      ["price", "book.csv", "--quiet", "--measures", "price,delta,gamma"], in: Folder(["book.csv": Self.hedged]))
    #expect(rows.status == 0 && rows.lines[2].hasPrefix("h1,240,1,,"), "\(rows.output)")
  }

  @Test func cashIsWorthItself() throws {
    let book = "type,spot,strike,years,volatility,quantity\ncash,,,,,250.5\ncall,nan,1,1,1,1\n"
    let rows = try Run(
      ["price", "book.csv", "--quiet", "--position", "--measures", "price"], in: Folder(["book.csv": book]))
    #expect(rows.lines.last?.hasSuffix("invalid-spot") == true && rows.lines[1] == "1,250.5,", "\(rows.output)")
  }

  @Test func scenariosMoveWhatTheyName() throws {
    let scenarios = """
      {"scenarios": [
        {"name": "spot +12", "spot": 12, "spotShift": "absolute"}, {"name": "spot -5%", "spot": -0.05},
        {"name": "volatility +10%", "volatility": 0.1, "volatilityShift": "relative"}, {"name": "7 days", "days": 7},
        {"name": "rate +1%", "rate": 0.01}, {"name": "double", "spot": -0.05, "weight": 2},
        {"name": "others", "spot": -0.05, "underlyings": ["MSFT"]}]}
      """
    let document = try risk(
      ["book.csv": Self.hedged, "scenarios.json": scenarios],
      ["--by", "account", "--scenarios", "scenarios.json", "--measures", "price"])
    let values = try profitAndLoss(document["total"])
    for name in ["spot +12", "spot -5%", "volatility +10%", "7 days", "rate +1%"] {
      let expected = try Self.reference(name)
      // Of prices of some thousands each value is a difference.
      #expect(try abs(#require(values[name]) - expected) < 1e-11, "\(name): \(values)")
    }
    #expect(values["double"] == values["spot -5%"].map { $0 * 2 } && values["others"] == 0)
    let worst = values.min { $0.value < $1.value }?.key
    #expect((document["total"] as? [String: Any])?["worstScenario"] as? String == worst)
  }

  @Test func volatilitiesComeWithMeasures() throws {
    let book = "model,type,forward,strike,years,price\ninverse,call,39165.86,40000,\(322.0 / 365),0.2169\n"
    let folder = try Folder(["book.csv": book])
    let annual = try Run(["implied-volatility", "book.csv", "--quiet", "--measures", "rho,theta,delta"], in: folder)
    let market = try Run(
      ["implied-volatility", "book.csv", "--quiet", "--measures", "rho,theta,delta", "--units", "market"], in: folder)
    #expect(annual.lines.first == "id,impliedVolatility,rho,theta,delta,reason", "\(annual.errors)")
    func numbers(_ run: Run) throws -> [Double] {
      try #require(run.lines.last).split(separator: ",").compactMap { Double($0) }
    }
    let (years, days) = try (numbers(annual), numbers(market))
    #expect(try abs(years[1] / Self.reference("coin volatility") - 1) < 1e-13, "\(years)")
    #expect(try abs(years[2] / Self.reference("coin rho") - 1) < 1e-12, "\(years)")
    #expect(days == [1, years[1], years[2] / 100, years[3] / 365, years[4]])
    #expect(try Run(["implied-volatility", "book.csv", "--units", "market"], in: folder).status == 2)
  }

  @Test func currenciesAreNotAdded() throws {
    let book = """
      account,underlying,model,type,spot,forward,strike,years,volatility,quantity,currency
      A,SAP,,spot,200,,,,,1,EUR
      A,MSFT,,spot,400,,,,,1,USD
      A,BTC,inverse,perpetual,,97000,,,,2,

      """
    let apart = try risk(["book.csv": book], ["--by", "account", "--measures", "price"])
    #expect(apart["total"] is NSNull)
    let lines = try #require(apart["totals"] as? [[String: Any]])
    let prices = Dictionary(
      uniqueKeysWithValues: try lines.map { line in
        (try #require((line["group"] as? [String: String])?["currency"]), try totals(line)["price"])
      })
    #expect(prices == ["EUR": 200, "USD": 400, "BTC": 2])
    let rates = #"{"currency": "USD", "rates": {"EUR": 1.25, "BTC": 97000}}"#
    let together = try risk(
      ["book.csv": book, "fx.json": rates], ["--by", "account", "--measures", "price", "--fx", "fx.json"])
    #expect(try totals(together["total"])["price"] == 250 + 400 + 194_000)
    let missing = try Run(
      ["risk", "book.csv", "--fx", "fx.json"],
      in: Folder(["book.csv": book, "fx.json": #"{"currency": "USD", "rates": {"EUR": 1.25}}"#]))
    #expect(missing.status == 3 && missing.errors.contains("no rate for BTC"), "\(missing.errors)")
  }

  @Test func perpetualsInCoinLoseMoreThanTheMove() throws {
    let book = "underlying,model,type,forward,quantity,strike,years,volatility\nBTC,inverse,perpetual,97000,1,,,\n"
    let document = try risk(
      ["book.csv": book, "scenarios.json": #"{"spot": [-0.2]}"#],
      ["--scenarios", "scenarios.json", "--measures", "price"])
    let value = try #require(try profitAndLoss(document["total"]).values.first)
    #expect(try isClose(value, Self.reference("inverse -20%")), "\(value)")
  }

  /// One digest over backends, threads and row order.
  @Test func theSameBitsForEveryRun() throws {
    var rows = Self.hedged.split(separator: "\n").map(String.init)
    for row in 0..<500 {
      rows.append(
        "r\(row),\(row % 3),\(row % 2 == 0 ? "AAPL" : "MSFT"),\(["put", "future", "call"][row % 3]),\(200 + row % 90),250,\(Double(row % 9 + 1) / 8),0.02,0.4,\(row % 7 - 3)"
      )
    }
    let scenarios =
      #"{"scenarios": [{"spot": -0.1, "days": 3, "underlyings": ["AAPL"]}, {"spot": 5, "spotShift": "absolute"}]}"#
    let files = [
      "book.csv": rows.joined(separator: "\n") + "\n", "scenarios.json": scenarios,
      "turned.csv": ([rows[0]] + rows.dropFirst().reversed()).joined(separator: "\n") + "\n",
    ]
    let folder = try Folder(files)
    func run(_ book: String, _ arguments: [String]) throws -> String {
      let command = ["risk", book, "--quiet", "--json", "--by", "underlying", "--scenarios", "scenarios.json"]
      let run = try Run(command + arguments, in: folder)
      #expect(run.status == 0, "\(run.errors)")
      return run.output
    }
    let first = try run("book.csv", ["--threads", "1"])
    for arguments in [["--threads", "3"], ["--backend", "portable"], ["--backend", "simd"]] {
      #expect(try run("turned.csv", arguments) == first, "\(arguments)")
    }
  }
}
