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
///
/// **Speed.** The time goes to memory, so every byte of a proof is read once, called for some paths ahead a line at a time, and
/// laid down where it will be hashed. Nothing in the loops is counted by reference.
struct SharedPaths: ~Copyable {
  private struct Path: BitwiseCopyable {
    /// The siblings, that of the start first.
    let siblings: UnsafeRawPointer
    /// The sides of the path's nodes from the root down, 1 for right, the highest bit first.
    let sides: UInt64
    let start: Reference
    let root: Reference
    let proof: UInt32
    /// How many siblings there are.
    let length: UInt32

    @inline(__always)
    var count: Int { Int(length) }

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
    /// The path's sibling at the level where it will.
    let sibling: Words
    /// The path, and its node on the level below, on its side.
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

  /// How a path ends.
  private struct End: BitwiseCopyable {
    let root: Reference
    let proof: UInt32
    /// The path that it joined, or itself.
    var leader: UInt32
    /// The row of its own top; for one that joined another one, that one's once all is hashed.
    var row: UInt32
  }

  /// How many neighbouring paths are hashed together below the crown: few enough for their nodes to stay in the cache from level to
  /// level, enough for the calls of the executor to cost little.
  private static let blockPaths = 2_048
  /// About how many nodes a level of the crown has at most.
  private static let crownNodes = 1_024
  /// How many paths ahead siblings are called for.
  private static let lookahead = 4

  private let rule: PairRule
  private var paths = GrowingBuffer<Path>()
  /// The order of the paths. From then on a path's number is its place in it.
  private var order = GrowingBuffer<SortedNumber>()
  private var sorter = RadixSort()
  private var ends = GrowingBuffer<End>()
  private var joins = GrowingBuffer<Join>()
  private var lone = GrowingBuffer<Lone>()
  /// How many levels there are.
  private var depth = 0
  /// The nodes by level; below the crown those of the block at hand.
  private let levels: UnsafeMutablePointer<PathLevel>
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
  mutating func add(
    from start: Reference, siblings: UnsafeRawPointer, count: Int, rightSides: UInt64, to root: Reference,
    constants: UnsafeRawPointer, proof: Int
  ) {
    let sides = count > UInt64.bitWidth ? 0 : rightSides << UInt64(UInt64.bitWidth - count)
    let path = Path(
      siblings: siblings, sides: sides, start: start, root: root, proof: UInt32(truncatingIfNeeded: proof),
      length: UInt32(truncatingIfNeeded: count))
    let number = UInt32(truncatingIfNeeded: paths.append(path))
    let key: (high: UInt64, low: UInt64)
    if rule == .sortedKeccak256 {
      // No sides: the upper siblings, a byte of each, tell trees and places apart.
      key = (Self.bytes(of: path, from: 0), Self.bytes(of: path, from: 8))
    } else {
      // Paths from an inner node come before those from below it, so as not to stand between those.
      let length = count <= 56 ? UInt64(count) : 0
      key = (UInt64((constants + root.position &* 32).loadUnaligned(as: UInt32.self)), sides | length)
    }
    order.append(SortedNumber(high: key.high, low: key.low, number: number))
  }

  /// Hashes all paths. `operands` has what paths of a number of siblings start from; `reject` is told each proof with a path that
  /// does not end in its root.
  ///
  /// Levels near the root have few nodes, all of which are kept until every path is laid out and then hashed at once ("crown").
  /// Below, blocks of paths are hashed one after the other.
  mutating func hash(
    from operands: (Int) -> Operands, constants: UnsafeRawPointer, on executor: any Executor, reject: (Int) -> Void
  ) throws(AssayError) {
    guard order.count > 0 else { return }
    sorter.sort(&order)
    removeNodes()
    let crown = crownLevels()
    for first in stride(from: 0, to: order.count, by: Self.blockPaths) {
      let (firstLone, firstRow) = (lone.count, levels[crown - 1].count)
      let depth = layOut(first..<min(first + Self.blockPaths, order.count), below: crown)
      var hashed: Results?
      for level in stride(from: depth - 1, through: crown, by: -1) {
        gather(level, from: operands(level + 1), below: hashed, lone: firstLone)
        hashed = try hash(level, on: executor)
      }
      gather(crown - 1, from: operands(crown), below: hashed, lone: firstLone, rows: firstRow)
      for level in crown..<max(crown, depth) { levels[level].removeAll() }
    }
    var hashed: Results?
    for level in stride(from: min(crown, depth) - 1, through: 0, by: -1) {
      if level < crown - 1 { gather(level, from: operands(level + 1), below: hashed) }
      hashed = try hash(level, on: executor)
    }
    withExtendedLifetime(hashed) {
      if let digests = hashed?.bytes("digest")?.baseAddress { settle(digests, constants, reject) }
    }
  }

  /// How many levels the crown has: at least one, and as many as have few nodes by the look of the order.
  private func crownLevels() -> Int {
    guard order.count > Self.blockPaths else { return HashPlan.depthLimit }
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: UInt64.bitWidth + 1) { meetings in
      meetings.initialize(repeating: 0)
      // A path that meets nobody has a node on every level; one that does has its own below the level where it meets.
      var nodes = 1
      for index in 1..<order.count {
        let (high, low) = (order[index].high ^ order[index - 1].high, order[index].low ^ order[index - 1].low)
        if rule == .sortedKeccak256 {
          meetings[(high != 0 ? high.leadingZeroBitCount : 64 + low.leadingZeroBitCount) / 8] += 1
        } else if high == 0 {
          meetings[low.leadingZeroBitCount] += 1
        } else {
          nodes += 1
        }
      }
      var levels = 0
      while levels < UInt64.bitWidth, nodes <= Self.crownNodes {
        nodes += meetings[levels]
        levels += 1
      }
      return max(1, levels)
    }
  }

  /// Forgets all nodes, and keeps the memory.
  private mutating func removeNodes() {
    for level in 0..<depth { levels[level].removeAll() }
    depth = 0
    joins.truncate(to: 0)
    lone.truncate(to: 0)
    ends.truncate(to: 0)
  }

  private func hash(_ level: Int, on executor: any Executor) throws(AssayError) -> Results? {
    guard let pairs = levels[level].pairs else { return nil }
    return try executor.execute(rule.batch(pairs, count: levels[level].count, owner: nil))
  }

  /// Lays out the nodes of the paths in `range` of the order and returns how deep they reach. Below the `crown` the first of them
  /// joins nobody.
  private mutating func layOut(_ range: Range<Int>, below crown: Int) -> Int {
    var depth = 0
    for index in range { depth = max(depth, paths[Int(order[index].number)].count) }
    for level in 0..<depth { levels[level].reserve(range.count) }
    self.depth = max(self.depth, depth)
    joins.reserve(range.count)
    let first = range.lowerBound
    var before = first == 0 ? nil : paths[Int(order[first - 1].number)]
    // Nothing of this is written below but through pointers.
    let ends = ends.appendUninitialized(range.count)
    let (paths, order, levels, owners) = (paths.base, order.base, levels, owners)
    let last = range.upperBound &- 1
    for index in range {
      // Paths and their siblings lie all over memory in another order.
      let ahead = paths[Int(order[min(index &+ Self.lookahead, last)].number)]
      var called = ahead.siblings
      let end = called + (32 &* ahead.count &- 1)
      /// Calls for a sibling of the path ahead: one now and then, as more at once would wait for one another.
      @inline(__always) func callAhead() {
        assay_prefetch(called, 1)
        called = called + 32 < end ? called + 32 : end
      }
      assay_prefetch(paths + Int(order[min(index &+ 2 &* Self.lookahead, last)].number), 1)
      let number = UInt32(truncatingIfNeeded: index)
      let path = paths[Int(order[index].number)]
      var meeting = -1
      if let before {
        let sides = path.sides ^ before.sides
        let shorter = min(path.count, before.count) &- 1
        let limit = sides == 0 ? shorter : min(shorter, sides.leadingZeroBitCount)
        var (mine, theirs) = (path.sibling(0), before.sibling(0))
        meeting = 0
        // Above the level where they may have the same pair all siblings and sides are the same.
        while meeting < limit, assay_equal_32(mine, theirs) {
          callAhead()
          meeting &+= 1
          mine -= 32
          theirs -= 32
        }
        if index == first { meeting = min(meeting, crown &- 1) }
      }
      var node = path.start
      var sibling = path.siblings
      var level = path.count &- 1
      while level > meeting {
        callAhead()
        let row = levels[level].append(path.place(node, at: level), sibling: sibling)
        owners[level] = (number, UInt32(truncatingIfNeeded: row))
        node = Reference(.pair, row)
        sibling += 32
        level &-= 1
      }
      if meeting >= 0 {
        let other = owners[meeting]
        let join = joins.append(
          Join(
            sibling: words(sibling), path: number, node: path.place(node, at: meeting), other: other.path,
            row: other.row,
            next: levels[meeting].lastJoin))
        levels[meeting].lastJoin = UInt32(truncatingIfNeeded: join)
      }
      // Only the first path of all has its top from the start; others join, or go on alone.
      ends[index &- first] = End(root: path.root, proof: path.proof, leader: number, row: 0)
      before = path
    }
    return depth
  }

  /// Completes the pairs at `level`, from row `first` on, with the digests of the level below and what paths start from. Paths that
  /// go on alone do so from `firstLone` on.
  private mutating func gather(
    _ level: Int, from operands: Operands, below: Results?, lone firstLone: Int = 0, rows first: Int = 0
  ) {
    let here = levels + level
    let sorted = rule == .sortedKeccak256
    let digests = below?.bytes("digest").map { UnsafeRawPointer($0.baseAddress) } ?? nil
    defer { withExtendedLifetime(below) {} }
    @inline(__always) func value(_ node: Reference) -> UnsafeRawPointer {
      if node.source == Reference.Source.pair.rawValue { return digests.unsafelyUnwrapped + node.position &* 32 }
      return operands.value(node)
    }
    /// Appends the pair of a path that goes on alone.
    func append(_ number: UInt32, _ node: Reference) -> UInt32 {
      let path = paths[Int(order[Int(number)].number)]
      return UInt32(truncatingIfNeeded: here.pointee.append(path.place(node, at: level), sibling: path.sibling(level)))
    }
    let laidOut = here.pointee.count
    // The rule is told apart outside the loop.
    if sorted {
      here.pointee.complete(first..<laidOut, sorted: true, with: value)
    } else {
      here.pointee.complete(first..<laidOut, sorted: false, with: value)
    }
    for index in firstLone..<lone.count {
      lone[index].row = append(lone[index].path, Reference(.pair, Int(lone[index].row)))
    }
    var next = here.pointee.lastJoin
    while next != Join.none {
      let join = joins[Int(next)]
      if here.pointee.holds(Int(join.row), join.node.isOnRight, words(value(join.node)), join.sibling, sorted: sorted) {
        ends.base[Int(join.path)].leader = join.other
      } else {
        lone.append(Lone(path: join.path, row: append(join.path, join.node)))
      }
      next = join.next
    }
    here.pointee.lastJoin = Join.none
    here.pointee.complete(laidOut..<here.pointee.count, sorted: sorted, with: value)
  }

  /// Compares each path's root with `digests`, those of the uppermost level.
  private mutating func settle(_ digests: UnsafeRawPointer, _ constants: UnsafeRawPointer, _ reject: (Int) -> Void) {
    let ends = ends.base
    for index in 0..<lone.count { ends[Int(lone[index].path)].row = lone[index].row }
    for index in 0..<self.ends.count {
      let end = ends[index]
      // Who was joined comes earlier in the order.
      let row = ends[Int(end.leader)].row
      ends[index].row = row
      if !assay_equal_32(digests + Int(row) &* 32, constants + end.root.position &* 32) { reject(Int(end.proof)) }
    }
  }

  /// Forgets all paths, and keeps the memory.
  mutating func removeAll() {
    paths.truncate(to: 0)
    order.truncate(to: 0)
  }

  /// A byte of each of eight siblings from `level` down, the uppermost first; zeros below the path's start.
  private static func bytes(of path: Path, from level: Int) -> UInt64 {
    (level..<level + 8).reduce(0) { sum, level in
      sum << 8 | (level < path.count ? UInt64(path.sibling(level).load(as: UInt8.self)) : 0)
    }
  }
}
