import Assay

extension PricingModel {
  /// The models with European exercise, whose limits and accuracy these suites write out; American exercise has AmericanTests.
  static let closedForms = all.filter { !$0.hasAccuracies }
}

extension OptionBook {
  /// A book of those `columns` that `model` reads: for rows that serve several models.
  init(_ model: PricingModel, types: [OptionType], readAmong columns: [String: [Double]]) throws {
    let operations = [model.operation, model.impliedVolatility].compactMap(\.self)
    let read = Set(operations.flatMap(\.inputs).map(\.name))
    try self.init(model, types: types, columns: columns.filter { read.contains($0.key) })
  }
}
