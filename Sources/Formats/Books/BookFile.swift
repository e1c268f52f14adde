public import Assay
import AssayIO

/// A book of options in a file, CSV or Arrow, as `assay price` reads it.
///
/// ```swift
/// let engine = try Engine()
/// let book = try BookFile(contentsOf: "book.csv", asOf: "2026-11-21")
/// let run = try engine.price(book, .price, .delta, .vega)
/// for row in run.rows { print(row.id, row[.price] ?? .nan, row.reason ?? "") }
/// try run.write(to: "out.csv", receipt: "receipt.json")
/// ```
/// Rows may name models of their own. Files of any size are read piece by piece, so only results take memory.
public struct BookFile: Sendable {
  /// The file.
  public let path: String
  /// The valuation time and the model, as a command line has them.
  let asOf: String?, model: String
  private let valuation: Valuation

  /// The book in the file at `path`, which is read when it is priced.
  ///
  /// - Parameters:
  ///   - asOf: the valuation time that expiry dates count from, ISO 8601; nil where the book has years, or times of its own.
  ///   - model: the model of rows that name none.
  /// - Throws: ``AssayError`` of kind `usage` when `asOf` is not a date or time.
  public init(
    contentsOf path: String, asOf: String? = nil, model: PricingModel = .blackScholes
  ) throws(AssayError) {
    self.path = path
    self.asOf = asOf
    self.model = model.name
    valuation = try Valuation(asOf: asOf, model: model.name)
  }

  /// The operations that rows of `input` may need: those of `assay price` where it has volatilities, else those of
  /// `assay implied-volatility`.
  ///
  /// - Throws: ``AssayError`` of kind `input` where the book has no header.
  package static func operations(of input: InputFile) throws(AssayError) -> [Operation] {
    let names: [String]
    if try ArrowFile.isArrow(input) {
      names = try ArrowFile(input).fields.map(\.name)
    } else {
      guard let header = try ChunkReader(input, rule: .csv).header() else { throw emptyBook(input) }
      names = header.names
    }
    let columns = BookHeader.columns(names).compactMap(\.self)
    let hasVolatility = columns.contains { BookColumn.all[$0].name == BookColumn.volatility.name }
    return (hasVolatility ? BookComputation.measures([]) : .impliedVolatility).operations
  }

  /// Hands every row to `consumer`, piece by piece, on this thread.
  func read(_ computation: BookComputation, into consumer: any BookConsumer) throws(AssayError) {
    let request = BookRequest(computation, valuation)
    let input = try InputFile(path)
    var text = TextBuffer()
    var tally = Tally()
    if try ArrowFile.isArrow(input) {
      let book = try ArrowBook(input, request)
      let slices = ArrowSlices(book.file)
      let slice = slices.makePiece()
      while try slices.next(into: slice) {
        var rows = ArrowBookRows(book, slice)
        try consumer.process(&rows, into: &text, tally: &tally)
      }
      return
    }
    let reader = ChunkReader(input, rule: .csv)
    guard let csv = try reader.header() else { throw Self.emptyBook(input) }
    let header = try BookHeader(names: csv.names, request, file: input.name)
    reader.mostRows = csv.mostRows
    let table = CSVTable(csv.matched(with: header.schema, header.columnOfPlace))
    table.keepsMessages = true
    let chunk = reader.makePiece()
    while try reader.next(into: chunk) {
      var rows = CSVBookRows(chunk, header, table, kept: header.names.map { _ in nil })
      try consumer.process(&rows, into: &text, tally: &tally)
    }
  }

  private static func emptyBook(_ input: InputFile) -> AssayError {
    AssayError(.input, "\(input.name):1:1: is empty where a header should be.")
  }
}

extension OptionBook {
  /// The book in the file at `path`, all of its columns in memory: for files whose rows are all of one model and of use. ``BookFile``
  /// takes the others, row by row.
  ///
  /// - Parameters:
  ///   - asOf: the valuation time that expiry dates count from, ISO 8601; nil where the book has years, or times of its own.
  ///   - model: the model of rows that name none.
  /// - Throws: ``AssayError`` of kind `input` naming the file and the first row that is malformed or of another model.
  public init(
    contentsOf path: String, asOf: String? = nil, model: PricingModel = .blackScholes
  ) throws(AssayError) {
    let file = try BookFile(contentsOf: path, asOf: asOf, model: model)
    let gatherer = ColumnGatherer(path)
    try file.read(.measures([]), into: gatherer)
    // A book in a file has the columns of every model; this one's model reads its own.
    var columns = gatherer.columns.mapValues { Column($0) }
    columns["type"] = Column(bytes: gatherer.types)
    try self.init(gatherer.model.map { BookComputation.models[Int($0)] } ?? model, borrowing: columns)
  }
}

/// Puts the columns of a book's pieces end to end.
private final class ColumnGatherer: BookConsumer {
  private let path: String
  private(set) var model: UInt8?
  private(set) var types: [UInt8] = []
  private(set) var columns: [String: [Double]] = [:]

  init(_ path: String) { self.path = path }

  func process(_ rows: inout some BookRows, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    let inputs = BookInputs(&rows)
    if let problem = rows.problem { throw AssayError(.input, "\(path): \(problem).") }
    let models = inputs.models.bytes
    model = model ?? models.first
    if let row = models.firstIndex(where: { $0 != model }) {
      throw AssayError(
        .input, "\(path): row \(rows.firstRow + row) is of another model than the rows before it.",
        advice: "BookFile takes books of several models.")
    }
    for (name, column) in inputs.columns {
      if name == "type" {
        types += column.bytes
      } else {
        columns[name, default: []] += column.numbers
      }
    }
  }
}
