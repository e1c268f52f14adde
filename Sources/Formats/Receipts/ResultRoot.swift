import Assay
import AssayIO

/// The RFC 6962 root over a job's result rows, for its receipt: whoever has the receipt can be shown any single row.
///
/// A leaf is a row as it was written, without its line end; a header is none. Rows are hashed by the threads that make them and
/// joined in the order of the output. That is no part of the job, so it runs wherever it runs best even when a backend was named.
final class ResultRoot {
  /// What hashing computed, apart from the job's own account.
  private(set) var ledger = RowsLedger()
  private let rule: RecordRule
  private let engine: Engine
  private let joiner: RecordingExecutor
  private var builder: RFC6962RootBuilder

  /// A root of no rows yet, which end as `rule` says.
  init(_ rule: RecordRule, on engine: Engine) {
    self.rule = rule
    self.engine = engine
    joiner = RecordingExecutor(engine)
    builder = RFC6962RootBuilder(on: joiner)
  }

  /// How many rows there are.
  var rows: Int { builder.count }

  /// The root of the rows so far, 32 bytes.
  func root() throws(AssayError) -> [UInt8] {
    defer { ledger.add(joiner.takeLedger()) }
    return try builder.root()
  }

  /// One thread's part.
  func makeHasher() -> Hasher { Hasher(self) }

  /// Hashes the rows of one piece of output at a time.
  final class Hasher {
    private let root: ResultRoot
    private let executor: RecordingExecutor
    private var hashes: [UInt8] = []

    fileprivate init(_ root: ResultRoot) {
      self.root = root
      executor = RecordingExecutor(root.engine)
    }

    /// Hashes the rows in `text`.
    func hash(_ text: UnsafeRawBufferPointer) throws(AssayError) {
      let chunk = TextChunk(text, rule: root.rule)
      var rows: [Range<Int>] = []
      rows.reserveCapacity(chunk.rows)
      chunk.forEachRecord { rows.append($0) }
      hashes = try RFC6962RootBuilder.leafHashes(of: rows, in: chunk.bytes, on: executor)
    }

    /// Adds the piece's rows to the root; called in the order of the output.
    func join() throws(AssayError) {
      try root.builder.append(leafHashes: hashes)
      root.ledger.add(executor.takeLedger())
    }
  }
}
