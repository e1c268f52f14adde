import Assay

/// An executor that keeps the receipts of what it runs; one per thread.
final class RecordingExecutor: Executor, @unchecked Sendable {
  private let engine: any Executor
  /// What ran since the ledger was last taken, shared with ``host``.
  private let ledger: Guarded<RowsLedger>

  /// Records what `engine` runs.
  convenience init(_ engine: Engine) { self.init(engine, into: Guarded(RowsLedger())) }

  private init(_ engine: any Executor, into ledger: Guarded<RowsLedger>) {
    self.engine = engine
    self.ledger = ledger
  }

  /// What is computed again on the host is recorded too.
  var host: (any Executor)? { engine.host.map { RecordingExecutor($0, into: ledger) } }

  func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
    let results = try engine.execute(batch, wanted: wanted)
    ledger.withLock { $0.add(results.receipts) }
    return results
  }

  /// Gives the ledger away and starts a new one.
  func takeLedger() -> RowsLedger {
    ledger.withLock { ledger in
      defer { ledger = RowsLedger() }
      return ledger
    }
  }
}
