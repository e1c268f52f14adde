import AssayCore

/// Inclusion of a leaf in a Certificate Transparency tree (RFC 6962 section 2.1.1, verified as RFC 9162 section 2.1.3.2 says).
///
/// A leaf's hash is SHA-256(0x00 | data), a node's SHA-256(0x01 | left | right); the prefixes keep a node from being passed off as
/// a leaf. Index and size give the exact length of the path and the side of every sibling, so a proof that is longer or
/// shorter is rejected, as are size 0 and an index outside the tree.
public struct RFC6962Inclusion: Sendable {
  /// A leaf by its data or by its hash.
  public enum Leaf: Sendable {
    /// What the tree commits to, of any length.
    case data([UInt8])
    /// SHA-256(0x00 | data), 32 bytes.
    case hash([UInt8])
  }

  /// The leaf whose inclusion is to be shown.
  public var leaf: Leaf
  /// Its position, from 0.
  public var index: UInt64
  /// How many leaves the tree has.
  public var treeSize: UInt64
  /// The siblings from the leaf to the root.
  public var path: MerklePath
  /// The root to trust, 32 bytes.
  public var root: [UInt8]

  /// A proof from its parts.
  public init(leaf: Leaf, index: UInt64, treeSize: UInt64, path: MerklePath, root: [UInt8]) {
    self.leaf = leaf
    self.index = index
    self.treeSize = treeSize
    self.path = path
    self.root = root
  }

  @inline(never)
  func add(to plan: HashPlan) {
    guard let root = plan.root(root) else { return plan.reject(.malformedRow) }
    guard path.isWellFormed, let shape = RFC6962Shape(index: index, treeSize: treeSize), path.count == shape.length
    else {
      return plan.reject(.proofShapeInvalid)
    }
    guard let leaf = leaf.reference(in: plan, level: shape.length) else { return plan.reject(.malformedRow) }
    path.bytes.withUnsafeBytes {
      plan.climb(.rfc6962, from: leaf, siblings: $0, rightSides: shape.rightSides, to: root)
    }
  }
}

extension RFC6962Inclusion.Leaf {
  /// The leaf's hash as a value `level` hashes away from the root; nil when it is not 32 bytes long.
  func reference(in plan: HashPlan, level: Int) -> Reference? {
    switch self {
    case .data(let data): data.withUnsafeBytes { plan.message(.sha256, level: level, prefix: 0x00, $0) }
    case .hash(let hash): plan.constant(hash)
    }
  }
}

/// The path of a leaf in a tree of a given size.
///
/// Where the path of the leaf and that of the tree's last leaf have not met yet, siblings follow the bits of the index; above, all
/// siblings are on the left, and levels without a sibling are skipped.
struct RFC6962Shape {
  /// How many siblings there are; at most 64.
  let length: Int
  /// Bit `i` is 1 when the node at step i is a right child.
  let rightSides: UInt64

  /// Nil when the tree has no such leaf.
  init?(index: UInt64, treeSize: UInt64) {
    guard index < treeSize else { return nil }
    let inner = UInt64.bitWidth - (index ^ (treeSize - 1)).leadingZeroBitCount
    let border = (index >> UInt64(inner)).nonzeroBitCount
    length = inner + border
    rightSides = index & (1 << UInt64(inner) &- 1) | (1 << UInt64(border) &- 1) << UInt64(inner)
  }
}
