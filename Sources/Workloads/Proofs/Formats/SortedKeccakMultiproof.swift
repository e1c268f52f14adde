import AssayCore

/// Several leaves of an OpenZeppelin tree at once (`MerkleProof.multiProofVerify`).
///
/// Leaves and computed nodes form one queue. Each flag takes the first of the queue and pairs it with the next of the queue (true)
/// or the next given node (false); the last pair is the root. Every leaf, given node and computed node but the last must be used
/// exactly once: CVE-2023-34459 smuggled the root in as a given node that no step used. Stricter than the Solidity code: at
/// least one leaf, and no reading of a node that is not computed yet.
public struct SortedKeccakMultiproof: Sendable {
  /// The leaves whose inclusion is to be shown, in the order that the prover gave.
  public var leaves: [SortedKeccakProof.Leaf]
  /// The given nodes.
  public var path: MerklePath
  /// One flag a pair: whether its second member comes from the queue.
  public var flags: [Bool]
  /// The root to trust, 32 bytes.
  public var root: [UInt8]

  /// A proof from its parts.
  public init(leaves: [SortedKeccakProof.Leaf], path: MerklePath, flags: [Bool], root: [UInt8]) {
    self.leaves = leaves
    self.path = path
    self.flags = flags
    self.root = root
  }

  func add(to plan: HashPlan) {
    guard let root = plan.root(root) else { return plan.reject(.malformedRow) }
    guard path.isWellFormed, !leaves.isEmpty, leaves.count + path.count == flags.count + 1,
      let levels = levels()
    else { return plan.reject(.proofShapeInvalid) }
    var queue: [Reference] = []
    queue.reserveCapacity(leaves.count + flags.count)
    for (leaf, level) in zip(leaves, levels) {
      guard let reference = leaf.reference(in: plan, level: level) else { return plan.reject(.malformedRow) }
      queue.append(reference)
    }
    var front = 0
    var given = 0
    for (step, isQueued) in flags.enumerated() {
      let first = queue[front]
      front += 1
      let second: Reference
      if isQueued {
        second = queue[front]
        front += 1
      } else {
        second = path.bytes[32 * given..<32 * given + 32].withUnsafeBytes { plan.constant($0) }
        given += 1
      }
      queue.append(plan.pair(.sortedKeccak256, level: levels[leaves.count + step], first, second))
    }
    plan.require(queue[queue.count - 1], of: .sortedKeccak256, equals: root, else: .rootMismatch)
  }

  /// The distance from the root of each leaf and then of each pair; nil when the flags do not describe a tree.
  private func levels() -> [Int]? {
    var parents = [Int](repeating: -1, count: leaves.count + flags.count)
    var front = 0
    var given = 0
    for (step, isQueued) in flags.enumerated() {
      let node = leaves.count + step
      for _ in 0..<(isQueued ? 2 : 1) {
        guard front < node else { return nil }
        parents[front] = node
        front += 1
      }
      if !isQueued { given += 1 }
    }
    guard front == parents.count - 1, given == path.count else { return nil }
    var levels = [Int](repeating: 0, count: parents.count)
    for node in parents.indices.dropLast().reversed() {
      levels[node] = levels[parents[node]] + 1
      guard levels[node] <= HashPlan.depthLimit - 2 else { return nil }
    }
    return levels
  }
}
