public import AssayCore

/// A Merkle tree with all its nodes: the root to publish, and an inclusion proof of every leaf.
public struct MerkleTree: Sendable {
  /// How leaves and nodes are hashed and how the tree is shaped.
  public enum Rule: Sendable, Hashable {
    /// RFC 6962: leaves of any length, hashed as SHA-256(0x00 | leaf); any number of them.
    case rfc6962
    /// SSZ: leaves are chunks of 32 bytes, filled up with zero chunks to 2^`depth`, nil for the next power of two. `mixesLength`
    /// makes it a list: the root is hashed with the number of leaves.
    case ssz(depth: Int?, mixesLength: Bool)
    /// OpenZeppelin's `SimpleMerkleTree`: leaves of 32 bytes, sorted unless `sorted` is false; at least one.
    case sortedKeccak(sorted: Bool)
    /// OpenZeppelin's `StandardMerkleTree`: leaves are ABI encodings, hashed twice, then sorted unless `sorted` is false.
    case standardKeccak(sorted: Bool)
  }

  /// How the tree is made.
  public let rule: Rule
  /// How many leaves it has.
  public let count: Int
  /// The root, 32 bytes.
  public let root: [UInt8]
  /// The leaves as the proofs take them: data, chunks, hashes or encodings.
  private let leaves: [[UInt8]]
  /// Each row's nodes end to end, the leaves first. In OpenZeppelin's trees one row: all nodes as a heap, the root first.
  private let rows: [[UInt8]]
  /// For each leaf, its position in the heap.
  private let positions: [Int]
  /// SSZ's depth.
  private let depth: Int

  /// The deepest SSZ tree: a leaf's generalized index, with a length mixed in, must stay below 2^63.
  public static let depthLimit = 61

  /// Builds the tree of `leaves` with the hash operations of `executor`.
  ///
  /// - Throws: ``AssayError`` of kind `input` when a leaf does not have the length that the rule asks for, or there are too many or too
  ///   few leaves.
  public init(_ rule: Rule, leaves: [[UInt8]], on executor: any Executor) throws(AssayError) {
    self.rule = rule
    self.leaves = leaves
    count = leaves.count
    switch rule {
    case .rfc6962:
      rows = try Self.rfc6962Rows(leaves, on: executor)
      root = rows.last.map { Array($0.prefix(32)) } ?? RFC6962SubtreeConsistency.emptyRoot
      positions = []
      depth = 0
    case .ssz(let depth, let mixesLength):
      try Self.checkLengths(leaves)
      self.depth = try Self.sszDepth(depth, count: leaves.count)
      rows = try Self.sszRows(leaves, depth: self.depth, on: executor)
      let top = Array((rows.last ?? []).prefix(32))
      root = mixesLength ? try PairRule.sha256.parent(of: top + Self.lengthChunk(leaves.count), on: executor) : top
      positions = []
    case .sortedKeccak(let sorted), .standardKeccak(let sorted):
      var hashes = leaves
      if case .standardKeccak = rule {
        let inner = try Operation.keccak256Message.digests(of: leaves, on: executor)
        hashes = Self.nodes(try Operation.keccak256Message.digests(of: Self.nodes(inner), on: executor))
      }
      try Self.checkLengths(hashes)
      guard !hashes.isEmpty else { throw AssayError(.input, "An OpenZeppelin tree has at least one leaf.") }
      let heap = try Self.heap(hashes, sorted: sorted, on: executor)
      rows = [heap.nodes]
      positions = heap.positions
      root = Array(heap.nodes.prefix(32))
      depth = 0
    }
  }

  /// The siblings of leaf `index` from the leaf to the root; nil when there is no such leaf.
  public func path(_ index: Int) -> MerklePath? {
    guard leaves.indices.contains(index) else { return nil }
    var path: [UInt8] = []
    switch rule {
    case .rfc6962:
      var position = index
      for row in rows.dropLast() {
        path += Self.node(position ^ 1, of: row) ?? []
        position /= 2
      }
    case .ssz(_, let mixesLength):
      var position = index
      for level in 0..<depth {
        path += Self.node(position ^ 1, of: rows[level]) ?? ZeroHashes.all[level][...]
        position /= 2
      }
      if mixesLength { path += Self.lengthChunk(count) }
    case .sortedKeccak, .standardKeccak:
      var position = positions[index]
      while position > 0 {
        path += Self.node(position % 2 == 1 ? position + 1 : position - 1, of: rows[0]) ?? []
        position = (position - 1) / 2
      }
    }
    return MerklePath(packed: path)
  }

  /// The inclusion proof of leaf `index`; nil when there is no such leaf.
  public func proof(_ index: Int) -> MerkleProof? {
    guard let path = path(index) else { return nil }
    let leaf = leaves[index]
    switch rule {
    case .rfc6962:
      return .rfc6962Inclusion(
        RFC6962Inclusion(leaf: .data(leaf), index: UInt64(index), treeSize: UInt64(count), path: path, root: root))
    case .ssz(_, let mixesLength):
      let generalizedIndex = 1 << UInt64(mixesLength ? depth + 1 : depth) + UInt64(index)
      return .ssz(SSZProof(leaf: leaf, generalizedIndex: generalizedIndex, path: path, root: root))
    case .sortedKeccak: return .sortedKeccak(SortedKeccakProof(leaf: .hash(leaf), path: path, root: root))
    case .standardKeccak: return .sortedKeccak(SortedKeccakProof(leaf: .encoded(leaf), path: path, root: root))
    }
  }

  // MARK: - Building

  /// A row's last node without a partner moves up as it is.
  private static func rfc6962Rows(_ leaves: [[UInt8]], on executor: any Executor) throws(AssayError) -> [[UInt8]] {
    guard !leaves.isEmpty else { return [] }
    var rows = [try Operation.sha256Message.digests(prefix: [0x00], of: leaves, on: executor)]
    while let row = rows.last, row.count > 32 {
      var next = try PairRule.rfc6962.parents(of: row, on: executor)
      if row.count % 64 != 0 { next += row.suffix(32) }
      rows.append(next)
    }
    return rows
  }

  /// A row's last node without a partner is paired with the root of zero chunks.
  private static func sszRows(
    _ leaves: [[UInt8]], depth: Int, on executor: any Executor
  ) throws(AssayError) -> [[UInt8]] {
    var rows = [leaves.isEmpty ? ZeroHashes.all[0] : Array(leaves.joined())]
    for level in 0..<depth {
      var row = rows[level]
      if row.count % 64 != 0 { row += ZeroHashes.all[level] }
      rows.append(try PairRule.sha256.parents(of: row, on: executor))
    }
    return rows
  }

  private static func sszDepth(_ depth: Int?, count: Int) throws(AssayError) -> Int {
    let needed = count < 2 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
    guard let depth else { return needed }
    guard needed...depthLimit ~= depth else {
      throw AssayError(
        .input, "A tree of depth \(depth) does not hold \(count) leaves.",
        advice: "Depths from \(needed) to \(depthLimit) do.")
    }
    return depth
  }

  /// The heap of `makeMerkleTree`: 2n - 1 nodes, the first leaf last.
  private static func heap(
    _ hashes: [[UInt8]], sorted: Bool, on executor: any Executor
  ) throws(AssayError) -> (nodes: [UInt8], positions: [Int]) {
    let order =
      sorted ? hashes.indices.sorted { hashes[$0].lexicographicallyPrecedes(hashes[$1]) } : Array(hashes.indices)
    let last = 2 * hashes.count - 2
    var nodes = [UInt8](repeating: 0, count: (last + 1) * 32)
    var positions = [Int](repeating: 0, count: hashes.count)
    for (rank, index) in order.enumerated() {
      positions[index] = last - rank
      nodes.replaceSubrange((last - rank) * 32..<(last - rank + 1) * 32, with: hashes[index])
    }
    // Inner nodes whose children are complete, one row of the heap at a time from below.
    var end = hashes.count - 1
    while end > 0 {
      let start = Self.rowStart(of: end - 1)
      let children = Array(nodes[(2 * start + 1) * 32..<(2 * end + 1) * 32])
      nodes.replaceSubrange(
        start * 32..<end * 32, with: try PairRule.sortedKeccak256.parents(of: children, on: executor))
      end = start
    }
    return (nodes, positions)
  }

  /// The first position of the heap row that `position` is in.
  private static func rowStart(of position: Int) -> Int {
    1 << (Int.bitWidth - 1 - (position + 1).leadingZeroBitCount) - 1
  }

  private static func checkLengths(_ leaves: [[UInt8]]) throws(AssayError) {
    guard let wrong = leaves.firstIndex(where: { $0.count != 32 }) else { return }
    throw AssayError(.input, "Leaf \(wrong + 1) has \(leaves[wrong].count) bytes where 32 are needed.")
  }

  private static func lengthChunk(_ count: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(count).littleEndian) { Array($0) } + [UInt8](repeating: 0, count: 24)
  }

  private static func node(_ position: Int, of row: [UInt8]) -> ArraySlice<UInt8>? {
    (position + 1) * 32 <= row.count ? row[position * 32..<(position + 1) * 32] : nil
  }

  private static func nodes(_ row: [UInt8]) -> [[UInt8]] {
    (0..<row.count / 32).map { Array(row[$0 * 32..<($0 + 1) * 32]) }
  }
}

extension PairRule {
  func parents(of nodes: [UInt8], on executor: any Executor) throws(AssayError) -> [UInt8] {
    let column = Column(bytes: nodes)
    return try withExtendedLifetime(column) { () throws(AssayError) in try parents(of: column.bytes, on: executor) }
  }

  func parent(of pair: [UInt8], on executor: any Executor) throws(AssayError) -> [UInt8] {
    try parents(of: pair, on: executor)
  }
}

/// The roots of SSZ trees of zero chunks, by depth.
enum ZeroHashes {
  static let all: [[UInt8]] = {
    var hashes = [[UInt8](repeating: 0, count: 32)]
    for depth in 0..<MerkleTree.depthLimit {
      hashes.append((hashes[depth] + hashes[depth]).withUnsafeBytes { SHA256.digest($0) })
    }
    return hashes
  }()
}
