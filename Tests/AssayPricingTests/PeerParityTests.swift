import Assay
import Foundation
import Testing

/// Every measure of every model beside mpmath, QuantLib and vollib: Tests/Vectors/pricing/peers.csv, in Assay's units; peers.py makes
/// it and says how each peer's units are converted.
@Suite struct PeerParityTests {
  private struct Row {
    let peer, model: Substring
    let measure: Measure
    let type: OptionBook.OptionType
    /// spot (forward), strike, years, rate, dividendYield, volatility
    let inputs: [Double]
    let value: Double
  }

  private static func rows() throws -> [Row] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../Vectors/pricing/peers.csv").standardized
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",")
      return Row(
        peer: cells[0], model: cells[1], measure: Measure(String(cells[9])), type: cells[2] == "call" ? .call : .put,
        inputs: try cells[3..<9].map { try #require(Double($0)) }, value: try #require(Double(cells[10])))
    }
  }

  private static func book(_ model: PricingModel, _ rows: [Row]) throws -> OptionBook {
    let names = ["spot", "strike", "years", "rate", "dividendYield", "volatility"]
    var columns = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { index, name in (name, rows.map { $0.inputs[index] }) })
    columns["forward"] = columns["spot"]
    return try OptionBook(model, types: rows.map(\.type), readAmong: columns)
  }

  /// How far a value may be from a peer's, relative to it: mpmath is exact, so its bound is ours; the others' are their own errors
  /// against mpmath on these rows (at most 2e-13 of QuantLib's theta), with room.
  private static let tolerance: [Substring: Double] = ["mpmath": 2e-13, "quantlib": 1e-12, "vollib": 1e-12]

  @Test(arguments: PricingModel.closedForms.map(\.name))
  func everyMeasureAgrees(model name: String) throws {
    let model = try #require(PricingModel(named: name))
    let rows = try Self.rows().filter { $0.model == name && $0.measure != "impliedVolatility" }
    let results = try Engine(threads: 1).price(Self.book(model, rows), measures: model.measures)
    for (index, row) in rows.enumerated() {
      let value = try results.column(row.measure)[index]
      let tolerance = try #require(Self.tolerance[row.peer])
      #expect(
        abs(value - row.value) <= tolerance * abs(row.value),
        "\(row.peer) \(row.measure) \(row.inputs): \(value), not \(row.value)")
    }
    #expect(Set(rows.filter { $0.peer == "mpmath" }.map(\.measure)) == Set(model.measures))
    let peers: Set<Substring> =
      switch name {
      case "inverse": ["mpmath"]
      case "bachelier": ["mpmath", "quantlib"]
      default: ["mpmath", "quantlib", "vollib"]
      }
    #expect(Set(rows.map(\.peer)) == peers)
  }

  /// The peers' implied volatilities of their own prices, and the volatility that made the price, to 1e-11: a price decides no more
  /// on the row with the smallest vega, and QuantLib's solver stops there.
  @Test(arguments: ["black-scholes", "black-76", "bachelier"])
  func impliedVolatilityAgrees(model name: String) throws {
    let model = try #require(PricingModel(named: name))
    let all = try Self.rows().filter { $0.model == name }
    let rows = all.filter { $0.measure == "price" }
    let names = ["spot", "strike", "years", "rate", "dividendYield"]
    var columns = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { index, name in (name, rows.map { $0.inputs[index] }) })
    columns["forward"] = columns["spot"]
    columns["price"] = rows.map(\.value)
    let results = try Engine(threads: 1).impliedVolatility(
      OptionBook(model, types: rows.map(\.type), readAmong: columns))
    for (index, row) in rows.enumerated() {
      let value = try results.column("impliedVolatility")[index]
      #expect(abs(value - row.inputs[5]) <= 1e-11 * row.inputs[5], "\(row.peer) \(row.inputs): \(value)")
      let theirs = all.first { $0.measure == "impliedVolatility" && $0.peer == row.peer && $0.inputs == row.inputs }
      if let theirs { #expect(abs(value - theirs.value) <= 1e-11 * theirs.value, "\(row.peer) \(row.inputs)") }
    }
    #expect(all.contains { $0.measure == "impliedVolatility" })
  }
}
