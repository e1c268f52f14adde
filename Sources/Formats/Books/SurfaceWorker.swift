import Assay
import AssayIO

/// Collects the smiles of a book: what each of its rows says about volatility.
final class SurfaceWorker: BookConsumer {
  /// What separates slices.
  struct Key: Hashable {
    var underlying: String
    var years: Double
  }

  /// The points so far.
  private(set) var points: [Key: [Smile.Point]] = [:]
  private let isWeightedByVega: Bool
  private let isImplied: Bool
  private let underlying: Int?
  private let executor: any Executor

  /// A worker for books whose column `underlying` is at that place; volatilities are looked for where `isImplied`.
  init(underlying: Int?, isImplied: Bool, isWeightedByVega: Bool, on executor: any Executor) {
    self.underlying = underlying
    self.isImplied = isImplied
    self.isWeightedByVega = isWeightedByVega
    self.executor = executor
  }

  func process(_ rows: inout some BookRows, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    let inputs = BookInputs(&rows)
    let (columns, models) = (inputs.columns, inputs.models.bytes)
    if let problem = rows.problem { tally.note(problem) }
    var rowsOfModel = [[Int]](repeating: [], count: BookComputation.models.count)
    for row in 0..<rows.count {
      let refusal = rows.isMalformed(row) ? .malformedRow : inputs.refusal(row)
      if let refusal { tally.add(refusal) } else { rowsOfModel[Int(models[row])].append(row) }
    }
    for (model, places) in zip(BookComputation.models, rowsOfModel) where !places.isEmpty {
      guard model != .bachelier, model.isOfOptions else {
        for _ in places { tally.add(.unsupportedType) }
        continue
      }
      try add(places, of: rows, columns.mapValues { $0.selecting(places) }, model, tally: &tally)
    }
  }

  /// Adds rows of one model, whose cells `columns` holds.
  private func add(
    _ places: [Int], of rows: some BookRows, _ columns: [String: Column], _ model: PricingModel, tally: inout Tally
  ) throws(AssayError) {
    var columns = columns
    if isImplied {
      let implied = try executor.impliedVolatility(OptionBook(model, borrowing: columns))
      columns[BookColumn.volatility.name] = Column(Array(try implied.column(.impliedVolatility)))
    }
    let priced = try executor.price(OptionBook(model, borrowing: columns), measures: [.vega])
    let isOnSpot = model.operation.inputs.contains { $0.name == BookColumn.spot.name }
    func numbers(_ column: BookColumn) -> Numbers { (columns[column.name] ?? Column([])).numbers }
    let spots = numbers(isOnSpot ? .spot : .forward), strikes = numbers(.strike), years = numbers(.years)
    let rates = numbers(.rate), yields = numbers(.dividendYield), volatilities = numbers(.volatility)
    let vegas = try priced.column(.vega)
    for (row, place) in places.enumerated() {
      let verdict = priced.verdict(row)
      guard verdict.isAccepted, volatilities[row] > 0 else {
        tally.add(verdict.isAccepted ? .invalidVolatility : verdict)
        continue
      }
      let weight: Double
      if isWeightedByVega {
        // Errors of total variance as errors of the price: dV/dw = vega / (2 volatility years).
        let slope = vegas[row] / (2 * volatilities[row] * years[row] * spots[row])
        weight = max(slope * slope, 0x1p-100)
      } else {
        weight = 1
      }
      let name = underlying.map { String(decoding: rows.cell($0, place), as: UTF8.self) } ?? ""
      points[Key(underlying: name, years: years[row]), default: []].append(
        Smile.Point(
          strike: strikes[row], spot: spots[row], carry: isOnSpot ? rates[row] - yields[row] : 0,
          volatility: volatilities[row], weight: weight))
      tally.add(.accepted)
    }
  }
}
