import Assay
import AssayIO

extension Job {
  /// Computes every row of the book at `path` and writes the results.
  package func runBook(_ path: String, _ request: BookRequest) throws(AssayError) -> Outcome {
    let input = try open(path)
    var blocks: [ArrowWriter.Block] = []
    var arrow: ArrowWriter?
    let isArrow = sink.isArrow
    try read(input, request, needs: request.computation.operations, results: .csv) {
      header, file throws(AssayError) in
      tally.note(unknownNames: header.unknownNames)
      guard isArrow else { return try write(CSVBookWriter.header(header)) }
      guard let file else {
        throw AssayError(
          .usage, "\(input.name) is not an Arrow file.", advice: "Arrow output needs an Arrow book; convert it first.")
      }
      let writer = ArrowWriter(file.outputFields, isStream: sink.isArrowStream)
      arrow = writer
      resultFields = file.outputFields
      try write(writer.start)
    } makeConsumer: { header, file, executor in
      guard isArrow, let file else { return CSVBookWriter(header.request, on: executor) }
      return ArrowBookWriter(file, on: executor) { blocks.append($0) }
    }
    if let arrow { try write(arrow.end(blocks)) }
    return try finish()
  }

  /// Reads the rows of a book in either format to the end, through consumers of which each thread has one.
  ///
  /// - Parameters:
  ///   - kept: names of columns whose cells consumers ask for.
  ///   - results: how result rows end, where what consumers write are rows that a receipt's root covers.
  ///   - begin: called with the header before the first row, and with the file where it is Arrow.
  func read(
    _ input: InputFile, _ request: BookRequest, keeping kept: [String] = [], needs: [Operation],
    results: RecordRule? = nil, begin: (BookHeader, ArrowBook?) throws(AssayError) -> Void,
    makeConsumer: (BookHeader, ArrowBook?, RecordingExecutor) throws(AssayError) -> any BookConsumer
  ) throws(AssayError) {
    if try ArrowFile.isArrow(input) {
      let book = try ArrowBook(input, request)
      try begin(book.header, book)
      return try run(
        ArrowSlices(book.file), of: input, rows: book.file.rows, needs: needs, results: results
      ) { executor throws(AssayError) in
        ArrowBookWorker(book, try makeConsumer(book.header, book, executor))
      }
    }
    try run(
      input, rule: .csv, pieces: Pieces(host: 1 << 19, accelerator: 1 << 25), longestRecord: 1 << 20, needs: needs,
      results: results
    ) { reader throws(AssayError) in
      guard let csv = try reader.header() else {
        throw AssayError(.input, "\(input.name):1:1: is empty where a header should be.")
      }
      let header = try BookHeader(names: csv.names, request, file: input.name)
      try begin(header, nil)
      reader.mostRows = csv.mostRows
      return (csv.matched(with: header.schema, header.columnOfPlace), header)
    } makeWorker: { prepared, executor throws(AssayError) in
      let (csv, header) = prepared
      let passed = header.keptPlaces.isEmpty ? [] : header.passedPlaces.map { header.names[$0] }
      let kept = kept.compactMap { header.place(named: $0).map { header.names[$0] } } + passed
      let table = CSVTable(csv, keepingTextOf: kept)
      return CSVBookWorker(table, header, keeping: kept, try makeConsumer(header, nil, executor))
    }
  }
}

/// Hands the rows of a CSV book to a consumer.
private final class CSVBookWorker: RowWorker {
  private let table: CSVTable
  private let header: BookHeader
  private let kept: [Int?]
  private let consumer: any BookConsumer

  init(_ table: CSVTable, _ header: BookHeader, keeping kept: [String], _ consumer: any BookConsumer) {
    self.table = table
    self.header = header
    self.consumer = consumer
    self.kept = header.names.map { kept.firstIndex(of: $0) }
    table.keepsMessages = header.request.hasDetail
  }

  func process(_ chunk: TextChunk, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    var rows = CSVBookRows(chunk, header, table, kept: kept)
    try consumer.process(&rows, into: &text, tally: &tally)
  }

  func finish() throws(AssayError) { try consumer.finish() }
}

/// Hands the rows of an Arrow book to a consumer.
private final class ArrowBookWorker: PieceWorker {
  private let book: ArrowBook
  private let consumer: any BookConsumer

  init(_ book: ArrowBook, _ consumer: any BookConsumer) {
    self.book = book
    self.consumer = consumer
  }

  func process(_ slice: ArrowSlice, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    var rows = ArrowBookRows(book, slice)
    try consumer.process(&rows, into: &text, tally: &tally)
  }

  func finish() throws(AssayError) { try consumer.finish() }
}
