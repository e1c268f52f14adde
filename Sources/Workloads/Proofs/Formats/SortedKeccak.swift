import AssayCore

/// A leaf of an OpenZeppelin tree (`MerkleProof.verify`): Keccak-256 of the two children, the smaller one first.
///
/// Order carries no position, so the proof says that the leaf is in the tree, not where. A leaf that is itself a hash of 64 bytes
/// could pose as an inner node; trees made by `StandardMerkleTree` hash their leaves twice for that reason: see
/// ``SortedKeccakProof/Leaf/encoded(_:)``.
public struct SortedKeccakProof: Sendable {
  /// A leaf by its hash or by its ABI encoding.
  public enum Leaf: Sendable {
    /// The leaf as the tree holds it, 32 bytes.
    case hash([UInt8])
    /// The ABI encoding of a `StandardMerkleTree` value; the leaf is keccak256(keccak256(encoding)).
    case encoded([UInt8])
  }

  /// The leaf whose inclusion is to be shown.
  public var leaf: Leaf
  /// The siblings from the leaf to the root.
  public var path: MerklePath
  /// The root to trust, 32 bytes.
  public var root: [UInt8]

  /// A proof from its parts.
  public init(leaf: Leaf, path: MerklePath, root: [UInt8]) {
    self.leaf = leaf
    self.path = path
    self.root = root
  }

  @inline(never)
  func add(to plan: HashPlan) {
    guard let root = plan.root(root) else { return plan.reject(.malformedRow) }
    guard path.isWellFormed, path.count <= HashPlan.depthLimit - 2 else { return plan.reject(.proofShapeInvalid) }
    guard let leaf = leaf.reference(in: plan, level: path.count) else { return plan.reject(.malformedRow) }
    path.bytes.withUnsafeBytes { plan.climb(.sortedKeccak256, from: leaf, siblings: $0, to: root) }
  }
}

extension SortedKeccakProof.Leaf {
  /// The leaf as a value `level` hashes away from the root; nil when it is not 32 bytes long.
  func reference(in plan: HashPlan, level: Int) -> Reference? {
    switch self {
    case .hash(let hash): return plan.constant(hash)
    case .encoded(let encoding):
      let inner = encoding.withUnsafeBytes { plan.message(.keccak256, level: level + 1, $0) }
      let layer = plan.messageLayer(.keccak256, level)
      layer.pointee.appendPiece(inner)
      return Reference(.keccak256Message, layer.pointee.finishTemplate())
    }
  }
}
