/// Prices small books for many tasks, in batches: books of one model and the same measures that come close together are priced
/// together.
///
/// ```swift
/// let pricer = try await Pricer(warm: [.blackScholes])
/// let prices = try await pricer.price(book, measures: [.price, .delta])
/// ```
/// Batches are computed on threads of the pricer's own, never on those of Swift's tasks. A row has the bits that it has alone.
public final class Pricer: Sendable {
  private struct Request: Sendable {
    let book: OptionBook
    let batch: Batch
    let measures: Set<String>
  }

  private struct Group: Hashable {
    let operation: Operation
    let measures: Set<String>
  }

  private let queue: Coalescer<Request, BookMeasures>

  /// A pricer over `engine`, one of its own when nil. The models of `warm` are self-tested before this returns; others at their first
  /// batch. `workers` batches are computed at once.
  ///
  /// - Throws: ``AssayError`` of kind `unavailable` when a model of `warm` cannot be computed or the system has no thread to give.
  public init(
    on engine: Engine? = nil, warm: [PricingModel] = [], batching: Batching = .upTo(4_096, within: .microseconds(500)),
    limit: QueueLimit = QueueLimit(), workers: Int = 1
  ) async throws {
    let engine = try engine ?? Engine()
    queue = try Coalescer.started(batching, limit, workers) { try Self.price($0, on: engine) }
    try await onThreadOfItsOwn { try engine.prepare(warm.map(\.operation)) }
  }

  /// The measures of `book`, which joins the next batch. Suspends while the queue is full. `deadline` is how long from now they are of use;
  /// nil for ever.
  ///
  /// - Throws: ``AssayError`` when the model lacks a measure or the book a column; `CancellationError` when the task is cancelled;
  ///   ``DeadlinePassed``.
  public func price(
    _ book: OptionBook, measures: [Measure] = Measure.standard, priority: CallPriority = .ordinary,
    deadline: Duration? = nil
  ) async throws -> BookMeasures {
    let batch = try book.batch(for: measures)
    return try await queue.outcome(
      of: Request(book: book, batch: batch, measures: Set(measures.map(\.name))), rows: book.rows,
      bytes: batch.columns.reduce(0) { $0 + $1.bytes.count }, priority: priority, deadline: deadline)
  }

  /// The measures of every book of `books`, in their order; up to `ahead` are asked for before their measures are taken.
  ///
  /// ```swift
  /// for try await (book, prices) in pricer.prices(for: quotes, measures: [.price]) { ... }
  /// ```
  public func prices<Source: AsyncSequence & Sendable>(
    for books: Source, measures: [Measure] = Measure.standard, ahead: Int = 1_024, priority: CallPriority = .ordinary
  ) -> OrderedOutcomes<Source, BookMeasures> where Source.Element == OptionBook {
    OrderedOutcomes(books, ahead: ahead) { try await self.price($0, measures: measures, priority: priority) }
  }

  /// What was done so far, and what waits.
  public var statistics: QueueStatistics { queue.statistics }

  /// One batch for each model and set of measures; every request's rows as results of their own.
  private static func price(_ requests: [Request], on engine: Engine) throws(AssayError) -> [BookMeasures] {
    var groups: [Group: [Int]] = [:]
    for (index, request) in requests.enumerated() {
      groups[Group(operation: request.batch.operation, measures: request.measures), default: []].append(index)
    }
    var outcomes = [BookMeasures?](repeating: nil, count: requests.count)
    for (group, members) in groups.sorted(by: { $0.value[0] < $1.value[0] }) {
      let joined = try Batch(joining: members.map { requests[$0].batch })
      let results = try engine.execute(joined, wanted: group.measures)
      var first = 0
      for index in members {
        let rows = first..<first + requests[index].batch.rows
        outcomes[index] = BookMeasures(results: results.copy(of: rows))
        first = rows.upperBound
      }
    }
    return outcomes.compactMap(\.self)
  }
}
