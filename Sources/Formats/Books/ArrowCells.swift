import Assay
import AssayIO

extension TextBuffer {
  /// Appends a value of a column as a CSV cell, dates and moments as ISO 8601 has them; nothing for a null.
  mutating func append(cell column: ArrowColumn, _ row: Int) {
    if let value = column.text(row) { append(csvCell: value) } else { append(bare: column, row) }
  }

  /// Appends a value of a column as text without quotes; nothing for a null.
  mutating func append(bare column: ArrowColumn, _ row: Int) {
    guard let (column, row) = column.entry(row) else { return }
    if let value = column.text(row) {
      append(value)
    } else if let value = column.whole(row) {
      switch column.type {
      case .date(let inDays): append(Instant.text(inDays ? value : value.quotient(floor: 86_400_000), perSecond: nil))
      case .timestamp(let perSecond, let zone):
        append(Instant.text(value, perSecond: perSecond) + (zone == nil ? "" : "Z"))
      default: append(value)
      }
    } else if let value = column.decimal(row) {
      append(value)
    } else if let value = column.large(row) {
      append(value)
    } else if let value = column.bool(row) {
      append(value ? "true" : "false")
    } else if let value = column.number(row) {
      append(value)
    }
  }
}
