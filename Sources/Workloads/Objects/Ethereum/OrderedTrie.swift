import AssayProofs

/// The Merkle-Patricia trie of a list: from RLP(index) to the list's items (yellow paper, appendix D).
enum OrderedTrie {
  /// Asks for the root: the nodes of one height of all lists are hashed in one batch.
  static func root(of items: [[UInt8]], in work: ObjectWork, then receive: @escaping ([UInt8]) -> Void) {
    let entries = items.enumerated().map { index, item in
      let key = RLPWriter.integer(UInt64(index).bigEndianBytes)
      return Entry(nibbles: key.flatMap { [$0 >> 4, $0 & 15] }, value: item)
    }.sorted { $0.nibbles.lexicographicallyPrecedes($1.nibbles) }
    guard !entries.isEmpty else { return work.digest(.keccak256, of: [0x80], then: receive) }
    let root = Node(entries[...], depth: 0)
    var levels: [[Node]] = []
    root.collect(into: &levels)
    hash(levels[...], in: work) { work.digest(.keccak256, of: root.encoding, then: receive) }
  }

  /// Encodes and hashes the lowest level, then those above.
  private static func hash(_ levels: ArraySlice<[Node]>, in work: ObjectWork, then done: @escaping () -> Void) {
    guard let lowest = levels.first else { return done() }
    for node in lowest { node.encode() }
    let large = lowest.filter { $0.encoding.count >= 32 }
    work.digests(.keccak256, of: large.map(\.encoding)) { digests in
      for (node, digest) in zip(large, digests) { node.reference = RLPWriter.string(digest) }
      hash(levels.dropFirst(), in: work, then: done)
    }
  }

  private struct Entry {
    let nibbles: [UInt8]
    let value: [UInt8]
  }

  /// A node with all that is below it. `entries` are sorted and differ from nibble `depth` on.
  private final class Node {
    private enum Kind {
      case leaf(path: ArraySlice<UInt8>, value: [UInt8])
      case `extension`(path: ArraySlice<UInt8>, child: Node)
      case branch([Node?], value: [UInt8])
    }

    private let kind: Kind
    private(set) var encoding: [UInt8] = []
    /// What a parent holds: the node itself below 32 bytes, else its hash.
    var reference: [UInt8] = []

    init(_ entries: ArraySlice<Entry>, depth: Int) {
      let first = entries[entries.startIndex].nibbles
      guard entries.count > 1 else {
        kind = .leaf(path: first[depth...], value: entries[entries.startIndex].value)
        return
      }
      // Sorted, so what the first and the last share, all share.
      let last = entries[entries.endIndex - 1].nibbles
      var common = depth
      while common < min(first.count, last.count), first[common] == last[common] { common += 1 }
      if common > depth {
        kind = .extension(path: first[depth..<common], child: Node(entries, depth: common))
        return
      }
      var children: [Node?] = []
      var rest = entries
      var value: [UInt8] = []
      if first.count == depth {
        value = rest.removeFirst().value
      }
      for nibble in UInt8(0)..<16 {
        let members = rest.prefix { $0.nibbles[depth] == nibble }
        children.append(members.isEmpty ? nil : Node(members, depth: depth + 1))
        rest = rest.dropFirst(members.count)
      }
      kind = .branch(children, value: value)
    }

    /// Adds the node and those below it to the levels, counted from the leaves; returns its height.
    @discardableResult
    func collect(into levels: inout [[Node]]) -> Int {
      var height = 0
      switch kind {
      case .leaf: break
      case .extension(_, let child): height = child.collect(into: &levels) + 1
      case .branch(let children, _):
        for child in children { if let child { height = max(height, child.collect(into: &levels) + 1) } }
      }
      while levels.count <= height { levels.append([]) }
      levels[height].append(self)
      return height
    }

    /// Encodes the node; everything below it has its reference.
    func encode() {
      switch kind {
      case .leaf(let path, let value):
        encoding = RLPWriter.list([RLPWriter.string(Self.compact(path, isLeaf: true)), RLPWriter.string(value)])
      case .extension(let path, let child):
        encoding = RLPWriter.list([RLPWriter.string(Self.compact(path, isLeaf: false)), child.reference])
      case .branch(let children, let value):
        encoding = RLPWriter.list(children.map { $0?.reference ?? [0x80] } + [RLPWriter.string(value)])
      }
      reference = encoding
    }

    /// Half bytes with the flag in front (hex-prefix encoding, appendix C).
    private static func compact(_ path: ArraySlice<UInt8>, isLeaf: Bool) -> [UInt8] {
      let flag: UInt8 = isLeaf ? 2 : 0
      let isOdd = path.count % 2 == 1
      let nibbles = (isOdd ? [flag + 1] : [flag, 0]) + path
      return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
    }
  }
}
