import Assay
import Foundation
import Testing

/// Every measure of every model against 60 digits, in units of the last place of the true value:
/// Tests/Vectors/pricing/reference-MODEL.csv, which reference.py makes, has rows of every regime and rows whose terms nearly cancel.
@Suite struct AccuracyTests {
  private struct Row {
    let regime: Substring
    let type: OptionBook.OptionType
    let cells: [Substring]

    /// The bounds of docs/accuracy.md are wider near the money on the last day and at tiny volatility.
    var isHard: Bool { regime.hasPrefix("B") || regime.hasPrefix("E") }
  }

  /// The columns' names after regime and type, and the rows.
  private static func table(_ model: String) throws -> (names: [String], rows: [Row]) {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../Vectors/pricing/reference-\(model).csv").standardized
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { $0.split(separator: ",") }
    let rows = lines.dropFirst().map { Row(regime: $0[0], type: $0[1] == "1" ? .call : .put, cells: Array($0[2...])) }
    return (lines[0].dropFirst(2).map(String.init), rows)
  }

  private static let inputs = [
    "S_hex": ["spot", "forward"], "K_hex": ["strike"], "T_hex": ["years"], "r_hex": ["rate"],
    "q_hex": ["dividendYield"], "sigma_hex": ["volatility"],
  ]

  private static func book(_ model: PricingModel, _ names: [String], _ rows: [Row]) throws -> OptionBook {
    var columns: [String: [Double]] = [:]
    for (index, name) in names.enumerated() {
      guard let targets = inputs[name] else { continue }
      for target in targets { columns[target] = try rows.map { try #require(Double($0.cells[index])) } }
    }
    return try OptionBook(model, types: rows.map(\.type), readAmong: columns)
  }

  /// Price, delta and vega: 16 ulp at most, 64 in the two hard regimes, 4 at the 99th percentile; every other measure four times that.
  /// Half an ulp more is the rounding of the reference.
  @Test(arguments: PricingModel.closedForms.map(\.name))
  func everyMeasureIsWithinItsBound(model name: String) throws {
    let model = try #require(PricingModel(named: name))
    let (names, rows) = try Self.table(name)
    let results = try Engine(threads: 1).price(Self.book(model, names, rows), measures: model.measures)
    #expect(Set(names.filter { !$0.hasSuffix("_hex") }) == Set(model.measures.map(\.name)))
    for measure in model.measures {
      let column = try #require(names.firstIndex(of: measure.name))
      let scale: Double = ["price", "delta", "vega"].contains(measure) ? 1 : 4
      var fresh: [Double] = []
      for (index, row) in rows.enumerated() {
        let expected = try #require(Double(row.cells[column]))
        let value = try results.column(measure)[index]
        let error = abs(value - expected) / max(expected.ulp, Double.leastNormalMagnitude.ulp)
        #expect(error <= (row.isHard ? 64 : 16) * scale + 0.5, "\(name) \(measure) \(row.cells): \(value)")
        if !row.regime.hasSuffix("cancelling") { fresh.append(error) }
      }
      fresh.sort()
      #expect(fresh[fresh.count * 99 / 100] <= 4 * scale + 0.5, "\(name) \(measure)")
    }
  }
}
