public import AssayCore

/// A book of options under one model, as columns.
///
/// ```swift
/// let book = try OptionBook(
///   .blackScholes, types: [.call, .put],
///   columns: ["spot": [100, 100], "strike": [95, 105], "years": [0.5, 0.5], "volatility": [0.2, 0.3]])
/// print(book.rows)
/// ```
/// Columns carry the names of the model's operation: `spot` (`forward` for models on forwards), `strike`, `years` (to expiry, ACT/365),
/// `rate` and `dividendYield` (annual, continuous, 0.05 for 5%; 0 when left out), `volatility` (annual, 0.2 for 20%; in units of the
/// forward for Bachelier), `price` (per unit, for implied volatility). Case, `_`, `-` and spaces in a name do not matter:
/// `dividend_yield` is `dividendYield`. Another name is an error. A number that cannot be is none: its row has a reason.
public struct OptionBook: Sendable {
  /// Call or put, as the kernels read it.
  public enum OptionType: UInt8, Sendable {
    /// The right to buy.
    case call = 0
    /// The right to sell.
    case put = 1
  }

  /// The model that prices the book.
  public let model: PricingModel
  /// How many options there are.
  public let rows: Int
  private let columns: [String: Column]

  /// A book over columns that may borrow their memory.
  ///
  /// ```swift
  /// let quotes = Quotes()  // yours: an object with a buffer of NumPy or Arrow, say, which the book keeps alive
  /// let strikes = Column(borrowing: quotes.strikes, count: 2, as: .f64, owner: quotes)
  /// let book = try OptionBook(
  ///   .black76,
  ///   borrowing: [
  ///     "type": Column(bytes: [0, 1]), "forward": Column([98, 98]), "strike": strikes, "years": Column([1, 1]),
  ///     "volatility": Column([0.2, 0.2]),
  ///   ])
  /// ```
  /// `columns` holds the options' type under `type` (``OptionType`` bytes) and binary64 columns by name. Columns that only other
  /// models read may be there, so that books of several models share their columns.
  ///
  /// - Throws: ``AssayError`` of kind `shape` when columns differ in length or `type` is missing, of kind `usage` when no model reads a
  ///   column or two names mean the same one.
  public init(_ model: PricingModel, borrowing columns: [String: Column]) throws(AssayError) {
    try self.init(model, columns, known: BookColumnNames.all)
  }

  private init(
    _ model: PricingModel, _ given: [String: Column], known: BookColumnNames
  ) throws(AssayError) {
    var columns: [String: Column] = [:]
    for (name, column) in given.sorted(by: { $0.key < $1.key }) {
      let known = try known.column(name)
      guard columns.updateValue(column, forKey: known) == nil else {
        throw AssayError(.usage, "Two columns mean \(known).", advice: "Leave one of them out.")
      }
    }
    guard let rows = columns["type"]?.count else {
      throw AssayError(.shape, "The book has no column type.", advice: "It says which options are calls and puts.")
    }
    for (name, column) in columns where column.count != rows {
      throw AssayError(.shape, "Column \(name) has \(column.count) values and column type has \(rows).")
    }
    self.model = model
    self.rows = rows
    self.columns = columns
  }

  /// A book from arrays.
  ///
  /// - Throws: ``AssayError`` of kind `shape` when columns differ in length, of kind `usage` when the model does not read a column or
  ///   two names mean the same one.
  public init(
    _ model: PricingModel, types: [OptionType], columns: [String: [Double]]
  ) throws(AssayError) {
    var all = columns.mapValues { Column($0) }
    guard all.updateValue(Column(bytes: types.map(\.rawValue)), forKey: "type") == nil else {
      throw AssayError(.usage, "Column type is given twice.", advice: "Pass it as `types` only.")
    }
    try self.init(model, all, known: BookColumnNames([model]))
  }

  /// The spots, or the forwards where the model has those.
  public var underlying: Numbers {
    numbers(model.operation.inputs.contains { $0.name == "spot" } ? "spot" : "forward")
  }

  /// The volatilities; empty when the book has prices instead.
  public var volatility: Numbers { numbers("volatility") }

  private func numbers(_ name: String) -> Numbers { (columns[name] ?? Column([])).numbers }

  /// The book after a move of the market.
  ///
  /// ```swift
  /// let crash = try book.moved(spot: -0.1) { $0 + 0.05 }
  /// print(try engine.price(crash)[.price]?[0] ?? .nan)
  /// ```
  /// Spots (or forwards) times 1 + `spot`, volatilities through `volatility`. Only those
  /// two columns are new.
  public func moved(spot: Double, volatility: (Double) -> Double) throws(AssayError) -> OptionBook {
    let factor = 1 + spot
    let price = { (value: Double) in value * factor }
    return try withoutActuallyEscaping(volatility) { volatility throws(AssayError) in
      try moved(["spot": price, "forward": price, "volatility": volatility])
    }
  }

  /// The book with some of its columns computed anew: from their defaults where the book leaves them out. A column that neither the book
  /// has nor the model reads stays away.
  package func moved(_ columns: [String: (Double) -> Double]) throws(AssayError) -> OptionBook {
    var moved = self.columns
    for (name, move) in columns {
      let fallback = model.operation.inputs.first { $0.name == name }?.fallback
      if moved[name] != nil {
        moved[name] = Column(numbers(name).map(move))
      } else if let fallback {
        moved[name] = Column([Double](repeating: move(fallback), count: rows))
      }
    }
    return try OptionBook(model, borrowing: moved)
  }

  /// The batch that prices this book.
  ///
  /// - Throws: ``AssayError`` when the model lacks one of `measures` or the book a column.
  package func batch(for measures: [Measure]) throws(AssayError) -> Batch {
    let known = Set(model.measures)
    if let unknown = measures.first(where: { !known.contains($0) }) {
      throw AssayError(
        .usage, "\(model.name) has no measure \(unknown).",
        advice: "It has: \(model.measures.map(\.name).joined(separator: ", ")).")
    }
    return try batch(model.operation)
  }

  /// The batch that computes `operation` over this book, with values that all rows share.
  func batch(_ operation: Operation, shared: [String: Column] = [:]) throws(AssayError) -> Batch {
    var inputs: [Column] = []
    for input in operation.inputs {
      if let column = columns[input.name] ?? shared[input.name] {
        inputs.append(column)
      } else if let fallback = input.fallback {
        inputs.append(Column([Double](repeating: fallback, count: rows)))
      } else {
        throw AssayError(
          .shape, "The book has no column \(input.name), which \(operation.name) needs.",
          advice: "It has: \(columns.keys.sorted().joined(separator: ", ")).")
      }
    }
    return try Batch(operation, inputs, rows: rows)
  }
}

/// Measures of a book, as columns.
///
/// ```swift
/// let prices = try engine.price(book)
/// if let delta = prices[.delta] {  // a collection of Double over the kernel's own memory
///   for (row, verdict) in prices.verdicts.enumerated() where verdict.isAccepted { print(delta[row]) }
/// }
/// ```
public struct BookMeasures: Sendable {
  /// The columns as the kernel wrote them, with receipts.
  public let results: Results

  /// Measures that results hold.
  package init(results: Results) { self.results = results }

  /// A measure of every option, in the book's order; not-a-number where the option's verdict is not accepted; nil when the measure
  /// was not asked for.
  public subscript(measure: Measure) -> Numbers? { results.numbers(measure.name) }

  /// A measure that must have been asked for.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when it was not.
  public func column(_ measure: Measure) throws(AssayError) -> Numbers {
    if let numbers = self[measure] { return numbers }
    throw AssayError(
      .usage, "\(measure) was not asked for.", advice: "These were: \(results.wanted.sorted().joined(separator: ", "))."
    )
  }

  /// Whether each option could be priced, or why not, in the book's order.
  public var verdicts: Verdicts { results.verdicts }

  /// Whether option `row`, from 0, could be priced, or why not.
  public func verdict(_ row: Int) -> Verdict { results.verdict(row) }
}

extension Executor {
  /// Prices a book: only the measures asked for are computed, in one pass.
  ///
  /// ```swift
  /// let prices = try engine.price(book, measures: [.price, .delta, .vanna])
  /// for measure in [Measure.price, .delta, .vanna] { print(try prices.column(measure)[0]) }
  /// ```
  /// Units are those of ``Measure``. A row that cannot be priced has its reason in ``BookMeasures/verdict(_:)`` and not-a-number in
  /// every column.
  ///
  /// - Throws: ``AssayError`` when the model lacks a measure or the book a column.
  public func price(_ book: OptionBook, measures: [Measure] = Measure.standard) throws(AssayError) -> BookMeasures {
    BookMeasures(results: try execute(book.batch(for: measures), wanted: Set(measures.map(\.name))))
  }

  /// The volatility at which the model gives each option's `price`, as the measure ``Measure/impliedVolatility``.
  ///
  /// ```swift
  /// let quotes = try OptionBook(
  ///   .blackScholes, types: [.call, .call],
  ///   columns: ["spot": [100, 100], "strike": [100, 100], "years": [1, 1], "price": [7.965567455405798, 120]])
  /// let implied = try engine.impliedVolatility(quotes)
  /// print(try implied.column(.impliedVolatility)[0])  // 0.2
  /// print(implied.verdict(1).reason ?? "")  // price-above-bound
  /// ```
  ///
  /// - Throws: ``AssayError`` when the model has no implied volatility or the book lacks a column.
  public func impliedVolatility(_ book: OptionBook) throws(AssayError) -> BookMeasures {
    guard let operation = book.model.impliedVolatility else {
      throw AssayError(.usage, "\(book.model.name) has no implied volatility in this build.")
    }
    return BookMeasures(results: try execute(book.batch(operation), wanted: nil))
  }
}
