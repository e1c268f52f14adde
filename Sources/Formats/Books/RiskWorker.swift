import Assay
import AssayIO

/// Adds the rows of a book to a portfolio of its own; portfolios are merged at the end, and being exact give the same bits however the
/// rows were shared out.
final class RiskWorker: BookConsumer {
  /// The positions so far.
  private(set) var portfolio: Portfolio
  /// For every column of a group's key its place in the file.
  private let groups: [Int]
  private let executor: any Executor

  /// A worker for books whose positions are grouped by the columns at `groups`.
  init(by groups: [Int], portfolio: Portfolio, on executor: any Executor) {
    self.portfolio = portfolio
    self.groups = groups
    self.executor = executor
  }

  func process(_ rows: inout some BookRows, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    let columns = rows.inputs()
    let sizes = rows.sizes()
    let models = rows.models()
    if let problem = rows.problem { tally.note(problem) }
    var rowsOfModel = [[Int]](repeating: [], count: BookComputation.models.count)
    for row in 0..<rows.count {
      guard rows.isMalformed(row) else {
        rowsOfModel[Int(models[row])].append(row)
        continue
      }
      tally.add(.malformedRow)
      portfolio.reject(.malformedRow, key: key(row, of: rows))
    }
    for (model, places) in zip(BookComputation.models, rowsOfModel) where !places.isEmpty {
      let book = try OptionBook(model, borrowing: columns.mapValues { $0.selecting(places) })
      let keys = places.map { key($0, of: rows) }
      let verdicts = try portfolio.add(book, weights: places.map { sizes?[$0] ?? 1 }, keys: keys, on: executor)
      for verdict in verdicts { tally.add(verdict) }
    }
  }

  /// The cells that a row is grouped by; empty ones where they could not be read.
  private func key(_ row: Int, of rows: some BookRows) -> [UInt8] {
    GroupKey.joined(groups.map { rows.cell($0, row) })
  }
}
