import Assay
import AssayIO

/// The RFC 6962 root over a job's result rows, for its receipt: whoever has the receipt can be shown any single row.
///
/// A leaf is a row as it was written, without its line end, or of Arrow results as ``ArrowLeaves`` has it; a header is none. Rows are hashed by the threads that make them and
/// joined in the order of the output. That is not a part of the job, so it runs wherever it runs best even when a backend was named.
final class ResultRoot {
  /// What hashing computed, apart from the job's own account.
  private(set) var ledger = RowsLedger()
  private let rule: RecordRule
  /// The columns of the record batches that rows come in; nil for text.
  private let fields: [ArrowField]?
  private let engine: Engine
  private let joiner: RecordingExecutor
  private var builder: RFC6962RootBuilder

  /// A root of no rows yet, which end as `rule` says, or come in record batches of `fields`.
  init(_ rule: RecordRule, fields: [ArrowField]?, on engine: Engine) {
    self.rule = rule
    self.fields = fields
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
    private var rows = TextBuffer()

    fileprivate init(_ root: ResultRoot) {
      self.root = root
      executor = RecordingExecutor(root.engine)
    }

    /// Hashes the rows in `text`.
    func hash(_ text: UnsafeRawBufferPointer) throws(AssayError) {
      guard let fields = root.fields else { return try hash(lines: text) }
      guard let batch = try ArrowFile.recordBatch(in: text, fields) else {
        throw AssayError(.mismatch, "A record batch of results cannot be read again.")
      }
      rows.removeAll()
      ArrowLeaves.append(batch.columns, 0..<batch.rows, to: &rows)
      try hash(lines: rows.bytes)
    }

    private func hash(lines text: UnsafeRawBufferPointer) throws(AssayError) {
      let chunk = TextChunk(text, rule: root.rule)
      var records: [Range<Int>] = []
      records.reserveCapacity(chunk.rows)
      chunk.forEachRecord { records.append($0) }
      hashes = try RFC6962RootBuilder.leafHashes(of: records, in: chunk.bytes, on: executor)
    }

    /// Adds the piece's rows to the root; called in the order of the output.
    func join() throws(AssayError) {
      try root.builder.append(leafHashes: hashes)
      root.ledger.add(executor.takeLedger())
    }
  }
}
