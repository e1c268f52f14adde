import AssayCore
import CAssayKernels
import CAssayOperations

/// One lane kernel, spread over threads by chunks of rows; rows that it leaves undecided are decided by the reference kernel.
struct LaneKernel: Kernel {
  /// Rows of a chunk, which share inversions: 16 vectors of 8.
  private static let chunk = 128

  let operation: Operation
  let id: String
  /// Fewer rows than this are faster one by one.
  let fewestRows: Int
  private let lanes: Int
  private let function: assay_lane_kernel
  private let memory: LaneMemory
  private let reference: assay_kernel
  private let verdict: Int
  private let pool: ThreadPool

  /// The kernel of `operation` in `table`; nil when it has none.
  init?(
    _ operation: Operation, in table: LaneTable, memory: LaneMemory?, reference: assay_kernel?, pool: ThreadPool
  ) {
    guard let function = table.entry(operation)?.kernel, let memory, let reference,
      let verdict = operation.columns.firstIndex(where: { $0.kind == .verdict })
    else { return nil }
    self.operation = operation
    self.function = function
    self.memory = memory
    self.reference = reference
    self.verdict = verdict
    self.pool = pool
    id = table.name
    lanes = table.lanes
    fewestRows = table.lanes / 4 + 1
  }

  func run(_ batch: Batch, rows: Range<Int>, into results: Results) {
    // Whole vectors for every thread, whole chunks where there are many rows.
    let share = (rows.count + pool.threads - 1) / pool.threads
    let chunk = min(max((share + lanes - 1) / lanes * lanes, lanes), Self.chunk)
    pool.run(chunks: (rows.count + chunk - 1) / chunk) { index in
      let first = rows.lowerBound + index * chunk
      compute(batch, first..<min(first + chunk, rows.upperBound), results)
    }
  }

  private func compute(_ batch: Batch, _ rows: Range<Int>, _ results: Results) {
    // The lanes set the mode that they need; the reference needs the default.
    let mode = assay_float_mode_is_default() == 0 ? assay_float_mode_set_default() : nil
    var facts = LaneFacts()
    results.withKernelColumns(of: batch) { columns in
      withUnsafeTemporaryAllocation(of: Int64.self, capacity: rows.count) { numbers in
        for (index, row) in rows.enumerated() { numbers[index] = Int64(row) }
        memory.withMemory { memory in
          withUnsafePointer(to: memory) { function(columns, numbers.baseAddress, Int64(rows.count), $0) }
        }
      }
      guard let verdicts = columns[verdict].data?.assumingMemoryBound(to: UInt8.self) else { return }
      for row in rows where verdicts[row] == UInt8(ASSAY_UNWRITTEN) {
        reference(columns, Int64(row), Int64(row) + 1)
        facts.redone += 1
      }
    }
    if let mode { assay_float_mode_restore(mode) }
    results.note(facts, by: id)
  }
}
