/// Where a 32-byte value of a plan comes from: given by a proof, or the digest of a node one level further from the root.
///
/// 32 bits: the top one says that this operand belongs on the right side of its pair, two name the source, 29 the position.
struct Reference: BitwiseCopyable, Hashable {
  let bits: UInt32

  /// The highest number of values or nodes that a plan can hold.
  static let limit = 1 << 29

  enum Source: UInt32 {
    /// A value of ``HashPlan/constants``.
    case constant = 0
    /// A pair of the same rule, one level further from the root; in ``SharedPaths`` one of a path.
    case pair = 1
    /// A message hashed with SHA-256, one level further from the root.
    case sha256Message = 2
    /// A message hashed with Keccak-256, one level further from the root.
    case keccak256Message = 3
  }

  @inline(__always)
  init(_ source: Source, _ position: Int) {
    bits = source.rawValue << 29 | UInt32(truncatingIfNeeded: position)
  }

  @inline(__always)
  private init(bits: UInt32) { self.bits = bits }

  /// The same value, to be put on the right side of the pair when `right` is 1, on the left when it is 0.
  @inline(__always)
  func onRight(_ right: UInt32) -> Reference { Reference(bits: bits | right << 31) }

  /// Whether the value goes to the right side.
  @inline(__always)
  var isOnRight: Bool { bits >> 31 != 0 }

  @inline(__always)
  var source: UInt32 { bits >> 29 & 3 }

  @inline(__always)
  var position: Int { Int(bits & 0x1fff_ffff) }
}

/// How the two children of a node become its digest.
enum PairRule: Int, CaseIterable {
  /// SHA-256 of left then right: SSZ.
  case sha256
  /// Double SHA-256 of left then right: Bitcoin.
  case sha256d
  /// SHA-256 of 0x01, left, right: RFC 6962.
  case rfc6962
  /// Keccak-256 of the smaller then the larger: OpenZeppelin.
  case sortedKeccak256
  /// Keccak-256 of left then right: bridges and rollups.
  case keccak256
}

/// An inner node.
struct PairNode: BitwiseCopyable {
  let left: Reference
  let right: Reference
}
