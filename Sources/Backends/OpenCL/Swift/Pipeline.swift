import AssayCore
import CAssayOpenCL

/// How long a command may take, in nanoseconds, before its device counts as hung. The first launch of a program may compile.
package struct Limits: Sendable {
  let launch: Int64
  let firstLaunch: Int64

  package init(launch: Int64 = 10_000_000_000, firstLaunch: Int64 = 120_000_000_000) {
    self.launch = launch
    self.firstLaunch = firstLaunch
  }
}

/// Computes one batch's rows on one device: launch after launch through the slots, halving launches that find no memory.
struct Pipeline {
  /// Launches outside these bounds grow or shrink.
  private static let shortLaunch: Int64 = 8_000_000
  private static let longLaunch: Int64 = 50_000_000
  private static let mostRows = 1 << 22
  /// Bytes a column may take in a launch where it has to be copied.
  private static let stagedBytes = 1 << 26

  let session: DeviceSession
  let operation: CompiledOperation
  let limits: Limits

  /// Computes `rows`; `committed` follows the first row that is not done.
  func run(_ batch: Batch, _ rows: Range<Int>, into results: Results, committed: inout Int) throws(DeviceTrouble) {
    committed = rows.lowerBound
    while committed < rows.upperBound {
      do {
        try stream(batch, committed..<rows.upperBound, into: results, committed: &committed)
      } catch {
        // Nothing may touch the batch's memory once this returns, and the slots must be free again.
        try drain(after: error)
        guard error.isAllocation, operation.rowsPerLaunch > 1 else { throw error }
        operation.rowsPerLaunch = max(1, min(operation.rowsPerLaunch, rows.count) / 2)
      }
    }
  }

  /// Keeps every slot busy, in the order of rows.
  private func stream(
    _ batch: Batch, _ rows: Range<Int>, into results: Results, committed: inout Int
  ) throws(DeviceTrouble) {
    var free = operation.slots
    var busy: [Slot] = []
    var next = rows.lowerBound
    var lastEnd: Int64 = 0
    while committed < rows.upperBound {
      if next < rows.upperBound, let slot = free.popLast() {
        let end = endOfLaunch(batch, next, rows.upperBound)
        try slot.start(next..<end, of: batch, into: results, group: operation.group)
        busy.append(slot)
        next = end
      } else {
        let slot = busy.removeFirst()
        let launched = slot.rows
        let began = max(slot.started, lastEnd)
        try slot.finish(deadline: operation.hasRun ? limits.launch : limits.firstLaunch)
        lastEnd = monotonicNanoseconds()
        if operation.hasRun { adapt(launched.count, took: lastEnd - began) }
        operation.hasRun = true
        committed = launched.upperBound
        free.append(slot)
      }
    }
  }

  private func adapt(_ rows: Int, took nanoseconds: Int64) {
    if nanoseconds > Self.longLaunch {
      operation.rowsPerLaunch = max(operation.group, rows / 2)
    } else if nanoseconds < Self.shortLaunch, rows == operation.rowsPerLaunch {
      operation.rowsPerLaunch = min(Self.mostRows, rows * 2)
    }
  }

  /// Where the launch that starts with row `first` ends: every column fits a buffer, at least one row is taken.
  private func endOfLaunch(_ batch: Batch, _ first: Int, _ last: Int) -> Int {
    let device = session.device
    let budget = device.sharesHostMemory ? device.largestBuffer : min(device.largestBuffer, Self.stagedBytes)
    var end = min(last, first + operation.rowsPerLaunch)
    for column in batch.operation.columns where column.width > 0 {
      end = min(end, first + max(1, budget / column.width))
    }
    for (input, column) in zip(batch.operation.inputs, batch.columns) where input.role == .input {
      guard let offsets = column.offsets else { continue }
      end = min(end, first + max(1, budget / MemoryLayout<Int64>.stride - 1))
      let limit = offsets[first] &+ Int64(budget)
      // The last row whose message ends within the budget.
      var low = first + 1
      while low < end {
        let middle = low + (end - low + 1) / 2
        if offsets[middle] <= limit { low = middle } else { end = middle - 1 }
      }
      end = low
    }
    return end
  }

  /// Waits until nothing is on the device any more, whatever became of its commands: an event that ended with an error says that
  /// a command failed, not that the device has stopped.
  private func drain(after trouble: DeviceTrouble) throws(DeviceTrouble) {
    if case .hung = trouble { throw trouble }
    let allowance = operation.slots.map(\.allowance).max() ?? 0
    try session.finish(deadline: limits.launch + allowance)
    for slot in operation.slots { slot.abandon() }
  }
}
