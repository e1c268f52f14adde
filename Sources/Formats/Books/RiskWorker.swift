import Assay
import AssayIO

/// Adds the rows of a CSV book to a portfolio of its own; portfolios are merged at the end, and being exact give the same bits
/// however the rows were shared out.
package final class RiskWorker: RowWorker {
  /// What separates the parts of a group's key; no CSV cell of use holds it.
  package static let separator: Character = "\u{1F}"

  /// The positions so far.
  private(set) var portfolio: Portfolio
  private let table: CSVTable
  private let header: CSVHeader
  /// For every column of a group's key its place among those that the table keeps the text of.
  private let groups: [Int]
  private let executor: any Executor

  /// A worker for books with `header`, grouped by the columns `groups`.
  init(_ header: CSVHeader, by groups: [String], portfolio: Portfolio, on executor: any Executor) {
    self.header = header
    self.portfolio = portfolio
    self.executor = executor
    // A column may be named twice.
    self.groups = groups.compactMap(groups.firstIndex(of:))
    table = CSVTable(header, keepingTextOf: groups)
  }

  func process(_ chunk: TextChunk, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    table.read(chunk)
    if let problem = table.problem { tally.note("line \(problem.line), column \(problem.column): \(problem.message)") }
    let models = table.keywords(.model)
    var rowsOfModel = [[Int]](repeating: [], count: BookFormat.models.count)
    for row in 0..<table.rows {
      let model = Int(models[row].first ?? 0)
      if table.isMalformed(row) {
        tally.add(.malformedRow)
      } else if model < rowsOfModel.count {
        rowsOfModel[model].append(row)
      } else {
        tally.add(.unsupportedType)
      }
    }
    let quantity = table.numbers(.quantity).numbers, multiplier = table.numbers(.multiplier).numbers
    let columns = table.bookColumns(header, .measures(portfolio.measures))
    for (model, rows) in zip(BookFormat.models, rowsOfModel) where !rows.isEmpty {
      let book = try OptionBook(model, borrowing: columns.mapValues { $0.selecting(rows) })
      let verdicts = try portfolio.add(
        book, weights: rows.map { quantity[$0] * multiplier[$0] }, keys: rows.map(key), on: executor)
      for verdict in verdicts { tally.add(verdict) }
    }
  }

  /// The cells that a row is grouped by.
  private func key(_ row: Int) -> String {
    groups.map { String(decoding: table.keptText($0, row: row), as: UTF8.self) }.joined(
      separator: String(Self.separator))
  }
}
