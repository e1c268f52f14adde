import Assay

/// What an executor's receipts add up to over a whole job: row ranges of an operation that one kernel computed in sequence are one
/// entry, however many batches they came in.
package struct RowsLedger: Sendable {
  /// The entries in the order of the input, with `first` counted over the job's rows of that operation.
  package private(set) var entries: [RowsReceipt] = []
  private var rowsOfOperation: [String: Int] = [:]
  private var lastOfOperation: [String: Int] = [:]

  /// Adds the receipts of one batch.
  mutating func add(_ receipts: [RowsReceipt]) {
    for receipt in receipts {
      var receipt = receipt
      receipt.first = rowsOfOperation[receipt.operation, default: 0]
      rowsOfOperation[receipt.operation, default: 0] += receipt.rows
      append(receipt)
    }
  }

  /// Adds another ledger, which comes later in the input.
  mutating func add(_ other: RowsLedger) { add(other.entries) }

  private mutating func append(_ receipt: RowsReceipt) {
    guard let last = lastOfOperation[receipt.operation], entries[last].continues(with: receipt) else {
      lastOfOperation[receipt.operation] = entries.count
      entries.append(receipt)
      return
    }
    entries[last].rows += receipt.rows
    entries[last].audited += receipt.audited
    entries[last].nanoseconds.add(receipt.nanoseconds)
    if let facts = receipt.lanes { entries[last].lanes = (entries[last].lanes ?? LaneFacts()).adding(facts) }
    for (index, fallback) in receipt.fallbacks.enumerated() {
      entries[last].fallbacks[index].rows += fallback.rows
      entries[last].fallbacks[index].mismatched += fallback.mismatched
    }
  }

  /// Rows that were audited and differed.
  package var mismatched: Int { entries.reduce(0) { $0 + $1.fallbacks.reduce(0) { $0 + $1.mismatched } } }

  /// Whether the backend or device called `name` computed anything.
  func used(_ name: String, among devices: [Device]) -> Bool {
    let ids = Set(devices.filter { $0.id == name || $0.backend == name }.map(\.id))
    return entries.contains { ids.contains($0.device) }
  }

  /// What the lane kernels told of all their rows; nil when none was used.
  package var lanes: LaneFacts? {
    entries.compactMap(\.lanes).reduce(nil) { $0?.adding($1) ?? $1 }
  }

  /// Rows by operation, device and kernel, in the order they first occur.
  package var shares: [(operation: String, device: String, kernel: String, simulated: Bool, rows: Int)] {
    var shares: [(operation: String, device: String, kernel: String, simulated: Bool, rows: Int)] = []
    for entry in entries {
      let same = shares.firstIndex {
        $0.operation == entry.operation && $0.device == entry.device && $0.kernel == entry.kernel
      }
      if let same {
        shares[same].rows += entry.rows
      } else {
        shares.append((entry.operation, entry.device, entry.kernel, entry.simulated, entry.rows))
      }
    }
    return shares
  }

  /// Fallbacks by operation, device and reason, in the order they first occur.
  package var fallbacks: [(operation: String, device: String, reason: String, rows: Int)] {
    var fallbacks: [(operation: String, device: String, reason: String, rows: Int)] = []
    for entry in entries {
      for fallback in entry.fallbacks {
        let same = fallbacks.firstIndex {
          $0.operation == entry.operation && $0.device == fallback.device && $0.reason == fallback.reason
        }
        if let same {
          fallbacks[same].rows += fallback.rows
        } else {
          fallbacks.append((entry.operation, fallback.device, fallback.reason, fallback.rows))
        }
      }
    }
    return fallbacks
  }
}

extension RowsReceipt {
  /// Whether `next` tells the same story for the rows that follow.
  fileprivate func continues(with next: RowsReceipt) -> Bool {
    device == next.device && kernel == next.kernel && version == next.version
      && fallbacks.elementsEqual(next.fallbacks) {
        $0.device == $1.device && $0.kernel == $1.kernel && $0.reason == $1.reason
      }
  }
}
