import AssayCore
import CAssayKernels

/// Public keys that come again and again, each with a comb of its multiples, so that a signature by it costs a third.
///
/// A key is admitted at its eighth use, counted in a table of fixed size. Combs take time to make: they are paid for by rows, a key for every
/// 192 rows that were looked up and for every 16 that a comb served, so that no choice of keys costs more than a few percent over never
/// registering one. Bytes are bounded; the key that was not used for longest goes first. No verdict depends on any of this.
final class RegisteredKeys: @unchecked Sendable {
  /// How much a cache may hold, and when a key is worth a comb.
  struct Limits: Sendable {
    /// Bytes of all combs.
    var bytes = 64 << 20
    /// Uses before a key is admitted.
    var uses = 8
    /// Rows looked up that pay for one key, and rows served.
    var rowsLooked = 192
    var rowsServed = 16
    /// Keys that may be made before any row has paid.
    var burst = 64
  }

  /// What came of looking up the keys of some rows.
  struct Found {
    /// For each row its comb, or nil.
    var combs: [UnsafeRawPointer?]
    /// Keeps the combs alive.
    var owners: [Memory] = []
    /// Keys that have earned a comb and are to be made now.
    var admitted: [[UInt8]] = []
    /// How many rows have a comb.
    var served = 0
  }

  private struct Entry {
    let key: [UInt8]
    /// Nil for what is not a key: it is not tried again.
    let comb: Memory?
    var lastUse: UInt64
  }

  private struct State {
    var entries: [Int: Entry] = [:]
    var bytes = 0
    var clock: UInt64 = 0
    /// Rows that have paid, in parts of a key: `rowsLooked` make one.
    var paid: Int
    /// Fingerprints with their uses, in the lowest byte.
    var counters: [UInt64] = []
    var waiting: [[UInt8]] = []
    var waitingSince: UInt64 = 0
    var listed: Set<[UInt8]> = []
  }

  private let limits: Limits
  private let state: Guarded<State>

  init(_ limits: Limits = Limits()) {
    self.limits = limits
    state = Guarded(State(paid: limits.burst * limits.rowsLooked))
  }

  /// Bytes that the combs take.
  var bytes: Int { state.withLock(\.bytes) }

  /// Keys that get a comb at their first use.
  func list(_ keys: some Sequence<[UInt8]>) {
    state.withLock { $0.listed.formUnion(keys) }
  }

  /// The combs of `keys`, one key per row, made by the kernels called `kind`; `lanes` keys are made at a time.
  func look(up keys: [UnsafeRawBufferPointer], kind: Int, lanes: Int) -> Found {
    let hashes = keys.map { Self.hash($0, kind) }
    return state.withLock { state in
      if state.counters.isEmpty { state.counters = [UInt64](repeating: 0, count: 1 << 15) }
      var found = Found(combs: [])
      found.combs.reserveCapacity(keys.count)
      var listed: [[UInt8]] = []
      for (key, hash) in zip(keys, hashes) {
        state.clock += 1
        if let entry = state.entries[hash], entry.key.elementsEqual(key) {
          state.entries[hash]?.lastUse = state.clock
          found.combs.append(entry.comb.map { UnsafeRawPointer($0.start) })
          if let comb = entry.comb {
            found.owners.append(comb)
            found.served += 1
          }
          continue
        }
        found.combs.append(nil)
        // Keys are 32, 33 or 65 bytes; whatever else a row holds is not kept.
        guard key.count <= 65 else { continue }
        if !state.listed.isEmpty, state.listed.contains(Array(key)) {
          if !listed.contains(where: { $0.elementsEqual(key) }) { listed.append(Array(key)) }
        } else if count(hash, in: &state) >= limits.uses, state.waiting.count < 64,
          !state.waiting.contains(where: { $0.elementsEqual(key) })
        {
          if state.waiting.isEmpty { state.waitingSince = state.clock }
          state.waiting.append(Array(key))
        }
      }
      let most = 4 * limits.burst * limits.rowsLooked
      state.paid = min(most, state.paid + keys.count + found.served * limits.rowsLooked / limits.rowsServed)
      found.admitted = listed + admitted(from: &state, lanes: lanes)
      return found
    }
  }

  /// Keeps what was made of a key: its comb, or nil when it is not one.
  func keep(_ key: [UInt8], comb: Memory?, kind: Int) {
    state.withLock { state in
      let size = (comb?.bytes.count ?? 0) + 256
      guard size <= limits.bytes else { return }
      while state.bytes + size > limits.bytes,
        let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.entries[oldest.key] = nil
        state.bytes -= (oldest.value.comb?.bytes.count ?? 0) + 256
      }
      state.clock += 1
      let hash = key.withUnsafeBytes { Self.hash($0, kind) }
      if let old = state.entries.updateValue(Entry(key: key, comb: comb, lastUse: state.clock), forKey: hash) {
        state.bytes -= (old.comb?.bytes.count ?? 0) + 256
      }
      state.bytes += size
    }
  }

  /// One use more of a key that has no comb. Keys that share a place wear each other's count down, so that a flood of new keys counts
  /// none of them up.
  private func count(_ hash: Int, in state: inout State) -> Int {
    let bits = UInt64(bitPattern: Int64(hash)), place = Int(bits & UInt64(state.counters.count - 1))
    let fingerprint = bits & ~0xFF, uses = state.counters[place] & 0xFF
    if state.counters[place] & ~0xFF == fingerprint {
      state.counters[place] = fingerprint | min(uses + 1, 0xFF)
      return Int(uses) + 1
    }
    state.counters[place] = uses > 1 ? state.counters[place] - 1 : fingerprint | 1
    return 1
  }

  /// Waiting keys that rows have paid for: as many as are made at a time, or fewer that have waited long.
  private func admitted(from state: inout State, lanes: Int) -> [[UInt8]] {
    let isFull = state.waiting.count >= lanes
    guard !state.waiting.isEmpty, isFull || state.clock - state.waitingSince > 1_024 else { return [] }
    guard state.paid >= lanes * limits.rowsLooked else { return [] }
    state.paid -= lanes * limits.rowsLooked
    let admitted = Array(state.waiting.prefix(lanes))
    state.waiting.removeFirst(admitted.count)
    state.waitingSince = state.clock
    return admitted
  }

  /// Seeded anew in every process: nobody can choose keys that collide.
  private static func hash(_ key: UnsafeRawBufferPointer, _ kind: Int) -> Int {
    var hasher = Hasher()
    hasher.combine(kind)
    hasher.combine(bytes: key)
    return hasher.finalize()
  }
}
