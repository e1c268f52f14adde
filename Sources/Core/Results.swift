public import CAssayOperations

/// The output of one operation: a column per output that was asked for.
///
/// Columns are collections that keep their memory alive and check their subscripts. Only kernels write to them. Memory starts as zeros,
/// so a verdict that nobody wrote reads as no verdict at all.
public final class Results: @unchecked Sendable {
  /// What was computed.
  public let operation: Operation
  /// How many rows there are.
  public let rows: Int
  /// Who computed which rows; complete once the executor has returned the results.
  public package(set) var receipts: [RowsReceipt] = []
  private let facts = Guarded<[String: LaneFacts]>([:])
  private let memory: [Memory?]
  private let outputs: [ColumnDescription]
  private let verdictMemory: Memory?

  /// Allocates the outputs of `operation`: every required column, and the optional ones named in `wanted` (all when nil).
  public init(_ operation: Operation, rows: Int, wanted: Set<String>? = nil) {
    guard rows >= 0 else { fatalError("Results cannot have \(rows) rows.") }
    self.operation = operation
    self.rows = rows
    outputs = operation.outputs
    memory = outputs.map { output in
      output.role == .output || wanted?.contains(output.name) ?? true ? Memory(byteCount: rows * output.width) : nil
    }
    verdictMemory = outputs.firstIndex { $0.kind == .verdict }.flatMap { [memory] in memory[$0] }
  }

  /// The verdicts of all rows; every row is accepted by an operation without a verdict column.
  public var verdicts: Verdicts { Verdicts(verdictMemory, count: rows) }

  /// The verdict of row `row`, from 0; see ``verdicts``.
  public func verdict(_ row: Int) -> Verdict {
    checkRow(row, rows)
    return verdictMemory.map { Verdict(rawValue: $0.bytes[row]) } ?? .accepted
  }

  /// The digests of a hash operation, 32 bytes per row. An operation that computes none ends the program with a sentence.
  public var digests: ByteColumn {
    guard let digests = self["digest"] else { fatalError("\(operation) computes no digests.") }
    return digests
  }

  /// The rows of output `name` as bytes, numbers in native byte order; nil when it was not asked for or does not exist.
  public subscript(name: String) -> ByteColumn? {
    place(name).flatMap { place in
      memory[place].map { ByteColumn($0.start, width: outputs[place].width, count: rows, owner: $0) }
    }
  }

  /// The binary64 output `name`; nil when it was not asked for, does not exist or is of another kind.
  public func numbers(_ name: String) -> Numbers? {
    guard let place = place(name), outputs[place].kind == .f64, let column = memory[place] else { return nil }
    return Numbers(UnsafeRawBufferPointer(column.bytes), owner: column)
  }

  /// The binary64 output `name` that every call computes, or that was asked for; empty otherwise.
  package func f64(_ name: String) -> Numbers { numbers(name) ?? .none }

  /// The names of the optional outputs that were asked for.
  public var wanted: Set<String> {
    Set(columns.filter { $0.description.role == .optional && $0.bytes != nil }.map(\.description.name))
  }

  private func place(_ name: String) -> Int? { outputs.firstIndex { $0.name == name } }

  /// The memory of output `name`; nil when it was not asked for or does not exist. It lives as long as these results: a caller
  /// that keeps the pointer keeps them too (`withExtendedLifetime`).
  package func bytes(_ name: String) -> UnsafeMutableRawBufferPointer? {
    place(name).flatMap { memory[$0]?.bytes }
  }

  /// Every output column with its memory, nil where it was not asked for.
  package var columns: [(description: ColumnDescription, bytes: UnsafeMutableRawBufferPointer?)] {
    zip(outputs, memory).map { ($0, $1?.bytes) }
  }

  /// The first row of `rows` whose verdict byte is not in the closed list; nil when all are.
  package func firstInvalidVerdict(in rows: Range<Int>) -> Int? {
    guard let bytes = verdictMemory?.bytes else { return nil }
    return rows.first { !Verdict(rawValue: bytes[$0]).isValid }
  }

  /// The rows of `range` as results of their own, with the same receipts.
  package func copy(of range: Range<Int>) -> Results {
    let copy = Results(operation, rows: range.count, wanted: wanted)
    copy.commit(0..<range.count, from: self, at: range.lowerBound)
    copy.receipts = receipts
    return copy
  }

  /// Copies `range.count` rows of `other`, from its row `start` on, to the rows `range` of this one.
  package func commit(_ range: Range<Int>, from other: Results, at start: Int) {
    for (index, output) in outputs.enumerated() {
      guard let target = memory[index]?.bytes, let source = other.memory[index]?.bytes else { continue }
      let width = output.width
      target[range.lowerBound * width..<range.upperBound * width]
        .copyBytes(from: source[start * width..<(start + range.count) * width])
    }
  }

  /// Adds what the lane kernel called `kernel` tells of some rows.
  package func note(_ new: LaneFacts, by kernel: String) {
    facts.withLock { $0[kernel, default: LaneFacts()].add(new) }
  }

  /// What the lane kernel called `kernel` told of its rows; nil when it is not one, or computed none.
  package func laneFacts(of kernel: String) -> LaneFacts? { facts.withLock { $0[kernel] } }

  /// Calls `body` with the columns of `batch` and these results as kernels take them: in the order of operations.def, inputs before
  /// outputs; `data` is null for an output that was not asked for. The pointers are valid during the call.
  public func withKernelColumns<R>(
    of batch: Batch, _ body: (UnsafePointer<assay_column>) throws -> R
  ) rethrows -> R {
    try withUnsafeTemporaryAllocation(of: assay_column.self, capacity: batch.columns.count + memory.count) { columns in
      for (index, column) in batch.columns.enumerated() {
        columns[index] = assay_column(data: UnsafeMutableRawPointer(mutating: column.data), offsets: column.offsets)
      }
      for (index, memory) in memory.enumerated() {
        columns[batch.columns.count + index] = assay_column(data: memory?.start, offsets: nil)
      }
      guard let base = columns.baseAddress else { preconditionFailure("an operation has columns") }
      return try body(base)
    }
  }
}
