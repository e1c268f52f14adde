import AssayCore
import Synchronization

/// What `groth16_bn254_prepare` gives for the keys used last, shared by all threads: the lines of the key's fixed points, 51,104
/// bytes per key. A key that has been prepared saves a proof verified alone a third of its time.
///
/// Results are the same bits on every device, so it does not matter which executor prepared a key. The entries are derived in
/// this process from the key's own bytes and are never read from outside.
final class Groth16KeyCache: Sendable {
  /// The process's keys: at most 64, or 3 MB.
  static let shared = Groth16KeyCache(capacity: 64)

  /// Keys of more bytes than this (a thousand public inputs) are prepared by the kernel each time, so that keys from outside
  /// cannot fill the memory.
  static let longestKey = 1 << 16

  private struct Entry {
    let prepared: [UInt8]
    var lastUse: UInt64
  }

  private struct State {
    var entries: [Groth16Key: Entry] = [:]
    var uses: UInt64 = 0
  }

  private let capacity: Int
  private let state = Mutex(State())

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// How many keys are kept.
  var count: Int { state.withLock { $0.entries.count } }

  /// Whether `key` is kept.
  func holds(_ key: Groth16Key) -> Bool { state.withLock { $0.entries[key] != nil } }

  /// The prepared key; empty when it is malformed or too long, which leaves it to the kernel to say why.
  func prepared(_ key: Groth16Key, on executor: any Executor) throws(AssayError) -> [UInt8] {
    guard key.bytes.count <= Self.longestKey else { return [] }
    let known: [UInt8]? = state.withLock { state in
      state.uses &+= 1
      state.entries[key]?.lastUse = state.uses
      return state.entries[key]?.prepared
    }
    if let known { return known }
    // Two threads may prepare one key at the same time; both get the same bytes.
    var keys = ColumnBuilder(.message, capacity: 1)
    keys.append(key.bytes)
    // Every proof's verdict hangs on these bytes: the host computes them.
    let results = try (executor.host ?? executor).execute(Batch(.groth16BN254Prepare, [keys.finish()], rows: 1))
    guard results.verdict(0).isAccepted, let column = results.bytes("prepared") else { return [] }
    let prepared = withExtendedLifetime(results) { Array(column) }
    state.withLock { state in
      if state.entries.count >= capacity, let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
        state.entries[oldest.key] = nil
      }
      state.entries[key] = Entry(prepared: prepared, lastUse: state.uses)
    }
    return prepared
  }
}
