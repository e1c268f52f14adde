import Assay

extension PricingModel {
  /// The models with European exercise, whose limits and accuracy these suites write out; American exercise has AmericanTests.
  static let closedForms = all.filter { !$0.hasAccuracies }
}
