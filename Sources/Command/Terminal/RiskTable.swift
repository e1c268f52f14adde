import Assay
import AssayFormats

/// A risk report for people: one table of totals, one of scenarios. Rows are made when they are written: groups may be millions.
struct RiskTable {
  private let risk: BookRisk
  private var report: RiskReport { risk.report }
  private var by: [String] { risk.by }
  private let groups: [RiskReport.Line]
  private let lines: [RiskReport.Line]
  /// The worst scenario of every line.
  private let worst: [Int?]

  /// Tables of `risk`.
  init(_ risk: BookRisk) {
    self.risk = risk
    groups = risk.by.isEmpty ? [] : risk.report.groups
    lines = groups + risk.totals
    worst = lines.map(\.worstScenario)
  }

  /// Hands the tables' text to `write`, part by part.
  func write(_ write: (String) throws(AssayError) -> Void) throws(AssayError) {
    let keys = by.isEmpty ? [""] : by
    let isComplete = report.total.rejected.isEmpty
    let counts = ["positions"] + (isComplete ? [] : ["rejected"])
    let totals = Columns(heading: keys + counts + report.measures.map(\.name), names: keys.count)
    try totals.write(rows: lines.count, to: write) { row in
      let line = lines[row]
      return head(row) + ["\(line.positions)"]
        + (isComplete ? [] : ["\(line.rejected.reduce(0) { $0 + $1.positions })"])
        + report.measures.indices.map { measure in risk.total(measure, of: line).map { "\($0)" } ?? "" }
    }
    guard !report.scenarios.isEmpty else { return }
    try write("\n")
    let isWhole = report.total.leftOut.allSatisfy(\.isEmpty) && report.total.unapproximated == 0
    let values = ["profitAndLoss", "deltaGammaVega"] + (isWhole ? [] : ["leftOut"]) + ["worst"]
    let scenarios = Columns(heading: ["scenario"] + keys + values, names: keys.count + 1)
    try scenarios.write(rows: report.scenarios.count * lines.count, to: write) { row in
      let (scenario, line) = (row / lines.count, lines[row % lines.count])
      return [report.scenarios[scenario].name] + head(row % lines.count)
        + [
          "\(line.profitAndLoss[scenario])",
          line.approximation[scenario].isNaN ? "" : "\(line.approximation[scenario])",
        ]
        + (isWhole ? [] : [Self.leftOut(line, scenario)]) + [worst[row % lines.count] == scenario ? "worst" : ""]
    }
  }

  /// The cells that name line `index`; the last is the total.
  private func head(_ index: Int) -> [String] {
    if index >= groups.count, risk.hasCurrencies {
      // A total by currency: under its column, behind the word where that is not the first.
      let place = by.firstIndex { $0 == "currency" } ?? by.count - 1
      var cells = by.map { _ in "" }
      cells[0] = "total"
      cells[place] = place == 0 ? "total \(lines[index].key)" : lines[index].key
      return cells
    }
    return index == lines.count - 1
      ? ["total"] + by.dropFirst().map { _ in "" }
      : GroupKey.cells(of: lines[index].keyBytes, count: by.count).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The positions that a scenario, or the approximation, has to do without: `2 invalid-spot`.
  private static func leftOut(_ line: RiskReport.Line, _ scenario: Int) -> String {
    var parts = line.leftOut[scenario].map { "\($0.positions) \($0.reason.reason ?? "")" }
    if line.unapproximated > 0 { parts.append("\(line.unapproximated) of deltaGammaVega") }
    return parts.isEmpty ? "0" : parts.joined(separator: ", ")
  }
}

/// Rows in columns: the first `names` to the left, numbers to the right.
private struct Columns {
  let heading: [String]
  let names: Int

  /// Makes every row twice: to see how wide it is, and to write it.
  func write(
    rows: Int, to write: (String) throws(AssayError) -> Void, _ row: (Int) -> [String]
  ) throws(AssayError) {
    var widths = heading.map(\.count)
    for index in 0..<rows {
      for (column, cell) in row(index).enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    var text = line(heading, widths)
    for index in 0..<rows {
      text += line(row(index), widths)
      guard text.utf8.count > 1 << 16 else { continue }
      try write(text)
      text = ""
    }
    try write(text)
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    zip(cells.indices, widths).map { column, width in
      column < names ? Style.left(cells[column], width) : Style.right(cells[column], width)
    }.joined(separator: "  ") + "\n"
  }
}
