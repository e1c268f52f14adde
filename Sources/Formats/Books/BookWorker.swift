import Assay
import AssayIO

/// Prices the rows of a CSV book: text to columns, columns through the model's kernel, results to text.
final class BookWorker: RowWorker {
  private let table: CSVTable
  private let header: CSVHeader
  private let computation: BookComputation
  private let isPosition: Bool
  private let pricer: BookPricer

  /// A worker for books with `header`.
  init(_ header: CSVHeader, _ computation: BookComputation, isPosition: Bool, on executor: any Executor) {
    self.header = header
    self.computation = computation
    self.isPosition = isPosition
    pricer = BookPricer(computation, on: executor)
    table = CSVTable(header)
  }

  func process(_ chunk: TextChunk, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    table.read(chunk)
    if let problem = table.problem { tally.note("line \(problem.line), column \(problem.column): \(problem.message)") }
    let priced = try pricer.price(table.bookColumns(header, computation), models: table.keywords(.model).bytes)
    let (quantity, multiplier) = (table.numbers(.quantity).numbers, table.numbers(.multiplier).numbers)
    for row in 0..<table.rows {
      let size = quantity[row] * multiplier[row]
      let verdict = priced.verdict(row, isMalformed: table.isMalformed(row), size: size)
      tally.add(verdict)
      appendIdentifier(row: row, number: chunk.firstRow + row, to: &text)
      priced.append(row: row, verdict, size: isPosition ? size : nil, to: &text)
      table.appendUnknown(row: row, to: &text)
      text.append(UInt8(ascii: "\n"))
    }
  }

  private func appendIdentifier(row: Int, number: Int, to text: inout TextBuffer) {
    let identifier = table.text(BookFormat.Field.id.rawValue, row: row)
    if identifier.isEmpty { text.append(number) } else { text.append(identifier) }
  }
}
