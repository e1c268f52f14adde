import AssayCore

/// Which devices may compute.
public enum Policy: Sendable, Hashable {
  /// The fastest by the hardware profile, on the host when nothing was measured.
  case automatic
  /// The named backends or devices first, in this order, then the host; an operation that none of them has goes as `automatic`.
  case prefer([String])
  /// The named backend or device for every operation that it supports; the rest runs on the host and the receipt names it, or,
  /// when `strict`, throws ``AssayError`` of kind `unavailable`.
  case require(String, strict: Bool)
}

extension Policy {
  /// Whether a plan under this policy and `profile` may choose a device of `backend`: one that opens code from outside this build is not
  /// even asked for its devices otherwise.
  func mayChoose(_ backend: any Backend, profile: HardwareProfile?) -> Bool {
    guard backend.loadsOutsideCode else { return true }
    func isOf(_ name: String) -> Bool { name == backend.name || name.hasPrefix(backend.name + ":") }
    switch self {
    case .require(let name, _): return isOf(name)
    case .prefer(let names) where names.contains(where: isOf): return true
    case .prefer, .automatic: return profile?.curves.contains { isOf($0.device) && !$0.points.isEmpty } ?? false
    }
  }
}

/// How much of a device's output is computed again on the portable kernel and compared byte for byte.
public enum Audit: Sendable, Hashable {
  /// Nothing.
  case none
  /// One row in `interval`, and four of every call at least, at positions that follow from the call's rows: the same rows are always
  /// audited alike, others elsewhere. Finds a device that computes wrongly in general; a single flipped bit may stay unseen.
  case sample(interval: Int)
  /// Every row.
  case full

  /// One row in 256.
  public static let sample = Audit.sample(interval: 256)

  /// The fewest rows of a call that a sample has.
  private static let fewest = 4

  /// The rows of a call to check: those of `ranges`, which ascend, that a device delivered of `batch`.
  func rows(of batch: Batch, in ranges: [Range<Int>]) -> [Int] {
    guard let first = ranges.first?.lowerBound, let end = ranges.last?.upperBound, first < end else { return [] }
    switch self {
    case .none: return []
    case .full: return ranges.flatMap { Array($0) }
    case .sample(let interval):
      let count = end - first
      let stretches = max(min(count, Self.fewest), (count - 1) / max(interval, 1) + 1)
      var random = SplitMix64(state: batch.fingerprint(of: first..<end))
      // A board may leave out thousands of single rows: both ascend.
      var rest = ranges[...]
      return (0..<stretches).compactMap { stretch in
        let start = first + stretch * count / stretches, next = first + (stretch + 1) * count / stretches
        let row = start + Int(random.next() % UInt64(next - start))
        while let range = rest.first, range.upperBound <= row { rest.removeFirst() }
        return rest.first?.contains(row) == true ? row : nil
      }
    }
  }
}

extension Batch {
  /// A number that follows from the range and the first bytes of its first and last row.
  fileprivate func fingerprint(of rows: Range<Int>) -> UInt64 {
    // FNV-1a over 64-bit words: it spreads positions, and protects nothing.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ value: UInt64) { hash = (hash ^ value) &* 0x100_0000_01B3 }
    add(UInt64(rows.lowerBound))
    add(UInt64(rows.count))
    for column in columns where column.count == self.rows {
      for row in [rows.lowerBound, rows.upperBound - 1] {
        for byte in column.bytes(row).prefix(64) { add(UInt64(byte)) }
      }
    }
    return hash
  }
}
