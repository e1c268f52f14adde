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

/// How much of a device's output is computed again on the portable kernel and compared byte for byte.
public enum Audit: Sendable, Hashable {
  /// Nothing.
  case none
  /// One row in `interval`, at positions that depend on the batch's content-free row number only. Finds a device that computes
  /// wrongly in general; a single flipped bit elsewhere stays unseen.
  case sample(interval: Int)
  /// Every row.
  case full

  /// One row in 256.
  public static let sample = Audit.sample(interval: 256)

  /// The rows of a range of `count` rows to check.
  func rows(of count: Int) -> [Int] {
    switch self {
    case .none: []
    case .full: Array(0..<count)
    case .sample(let interval):
      // A stride with a multiplicative offset per stretch: not the same column of every block.
      stride(from: 0, to: count, by: max(interval, 1)).map { start in
        min(count - 1, start + (start / max(interval, 1)) &* 0x9E37 % max(interval, 1))
      }
    }
  }
}
