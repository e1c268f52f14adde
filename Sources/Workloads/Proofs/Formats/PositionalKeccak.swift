import AssayCore

/// A leaf of a binary tree over Keccak-256 whose pairs are not sorted: a node is the hash of its left, then its right child, and bit i
/// of the leaf's index says on which side the path's i-th node is (Polygon's checkpoints, Arbitrum's outbox, EigenLayer's
/// `verifyInclusionKeccak`).
///
/// The path has the tree's height, so an index that needs more bits is rejected. A leaf that is itself a hash of 64 bytes could pose
/// as an inner node, unless the tree's maker hashes leaves in another way.
public struct PositionalKeccakProof: Sendable {
  /// The leaf as the tree holds it, 32 bytes.
  public var leaf: [UInt8]
  /// Its position, from 0.
  public var index: UInt64
  /// The siblings from the leaf to the root, at most 64.
  public var path: MerklePath
  /// The root to trust, 32 bytes.
  public var root: [UInt8]

  /// A proof from its parts.
  public init(leaf: [UInt8], index: UInt64, path: MerklePath, root: [UInt8]) {
    self.leaf = leaf
    self.index = index
    self.path = path
    self.root = root
  }

  @inline(never)
  func add(to plan: HashPlan) {
    guard let root = plan.root(root), let leaf = plan.constant(leaf) else { return plan.reject(.malformedRow) }
    guard path.isWellFormed, path.count <= UInt64.bitWidth, path.count == 64 || index >> UInt64(path.count) == 0 else {
      return plan.reject(.proofShapeInvalid)
    }
    path.bytes.withUnsafeBytes { plan.climb(.keccak256, from: leaf, siblings: $0, rightSides: index, to: root) }
  }
}
