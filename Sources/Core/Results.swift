public import CAssayOperations

/// The output of one operation: a column per output that was asked for.
///
/// Memory starts as zeros, so a verdict that nobody wrote reads as no verdict at all.
public final class Results: @unchecked Sendable {
  /// What was computed.
  public let operation: Operation
  /// How many rows there are.
  public let rows: Int
  /// Who computed which rows; complete once the executor has returned the results.
  public var receipts: [RowsReceipt] = []
  private let facts = Guarded<[String: LaneFacts]>([:])
  private let memory: [Memory?]
  private let outputs: [ColumnDescription]

  /// Allocates the outputs of `operation`: every required column, and the optional ones named in `wanted` (all when nil).
  public init(_ operation: Operation, rows: Int, wanted: Set<String>? = nil) {
    self.operation = operation
    self.rows = rows
    outputs = operation.outputs
    memory = outputs.map { output in
      output.role == .output || wanted?.contains(output.name) ?? true ? Memory(byteCount: rows * output.width) : nil
    }
  }

  /// The memory of output `name`; nil when it was not asked for or does not exist. It lives as long as these results: a caller
  /// that keeps the pointer keeps them too (`withExtendedLifetime`).
  public func bytes(_ name: String) -> UnsafeMutableRawBufferPointer? {
    outputs.firstIndex { $0.name == name }.flatMap { memory[$0]?.bytes }
  }

  /// Every output column with its memory, nil where it was not asked for.
  public var columns: [(description: ColumnDescription, bytes: UnsafeMutableRawBufferPointer?)] {
    zip(outputs, memory).map { ($0, $1?.bytes) }
  }

  /// The names of the optional outputs that were asked for.
  public var wanted: Set<String> {
    Set(columns.filter { $0.description.role == .optional && $0.bytes != nil }.map(\.description.name))
  }

  /// A binary64 output; empty when it was not asked for. It keeps its memory alive by itself.
  public func f64(_ name: String) -> Numbers {
    guard let index = outputs.firstIndex(where: { $0.name == name && $0.kind == .f64 }), let column = memory[index]
    else {
      return Numbers(UnsafeRawBufferPointer(start: nil, count: 0), owner: nil)
    }
    return Numbers(UnsafeRawBufferPointer(column.bytes), owner: column)
  }

  /// The verdict of a row, from the operation's verdict column; accepted for operations without one.
  public func verdict(_ row: Int) -> Verdict {
    guard let index = verdictIndex, let bytes = memory[index]?.bytes else { return .accepted }
    return Verdict(rawValue: bytes[row])
  }

  private var verdictIndex: Int? { outputs.firstIndex { $0.kind == .verdict } }

  /// The first row of `rows` whose verdict byte is not in the closed list; nil when all are.
  public func firstInvalidVerdict(in rows: Range<Int>) -> Int? {
    guard let index = verdictIndex, let bytes = memory[index]?.bytes else { return nil }
    return rows.first { !Verdict(rawValue: bytes[$0]).isValid }
  }

  /// Copies `range.count` rows of `other`, from its row `start` on, to the rows `range` of this one.
  public func commit(_ range: Range<Int>, from other: Results, at start: Int) {
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

  /// Calls `body` with the columns of `batch` and these results as kernels take them.
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
