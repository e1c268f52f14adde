public import Assay
import AssayIO
import Glibc

/// A book that was priced: its rows in memory, and the means to write them as `assay price` does.
public struct BookRun: Sendable {
  /// One option, priced.
  public struct Row: Sendable {
    /// The book's `id` as it stands in the file; the row's number, from 1, where it has none.
    public let id: String
    /// Whether the option could be priced, or why not.
    public let verdict: Verdict
    private let measures: [Measure]
    private let values: [Double?]

    fileprivate init(id: String, verdict: Verdict, measures: [Measure], values: [Double?]) {
      self.id = id
      self.verdict = verdict
      self.measures = measures
      self.values = values
    }

    /// The reason's name, such as `invalid-strike`; nil when the option was priced.
    public var reason: String? { verdict.reason }

    /// A measure; nil where the option could not be priced, its model lacks the measure, or it was not asked for.
    public subscript(measure: Measure) -> Double? {
      measures.firstIndex(of: measure).flatMap { values[$0] }
    }
  }

  /// The options in the book's order.
  public let rows: [Row]
  private let book: BookFile
  private let measures: [Measure]
  private let configuration: Dispatcher.Configuration

  fileprivate init(_ book: BookFile, _ measures: [Measure], on engine: Engine) throws(AssayError) {
    let collector = RowCollector(measures, on: engine)
    try book.read(.measures(measures), into: collector)
    rows = collector.rows
    self.book = book
    self.measures = measures
    configuration = engine.dispatcher.configuration
  }

  /// Writes what `assay price` writes for the book: CSV, or Arrow where `path` ends with `.arrow` and the book is Arrow.
  ///
  /// The rows are computed again on the way, under the engine's policy, and are the same bits.
  ///
  /// - Parameter receipt: where the receipt goes, which `assay replay` takes; nil for none.
  /// - Throws: ``AssayError`` when the book cannot be read any more, a file cannot be written, or a required device is not there.
  public func write(to path: String, receipt: String? = nil) throws(AssayError) {
    let names = measures.map(\.name).joined(separator: ",")
    var words: [CommandWord] = ["price", .file(book.path)] + .option("--measures", names)
    if let asOf = book.asOf { words += .option("--as-of", asOf) }
    words += .option("--model", book.model)
    var choice = EngineChoice(workers: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    if case .require(let name, let isStrict) = configuration.policy {
      choice.required = name
      choice.isStrict = isStrict
    }
    let job = try Job(words, choice, sink: Job.Sink(output: path, receipt: receipt))
    let request = BookRequest(.measures(measures), try Valuation(asOf: book.asOf, model: book.model))
    if let refusal = try job.runBook(book.path, request).refusal { throw refusal }
  }
}

extension Engine {
  /// Prices every row of a book, each under its own model: price and the five first-order Greeks where no measure is named.
  ///
  /// - Returns: the rows. One that cannot be used has a reason and no measures; it does not throw.
  /// - Throws: ``AssayError`` when the file cannot be read or lacks a column.
  public func price(_ book: BookFile, _ measures: Measure...) throws(AssayError) -> BookRun {
    if let unknown = measures.first(where: { !Measure.all.contains($0) }) {
      throw AssayError(.usage, "No model has a measure \(unknown).")
    }
    return try BookRun(book, measures.isEmpty ? Measure.standard : measures, on: self)
  }
}

/// Prices pieces of a book into rows.
private final class RowCollector: BookConsumer {
  private(set) var rows: [BookRun.Row] = []
  private let measures: [Measure]
  private let pricer: BookPricer

  init(_ measures: [Measure], on executor: any Executor) {
    self.measures = measures
    pricer = BookPricer(.measures(measures), on: executor)
  }

  func process(_ rows: inout some BookRows, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    let priced = try pricer.price(&rows, tally: &tally)
    for row in 0..<rows.count {
      text.removeAll()
      rows.appendIdentifier(row, to: &text)
      let verdict = Verdict(rawValue: priced.verdicts.bytes[row])
      let values = measures.indices.map { verdict.isAccepted ? priced.rows.value($0, row, size: nil) : nil }
      self.rows.append(
        BookRun.Row(
          id: String(decoding: text.bytes, as: UTF8.self), verdict: verdict, measures: measures, values: values))
    }
  }
}
