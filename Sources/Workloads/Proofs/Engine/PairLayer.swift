import AssayCore

/// The inner nodes at one distance from the root that share a rule and belong to no path: those of multiproofs and partial trees.
///
/// A plain value, so that filling many layers at once costs no reference counting; ``HashPlan`` frees its memory.
struct PairLayer: BitwiseCopyable {
  /// The nodes in the order they were added.
  private(set) var nodes: UnsafeMutablePointer<PairNode>?
  /// Before hashing the observer of each node, where the rule has observers; after it the row of ``digests`` with its digest.
  private(set) var rows: UnsafeMutablePointer<UInt32>?
  private(set) var count = 0
  private var capacity = 0
  /// The digests of the distinct nodes, 32 bytes each; set by hashing.
  var digests: UnsafeRawPointer?

  /// Appends a node and returns its position.
  @inline(__always)
  mutating func append(_ node: PairNode) -> Int {
    if count == capacity { grow() }
    nodes.unsafelyUnwrapped[count] = node
    count &+= 1
    return count &- 1
  }

  /// Names the observer of the node appended last.
  mutating func observeLast(by observer: UInt32) {
    rows?[count - 1] = observer
  }

  /// Forgets the nodes, and keeps the memory.
  mutating func removeAll() {
    count = 0
    digests = nil
  }

  func deallocate() {
    nodes?.deallocate()
    rows?.deallocate()
  }

  /// The digest of the node at `position`.
  @inline(__always)
  func digest(_ position: Int) -> UnsafeRawPointer {
    digests.unsafelyUnwrapped + Int(rows.unsafelyUnwrapped[position]) &* 32
  }

  private mutating func grow() {
    let larger = max(64, capacity * 4)
    let newNodes = UnsafeMutablePointer<PairNode>.allocate(capacity: larger)
    let newRows = UnsafeMutablePointer<UInt32>.allocate(capacity: larger)
    if let nodes, let rows {
      newNodes.update(from: nodes, count: count)
      newRows.update(from: rows, count: count)
    }
    deallocate()
    nodes = newNodes
    rows = newRows
    capacity = larger
  }
}

/// What digests a layer's references may name: those of the layers one level further from the root, and the given values.
struct Operands {
  let constants: UnsafeRawPointer
  let pairs: PairLayer
  let sha256Messages: MessageDigests
  let keccak256Messages: MessageDigests

  /// The 32 bytes that `reference` names.
  @inline(__always)
  func value(_ reference: Reference) -> UnsafeRawPointer {
    if reference.source == Reference.Source.pair.rawValue { return pairs.digest(reference.position) }
    if reference.source == Reference.Source.constant.rawValue { return constants + reference.position &* 32 }
    return reference.source == Reference.Source.sha256Message.rawValue
      ? sha256Messages.digest(reference.position) : keccak256Messages.digest(reference.position)
  }
}

/// Four words: a digest in memory order.
typealias Words = (UInt64, UInt64, UInt64, UInt64)

@inline(__always)
func words(_ digest: UnsafeRawPointer) -> Words {
  digest.loadUnaligned(as: Words.self)
}

@inline(__always)
func differ(_ a: Words, _ b: Words) -> Bool {
  (a.0 ^ b.0) | (a.1 ^ b.1) | (a.2 ^ b.2) | (a.3 ^ b.3) != 0
}

/// Whether `a` is above `b` as big-endian numbers.
@inline(__always)
func exceeds(_ a: Words, _ b: Words) -> Bool {
  if a.0 != b.0 { return a.0.bigEndian > b.0.bigEndian }
  if a.1 != b.1 { return a.1.bigEndian > b.1.bigEndian }
  if a.2 != b.2 { return a.2.bigEndian > b.2.bigEndian }
  return a.3.bigEndian > b.3.bigEndian
}

/// Gathers the distinct pairs of a layer: the memory that hash operations read.
final class PairGatherer {
  @exclusivity(unchecked) private var table = DistinctTable()
  @exclusivity(unchecked) private var pairs = GrowingBuffer<UInt64>(capacity: 8 << 10)
  /// How many distinct pairs there are.
  private(set) var distinct = 0

  /// The distinct pairs, 64 bytes each.
  var bytes: UnsafeRawPointer { UnsafeRawPointer(pairs.base) }

  /// The batch that hashes the distinct pairs.
  func batch(_ rule: PairRule) throws(AssayError) -> Batch {
    try rule.batch(bytes, count: distinct, owner: nil)
  }

  /// Writes each distinct pair of `layer` once and gives every node the row of its pair. `expected` is a guess at their number.
  /// Nodes of equal children are reported to `equal` with their observer when `observing`.
  func gather(
    _ layer: PairLayer, from operands: Operands, sorted: Bool, observing: Bool, expected: Int,
    equal: (UInt32) -> Void
  ) {
    table.removeAll(expecting: expected)
    pairs.truncate(to: 0)
    pairs.reserve(layer.count * 8)
    distinct = 0
    guard let nodes = layer.nodes, let rows = layer.rows else { return }
    let base = UnsafeMutableRawPointer(pairs.base)
    var next: UInt32 = 0
    for index in 0..<layer.count {
      let left = operands.value(nodes[index].left)
      let right = operands.value(nodes[index].right)
      let isSwapped = sorted && exceeds(words(left), words(right))
      // The pair goes where the next distinct one belongs, and stays there if it is one.
      let pair = base + Int(next) &* 64
      pair.storeBytes(of: words(isSwapped ? right : left), as: Words.self)
      pair.storeBytes(of: words(isSwapped ? left : right), toByteOffset: 32, as: Words.self)
      if observing, !differ(words(pair), words(pair + 32)) { equal(rows[index]) }
      let hash = mixed(
        pair.load(as: UInt64.self), pair.load(fromByteOffset: 24, as: UInt64.self),
        pair.load(fromByteOffset: 32, as: UInt64.self), pair.load(fromByteOffset: 56, as: UInt64.self))
      let row = table.row(hash: hash, candidate: next) { row in
        let other = UnsafeRawPointer(base + Int(row) &* 64)
        return !differ(words(pair), words(other)) && !differ(words(pair + 32), words(other + 32))
      }
      rows[index] = row
      if row == next { next &+= 1 }
    }
    distinct = Int(next)
  }
}
