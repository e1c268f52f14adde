import Assay
import AssayIO

/// Adds the rows of a book to a portfolio of its own; portfolios are merged at the end, and being exact give the same bits however the
/// rows were shared out.
final class RiskWorker: BookConsumer {
  /// The positions so far.
  private(set) var portfolio: Portfolio
  /// For every column of a group's key its place in the file.
  private let groups: [Int]
  /// The places of the columns `currency` and `underlying`.
  private let currency: Int?
  private let underlying: Int?
  /// Whether some scenario moves some underlyings only.
  private let namesUnderlyings: Bool
  /// The rates by which amounts are converted; nil where each stays in its currency.
  private let exchange: ExchangeFile?
  private let executor: any Executor

  /// A worker for books with `header` whose positions are grouped by the columns at `groups`.
  init(
    by groups: [Int], _ header: BookHeader, exchange: ExchangeFile?, portfolio: Portfolio, on executor: any Executor
  ) {
    self.portfolio = portfolio
    self.groups = groups
    currency = header.place(.currency)
    underlying = header.place(.underlying)
    namesUnderlyings = portfolio.scenarios.contains { $0.underlyings != nil }
    self.exchange = exchange
    self.executor = executor
  }

  func process(_ rows: inout some BookRows, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    let inputs = BookInputs(&rows)
    let sizes = rows.sizes()
    let (columns, models) = (inputs.columns, inputs.models.bytes)
    if let problem = rows.problem { tally.note(problem) }
    var rowsOfModel = [[Int]](repeating: [], count: BookComputation.models.count)
    for row in 0..<rows.count {
      guard let refusal = rows.isMalformed(row) ? .malformedRow : inputs.refusal(row) else {
        rowsOfModel[Int(models[row])].append(row)
        continue
      }
      tally.add(refusal)
      portfolio.reject(refusal, key: key(row, of: rows, isInCoin: isInCoin(models[row])))
    }
    for (model, places) in zip(BookComputation.models, rowsOfModel) where !places.isEmpty {
      let book = try OptionBook(model, borrowing: columns.mapValues { $0.selecting(places) })
      let isInCoin = model.isInCoin
      let keys = places.map { key($0, of: rows, isInCoin: isInCoin) }
      let verdicts = try portfolio.add(
        book, weights: places.map { sizes?[$0] ?? 1 }, keys: keys,
        underlyings: namesUnderlyings ? underlying.map { column in places.map { rows.cell(column, $0) } } : nil,
        exchange: try factors(places, rows, isInCoin: isInCoin), on: executor)
      for verdict in verdicts { tally.add(verdict) }
    }
  }

  private func isInCoin(_ model: UInt8) -> Bool {
    Int(model) < BookComputation.models.count && BookComputation.models[Int(model)].isInCoin
  }

  /// The cells that a row is grouped by, empty ones where they could not be read, and its currency where it has one.
  private func key(_ row: Int, of rows: some BookRows, isInCoin: Bool) -> [UInt8] {
    let currency = exchange == nil ? self.currency(row, of: rows, isInCoin: isInCoin) : []
    var cells = groups.map { $0 == self.currency && exchange == nil ? currency : rows.cell($0, row) }
    if !currency.isEmpty { cells.append(currency) }
    return GroupKey.joined(cells)
  }

  /// The currency of a row's amounts; empty for that of the report.
  private func currency(_ row: Int, of rows: some BookRows, isInCoin: Bool) -> [UInt8] {
    let cell = currency.map { rows.cell($0, row) } ?? []
    guard cell.isEmpty, isInCoin else { return cell }
    let coin = underlying.map { rows.cell($0, row) } ?? []
    return coin.isEmpty ? Array("coin".utf8) : coin
  }

  /// What the amounts of rows of one model are worth; nil where they are not converted.
  private func factors(
    _ places: [Int], _ rows: some BookRows, isInCoin: Bool
  ) throws(AssayError) -> Portfolio.Exchange? {
    guard let exchange else { return nil }
    var settlement: [Double] = []
    for row in places { settlement.append(try exchange.rate(currency(row, of: rows, isInCoin: isInCoin))) }
    let quote = isInCoin ? try exchange.rate(ExchangeFile.quote) : 1
    return Portfolio.Exchange(settlement: settlement, quote: places.map { _ in quote })
  }
}
