import Assay
import AssayIO

/// The report of `assay surface`, as CSV or JSON: a row per slice.
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

  /// A header, then a line per slice.
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
  package func json() throws(AssayError) -> String { try Document(slices: rows.map(slice)).jsonText() }

  private struct Document: Encodable {
    let slices: [Slice]
  }

  /// A row; what is not there, or not finite, is left out.
  private struct Slice: Encodable {
    let underlying: String
    let years: Double
    let options: Int
    let forward, a, b, rho, m, sigma, error, butterfly, butterflyStrike, wing, calendar, calendarStrike: Double?
    let isArbitrageFree: Bool?
    let reason: String?
  }

  private func slice(_ row: SurfaceRow) -> Slice {
    let n = numbers(row).map { number in number.flatMap { $0.isFinite ? $0 : nil } }
    return Slice(
      underlying: row.underlying, years: row.years, options: row.options, forward: n[0], a: n[1], b: n[2], rho: n[3],
      m: n[4], sigma: n[5], error: n[6], butterfly: n[7], butterflyStrike: n[8], wing: n[9], calendar: n[10],
      calendarStrike: n[11], isArbitrageFree: isArbitrageFree(row), reason: row.fit.verdict.reason)
  }

  /// A cell of CSV.
  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
