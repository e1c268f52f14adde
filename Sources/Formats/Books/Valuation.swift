import Assay

/// What a book leaves open: when it is valued, and by which model rows are priced that name none.
package struct Valuation: Sendable {
  /// The moment that expiry dates count from; nil where rows say themselves.
  let asOf: Instant?
  /// The model of rows that name none.
  let model: PricingModel
  /// The time of day at which options expire whose expiry is a date without a time.
  package var expiryTime = TimeOfDay.midnight

  /// Reads both as a command line has them: a date or time of ISO 8601, a model's name.
  ///
  /// - Throws: ``AssayError`` of kind `usage` naming what is not known.
  package init(asOf: String?, model name: String) throws(AssayError) {
    guard let model = PricingModel(named: name) else {
      let known = PricingModel.all.map(\.name).joined(separator: ", ")
      throw AssayError(.usage, "There is no model '\(name)'.", advice: "There are: \(known).")
    }
    self.model = model
    guard let asOf else {
      self.asOf = nil
      return
    }
    guard let instant = Array(asOf.utf8).withUnsafeBytes({ Instant($0) }) else {
      throw AssayError(
        .usage, "'\(asOf)' is not a date or time of ISO 8601.", advice: "Write 2026-11-21 or 2026-11-21T08:00:00Z.")
    }
    self.asOf = instant
  }

  /// The time of day of dates without a time in `column`.
  func time(of column: BookColumn) -> TimeOfDay { column.name == BookColumn.expiry.name ? expiryTime : .midnight }
}
