import Assay

/// A position of a book that is not an option; the raw value is what the column `type` reads its word as.
enum BookPosition: UInt8, CaseIterable {
  /// The underlying itself.
  case spot = 2
  /// A future on it, at the future's own price.
  case future
  /// A future without an end.
  case perpetual
  /// An amount of money, `quantity`, of the row's currency.
  case cash

  /// The least raw value: below it are the types of options.
  static let first = spot.rawValue
}
