import Assay
import AssayIO

/// The columns of an option book as `price` and `implied-volatility` read them from CSV.
package struct BookFormat: Sendable {
  /// Columns that are read, with their place in ``schema``.
  enum Field: Int, CaseIterable {
    case id, type, model, spot, forward, strike, years, rate, dividendYield, volatility, price, quantity, multiplier,
      expiry, asOf
    case underlying

    /// The name in the header.
    var name: String { "\(self)" }
  }

  /// The models of this build; a row's model is its place here.
  package static let models = PricingModel.all

  /// How each column is read.
  let schema: CSVSchema

  /// The format of a book with the columns `names`, to be valued at `asOf` by `model` where rows name none.
  init(names: [String], _ computation: BookComputation, asOf: Instant?, model: PricingModel) {
    let models = Self.models.map { [$0.name] } + [Self.modelsElsewhere]
    let defaultModel = UInt8(Self.models.firstIndex(of: model) ?? 0)
    let hasSpotAndForward = names.contains("spot") && names.contains("forward")
    schema = CSVSchema(
      Field.allCases.map { field in
        let kind: CSVSchema.Field.Kind =
          switch field {
          case .id, .underlying: .text
          case .type: .keyword([["call", "c"], ["put", "p"]], default: nil)
          case .model: .keyword(models, default: defaultModel)
          case .rate, .dividendYield: .number(default: 0)
          case .quantity, .multiplier: .number(default: 1)
          // A row needs only the one that its model reads.
          case .spot, .forward: .number(default: hasSpotAndForward ? .nan : nil)
          case .strike, .years: .number(default: nil)
          case .volatility: computation.isImpliedVolatility ? .text : .number(default: nil)
          case .price: computation.isImpliedVolatility ? .number(default: nil) : .text
          case .expiry, .asOf:
            names.contains("years") || !names.contains("expiry") ? .text : Self.moment(field, asOf, names)
          }
        return CSVSchema.Field(field.name, kind)
      })
  }

  /// How `expiry` is read: as years from `asOf`; as seconds, which ``years(from:to:)`` takes, where the rows have a valuation date of
  /// their own. An empty one is `asOf`.
  private static func moment(_ field: Field, _ asOf: Instant?, _ names: [String]) -> CSVSchema.Field.Kind {
    guard names.contains(Field.asOf.name) else {
      return .converted { text in asOf.flatMap { Instant(text)?.years(since: $0) } }
    }
    return .converted { text in field == .asOf && text.isEmpty ? asOf?.seconds : Instant(text)?.seconds }
  }

  /// Years from one moment to another, both in seconds since 1970.
  static func years(from starts: Numbers, to ends: Numbers) -> Column {
    let memory = Memory(byteCount: ends.count * 8)
    let years = memory.bytes.bindMemory(to: Double.self)
    for row in years.indices {
      years[row] = Instant(seconds: ends[row]).years(since: Instant(seconds: starts[row]))
    }
    return Column(borrowing: memory.start, count: years.count, as: .f64, owner: memory)
  }

  /// Names of models that other builds have: rows that ask for one are `unsupported-type`, not malformed.
  package static let modelsElsewhere = ["black-scholes", "black-76", "bachelier", "inverse"].filter { name in
    !models.contains { $0.name == name }
  }

  /// Checks that the header has what `computation` needs.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the first column that is missing.
  static func check(_ names: [String], for computation: BookComputation, hasDate: Bool, file: String)
    throws(AssayError)
  {
    func need(_ any: String...) throws(AssayError) {
      guard !any.contains(where: names.contains) else { return }
      throw AssayError(
        .input, "\(file):1:1: the header has no column \(any.joined(separator: " or ")).",
        advice: "It has: \(names.joined(separator: ", ")).")
    }
    try need("type")
    try need("spot", "forward")
    try need("strike")
    try need("years", "expiry")
    try need(computation.isImpliedVolatility ? "price" : "volatility")
    if !names.contains("years"), !hasDate, !names.contains(Field.asOf.name) {
      throw AssayError(
        .usage, "\(file) has expiry dates and no column asOf.",
        advice: "Pass the valuation date with --as-of, such as --as-of 2026-11-21.")
    }
  }
}

/// What is computed for every option of a book.
package struct BookComputation: Sendable {
  /// Whether volatilities are looked for; measures otherwise.
  let isImpliedVolatility: Bool
  /// The output columns, in order.
  let measures: [Measure]

  /// Implied volatility.
  package static let impliedVolatility = BookComputation(isImpliedVolatility: true, measures: ["impliedVolatility"])

  /// Price and Greeks.
  package static func measures(_ measures: [Measure]) -> BookComputation {
    BookComputation(isImpliedVolatility: false, measures: measures)
  }

  /// The operation that computes it under `model`; nil when the model has none.
  func operation(_ model: PricingModel) -> Operation? {
    isImpliedVolatility ? model.impliedVolatility : model.operation
  }
}
