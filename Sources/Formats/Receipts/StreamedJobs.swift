public import Assay
import AssayIO

/// The command's jobs over open descriptors and a shared engine: for a program that serves others.
///
/// Every call blocks its thread until its input ends. Results are the command's, byte for byte, and leave in time when rows come in
/// slowly. Calls may run at the same time on several threads.
public struct StreamedJobs: Sendable {
  /// What came of one call.
  public struct Summary: Sendable {
    /// Rows read.
    public let rows: Int
    /// Rows accepted.
    public let accepted: Int
    /// Row ranges that a device left to another.
    public let fallbacks: Int
    /// The receipt, as `--receipt` writes it: JSON.
    public let receipt: String
  }

  /// What is computed for a book's rows.
  public enum Computation: Sendable {
    /// Measures by name; none for price and the five first-order Greeks.
    case price([String])
    /// The volatility at which the model gives the row's price.
    case impliedVolatility
  }

  /// How results are written.
  public enum Format: Sendable {
    /// Comma-separated text with a header.
    case csv
    /// Arrow's IPC file, with a footer.
    case arrowFile
    /// Arrow's IPC stream.
    case arrowStream
  }

  private let choice: EngineChoice
  private let longestDelay: Duration

  /// Jobs that compute on `engine`; `workers` threads work on each. A row that came in waits for others at most `longestDelay`.
  public init(engine: Engine, workers: Int, longestDelay: Duration = .milliseconds(20)) {
    self.longestDelay = longestDelay
    var choice = EngineChoice(workers: workers)
    choice.shared = engine
    self.choice = choice
  }

  /// Verifies JSON Lines, or the rows of one JSON array; rows may not name files.
  ///
  /// - Parameters:
  ///   - input: what is read to its end; it stays open.
  ///   - output: what the verdict lines are written to; it stays open.
  /// - Throws: ``AssayError`` of kind `usage` when `output` does not take all, of kind `unavailable` when no device computes.
  public func verify(from input: Int32, to output: Int32) throws(AssayError) -> Summary {
    let job = try Job(["verify", "-"], choice, sink: sink(output, .csv))
    job.longestDelay = longestDelay
    try job.verifyRows(job.open(Self.path(input)), RowOptions())
    return try summary(job.finish())
  }

  /// Computes a book, CSV or Arrow; an Arrow book's descriptor must be that of a file.
  ///
  /// - Parameters:
  ///   - input: what is read to its end; it stays open.
  ///   - output: what the results are written to; it stays open.
  ///   - format: how they are written; Arrow needs an Arrow book.
  ///   - model: the model of rows that do not name one; nil for `black-scholes`.
  ///   - asOf: the valuation date or time that expiry dates count from, ISO 8601.
  /// - Throws: ``AssayError`` of kind `input` when the book cannot be read, `usage` for an unknown measure, model or date.
  public func compute(
    _ computation: Computation, from input: Int32, to output: Int32, format: Format, model: String?, asOf: String?
  ) throws(AssayError) -> Summary {
    let valuation = try Valuation(asOf: asOf, model: model ?? PricingModel.blackScholes.name)
    let computed: BookComputation
    switch computation {
    case .impliedVolatility: computed = .impliedVolatility
    case .price(let names):
      computed = try BookComputation(
        named: (names.isEmpty ? Measure.standard.map(\.name) : names).joined(separator: ","))
    }
    let job = try Job(["price", "-"], choice, sink: sink(output, format))
    job.longestDelay = longestDelay
    return try summary(job.runBook(Self.path(input), BookRequest(computed, valuation)))
  }

  /// Totals a book, CSV or Arrow, and writes the document of `assay risk --json`.
  ///
  /// - Parameters:
  ///   - input: what is read to its end; it stays open. An Arrow book's descriptor must be that of a file.
  ///   - output: what the document is written to; it stays open.
  ///   - groups: names of the columns to group by; none for one total.
  ///   - measures: measures by name; none for price and the five first-order Greeks.
  ///   - scenarios: the text of a scenario file; nil for none.
  ///   - model: the model of rows that do not name one; nil for `black-scholes`.
  ///   - asOf: the valuation date or time that expiry dates count from, ISO 8601.
  /// - Throws: ``AssayError`` of kind `input` when the book or the scenarios cannot be read, `usage` for an unknown measure, model or
  ///   date.
  public func risk(
    from input: Int32, to output: Int32, by groups: [String], measures: [String], scenarios: String?, model: String?,
    asOf: String?
  ) throws(AssayError) -> Summary {
    let valuation = try Valuation(asOf: asOf, model: model ?? PricingModel.blackScholes.name)
    let wanted = try Measure.list((measures.isEmpty ? Measure.standard.map(\.name) : measures).joined(separator: ","))
    var moves: [Scenario] = []
    if let scenarios { moves = try ScenarioFile.read(Array(scenarios.utf8), path: "scenarios") }
    let job = try Job(["risk", "-"], choice, sink: sink(output, .csv))
    let report = try job.aggregate(
      Self.path(input), BookRequest(.measures(wanted), valuation), by: groups,
      into: Portfolio(measures: wanted, scenarios: moves))
    try RiskDocument(report).write { text throws(AssayError) in try job.write(text) }
    return try summary(job.finish())
  }

  private func sink(_ output: Int32, _ format: Format) -> Job.Sink {
    var sink = Job.Sink(output: Self.path(output), receipt: nil)
    sink.hashes = true
    sink.isArrow = format != .csv
    sink.isArrowStream = format == .arrowStream
    return sink
  }

  private func summary(_ outcome: Job.Outcome) throws(AssayError) -> Summary {
    if let refusal = outcome.refusal { throw refusal }
    return Summary(
      rows: outcome.tally.rows, accepted: outcome.tally.accepted, fallbacks: outcome.ledger.fallbacks.count,
      receipt: try outcome.receipt.jsonText())
  }

  static func path(_ descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }
}
