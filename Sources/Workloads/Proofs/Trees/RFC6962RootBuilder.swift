public import AssayCore

/// The RFC 6962 root of a stream of rows, such as the canonical result rows of a price run, and if wanted the path of one of them, in
/// memory that grows with the logarithm of their number.
///
/// Rows are hashed in the batches in which they come; the root does not depend on where batches are cut.
public struct RFC6962RootBuilder: Sendable {
  /// How many rows were appended.
  public private(set) var count = 0
  /// By height, at most one node whose sibling has not come yet.
  private var waiting: [[UInt8]] = []
  /// The row whose path is wanted.
  private let index: Int?
  /// Its siblings so far, from the leaf up.
  private var siblings: [UInt8] = []
  private let executor: any Executor

  /// A builder without rows; it keeps the path of row `index`, from 0, where that is given.
  public init(on executor: any Executor, proving index: Int? = nil) {
    self.executor = executor
    self.index = index
  }

  /// Appends rows, each one leaf.
  public mutating func append(_ rows: some Collection<[UInt8]>) throws(AssayError) {
    guard !rows.isEmpty else { return }
    try append(leafHashes: Operation.sha256Message.digests(prefix: [0x00], of: rows, on: executor))
  }

  /// Appends rows by their leaf hashes, 32 bytes each, end to end.
  public mutating func append(leafHashes: [UInt8]) throws(AssayError) {
    var nodes = leafHashes
    var height = 0
    // The position, in its row of the tree, of the first node that is new or waits.
    var first = count & ~1
    count += leafHashes.count / 32
    while !nodes.isEmpty {
      if height == waiting.count { waiting.append([]) }
      nodes = waiting[height] + nodes
      waiting[height] = Array(nodes.suffix(nodes.count % 64))
      noteSibling(among: nodes, from: first, height: height)
      nodes = try PairRule.rfc6962.parents(of: nodes, on: executor)
      height += 1
      first = first >> 1 & ~1
    }
  }

  /// The root of the rows so far, 32 bytes; SHA-256 of nothing when there are none.
  public func root() throws(AssayError) -> [UInt8] { try fold().root }

  /// The siblings, from the leaf to the root, of the row whose path is wanted; nil when it has not come.
  public func path() throws(AssayError) -> MerklePath? {
    guard let index, 0..<count ~= index else { return nil }
    return MerklePath(packed: try fold().path)
  }

  /// The hashes of leaves, SHA-256(0x00 | leaf), 32 bytes each, end to end, in one batch. The leaves are parts of `text`.
  public static func leafHashes(
    of leaves: [Range<Int>], in text: UnsafeRawBufferPointer, on executor: any Executor
  ) throws(AssayError) -> [UInt8] {
    guard !leaves.isEmpty else { return [] }
    let tableBytes = (leaves.count + 1) * 8
    let memory = Memory(byteCount: leaves.reduce(tableBytes + leaves.count) { $0 + $1.count })
    let offsets = memory.start.bindMemory(to: Int64.self, capacity: leaves.count + 1)
    let messages = memory.start + tableBytes
    var end = 0
    for (row, leaf) in leaves.enumerated() {
      // Memory comes zeroed: the prefix is there.
      UnsafeMutableRawBufferPointer(start: messages + end + 1, count: leaf.count)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: text[leaf]))
      end += 1 + leaf.count
      offsets[row + 1] = Int64(end)
    }
    let column = Column(borrowing: messages, offsets: offsets, count: leaves.count, as: .message, owner: memory)
    let results = try executor.execute(Batch(.sha256Message, [column]))
    return withExtendedLifetime(results) { results.bytes("digest").map { Array($0) } ?? [] }
  }

  /// Keeps the sibling of the wanted row's ancestor, where the pair of the two is complete now.
  private mutating func noteSibling(among nodes: [UInt8], from first: Int, height: Int) {
    guard let index, index >= 0 else { return }
    let sibling = (index >> height ^ 1) - first
    guard sibling >= 0, sibling | 1 < nodes.count / 32 else { return }
    siblings += nodes[sibling * 32..<sibling * 32 + 32]
  }

  /// Joins the waiting nodes, the smallest and rightmost first.
  private func fold() throws(AssayError) -> (root: [UInt8], path: [UInt8]) {
    var top: [UInt8] = []
    var path = siblings
    for (height, node) in waiting.enumerated() where !node.isEmpty {
      guard !top.isEmpty else {
        top = node
        continue
      }
      // The node covers 2^height leaves, up to where `top` begins.
      let end = (count >> height) << height
      if let index, index >= end - (1 << height) { path += index < end ? top : node }
      top = try PairRule.rfc6962.parent(of: node + top, on: executor)
    }
    return (top.isEmpty ? RFC6962SubtreeConsistency.emptyRoot : top, path)
  }
}
