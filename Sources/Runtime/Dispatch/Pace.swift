import AssayCore

/// How fast devices showed themselves, and so how much one call may bring: a batch goes to a device in calls that each take about
/// a quarter of the deadline at most, lest a slow device with many rows is taken for one that hangs.
final class Pace: Sendable {
  private struct Key: Hashable {
    let device: String
    let kernel: String
    let operation: Operation
  }

  /// Nanoseconds a unit of work, by the last call.
  private let costs = Guarded<[Key: Double]>([:])

  /// Remembers that `candidate` computed `rows` of `batch` in `nanoseconds`.
  func note(_ candidate: Plan.Candidate, _ batch: Batch, rows: Range<Int>, nanoseconds: Int64) {
    guard !rows.isEmpty else { return }
    let cost = Double(max(nanoseconds, 1)) / Double(batch.work(in: rows))
    costs.withLock { $0[Self.key(candidate)] = cost }
  }

  /// The first of `rows` that fit into one call with `deadline` nanoseconds: one at least, all when nothing is known.
  func next(_ candidate: Plan.Candidate, _ batch: Batch, of rows: Range<Int>, deadline: Int64) -> Range<Int> {
    guard let cost = costs.withLock({ $0[Self.key(candidate)] }) else { return rows }
    let most = Double(deadline) / 4 / cost
    guard most < Double(batch.work(in: rows)) else { return rows }
    // Work grows with rows: the last end that is still within reach.
    var (least, greatest) = (rows.lowerBound + 1, rows.upperBound)
    while least < greatest {
      let middle = (least + greatest + 1) / 2
      if Double(batch.work(in: rows.lowerBound..<middle)) <= most { least = middle } else { greatest = middle - 1 }
    }
    return rows.lowerBound..<least
  }

  private static func key(_ candidate: Plan.Candidate) -> Key {
    Key(device: candidate.device.id, kernel: candidate.kernel.id, operation: candidate.kernel.operation)
  }
}

extension Batch {
  /// What computing `rows` costs, in rows: a message counts once more for every 64 bytes that it has.
  fileprivate func work(in rows: Range<Int>) -> Int {
    columns.reduce(rows.count) { work, column in
      guard let offsets = column.offsets, column.count == self.rows else { return work }
      return work + Int(offsets[rows.upperBound] - offsets[rows.lowerBound]) / 64
    }
  }
}
