import Assay

/// A risk report for programs.
package struct RiskDocument: Encodable {
  /// One group, or all.
  private struct Line: Encodable {
    let group: [String: String]
    let positions: Int
    let totals: [String: Double?]
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
  private let groups: [Line]
  private let total: Line

  /// The document of `report`. A total that is infinite or not a number is null.
  package init(_ report: RiskReport, by: [String]) {
    func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
    func line(_ line: RiskReport.Line, _ key: [String]) -> Line {
      Line(
        group: Dictionary(zip(by, key), uniquingKeysWith: { first, _ in first }), positions: line.positions,
        totals: Dictionary(
          zip(report.measures.map(\.name), line.totals.map(finite)), uniquingKeysWith: { first, _ in first }),
        unapproximated: line.unapproximated,
        scenarios: report.scenarios.enumerated().map { index, scenario in
          ScenarioLine(
            name: scenario.name, profitAndLoss: finite(line.profitAndLoss[index]),
            deltaGammaVega: finite(line.approximation[index]),
            leftOut: Dictionary(
              line.leftOut[index].map { ($0.reason.reason ?? "", $0.positions) }, uniquingKeysWith: +))
        })
    }
    self.by = by
    measures = report.measures.map(\.name)
    groups =
      by.isEmpty
      ? []
      : report.groups.map {
        line($0, $0.key.split(separator: RiskWorker.separator, omittingEmptySubsequences: false).map(String.init))
      }
    total = line(report.total, [])
  }
}
