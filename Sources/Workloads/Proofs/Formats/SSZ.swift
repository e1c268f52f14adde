import AssayCore

/// A node of an SSZ object at a generalized index (consensus specification, `ssz/merkle-proofs.md`): SHA-256 of pairs.
///
/// The generalized index of the root is 1, that of the children of `g` are `2g` and `2g + 1`, so the index alone gives the depth
/// and every side, and the path must have exactly that length.
public struct SSZProof: Sendable {
  /// The node's hash or chunk, 32 bytes.
  public var leaf: [UInt8]
  /// Where the node is; at least 1.
  public var generalizedIndex: UInt64
  /// The siblings from the node to the root.
  public var path: MerklePath
  /// The root to trust, 32 bytes.
  public var root: [UInt8]

  /// A proof from its parts.
  public init(leaf: [UInt8], generalizedIndex: UInt64, path: MerklePath, root: [UInt8]) {
    self.leaf = leaf
    self.generalizedIndex = generalizedIndex
    self.path = path
    self.root = root
  }

  @inline(never)
  func add(to plan: HashPlan) {
    guard let root = plan.root(root), let leaf = plan.constant(leaf) else { return plan.reject(.malformedRow) }
    guard path.isWellFormed, generalizedIndex > 0, path.count == generalizedIndex.depth else {
      return plan.reject(.proofShapeInvalid)
    }
    path.bytes.withUnsafeBytes { plan.climb(.sha256, from: leaf, siblings: $0, rightSides: generalizedIndex, to: root) }
  }
}

extension UInt64 {
  /// The distance from the root of the node with this generalized index, which is not 0.
  var depth: Int { UInt64.bitWidth - 1 - leadingZeroBitCount }
}
