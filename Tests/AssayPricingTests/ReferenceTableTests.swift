import Assay
import Foundation
import Testing

/// The shared table of 60-digit references: 2,000 options in eight regimes.
@Suite struct ReferenceTableTests {
  private static let url =
    (ProcessInfo.processInfo.environment["ASSAY_VECTORS"].map { URL(fileURLWithPath: $0) }
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/vectors")
    .standardized)
    .appending(path: "pricing/reference_bsm_mp60.csv")

  private struct Row {
    let regime: Substring
    let type: OptionBook.OptionType
    let inputs: [Double]
    /// price, delta, gamma, vega, theta, rho, vanna, volga
    let expected: [Double]
  }

  private static func rows() throws -> [Row] {
    try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst().map { line in
      let cells = line.split(separator: ",")
      return Row(
        regime: cells[0], type: cells[1] == "1" ? .call : .put,
        inputs: try cells[2..<8].map { try #require(Double($0)) },
        expected: try cells[8...].map { try #require(Double($0)) })
    }
  }

  /// Distance in units of the last place of the expected value.
  private static func ulps(_ actual: Double, _ expected: Double) -> Double { abs(actual - expected) / expected.ulp }

  /// Half an ulp of every bound is the rounding of the reference itself. Price, delta and vega: at most 16 ulp, and 4 at the 99th
  /// percentile, in every regime; the other Greeks four times that (docs/accuracy.md).
  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: url.path), "public vectors are not here: set ASSAY_VECTORS"))
  func everyRegimeIsWithinItsBound() throws {
    let rows = try Self.rows()
    #expect(rows.count == 2_000)
    let names = ["spot", "strike", "years", "rate", "dividendYield", "volatility"]
    let book = try OptionBook(
      .blackScholes, types: rows.map(\.type),
      columns: Dictionary(
        uniqueKeysWithValues: names.enumerated().map { index, name in (name, rows.map { $0.inputs[index] }) }))
    let measures: [Measure] = ["price", "delta", "gamma", "vega", "theta", "rho", "vanna", "volga"]
    let results = try Engine().price(book, measures: measures)
    #expect(rows.indices.allSatisfy { results.verdict($0).isAccepted })
    for regime in Set(rows.map(\.regime)).sorted() {
      let members = rows.indices.filter { rows[$0].regime == regime }
      for (column, measure) in measures.enumerated() {
        let values = try results.column(measure)
        let errors = members.map { Self.ulps(values[$0], rows[$0].expected[column]) }.sorted()
        let scale: Double = ["price", "delta", "vega"].contains(measure) ? 1 : 4
        let p99 = errors[errors.count * 99 / 100], worst = errors[errors.count - 1]
        print("\(regime) \(measure): median \(errors[errors.count / 2]), p99 \(p99), max \(worst) ulp")
        #expect(p99 <= 4 * scale + 0.5, "\(regime) \(measure)")
        #expect(worst <= 16 * scale + 0.5, "\(regime) \(measure)")
      }
    }
  }
}
