import Assay

/// A risk report for programs: one JSON document, written group by group, each on its own line; groups may be millions.
package struct RiskDocument {
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
    /// The scenario with the least profit and loss.
    let worstScenario: String?
  }

  private struct ScenarioLine: Encodable {
    let name: String
    let profitAndLoss: Double?
    let deltaGammaVega: Double?
    /// Positions that the scenario makes unusable, by reason; profit and loss is that of the others.
    let leftOut: [String: Int]
  }

  private let risk: BookRisk
  private var report: RiskReport { risk.report }
  private var by: [String] { risk.by }

  /// The document of `risk`. A total that is infinite or not a number is null, and so is one that no position has. Where there are several
  /// currencies, `total` is null and `totals` has a line for each.
  package init(_ risk: BookRisk) { self.risk = risk }

  /// Hands the document's text to `write`, part by part.
  package func write(_ write: (String) throws(AssayError) -> Void) throws(AssayError) {
    try write("{\n  \"by\" : \(by.jsonLine()),\n  \"groups\" : [")
    var text = ""
    for (index, group) in (by.isEmpty ? [] : report.groups).enumerated() {
      text += (index == 0 ? "\n    " : ",\n    ") + (try line(group, by: by).jsonLine())
      guard text.utf8.count > 1 << 16 else { continue }
      try write(text)
      text = ""
    }
    let measures = try report.measures.map(\.name).jsonLine()
    let rejected = report.total.rejected.reduce(0) { $0 + $1.positions }
    let total = risk.hasCurrencies ? "null" : try line(report.total, by: []).jsonLine()
    var totals = ""
    if risk.hasCurrencies {
      var lines: [String] = []
      for total in risk.totals { lines.append(try line(total, by: [BookColumn.currency.name]).jsonLine()) }
      totals = ",\n  \"totals\" : [\n    \(lines.joined(separator: ",\n    "))\n  ]"
    }
    try write(
      "\(text)\n  ],\n  \"measures\" : \(measures),\n  \"rejected\" : \(rejected),\n  \"total\" : \(total)\(totals)\n}\n"
    )
  }

  private func line(_ line: RiskReport.Line, by: [String]) -> Line {
    let cells = by.isEmpty ? [] : GroupKey.cells(of: line.keyBytes, count: by.count)
    let strange = zip(by, cells).filter { String(validating: $1, as: UTF8.self) == nil }
    let totals = report.measures.indices.map { risk.total($0, of: line).flatMap(Self.finite) }
    let names = report.measures.map(\.name)
    let unmeasured = zip(names, line.measured).map { ($0, line.positions - $1) }.filter { $1 > 0 }
    return Line(
      group: Self.dictionary(zip(by, cells.map { String(decoding: $0, as: UTF8.self) })),
      groupBytes: strange.isEmpty ? nil : Self.dictionary(strange.map { ($0, $1.hexadecimal) }),
      positions: line.positions, rejected: Self.counts(line.rejected), totals: Self.dictionary(zip(names, totals)),
      unmeasured: unmeasured.isEmpty ? nil : Self.dictionary(unmeasured), unapproximated: line.unapproximated,
      scenarios: report.scenarios.enumerated().map { index, scenario in
        ScenarioLine(
          name: scenario.name, profitAndLoss: Self.finite(line.profitAndLoss[index]),
          deltaGammaVega: Self.finite(line.approximation[index]), leftOut: Self.counts(line.leftOut[index]))
      }, worstScenario: line.worstScenario.map { report.scenarios[$0].name })
  }

  private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

  private static func counts(_ omissions: [RiskReport.Omission]) -> [String: Int] {
    dictionary(omissions.map { ($0.reason.reason ?? "", $0.positions) })
  }

  private static func dictionary<Value>(_ pairs: some Sequence<(String, Value)>) -> [String: Value] {
    Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }
}
