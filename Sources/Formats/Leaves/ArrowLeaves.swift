import Assay
import AssayIO

/// The rows of Arrow results as leaves: the cells of a row as CSV has them, in the order of the columns, with commas between. A null is
/// an empty cell.
enum ArrowLeaves {
  /// Appends the rows `range` of `columns` to `text`, one per line.
  static func append(_ columns: [ArrowColumn], _ range: Range<Int>, to text: inout TextBuffer) {
    for row in range {
      for (place, column) in columns.enumerated() {
        if place > 0 { text.append(UInt8(ascii: ",")) }
        text.append(cell: column, row)
      }
      text.append(UInt8(ascii: "\n"))
    }
  }
}

/// Gives the rows of Arrow results to a tree.
final class ArrowLeafWorker: PieceWorker {
  private let worker: LeafWorker
  private var rows = TextBuffer()

  /// A worker that hands on to `worker`, which takes lines as they are.
  init(_ worker: LeafWorker) { self.worker = worker }

  func process(_ slice: ArrowSlice, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    rows.removeAll()
    ArrowLeaves.append(slice.columns, slice.range, to: &rows)
    try worker.process(TextChunk(rows.bytes, rule: .csv), firstRow: slice.firstRow, tally: &tally)
  }

  func finish() throws(AssayError) { try worker.finish() }
}
