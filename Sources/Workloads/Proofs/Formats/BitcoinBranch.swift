import AssayCore

/// A transaction's branch in a Bitcoin block, as `electrum` and block explorers give it: double SHA-256 of pairs, hashes in the
/// displayed byte order, which is the reverse of the hashed one.
///
/// A row with an odd number of nodes pairs its last one with itself, and that makes two shapes dangerous. In CVE-2012-2459 a
/// block repeats its last transactions and keeps its root: here a left sibling equal to its right one is always rejected, and an
/// equal right sibling passes only where the tree can end. A transaction of 64 bytes can pose as an inner node: with
/// ``treeSize`` the depth must be exact, which rules that out.
public struct BitcoinBranch: Sendable {
  /// The transaction's identifier, 32 bytes as displayed.
  public var transaction: [UInt8]
  /// Its position in the block, from 0.
  public var index: UInt64
  /// The siblings from the transaction to the root, as displayed.
  public var path: MerklePath
  /// The block's Merkle root, 32 bytes as displayed.
  public var root: [UInt8]
  /// How many transactions the block has, where known: then depth and repeated nodes are checked exactly.
  public var treeSize: UInt64?

  /// A block of 4 million weight units has fewer than 2^16 transactions; other chains' blocks stay below 2^32.
  static let depthLimit = 32

  /// A branch from its parts.
  public init(transaction: [UInt8], index: UInt64, path: MerklePath, root: [UInt8], treeSize: UInt64? = nil) {
    self.transaction = transaction
    self.index = index
    self.path = path
    self.root = root
    self.treeSize = treeSize
  }

  func add(to plan: HashPlan) {
    guard let leaf = plan.constant(transaction.reversed()), let root = plan.constant(root.reversed()) else {
      return plan.reject(.malformedRow)
    }
    let count = path.count
    guard path.isWellFormed, count <= Self.depthLimit, index >> UInt64(count) == 0 else {
      return plan.reject(.proofShapeInvalid)
    }
    if let treeSize {
      guard index < treeSize, count == UInt64.bitWidth - (treeSize - 1).leadingZeroBitCount else {
        return plan.reject(.proofShapeInvalid)
      }
    }
    let observer = plan.observer()
    var node = leaf
    for step in 0..<count {
      guard let sibling = plan.constant(path.bytes[32 * step..<32 * step + 32].reversed()) else { continue }
      let isRight = index >> UInt64(step) & 1 == 1
      node = plan.pair(
        .sha256d, level: count - 1 - step, isRight ? sibling : node, isRight ? node : sibling, observer: observer)
    }
    plan.require(node, of: .sha256d, equals: root, else: .rootMismatch)
    plan.decide { [index, treeSize] in
      let fits = Self.repeatsFit(plan.observed(observer), count: count, index: index, treeSize: treeSize)
      return fits ? .accepted : .proofShapeInvalid
    }
  }

  /// Whether nodes were paired with themselves only where the tree has an odd row's end. Bit `n` of `equal` tells of the pair
  /// n levels from the root.
  static func repeatsFit(_ equal: UInt64, count: Int, index: UInt64, treeSize: UInt64?) -> Bool {
    var position = index
    var width = treeSize
    var isLast = false
    for step in 0..<count {
      let repeats = equal >> UInt64(count - 1 - step) & 1 == 1
      let isRight = position & 1 == 1
      if let known = width {
        let hasNoSibling = position ^ 1 >= known
        if repeats != hasNoSibling { return false }
        width = (known + 1) / 2
      } else if repeats {
        // A right child never equals its sibling: that is the repetition of CVE-2012-2459.
        if isRight { return false }
        isLast = true
      } else if isLast, !isRight {
        // A node paired with itself ends its row, so above it stands a right child or again a node without a sibling.
        return false
      }
      position >>= 1
    }
    return true
  }
}
