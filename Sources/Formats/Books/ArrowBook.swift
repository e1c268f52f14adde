import Assay
import AssayIO

/// An option book in an Arrow file: which column is what, and what comes out.
final class ArrowBook {
  /// The file.
  let file: ArrowFile
  /// What is computed.
  let computation: BookComputation
  /// Whether measures are multiplied by quantity x multiplier.
  let isPosition: Bool
  /// The valuation date.
  let asOf: Instant?
  /// The model of rows that name none.
  let model: UInt8
  /// Columns that Assay does not know, by their place in the file.
  let unknown: [Int]
  private let places: [BookFormat.Field: Int]

  /// Opens a book and checks that it has the columns it needs.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming file and column.
  init(
    _ input: InputFile, _ computation: BookComputation, asOf: Instant?, model: PricingModel, isPosition: Bool
  ) throws(AssayError) {
    file = try ArrowFile(input)
    let names = file.fields.map(\.name)
    guard Set(names).count == names.count else {
      throw AssayError(.input, "\(input.name):1:1: two columns have the same name.")
    }
    try BookFormat.check(names, for: computation, hasDate: asOf != nil, file: input.name)
    for field in file.fields where !BookFormat.accepts(field, for: computation) {
      throw AssayError(
        .input, "\(input.name):1:1: column \(field.name) is of a type that it cannot have.",
        advice: "docs/formats.md lists what each column may be.")
    }
    places = Dictionary(
      BookFormat.Field.allCases.compactMap { field in names.firstIndex(of: field.name).map { (field, $0) } },
      uniquingKeysWith: { first, _ in first })
    unknown = names.indices.filter { index in !BookFormat.Field.allCases.contains { $0.name == names[index] } }
    self.computation = computation
    self.asOf = asOf
    self.isPosition = isPosition
    self.model = UInt8(BookFormat.models.firstIndex(of: model) ?? 0)
    for index in unknown + [place(.id)].compactMap({ $0 }) where file.fields[index].type.written == nil {
      throw AssayError(.input, "\(input.name):1:1: column \(names[index]) is of a type that cannot be passed through.")
    }
  }

  /// Where a column is in the file; nil when it is not there.
  func place(_ field: BookFormat.Field) -> Int? { places[field] }

  /// The columns of the output: those of the contract, then the unknown ones.
  var outputFields: [ArrowField] {
    let id =
      place(.id).map { file.fields[$0].type.written ?? .text(isLarge: true) } ?? .integer(bits: 64, isSigned: true)
    return [ArrowField("id", id)] + computation.measures.map { ArrowField($0.name, .float(bits: 64)) }
      + [ArrowField("reason", .text(isLarge: false))]
      + unknown.map { ArrowField(file.fields[$0].name, file.fields[$0].type.written ?? .text(isLarge: true)) }
  }
}

extension BookFormat {
  /// Whether a column can have the type that it has in an Arrow file; always true of columns that are not read.
  fileprivate static func accepts(_ field: ArrowField, for computation: BookComputation) -> Bool {
    switch (Field.allCases.first { $0.name == field.name }, field.type) {
    case (nil, _), (.id, _), (.underlying, _): true
    case (.volatility, _) where computation.isImpliedVolatility: true
    case (.price, _) where !computation.isImpliedVolatility: true
    case (.type, .integer), (.type, .text), (.type, .textView), (.type, .dictionary): true
    case (.model, .text), (.model, .textView), (.model, .dictionary), (.model, .other(1)): true
    case (.expiry, .text), (.expiry, .textView), (.expiry, .dictionary), (.expiry, .date), (.expiry, .timestamp): true
    case (.asOf, .text), (.asOf, .textView), (.asOf, .dictionary), (.asOf, .date), (.asOf, .timestamp),
      (.asOf, .other(1)):
      true
    case (.type, _), (.model, _), (.expiry, _), (.asOf, _): false
    case (.rate, .other(1)), (.dividendYield, .other(1)), (.quantity, .other(1)), (.multiplier, .other(1)): true
    case (_, .float), (_, .integer): true
    default: false
    }
  }
}
