import AssayCore

/// The names that columns of a book may have.
struct BookColumnNames: Sendable {
  /// Those of every model of this build.
  static let all = BookColumnNames(PricingModel.all + PricingModel.positions)

  private let names: [String]

  /// What `models` read, for prices and for implied volatilities, and `type`.
  init(_ models: [PricingModel]) {
    let operations = models.flatMap { [$0.operation, $0.impliedVolatility].compactMap(\.self) }
    names = Set(operations.flatMap { $0.inputs.map(\.name) } + ["type"]).sorted()
  }

  /// The column that `name` means: case, `_`, `-` and spaces do not matter.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when there is no such column.
  func column(_ name: String) throws(AssayError) -> String {
    let plain = Self.plain(name)
    if let known = names.first(where: { $0 == name || Self.plain($0) == plain }) { return known }
    throw AssayError(
      .usage, "A column \(name) has no meaning in this book.", advice: "Columns are: \(names.joined(separator: ", ")).")
  }

  private static func plain(_ name: String) -> String {
    String(String.UnicodeScalarView(name.lowercased().unicodeScalars.filter { !"_- ".unicodeScalars.contains($0) }))
  }
}
