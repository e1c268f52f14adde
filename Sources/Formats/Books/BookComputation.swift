import Assay

/// What is computed for every option of a book.
package struct BookComputation: Sendable {
  /// The models of this build, those of options first; a row's model is its place here.
  package static let models = PricingModel.all + PricingModel.positions

  /// Whether volatilities are looked for; measures otherwise.
  let isImpliedVolatility: Bool
  /// The output columns, in order.
  private(set) var measures: [Measure]
  /// The units in which the measures are written.
  package var units = MeasureUnits.annual
  /// How closely models without a closed form are computed; nil where nobody chose.
  package var accuracy: PricingModel.Accuracy?
  /// Whether the measures are all that the models of a book have, which its header tells.
  private var isAll = false

  /// Implied volatility.
  package static let impliedVolatility = BookComputation(isImpliedVolatility: true, measures: [.impliedVolatility])

  /// Implied volatility, and then the measures of a comma-separated list at the volatility found; `all` as in ``init(named:)``.
  ///
  /// - Throws: ``AssayError`` as ``init(named:)`` does.
  package static func impliedVolatility(and list: String) throws(AssayError) -> BookComputation {
    let further = try Measure.list(list).filter { $0 != .impliedVolatility }
    return BookComputation(
      isImpliedVolatility: true, measures: [.impliedVolatility] + further, isAll: list == "all")
  }

  /// The measures that are computed at the volatility found.
  var measuresAtVolatility: ArraySlice<Measure> { isImpliedVolatility ? measures.dropFirst() : [] }

  private init(isImpliedVolatility: Bool, measures: [Measure], isAll: Bool = false) {
    self.isImpliedVolatility = isImpliedVolatility
    self.measures = measures
    self.isAll = isAll
  }

  /// Price and Greeks.
  package static func measures(_ measures: [Measure]) -> BookComputation {
    BookComputation(isImpliedVolatility: false, measures: measures)
  }

  /// The measures of a comma-separated list; `all` stands for all that the book's models have.
  ///
  /// - Throws: ``AssayError`` of kind `usage` naming one that no model has, or that is there twice.
  package init(named list: String) throws(AssayError) {
    self.init(isImpliedVolatility: false, measures: try Measure.list(list), isAll: list == "all")
  }

  /// The same for a book whose rows are all of `model`; nil where rows name models themselves.
  func narrowed(to model: PricingModel?) -> BookComputation {
    var computation = self
    if isAll, let model { computation.measures = (isImpliedVolatility ? [.impliedVolatility] : []) + model.measures }
    return computation
  }

  /// The model at the accuracy that was chosen.
  func chosen(_ model: PricingModel) -> PricingModel { model.at(accuracy ?? .standard) }

  /// The operation that computes it under `model`; nil when the model has none.
  func operation(_ model: PricingModel) -> Operation? {
    isImpliedVolatility ? chosen(model).impliedVolatility : chosen(model).operation
  }

  /// The operations that rows may need.
  var operations: [Operation] {
    let first = Self.models.compactMap(operation)
    guard !measuresAtVolatility.isEmpty else { return first }
    return first + Self.models.filter { $0.impliedVolatility != nil }.map { chosen($0).operation }
  }
}

extension Measure {
  /// Every measure that some model of this build has, each once: the models' in the order of operations.def.
  package static let all: [Measure] = {
    var seen = Set<Measure>()
    return PricingModel.all.flatMap(\.measures).filter { seen.insert($0).inserted }
  }()

  /// The measures of a comma-separated list; `all` stands for all of them.
  ///
  /// - Throws: ``AssayError`` of kind `usage` naming one that no model has, or that is there twice.
  package static func list(_ text: String) throws(AssayError) -> [Measure] {
    if text == "all" { return all }
    let table = NameTable(all.map(\.name))
    var measures: [Measure] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard let place = table.position(of: name) else {
        let suggestion = table.suggestion(for: name).map { "Did you mean \($0)? " } ?? ""
        throw AssayError(
          .usage, "There is no measure '\(name)'.",
          advice: "\(suggestion)There are: \(all.map(\.name).joined(separator: ", ")).")
      }
      guard !measures.contains(all[place]) else {
        throw AssayError(.usage, "The measure \(all[place].name) is named twice.", advice: "Name each one once.")
      }
      measures.append(all[place])
    }
    return measures
  }
}
