import AssayCore
import CAssayOperations

/// The paths of all proofs under one rule: chains of pairs from a leaf to a root, hashed once where proofs have them in common.
///
/// Paths are brought into the order of their trees and of their positions in them. Then each has its upper siblings in common with
/// the path before it ("neighbour"), and only the nodes below are its own. At the first level where siblings or sides differ the
/// two paths should meet: there the path's pair is compared with the one that the neighbour has at that level, and if both
/// are the same, it has joined the other one, and the rest of its way is that of the other. If not, it goes on alone.
///
/// **Exactness.** A path joins another one only where both hash the same 64 bytes and all siblings and sides above are the same,
/// which they are by comparison of every byte. From there on both compute the same, whatever the other proof claims to be. So a wrong
/// proof costs its neighbours shared work at worst.
final class SharedPaths {
  private struct Path: BitwiseCopyable {
    /// The siblings, that of the start first.
    let siblings: UnsafeRawPointer
    /// How many there are.
    let count: Int
    /// The sides of the path's nodes from the root down, 1 for right, the highest bit first.
    let sides: UInt64
    let start: Reference
    let root: Reference
    let proof: UInt32

    /// The sibling of the pair at `level`.
    @inline(__always)
    func sibling(_ level: Int) -> UnsafeRawPointer { siblings + 32 &* (count &- 1 &- level) }

    /// `node` on the side that it has in the pair at `level`.
    @inline(__always)
    func place(_ node: Reference, at level: Int) -> Reference {
      level < UInt64.bitWidth ? node.onRight(UInt32(truncatingIfNeeded: sides >> UInt64(63 &- level) & 1)) : node
    }
  }

  /// A path that will meet the pair of another one.
  struct Join: BitwiseCopyable {
    static let none = UInt32.max
    /// The path, and its node on the level below.
    let path: UInt32
    let node: Reference
    /// The other path, and the row of its pair.
    let other: UInt32
    let row: UInt32
    /// The next path that will do so at the same level.
    let next: UInt32
  }

  /// A path that goes on alone from `row` of the level hashed last.
  private struct Lone: BitwiseCopyable {
    let path: UInt32
    var row: UInt32
  }

  /// How many neighbouring paths are hashed together: few enough for their nodes to stay in the cache from level to level,
  /// enough for the levels that they share to cost little. A block's first path joins nobody.
  private static let blockPaths = 2_048
  /// How many paths ahead siblings are called for.
  private static let lookahead = 4

  private let rule: PairRule
  @exclusivity(unchecked) private var paths = GrowingBuffer<Path>()
  @exclusivity(unchecked) private var order = GrowingBuffer<SortedNumber>()
  @exclusivity(unchecked) private var sorter = RadixSort()
  // Of the block at hand: its paths in order, and their nodes by level.
  @exclusivity(unchecked) private var block = GrowingBuffer<Path>()
  private let levels: UnsafeMutablePointer<PathLevel>
  @exclusivity(unchecked) private var joins = GrowingBuffer<Join>()
  @exclusivity(unchecked) private var lone = GrowingBuffer<Lone>()
  /// The row of each path's root; for a path that joined another one, the row of that one's.
  @exclusivity(unchecked) private var tops = GrowingBuffer<UInt32>()
  /// The path that each path joined, or itself.
  @exclusivity(unchecked) private var leaders = GrowingBuffer<UInt32>()
  /// Which path has which row, level by level, as seen from the path laid out last.
  private let owners: UnsafeMutablePointer<(path: UInt32, row: UInt32)>

  init(_ rule: PairRule) {
    self.rule = rule
    levels = .allocate(capacity: HashPlan.depthLimit)
    levels.initialize(repeating: PathLevel(), count: HashPlan.depthLimit)
    owners = .allocate(capacity: HashPlan.depthLimit)
  }

  deinit {
    for level in 0..<HashPlan.depthLimit { levels[level].deallocate() }
    levels.deallocate()
    owners.deallocate()
  }

  /// Adds the path from `start` along the `count` siblings (32 bytes each, that of `start` first, at least one) to `root`, a
  /// given value. Bit `i` of `rightSides` is 1 when the i-th node is a right child; paths of more than 64 siblings have no right
  /// sides. The siblings' memory must stay until all is hashed.
  func add(
    from start: Reference, siblings: UnsafeRawPointer, count: Int, rightSides: UInt64, to root: Reference,
    constants: UnsafeRawPointer, proof: Int
  ) {
    let sides = count > UInt64.bitWidth ? 0 : rightSides << UInt64(UInt64.bitWidth - count)
    let path = Path(
      siblings: siblings, count: count, sides: sides, start: start, root: root,
      proof: UInt32(truncatingIfNeeded: proof))
    let number = UInt32(truncatingIfNeeded: paths.append(path))
    let key: (high: UInt64, low: UInt64)
    if rule == .sortedKeccak256 {
      // No sides: the upper siblings, a byte of each, tell trees and places apart.
      key = (bytes(of: path, from: 0), bytes(of: path, from: 8))
    } else {
      // Paths from an inner node come before those from below it, so as not to stand between those.
      let length = count <= 56 ? UInt64(count) : 0
      key = (UInt64((constants + root.position &* 32).loadUnaligned(as: UInt32.self)), sides | length)
    }
    order.append(SortedNumber(high: key.high, low: key.low, number: number))
  }

  /// Hashes all paths. `operands` has what paths of a number of siblings start from; `reject` is told each proof with a path that
  /// does not end in its root.
  func hash(
    from operands: (Int) -> Operands, constants: UnsafeRawPointer, on executor: any Executor, reject: (Int) -> Void
  ) throws(AssayError) {
    sorter.sort(&order)
    for first in stride(from: 0, to: order.count, by: Self.blockPaths) {
      layOut(first..<min(first + Self.blockPaths, order.count))
      let depth = (0..<block.count).reduce(0) { max($0, block[$1].count) }
      var hashed: Results?
      for level in stride(from: depth - 1, through: 0, by: -1) {
        let below = hashed?.bytes("digest").map { UnsafeRawPointer($0.baseAddress) } ?? nil
        gather(level, from: operands(level + 1), below: below, sorted: rule == .sortedKeccak256)
        guard let pairs = levels[level].pairs else { return }
        hashed = try executor.execute(rule.batch(pairs, count: levels[level].count, owner: nil))
      }
      withExtendedLifetime(hashed) {
        if let digests = hashed?.bytes("digest")?.baseAddress { settle(digests, constants, reject) }
      }
      for level in 0..<depth { levels[level].removeAll() }
    }
  }

  /// Lays out the nodes of the paths in `range` of the order.
  private func layOut(_ range: Range<Int>) {
    block.truncate(to: 0)
    joins.truncate(to: 0)
    lone.truncate(to: 0)
    tops.truncate(to: 0)
    leaders.truncate(to: 0)
    for index in range {
      // Paths and their siblings lie all over memory in another order.
      let ahead = paths[Int(order[min(index &+ Self.lookahead, order.count &- 1)].number)]
      assay_prefetch(ahead.siblings, 32 &* ahead.count)
      assay_prefetch(paths.base + Int(order[min(index &+ 2 &* Self.lookahead, order.count &- 1)].number), 1)
      let number = UInt32(truncatingIfNeeded: block.count)
      let path = paths[Int(order[index].number)]
      let meeting = number == 0 ? -1 : Self.meeting(path, block[Int(number) &- 1])
      var node = path.start
      var sibling = path.siblings
      var level = path.count &- 1
      while level > meeting {
        let row = levels[level].append(path.place(node, at: level), sibling: sibling)
        owners[level] = (number, UInt32(truncatingIfNeeded: row))
        node = Reference(.pair, row)
        sibling += 32
        level &-= 1
      }
      if meeting >= 0 {
        let other = owners[meeting]
        let join = joins.append(
          Join(path: number, node: node, other: other.path, row: other.row, next: levels[meeting].lastJoin))
        levels[meeting].lastJoin = UInt32(truncatingIfNeeded: join)
      }
      block.append(path)
      leaders.append(number)
      // Only the first path has its top from the start; others join, or go on alone.
      tops.append(0)
    }
  }

  /// The level at which two neighbouring paths may have the same pair: all siblings and sides above are the same.
  @inline(__always)
  private static func meeting(_ one: Path, _ other: Path) -> Int {
    let last = min(one.count, other.count) &- 1
    let sides = one.sides ^ other.sides
    let limit = sides == 0 ? last : min(last, sides.leadingZeroBitCount)
    var level = 0
    while level < limit, !differ(words(one.sibling(level)), words(other.sibling(level))) { level &+= 1 }
    return level
  }

  /// Completes the pairs at `level` with the digests `below` and what paths start from.
  private func gather(_ level: Int, from operands: Operands, below: UnsafeRawPointer?, sorted: Bool) {
    let here = levels + level
    @inline(__always) func value(_ node: Reference) -> UnsafeRawPointer {
      if node.source == Reference.Source.pair.rawValue { return below.unsafelyUnwrapped + node.position &* 32 }
      return operands.value(node)
    }
    if let nodes = here.pointee.nodes {
      for row in 0..<here.pointee.count { here.pointee.complete(row, with: value(nodes[row]), sorted: sorted) }
    }
    /// Appends the pair of a path, complete, and returns its row.
    @inline(__always) func append(_ path: Path, _ node: Reference) -> Int {
      let row = here.pointee.append(path.place(node, at: level), sibling: path.sibling(level))
      here.pointee.complete(row, with: value(node), sorted: sorted)
      return row
    }
    for index in 0..<lone.count {
      let row = append(block[Int(lone[index].path)], Reference(.pair, Int(lone[index].row)))
      lone[index].row = UInt32(truncatingIfNeeded: row)
    }
    var next = here.pointee.lastJoin
    while next != Join.none {
      let join = joins[Int(next)]
      let row = append(block[Int(join.path)], join.node)
      if here.pointee.areEqual(row, Int(join.row)) {
        here.pointee.removeLast()
        leaders[Int(join.path)] = join.other
      } else {
        lone.append(Lone(path: join.path, row: UInt32(truncatingIfNeeded: row)))
      }
      next = join.next
    }
  }

  /// Compares each path's root with `digests`, those of the uppermost level.
  private func settle(_ digests: UnsafeRawPointer, _ constants: UnsafeRawPointer, _ reject: (Int) -> Void) {
    for index in 0..<lone.count { tops[Int(lone[index].path)] = lone[index].row }
    for index in 0..<block.count {
      let path = block[index]
      // Who was joined comes earlier in the order.
      let row = tops[Int(leaders[index])]
      tops[index] = row
      let top = digests + Int(row) &* 32
      if differ(words(top), words(constants + path.root.position &* 32)) { reject(Int(path.proof)) }
    }
  }

  /// Forgets all paths, and keeps the memory.
  func removeAll() {
    paths.truncate(to: 0)
    order.truncate(to: 0)
  }

  /// A byte of each of eight siblings from `level` down, the uppermost first; zeros below the path's start.
  private func bytes(of path: Path, from level: Int) -> UInt64 {
    (level..<level + 8).reduce(0) { sum, level in
      sum << 8 | (level < path.count ? UInt64(path.sibling(level).load(as: UInt8.self)) : 0)
    }
  }
}
