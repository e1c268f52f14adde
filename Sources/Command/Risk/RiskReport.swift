import Assay

/// A risk report for people: one table of totals, one of scenarios.
struct RiskTable {
  /// The tables.
  let text: String

  /// Tables of `report`, whose groups' keys have the columns `by`.
  init(_ report: RiskReport, by: [String]) {
    let lines = report.groups.filter { _ in !by.isEmpty } + [report.total]
    let heads = lines.map { line in
      line.key.isEmpty
        ? ["total"] + by.dropFirst().map { _ in "" }
        : line.key.split(separator: RiskWorker.separator, omittingEmptySubsequences: false).map(String.init)
    }
    let keys = by.isEmpty ? [""] : by
    let totals =
      [keys + ["positions"] + report.measures.map(\.name)]
      + zip(heads, lines).map { head, line in head + ["\(line.positions)"] + line.totals.map { "\($0)" } }
    var text = Self.aligned(totals, names: keys.count)
    if !report.scenarios.isEmpty {
      let isWhole = report.total.leftOut.allSatisfy(\.isEmpty) && report.total.unapproximated == 0
      let scenarios = report.scenarios.enumerated().flatMap { index, scenario in
        zip(heads, lines).map { head, line in
          [scenario.name] + head + ["\(line.profitAndLoss[index])", "\(line.approximation[index])"]
            + (isWhole ? [] : [Self.leftOut(line, index)])
        }
      }
      let heading = ["scenario"] + keys + ["profitAndLoss", "deltaGammaVega"] + (isWhole ? [] : ["leftOut"])
      text += "\n" + Self.aligned([heading] + scenarios, names: keys.count + 1)
    }
    self.text = text
  }

  /// The positions that a scenario, or the approximation, has to do without: `2 invalid-spot`.
  private static func leftOut(_ line: RiskReport.Line, _ scenario: Int) -> String {
    var parts = line.leftOut[scenario].map { "\($0.positions) \($0.reason.reason ?? "")" }
    if line.unapproximated > 0 { parts.append("\(line.unapproximated) of deltaGammaVega") }
    return parts.isEmpty ? "0" : parts.joined(separator: ", ")
  }

  /// Rows in columns: the first `names` to the left, numbers to the right.
  private static func aligned(_ rows: [[String]], names: Int) -> String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row.indices, widths).map { column, width in
        column < names ? Style.left(row[column], width) : Style.right(row[column], width)
      }.joined(separator: "  ") + "\n"
    }.joined()
  }
}

/// A risk report for programs.
struct RiskDocument: Encodable {
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
  init(_ report: RiskReport, by: [String]) {
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
