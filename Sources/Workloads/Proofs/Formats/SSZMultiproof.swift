import AssayCore

/// Several nodes of an SSZ object at once (consensus specification, `ssz/merkle-proofs.md`, Merkle multiproofs).
///
/// The given nodes ("helpers") are the siblings that no leaf leads to, in descending order of generalized index. A leaf that is
/// above another leaf, or given twice, is rejected: the specification's `calculate_multi_merkle_root` then takes the computed node
/// or the other one and leaves the forged leaf unchecked.
public struct SSZMultiproof: Sendable {
  /// The nodes' hashes or chunks, 32 bytes each.
  public var leaves: [[UInt8]]
  /// Where each of them is; at least 1.
  public var generalizedIndices: [UInt64]
  /// The helpers.
  public var path: MerklePath
  /// The root to trust, 32 bytes.
  public var root: [UInt8]

  /// A proof from its parts.
  public init(leaves: [[UInt8]], generalizedIndices: [UInt64], path: MerklePath, root: [UInt8]) {
    self.leaves = leaves
    self.generalizedIndices = generalizedIndices
    self.path = path
    self.root = root
  }

  private struct Node {
    let index: UInt64
    let value: Reference
  }

  func add(to plan: HashPlan) {
    guard let root = plan.root(root) else { return plan.reject(.malformedRow) }
    guard path.isWellFormed, !leaves.isEmpty, leaves.count == generalizedIndices.count,
      !generalizedIndices.contains(0)
    else { return plan.reject(.proofShapeInvalid) }
    var given: [Node] = []
    given.reserveCapacity(leaves.count)
    for position in generalizedIndices.indices.sorted(by: { generalizedIndices[$0] > generalizedIndices[$1] }) {
      guard let leaf = plan.constant(leaves[position]) else { return plan.reject(.malformedRow) }
      given.append(Node(index: generalizedIndices[position], value: leaf))
    }
    guard let top = climb(given, in: plan) else { return plan.reject(.proofShapeInvalid) }
    plan.require(top, equals: root, else: .rootMismatch)
  }

  /// Pairs nodes in descending order of index up to the root. Computed nodes come out in descending order too, so two queues
  /// do; nil when the leaves overlap or the helpers are too few or too many.
  private func climb(_ given: [Node], in plan: HashPlan) -> Reference? {
    var computed: [Node] = []
    var (nextGiven, nextComputed, helpers) = (0, 0, 0)
    func peek() -> Node? {
      let leaf = nextGiven < given.count ? given[nextGiven] : nil
      let node = nextComputed < computed.count ? computed[nextComputed] : nil
      guard let leaf, let node else { return leaf ?? node }
      return leaf.index > node.index ? leaf : node
    }
    func pop() -> Node? {
      guard let next = peek() else { return nil }
      let isGiven = nextGiven < given.count && given[nextGiven].index == next.index
      let isComputed = nextComputed < computed.count && computed[nextComputed].index == next.index
      // The same index twice: a leaf above another one.
      guard isGiven != isComputed else { return nil }
      if isGiven { nextGiven += 1 } else { nextComputed += 1 }
      // The same index twice: a leaf given twice.
      if let following = peek(), following.index == next.index { return nil }
      return next
    }
    while let node = pop() {
      if node.index == 1 { return helpers == path.count && peek() == nil ? node.value : nil }
      let sibling: Reference
      if let next = peek(), next.index == node.index ^ 1 {
        guard let next = pop() else { return nil }
        sibling = next.value
      } else {
        guard helpers < path.count else { return nil }
        sibling = path.bytes[32 * helpers..<32 * helpers + 32].withUnsafeBytes { plan.constant($0) }
        helpers += 1
      }
      let isRight = node.index & 1 == 1
      let parent = node.index / 2
      let value = plan.pair(
        .sha256, level: parent.depth, isRight ? sibling : node.value, isRight ? node.value : sibling)
      computed.append(Node(index: parent, value: value))
    }
    return nil
  }
}
