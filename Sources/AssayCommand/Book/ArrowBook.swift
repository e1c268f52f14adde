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
  private let places: [String: Int]

  /// Opens a book and checks that it has the columns it needs.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming file and column.
  init(
    _ path: String, _ computation: BookComputation, asOf: Instant?, model: PricingModel, isPosition: Bool
  ) throws(AssayError) {
    file = try ArrowFile(path)
    let names = file.fields.map(\.name)
    guard Set(names).count == names.count else {
      throw AssayError(.input, "\(path):1:1: two columns have the same name.")
    }
    try BookFormat.check(names, for: computation, hasDate: asOf != nil, file: path)
    places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    unknown = names.indices.filter { index in !BookFormat.Field.allCases.contains { $0.name == names[index] } }
    self.computation = computation
    self.asOf = asOf
    self.isPosition = isPosition
    self.model = UInt8(BookFormat.models.firstIndex(of: model) ?? 0)
    for index in unknown + [place(.id)].compactMap({ $0 }) where file.fields[index].type.written == nil {
      throw AssayError(.input, "\(path):1:1: column \(names[index]) is of a type that cannot be passed through.")
    }
  }

  /// Where a column is in the file; nil when it is not there.
  func place(_ field: BookFormat.Field) -> Int? { places[field.name] }

  /// The columns of the output: those of the contract, then the unknown ones.
  var outputFields: [ArrowField] {
    let id =
      place(.id).map { file.fields[$0].type.written ?? .text(isLarge: true) } ?? .integer(bits: 64, isSigned: true)
    return [ArrowField("id", id)] + computation.measures.map { ArrowField($0.name, .float(bits: 64)) }
      + [ArrowField("reason", .text(isLarge: true))]
      + unknown.map { ArrowField(file.fields[$0].name, file.fields[$0].type.written ?? .text(isLarge: true)) }
  }
}

/// The rows of a slice of a book as the columns that kernels read: borrowed from the file where it has binary64 without nulls,
/// converted otherwise.
struct ArrowBookRows {
  /// How many rows there are.
  let count: Int
  /// The model of every row.
  private(set) var models: [UInt8]
  /// Rows with a missing or unusable value.
  private(set) var malformed: [Bool]
  private let book: ArrowBook
  private let slice: ArrowSlice

  /// The rows of `slice`.
  init(_ book: ArrowBook, _ slice: ArrowSlice) {
    self.book = book
    self.slice = slice
    count = slice.range.count
    models = [UInt8](repeating: book.model, count: count)
    malformed = [Bool](repeating: false, count: count)
    guard let column = column(.model) else { return }
    let names = BookFormat.models.map { Array($0.name.utf8) }
    let elsewhere = BookFormat.modelsElsewhere.map { Array($0.utf8) }
    for row in 0..<count where !column.isNull(slice.range.lowerBound + row) {
      let text = column.text(slice.range.lowerBound + row)
      if let text, let model = names.firstIndex(where: { $0.elementsEqual(text) }) {
        models[row] = UInt8(model)
      } else if let text, elsewhere.contains(where: { $0.elementsEqual(text) }) {
        models[row] = UInt8(BookFormat.models.count)
      } else {
        malformed[row] = true
      }
    }
  }

  /// The columns by the names that models know them by; marks rows that lack a value.
  mutating func columns() -> [String: Column] {
    let spot: BookFormat.Field = book.place(.spot) != nil ? .spot : .forward
    let forward: BookFormat.Field = book.place(.forward) != nil ? .forward : .spot
    var columns = [
      "type": types(), "spot": numbers(spot), "strike": numbers(.strike), "years": years(),
      "rate": numbers(.rate, default: 0), "dividendYield": numbers(.dividendYield, default: 0),
    ]
    columns["forward"] = forward == spot ? columns["spot"] : numbers(forward)
    let last: BookFormat.Field = book.computation.isImpliedVolatility ? .price : .volatility
    columns[last.name] = numbers(last)
    return columns
  }

  /// Quantity times multiplier of every row; marks rows where one is missing.
  mutating func sizes() -> Column {
    let (quantity, multiplier) = (numbers(.quantity, default: 1), numbers(.multiplier, default: 1))
    return converted { row in
      quantity[row].loadUnaligned(as: Double.self) * multiplier[row].loadUnaligned(as: Double.self)
    }
  }

  private func column(_ field: BookFormat.Field) -> ArrowColumn? { book.place(field).map { slice.columns[$0] } }

  private mutating func numbers(_ field: BookFormat.Field, default fallback: Double? = nil) -> Column {
    guard let column = column(field) else { return converted { _ in fallback } }
    if let values = column.values(slice.range) {
      return Column(borrowing: UnsafeRawPointer(values), count: count, as: .f64, owner: book.file)
    }
    let first = slice.range.lowerBound
    return converted { row in column.isNull(first + row) ? fallback : column.number(first + row) }
  }

  /// Years to expiry: given, or counted from the valuation date.
  private mutating func years() -> Column {
    guard book.place(.years) == nil, let column = column(.expiry), let asOf = book.asOf else { return numbers(.years) }
    let first = slice.range.lowerBound
    return converted { row in
      if let text = column.text(first + row) { return Instant(text)?.years(since: asOf) }
      return column.number(first + row).map { Instant(seconds: $0).years(since: asOf) }
    }
  }

  private mutating func types() -> Column {
    let memory = Memory(byteCount: count)
    let first = slice.range.lowerBound
    for row in 0..<count {
      guard let column = column(.type), let type = Self.type(column, first + row) else {
        malformed[row] = true
        continue
      }
      memory.bytes[row] = type
    }
    return Column(borrowing: memory.start, count: count, as: .u8, owner: memory)
  }

  private static func type(_ column: ArrowColumn, _ row: Int) -> UInt8? {
    if let number = column.whole(row) { return number == 0 || number == 1 ? UInt8(number) : nil }
    guard let text = column.text(row), let letter = text.first.map({ $0 | 0x20 }) else { return nil }
    switch (letter, text.count) {
    case (UInt8(ascii: "c"), 1), (UInt8(ascii: "p"), 1): return letter == UInt8(ascii: "p") ? 1 : 0
    case (UInt8(ascii: "c"), 4): return text.elementsEqual("call".utf8) || text.elementsEqual("CALL".utf8) ? 0 : nil
    case (UInt8(ascii: "p"), 3): return text.elementsEqual("put".utf8) || text.elementsEqual("PUT".utf8) ? 1 : nil
    default: return nil
    }
  }

  private mutating func converted(_ value: (Int) -> Double?) -> Column {
    let memory = Memory(byteCount: count * 8)
    let values = memory.bytes.bindMemory(to: Double.self)
    for row in 0..<count {
      if let value = value(row) { values[row] = value } else { (values[row], malformed[row]) = (.nan, true) }
    }
    return Column(borrowing: memory.start, count: count, as: .f64, owner: memory)
  }
}
