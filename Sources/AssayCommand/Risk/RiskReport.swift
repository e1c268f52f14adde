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
      let scenarios = report.scenarios.enumerated().flatMap { index, scenario in
        zip(heads, lines).map { head, line in
          [scenario.name] + head + ["\(line.profitAndLoss[index])", "\(line.approximation[index])"]
        }
      }
      text +=
        "\n"
        + Self.aligned([["scenario"] + keys + ["profitAndLoss", "deltaGammaVega"]] + scenarios, names: keys.count + 1)
    }
    self.text = text
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
    let scenarios: [ScenarioLine]
  }

  private struct ScenarioLine: Encodable {
    let name: String
    let profitAndLoss: Double?
    let deltaGammaVega: Double?
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
        scenarios: report.scenarios.enumerated().map { index, scenario in
          ScenarioLine(
            name: scenario.name, profitAndLoss: finite(line.profitAndLoss[index]),
            deltaGammaVega: finite(line.approximation[index]))
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
