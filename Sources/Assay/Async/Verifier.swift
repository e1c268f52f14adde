/// Verifies one thing at a time for many tasks, in batches: calls that come close together are computed together.
///
/// ```swift
/// let verifier = try await Verifier(
///   warm: [.ed25519ZIP215], batching: .upTo(1_024, within: .microseconds(500)), limit: QueueLimit(rows: 65_536))
/// let check = Check.signature(.ed25519(Ed25519Check(.zip215, publicKey: key, message: message, signature: signature)))
/// let verdict = try await verifier.verify(check, priority: .urgent)
/// ```
/// Batches are computed on threads of the verifier's own, never on those of Swift's tasks. A verdict is that of the check verified alone,
/// whatever else is in the batch. The verifier ends when it is released; calls hold it.
public final class Verifier: Sendable {
  private let engine: Engine
  private let queue: Coalescer<Check, Verdict>

  /// A verifier over `engine`, one of its own when nil. `warm` operations are self-tested before this returns; others at their first
  /// batch. `workers` batches are computed at once.
  ///
  /// - Throws: ``AssayError`` of kind `unavailable` when an operation of `warm` cannot be computed or the system has no thread to give.
  public init(
    on engine: Engine? = nil, warm: [Operation] = [], batching: Batching = .upTo(1_024, within: .microseconds(500)),
    limit: QueueLimit = QueueLimit(), workers: Int = 1
  ) async throws {
    let engine = try engine ?? Engine()
    self.engine = engine
    queue = try Coalescer.started(batching, limit, workers) { try Check.verify($0, on: engine) }
    try await onThreadOfItsOwn { try engine.prepare(warm) }
  }

  /// The verdict of `check`, which joins the next batch. Suspends while the queue is full. `deadline` is how long from now the verdict is
  /// of use; nil for ever.
  ///
  /// - Throws: `CancellationError` when the task is cancelled, ``DeadlinePassed``, or ``AssayError`` when no kernel computes the
  ///   check's operation. A malformed check does not throw: it has a verdict.
  public func verify(
    _ check: Check, priority: CallPriority = .ordinary, deadline: Duration? = nil
  ) async throws -> Verdict {
    try await queue.outcome(of: check, rows: 1, bytes: check.bytes, priority: priority, deadline: deadline)
  }

  /// The verdicts of `checks`, each with its check, in their order, while `checks` goes on: up to `ahead` are asked for before their
  /// verdicts are taken, and no more are read until some are.
  ///
  /// ```swift
  /// for try await (transaction, verdict) in verifier.verdicts(for: mempool, of: { $0.check }) { ... }
  /// ```
  public func verdicts<Source: AsyncSequence & Sendable>(
    for checks: Source, ahead: Int = 1_024, priority: CallPriority = .ordinary,
    of check: @escaping @Sendable (Source.Element) -> Check
  ) -> OrderedOutcomes<Source, Verdict> where Source.Element: Sendable {
    OrderedOutcomes(checks, ahead: ahead) { try await self.verify(check($0), priority: priority) }
  }

  /// The same for a sequence of checks.
  public func verdicts<Source: AsyncSequence & Sendable>(
    for checks: Source, ahead: Int = 1_024, priority: CallPriority = .ordinary
  ) -> OrderedOutcomes<Source, Verdict> where Source.Element == Check {
    verdicts(for: checks, ahead: ahead, priority: priority) { $0 }
  }

  /// Tells of public keys that will come often, each as rows hold it: their tables are made at their first use. See
  /// ``Engine/prepare(keys:)``.
  public func prepare(keys: [[UInt8]]) { engine.prepare(keys: keys) }

  /// Verifies signatures in fixed-size rows that lie in the caller's memory, without the queue: the verdict of row i goes to
  /// `verdicts[i]`. Neither span is kept. It computes on the caller's thread and those of the engine, so a task should not call it.
  ///
  /// - Throws: ``AssayError`` of kind `input` when `rows` does not hold whole rows, of kind `shape` when `verdicts` has another number
  ///   of elements than there are rows.
  public func verify(
    rows: RawSpan, layout: PackedSignatures, into verdicts: inout MutableSpan<Verdict>
  ) throws(AssayError) {
    let count = rows.byteCount / layout.rowBytes
    guard verdicts.count == count else {
      throw AssayError(.shape, "\(count) rows were given with room for \(verdicts.count) verdicts.")
    }
    let outcomes = try rows.withUnsafeBytes { bytes throws(AssayError) in try layout.verify(bytes, on: engine) }
    for row in 0..<count { verdicts[row] = outcomes[row] }
  }

  /// What was done so far, and what waits.
  public var statistics: QueueStatistics { queue.statistics }
}
