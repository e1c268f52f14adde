import Assay
import AssayIO

/// The report of `assay surface`, as CSV or JSON: a row a slice.
package struct SurfaceText {
  private let rows: [SurfaceRow]

  /// The report of `rows`.
  package init(_ rows: [SurfaceRow]) { self.rows = rows }

  private static let names = [
    "underlying", "years", "options", "forward", "a", "b", "rho", "m", "sigma", "error", "butterfly", "butterflyStrike",
    "wing", "calendar", "calendarStrike", "isArbitrageFree", "reason",
  ]

  /// The numbers of a row in the order of `names`, from `forward` to `calendarStrike`.
  private func numbers(_ row: SurfaceRow) -> [Double?] {
    let fit = row.fit, slice = fit.slice
    let numbers: [Double?] = [
      fit.forward, slice.a, slice.b, slice.rho, slice.m, slice.sigma, fit.error, fit.butterfly, fit.butterflyStrike,
      slice.wing, row.calendar?.gap, row.calendar.map { $0.moneyness * fit.forward },
    ]
    return fit.verdict.isAccepted ? numbers : numbers.map { _ in nil }
  }

  /// Whether no check failed: density, wings and the calendar.
  private func isArbitrageFree(_ row: SurfaceRow) -> Bool? {
    guard row.fit.verdict.isAccepted else { return nil }
    return row.fit.butterfly >= 0 && row.fit.slice.wing <= 2 && (row.calendar?.gap ?? 0) >= 0
  }

  /// A header, then a line a slice.
  package var csv: String {
    var text = Self.names.joined(separator: ",") + "\n"
    for row in rows {
      var cells = [Self.quoted(row.underlying), "\(row.years)", "\(row.options)"]
      cells += numbers(row).map { $0.map { "\($0)" } ?? "" }
      cells.append(isArbitrageFree(row).map { "\($0)" } ?? "")
      cells.append(row.fit.verdict.reason ?? "")
      text += cells.joined(separator: ",") + "\n"
    }
    return text
  }

  /// One document: an array of slices.
  package var json: String {
    let slices = rows.map { row in
      var members = ["\"underlying\": \(JSONText.quoted(row.underlying))", "\"years\": \(row.years)", "\"options\": \(row.options)"]
      for (name, number) in zip(Self.names.dropFirst(3), numbers(row)) {
        guard let number else { continue }
        members.append("\"\(name)\": \(number.isFinite ? "\(number)" : "null")")
      }
      if let isFree = isArbitrageFree(row) { members.append("\"isArbitrageFree\": \(isFree)") }
      if let reason = row.fit.verdict.reason { members.append("\"reason\": \"\(reason)\"") }
      return "    {" + members.joined(separator: ", ") + "}"
    }
    return "{\n  \"slices\": [\n" + slices.joined(separator: ",\n") + "\n  ]\n}\n"
  }

  /// A cell of CSV.
  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
