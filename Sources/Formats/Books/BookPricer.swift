import Assay
import AssayIO

/// Computes the rows of a book, each under its own model.
struct BookPricer {
  private let computation: BookComputation
  private let executor: any Executor

  /// A pricer that computes on `executor`.
  init(_ computation: BookComputation, on executor: any Executor) {
    self.computation = computation
    self.executor = executor
  }

  /// Computes the rows of a piece and counts them in `tally`.
  func price(_ rows: inout some BookRows, tally: inout Tally) throws(AssayError) -> PricedBook {
    let inputs = BookInputs(&rows)
    let sizes = rows.sizes()
    let priced = try price(inputs.columns, models: inputs.models.bytes)
    let isWhole = rows.problem == nil && inputs.refusesNothing
    let verdicts = priced.verdicts(
      rows: rows.count,
      refusal: isWhole ? nil : { [rows] row in rows.isMalformed(row) ? .malformedRow : inputs.refusal(row) },
      sizes: sizes)
    if let problem = rows.problem { tally.note(problem) }
    tally.add(UnsafeRawBufferPointer(verdicts.bytes))
    return PricedBook(rows: priced, verdicts: verdicts, sizes: sizes)
  }

  /// Computes every row of `columns`, whose models are places in ``BookComputation/models``: one batch when all rows have the same
  /// one, else a batch for every model of the build.
  private func price(_ columns: [String: Column], models: UnsafeRawBufferPointer) throws(AssayError) -> PricedRows {
    if let first = models.first, Int(first) < BookComputation.models.count, models.allSatisfy({ $0 == first }) {
      let part = try price(BookComputation.models[Int(first)], columns, places: nil)
      return PricedRows([part], models: nil, cells: computation.measures.count)
    }
    var parts: [PricedRows.Part] = []
    for (number, model) in BookComputation.models.enumerated() {
      let rows = models.indices.filter { models[$0] == number }
      guard !rows.isEmpty else {
        parts.append(.init([], of: computation, places: []))
        continue
      }
      var places = [Int](repeating: 0, count: models.count)
      for (place, row) in rows.enumerated() { places[row] = place }
      parts.append(try price(model, columns.mapValues { $0.selecting(rows) }, places: places))
    }
    return PricedRows(parts, models: Array(models), cells: computation.measures.count)
  }

  private func price(
    _ model: PricingModel, _ columns: [String: Column], places: [Int]?
  ) throws(AssayError) -> PricedRows.Part {
    guard computation.operation(model) != nil else { return .init([], of: computation, places: places) }
    let book = try OptionBook(computation.chosen(model), borrowing: columns)
    let known = Set(model.measures)
    guard computation.isImpliedVolatility else {
      let measures = try executor.price(book, measures: computation.measures.filter(known.contains))
      return .init([measures], of: computation, places: places)
    }
    let implied = try executor.impliedVolatility(book)
    let further = computation.measuresAtVolatility.filter(known.contains)
    guard !further.isEmpty else { return .init([implied], of: computation, places: places) }
    var columns = columns
    columns[BookColumn.volatility.name] = Column(Array(try implied.column(.impliedVolatility)))
    let priced = try executor.price(
      OptionBook(computation.chosen(model), borrowing: columns), measures: Array(further))
    return .init([implied, priced], of: computation, places: places)
  }
}

/// What became of the rows of a piece of a book.
struct PricedBook {
  /// The measures.
  let rows: PricedRows
  /// A verdict per row.
  let verdicts: Memory
  /// Quantity times multiplier of every row; nil where all are 1.
  let sizes: Numbers?
}
