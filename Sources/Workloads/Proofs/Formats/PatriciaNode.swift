/// A node of Ethereum's Merkle-Patricia trie (yellow paper, appendix D), read from canonical RLP.
enum PatriciaNode {
  /// What a node says of a child.
  enum Child {
    /// There is none.
    case none
    /// The child's Keccak-256.
    case hash(UnsafeRawBufferPointer)
    /// The child itself, shorter than 32 bytes.
    case embedded(RLPItem)
  }

  /// Sixteen children, and the value of the key that ends here; the list's payload, checked.
  case branch(UnsafeRawBufferPointer)
  /// A path that all keys below share.
  case `extension`(Nibbles, Child)
  /// The rest of a key, and its value.
  case leaf(Nibbles, UnsafeRawBufferPointer)

  /// Nil when `item` is not a node in canonical form.
  init?(_ item: RLPItem) {
    guard item.isList, let first = RLPItem(firstOf: item.payload) else { return nil }
    let afterFirst = UnsafeRawBufferPointer(rebasing: item.payload[first.encoding.count...])
    guard let second = RLPItem(firstOf: afterFirst) else { return nil }
    guard first.encoding.count + second.encoding.count == item.payload.count else {
      guard Self.isBranch(item.payload) else { return nil }
      self = .branch(item.payload)
      return
    }
    guard !first.isList, let (path, isLeaf) = Nibbles.hexPrefix(first.payload) else { return nil }
    if isLeaf {
      guard !second.isList, !second.payload.isEmpty else { return nil }
      self = .leaf(path, second.payload)
    } else {
      guard path.count > 0, let child = Self.child(second) else { return nil }
      if case .none = child { return nil }
      self = .extension(path, child)
    }
  }

  /// A branch's child, or its value when `index` is 16.
  static func item(_ index: Int, of branch: UnsafeRawBufferPointer) -> RLPItem? {
    if isFullBranch(branch) { return RLPItem(firstOf: UnsafeRawBufferPointer(rebasing: branch[(33 * index)...])) }
    var rest = branch
    for _ in 0..<index {
      guard let item = RLPItem(firstOf: rest) else { return nil }
      rest = UnsafeRawBufferPointer(rebasing: rest[item.encoding.count...])
    }
    return RLPItem(firstOf: rest)
  }

  /// Nil when the item is neither empty, a hash, nor a list shorter than 32 bytes.
  static func child(_ item: RLPItem) -> Child? {
    if item.isList { return item.encoding.count < 32 && item.isCanonical() ? .embedded(item) : nil }
    if item.payload.isEmpty { return Child.none }
    return item.payload.count == 32 ? .hash(item.payload) : nil
  }

  /// The hash of a child of a node that is a full branch.
  static func child(_ index: Int, ofFullBranch node: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let payload = UnsafeRawBufferPointer(rebasing: node[3...])
    return UnsafeRawBufferPointer(rebasing: payload[33 * index + 1..<33 * index + 33])
  }

  /// Whether `node` is the canonical encoding of a branch that has all sixteen children by their hashes and no value.
  static func isFullBranch(node: UnsafeRawBufferPointer) -> Bool {
    guard node.count == 3 + 16 * 33 + 1, node[0] == 0xf9, node[1] == 0x02, node[2] == 0x11 else { return false }
    return isFullBranch(UnsafeRawBufferPointer(rebasing: node[3...]))
  }

  /// Whether there are sixteen hashes and no value: what nearly all branches near the root of a large trie are, and quick to see.
  private static func isFullBranch(_ payload: UnsafeRawBufferPointer) -> Bool {
    guard payload.count == 16 * 33 + 1, payload[16 * 33] == 0x80 else { return false }
    var differences: UInt8 = 0
    for index in 0..<16 { differences |= payload[33 &* index] ^ 0xa0 }
    return differences == 0
  }

  private static func isBranch(_ payload: UnsafeRawBufferPointer) -> Bool {
    if isFullBranch(payload) { return true }
    var rest = payload
    for index in 0..<17 {
      guard let item = RLPItem(firstOf: rest), index < 16 ? child(item) != nil : !item.isList else { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest[item.encoding.count...])
    }
    return rest.isEmpty
  }
}

/// A run of half bytes inside a byte string, the high half of a byte first.
struct Nibbles {
  private let bytes: UnsafeRawBufferPointer
  private var start: Int
  private let end: Int

  /// All half bytes of `bytes`.
  init(_ bytes: UnsafeRawBufferPointer) {
    self.init(bytes, from: 0)
  }

  private init(_ bytes: UnsafeRawBufferPointer, from start: Int) {
    self.bytes = bytes
    self.start = start
    end = 2 * bytes.count
  }

  /// The path that a hex-prefix encoding holds and whether it is a leaf's; nil when it is not canonical.
  static func hexPrefix(_ bytes: UnsafeRawBufferPointer) -> (path: Nibbles, isLeaf: Bool)? {
    guard let first = bytes.first, first >> 4 < 4 else { return nil }
    let isOdd = first >> 4 & 1 == 1
    guard isOdd || first & 15 == 0 else { return nil }
    return (Nibbles(bytes, from: isOdd ? 1 : 2), first >> 4 & 2 != 0)
  }

  var count: Int { end - start }

  /// The first half byte; there must be one.
  var first: Int {
    let byte = bytes[start / 2]
    return Int(start & 1 == 0 ? byte >> 4 : byte & 15)
  }

  /// All but the first `count`.
  func dropFirst(_ count: Int = 1) -> Nibbles {
    var rest = self
    rest.start = min(end, start + count)
    return rest
  }

  /// Whether `other` begins with these.
  func isPrefix(of other: Nibbles) -> Bool {
    guard count <= other.count else { return false }
    var (mine, theirs) = (self, other)
    while mine.count > 0 {
      if mine.start & 1 == 0, theirs.start & 1 == 0 {
        let bytes = UnsafeRawBufferPointer(rebasing: theirs.bytes[theirs.start / 2..<(theirs.start + mine.count) / 2])
        return haveEqualBytes(UnsafeRawBufferPointer(rebasing: mine.bytes[(mine.start / 2)...]), bytes)
      }
      guard mine.first == theirs.first else { return false }
      (mine, theirs) = (mine.dropFirst(), theirs.dropFirst())
    }
    return true
  }
}
