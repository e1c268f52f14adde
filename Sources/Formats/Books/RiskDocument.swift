import Assay

/// A risk report for programs.
package struct RiskDocument: Encodable {
  /// One group, or all.
  private struct Line: Encodable {
    let group: [String: String]
    /// The key's cells that are not UTF-8, in hexadecimal.
    let groupBytes: [String: String]?
    let positions: Int
    /// Positions that could not be priced, by reason: no total has them.
    let rejected: [String: Int]
    let totals: [String: Double?]
    /// Positions whose model lacks a measure, by measure: its total is that of the others.
    let unmeasured: [String: Int]?
    /// Positions that deltaGammaVega is without: their sensitivities are infinite.
    let unapproximated: Int
    let scenarios: [ScenarioLine]
  }

  private struct ScenarioLine: Encodable {
    let name: String
    let profitAndLoss: Double?
    let deltaGammaVega: Double?
    /// Positions that the scenario makes unusable, by reason; profit and loss is that of the others.
    let leftOut: [String: Int]
  }

  private let by: [String]
  private let measures: [String]
  /// How many rows could not be priced.
  private let rejected: Int
  private let groups: [Line]
  private let total: Line

  /// The document of `report`. A total that is infinite or not a number is null, and so is one that no position has.
  package init(_ report: RiskReport, by: [String]) {
    self.by = by
    measures = report.measures.map(\.name)
    rejected = report.total.rejected.reduce(0) { $0 + $1.positions }
    groups = by.isEmpty ? [] : report.groups.map { Self.line($0, of: report, by: by) }
    total = Self.line(report.total, of: report, by: [])
  }

  private static func line(_ line: RiskReport.Line, of report: RiskReport, by: [String]) -> Line {
    let cells = by.isEmpty ? [] : GroupKey.cells(of: line.keyBytes, count: by.count)
    let strange = zip(by, cells).filter { String(validating: $1, as: UTF8.self) == nil }
    let totals = zip(line.totals, line.measured).map { total, measured in measured > 0 ? finite(total) : nil }
    let names = report.measures.map(\.name)
    let unmeasured = zip(names, line.measured).map { ($0, line.positions - $1) }.filter { $1 > 0 }
    return Line(
      group: dictionary(zip(by, cells.map { String(decoding: $0, as: UTF8.self) })),
      groupBytes: strange.isEmpty ? nil : dictionary(strange.map { ($0, $1.hexadecimal) }),
      positions: line.positions, rejected: counts(line.rejected), totals: dictionary(zip(names, totals)),
      unmeasured: unmeasured.isEmpty ? nil : dictionary(unmeasured), unapproximated: line.unapproximated,
      scenarios: report.scenarios.enumerated().map { index, scenario in
        ScenarioLine(
          name: scenario.name, profitAndLoss: finite(line.profitAndLoss[index]),
          deltaGammaVega: finite(line.approximation[index]), leftOut: counts(line.leftOut[index]))
      })
  }

  private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

  private static func counts(_ omissions: [RiskReport.Omission]) -> [String: Int] {
    dictionary(omissions.map { ($0.reason.reason ?? "", $0.positions) })
  }

  private static func dictionary<Value>(_ pairs: some Sequence<(String, Value)>) -> [String: Value] {
    Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }
}
