import Assay
import AssayFormats

/// A risk report for people: one table of totals, one of scenarios.
struct RiskTable {
  /// The tables.
  let text: String

  /// Tables of `report`, whose groups' keys have the columns `by`.
  init(_ report: RiskReport, by: [String]) {
    let lines = report.groups.filter { _ in !by.isEmpty } + [report.total]
    let heads = lines.indices.map { index in
      index == lines.count - 1
        ? ["total"] + by.dropFirst().map { _ in "" }
        : GroupKey.cells(of: lines[index].keyBytes, count: by.count).map { String(decoding: $0, as: UTF8.self) }
    }
    let keys = by.isEmpty ? [""] : by
    let isComplete = report.total.rejected.isEmpty
    let totals =
      [keys + ["positions"] + (isComplete ? [] : ["rejected"]) + report.measures.map(\.name)]
      + zip(heads, lines).map { head, line in
        head + ["\(line.positions)"] + (isComplete ? [] : ["\(line.rejected.reduce(0) { $0 + $1.positions })"])
          + zip(line.totals, line.measured).map { total, measured in measured > 0 ? "\(total)" : "" }
      }
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
