import Assay
import AssayIO

/// Prices the rows of a book into CSV.
final class CSVBookWriter: BookConsumer {
  private let request: BookRequest
  private let pricer: BookPricer

  /// A writer that computes on `executor`.
  init(_ request: BookRequest, on executor: any Executor) {
    self.request = request
    pricer = BookPricer(request.computation, on: executor)
  }

  /// The header of the output, with its line end: the columns of the contract, then the unknown ones of the book.
  static func header(_ header: BookHeader) -> String {
    var text = TextBuffer(capacity: 1 << 10)
    let own = ["id"] + header.request.computation.measures.map(\.name) + ["reason"]
    let detail = header.request.hasDetail ? ["detail"] : []
    for (index, name) in (own + detail + header.passedPlaces.map(header.outputName)).enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      Array(name.utf8).withUnsafeBytes { text.append(csvCell: $0) }
    }
    text.append(UInt8(ascii: "\n"))
    return String(decoding: text.bytes, as: UTF8.self)
  }

  func process(_ rows: inout some BookRows, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    let priced = try pricer.price(&rows, tally: &tally)
    let sizes = request.isPosition ? priced.sizes : nil
    for row in 0..<rows.count {
      let verdict = Verdict(rawValue: priced.verdicts.bytes[row])
      rows.appendIdentifier(row, to: &text)
      priced.rows.append(row: row, verdict, size: sizes?[row], to: &text)
      if request.hasDetail {
        text.append(UInt8(ascii: ","))
        rows.detailBytes(row, verdict).withUnsafeBytes { text.append(csvCell: $0) }
      }
      rows.appendUnknown(row, to: &text)
      text.append(UInt8(ascii: "\n"))
    }
  }
}
