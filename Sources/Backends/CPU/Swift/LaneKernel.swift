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
  private let keys: LaneKeys?
  private let pool: ThreadPool

  /// The kernel of `operation` in `table`; nil when it has none. `keys` are the registered ones, nil to register none.
  init?(
    _ operation: Operation, in table: LaneTable, memory: LaneMemory?, reference: assay_kernel?, keys: RegisteredKeys?,
    pool: ThreadPool
  ) {
    guard let entry = table.entry(operation), let memory, let reference,
      let verdict = operation.columns.firstIndex(where: { $0.kind == .verdict })
    else { return nil }
    self.operation = operation
    function = entry.kernel
    self.memory = memory
    self.reference = reference
    self.verdict = verdict
    self.keys = LaneKeys(operation, entry, lanes: table.lanes, keys)
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
      let numbers = rows.map { Int64($0) }
      memory.withMemory { memory in
        var memory = memory
        let found = keys?.look(up: columns, rows: rows, memory: &memory)
        facts.looked = found == nil ? 0 : rows.count
        facts.registered = found?.served ?? 0
        facts.keyBytes = keys?.bytes ?? 0
        (found?.served ?? 0 > 0 ? found?.combs ?? [] : []).withUnsafeBufferPointer { combs in
          memory.combs = combs.isEmpty ? nil : combs.baseAddress
          withUnsafePointer(to: memory) { function(columns, numbers, Int64(rows.count), $0) }
        }
        withExtendedLifetime(found) {}
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

/// The registered keys as one operation sees them.
private struct LaneKeys: @unchecked Sendable {
  private let column: Int
  private let width: Int
  private let lanes: Int
  private let combBytes: Int
  private let make: assay_lane_make_combs
  private let keys: RegisteredKeys

  init?(_ operation: Operation, _ entry: LaneTable.Entry, lanes: Int, _ keys: RegisteredKeys?) {
    guard let make = entry.makeCombs, let keys,
      let column = operation.inputs.firstIndex(where: { $0.name == "publicKey" })
    else { return nil }
    self.column = column
    self.lanes = lanes
    self.make = make
    self.keys = keys
    width = operation.inputs[column].width
    combBytes = Int(entry.scheme.pointee.comb_bytes)
  }

  var bytes: Int { keys.bytes }
  /// Combs of one kind are for keys read in the same way.
  private var kind: Int { Int(bitPattern: unsafeBitCast(make, to: UnsafeRawPointer.self)) }

  /// The combs of the rows' keys; keys that have earned one now have it made for the rows to come.
  func look(up columns: UnsafePointer<assay_column>, rows: Range<Int>, memory: inout assay_lane_memory)
    -> RegisteredKeys.Found
  {
    let data = UnsafeRawPointer(columns[column].data), offsets = columns[column].offsets
    let bytes = rows.map { row in
      let start = offsets.map { Int($0[row]) } ?? row * width
      return UnsafeRawBufferPointer(
        start: data.map { $0 + start }, count: (offsets.map { Int($0[row + 1]) } ?? start + width) - start)
    }
    let found = keys.look(up: bytes, kind: kind, lanes: lanes)
    for first in stride(from: 0, to: found.admitted.count, by: lanes) {
      make(Array(found.admitted[first..<min(first + lanes, found.admitted.count)]), &memory)
    }
    return found
  }

  private func make(_ admitted: [[UInt8]], _ memory: inout assay_lane_memory) {
    let combs = admitted.map { _ in Memory(byteCount: combBytes) }
    // One block with all keys end to end, so that every pointer into it holds during the call.
    let block = Array(admitted.joined())
    let good = block.withUnsafeBufferPointer { block in
      var start = 0
      let given = admitted.map { key in
        defer { start += key.count }
        return assay_lane_key(bytes: block.baseAddress.map { $0 + start }, length: Int64(key.count))
      }
      return make(given, combs.map { $0.start }, Int32(admitted.count), &memory)
    }
    for (index, key) in admitted.enumerated() {
      keys.keep(key, comb: good >> UInt32(index) & 1 == 1 ? combs[index] : nil, kind: kind)
    }
  }
}
