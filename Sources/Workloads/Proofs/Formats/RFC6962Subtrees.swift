import AssayCore

/// Consistency of two sizes of a Certificate Transparency log (RFC 6962 section 2.1.2, RFC 9162 section 2.1.4): the first tree is a
/// prefix of the second.
///
/// This is a subtree consistency proof whose subtree starts at leaf 0, except that nothing is ever consistent with a tree of no
/// leaves: such a proof would say nothing.
public struct RFC6962Consistency: Sendable {
  /// How many leaves the first tree has; at least 1.
  public var firstSize: UInt64
  /// How many leaves the second tree has.
  public var secondSize: UInt64
  /// The root of the first tree, 32 bytes.
  public var firstRoot: [UInt8]
  /// The root of the second tree, 32 bytes.
  public var secondRoot: [UInt8]
  /// The nodes that lead to both roots.
  public var path: MerklePath

  /// A proof from its parts.
  public init(firstSize: UInt64, secondSize: UInt64, firstRoot: [UInt8], secondRoot: [UInt8], path: MerklePath) {
    self.firstSize = firstSize
    self.secondSize = secondSize
    self.firstRoot = firstRoot
    self.secondRoot = secondRoot
    self.path = path
  }

  func add(to plan: HashPlan) {
    guard firstSize > 0 else { return plan.reject(.proofShapeInvalid) }
    RFC6962SubtreeConsistency(
      start: 0, end: firstSize, treeSize: secondSize, subtreeRoot: firstRoot, root: secondRoot, path: path
    ).add(to: plan)
  }
}

/// Inclusion of a leaf in a subtree of a log (draft-ietf-plants-merkle-tree-certs): a tree of its own over the leaves from `start`
/// to before `end`.
public struct RFC6962SubtreeInclusion: Sendable {
  /// The leaf whose inclusion is to be shown.
  public var leaf: RFC6962Inclusion.Leaf
  /// Its position in the log, from 0.
  public var index: UInt64
  /// The first leaf of the subtree.
  public var start: UInt64
  /// The leaf after the last of the subtree.
  public var end: UInt64
  /// The siblings from the leaf to the subtree's root.
  public var path: MerklePath
  /// The subtree's root, 32 bytes.
  public var root: [UInt8]

  /// A proof from its parts.
  public init(
    leaf: RFC6962Inclusion.Leaf, index: UInt64, start: UInt64, end: UInt64, path: MerklePath, root: [UInt8]
  ) {
    self.leaf = leaf
    self.index = index
    self.start = start
    self.end = end
    self.path = path
    self.root = root
  }

  func add(to plan: HashPlan) {
    guard RFC6962Subtree(start: start, end: end) != nil, index >= start else { return plan.reject(.proofShapeInvalid) }
    RFC6962Inclusion(leaf: leaf, index: index - start, treeSize: end - start, path: path, root: root).add(to: plan)
  }
}

/// Consistency of a subtree with the log it belongs to (draft-ietf-plants-merkle-tree-certs).
///
/// An empty subtree has the root SHA-256("") and belongs to every log of at least its end.
public struct RFC6962SubtreeConsistency: Sendable {
  /// The first leaf of the subtree.
  public var start: UInt64
  /// The leaf after the last of the subtree.
  public var end: UInt64
  /// How many leaves the log has.
  public var treeSize: UInt64
  /// The subtree's root, 32 bytes.
  public var subtreeRoot: [UInt8]
  /// The log's root, 32 bytes.
  public var root: [UInt8]
  /// The nodes that lead to both roots.
  public var path: MerklePath

  /// A proof from its parts.
  public init(
    start: UInt64, end: UInt64, treeSize: UInt64, subtreeRoot: [UInt8], root: [UInt8], path: MerklePath
  ) {
    self.start = start
    self.end = end
    self.treeSize = treeSize
    self.subtreeRoot = subtreeRoot
    self.root = root
    self.path = path
  }

  /// SHA-256 of nothing: the root of a tree without leaves (RFC 6962 section 2.1).
  static let emptyRoot = SHA256.digest(UnsafeRawBufferPointer(start: nil, count: 0))

  func add(to plan: HashPlan) {
    guard path.isWellFormed, start <= end, end <= treeSize else { return plan.reject(.proofShapeInvalid) }
    // Two cases say nothing about hashes of the log, so its root is not looked at as one.
    if start == end || (start == 0 && end == treeSize) {
      guard path.count == 0 else { return plan.reject(.proofShapeInvalid) }
      let expected = start == end ? Self.emptyRoot : root
      return subtreeRoot == expected ? () : plan.reject(.rootMismatch)
    }
    guard let subtreeRoot = plan.constant(subtreeRoot), let root = plan.constant(root) else {
      return plan.reject(.malformedRow)
    }
    guard let subtree = RFC6962Subtree(start: start, end: end), let shape = subtree.path(in: treeSize),
      path.count == shape.steps.count + (shape.startsBelow ? 1 : 0)
    else { return plan.reject(.proofShapeInvalid) }

    var nodes = path.bytes[...]
    var seed = subtreeRoot
    if shape.startsBelow {
      seed = nodes.prefix(32).withUnsafeBytes { plan.constant($0) }
      nodes = nodes.dropFirst(32)
      let inside = shape.steps.enumerated().filter { $1.isInside }.flatMap { nodes[node: $0.offset] }
      plan.climb(.rfc6962, from: seed, siblings: plan.keep(inside), rightSides: .max, to: subtreeRoot)
    }
    var sides: UInt64 = 0
    for (position, step) in shape.steps.enumerated() where step.isRight { sides |= 1 << UInt64(position) }
    plan.climb(.rfc6962, from: seed, siblings: plan.keep(Array(nodes)), rightSides: sides, to: root)
  }
}

extension ArraySlice<UInt8> {
  fileprivate subscript(node index: Int) -> ArraySlice<UInt8> {
    self[startIndex + 32 * index..<startIndex + 32 * index + 32]
  }
}

/// A range of leaves that is a subtree of every log that contains it.
struct RFC6962Subtree {
  let start: UInt64
  let end: UInt64

  /// Nil unless `start` is below `end` and a multiple of the smallest power of two that is not below their difference.
  init?(start: UInt64, end: UInt64) {
    guard start < end else { return nil }
    let bits = UInt64.bitWidth - (end - start - 1).leadingZeroBitCount
    guard start & (1 << UInt64(bits) &- 1) == 0 else { return nil }
    self.start = start
    self.end = end
  }

  struct Step {
    /// Whether the node so far is the right child, so the proof's node stands on the left.
    let isRight: Bool
    /// Whether the step also belongs to the way to the subtree's root.
    let isInside: Bool
  }

  /// The way from the subtree's right edge to the root of a log of `treeSize` leaves, which is at least `end`.
  ///
  /// It starts at the subtree's root when that is a node of the log. Otherwise it starts below, at the root of the last
  /// complete subtree inside, which the proof then names first.
  func path(in treeSize: UInt64) -> (startsBelow: Bool, steps: [Step])? {
    guard let shape = RFC6962Shape(index: end - 1, treeSize: treeSize) else { return nil }
    // Nodes below this level lie inside the subtree.
    let height = UInt64.bitWidth - ((end - 1) ^ start).leadingZeroBitCount
    let inner = UInt64.bitWidth - ((end - 1) ^ (treeSize - 1)).leadingZeroBitCount
    let isComplete = (end - start).nonzeroBitCount == 1
    let first = end == treeSize ? height : (end - start).trailingZeroBitCount
    var steps: [Step] = []
    var level = 0
    for position in 0..<shape.length {
      let isRight = shape.rightSides >> UInt64(position) & 1 == 1
      // Above the point where the ways of this leaf and of the last leaf meet, levels without a sibling are skipped.
      if position >= inner { level = (end - 1).nextSetBit(from: max(level, inner)) }
      if level >= first { steps.append(Step(isRight: isRight, isInside: isRight && level < height)) }
      level += 1
    }
    return (end != treeSize && !isComplete, steps)
  }
}

extension UInt64 {
  /// The lowest set bit at or above `bit`; 64 when there is none.
  fileprivate func nextSetBit(from bit: Int) -> Int {
    let rest = self >> UInt64(bit)
    return rest == 0 ? 64 : bit + rest.trailingZeroBitCount
  }
}
