import Assay

/// An executor that keeps the receipts of what it runs; one a thread.
final class RecordingExecutor: Executor, @unchecked Sendable {
  private let engine: Engine
  /// What ran since the ledger was last taken.
  private var ledger = RowsLedger()

  /// Records what `engine` runs.
  init(_ engine: Engine) { self.engine = engine }

  func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
    let results = try engine.execute(batch, wanted: wanted)
    ledger.add(results.receipts)
    return results
  }

  /// Gives the ledger away and starts a new one.
  func takeLedger() -> RowsLedger {
    defer { ledger = RowsLedger() }
    return ledger
  }
}
