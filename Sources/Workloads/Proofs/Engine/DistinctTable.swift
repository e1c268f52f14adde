/// Finds rows of equal content: an open-addressing table from a 32-bit hash of the content to a row number.
///
/// The table only proposes; the caller compares whole contents, so equal rows share a digest and different ones never do. The
/// number of probes is bounded: input made to collide costs repeated hashing of its own rows, not a slow search.
struct DistinctTable: ~Copyable {
  private var slots: UnsafeMutablePointer<UInt64>
  private var capacity: Int
  private var mask: Int
  private var used = 0
  private static let probes = 16

  init() {
    capacity = 256
    mask = capacity - 1
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: 0, count: capacity)
  }

  deinit { slots.deallocate() }

  /// Forgets all rows and makes room for about `rows` new ones.
  mutating func removeAll(expecting rows: Int = 0) {
    var size = 256
    while size < 2 * rows { size *= 2 }
    if size > capacity {
      slots.deallocate()
      slots = .allocate(capacity: size)
      capacity = size
    }
    mask = size - 1
    slots.initialize(repeating: 0, count: size)
    used = 0
  }

  /// The row recorded with `hash` for which `matches` holds; else `candidate`, which is recorded.
  @inline(__always)
  mutating func row(hash: UInt32, candidate: UInt32, matches: (UInt32) -> Bool) -> UInt32 {
    if used * 2 > mask { grow() }
    var index = Int(hash) & mask
    for _ in 0..<Self.probes {
      let slot = slots[index]
      if slot == 0 {
        slots[index] = UInt64(hash) << 32 | UInt64(candidate &+ 1)
        used &+= 1
        return candidate
      }
      if UInt32(truncatingIfNeeded: slot >> 32) == hash {
        let row = UInt32(truncatingIfNeeded: slot) &- 1
        if matches(row) { return row }
      }
      index = (index &+ 1) & mask
    }
    return candidate
  }

  private mutating func grow() {
    let old = slots
    let oldCount = mask + 1
    capacity = oldCount * 4
    mask = capacity - 1
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: 0, count: capacity)
    for position in 0..<oldCount where old[position] != 0 {
      var index = Int(old[position] >> 32) & mask
      while slots[index] != 0 { index = (index &+ 1) & mask }
      slots[index] = old[position]
    }
    old.deallocate()
  }
}

/// Mixes words into the 32 bits that ``DistinctTable`` takes. Speed matters here, strength does not.
@inline(__always)
func mixed(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) -> UInt32 {
  let left = (a ^ (b << 17 | b >> 47)) &* 0x9e37_79b9_7f4a_7c15
  let right = (c ^ (d << 17 | d >> 47)) &* 0xc2b2_ae3d_27d4_eb4f
  let sum = (left ^ (right << 29 | right >> 35)) &* 0x1656_67b1_9e37_79f9
  return UInt32(truncatingIfNeeded: sum >> 32)
}
