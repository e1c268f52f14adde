/// The nodes of paths at one distance from the root: pairs of which one half is a sibling that a proof gives, and the other the
/// digest of the node below.
///
/// Siblings are laid down where the pair will be hashed, so that hashing a level only adds the other half. A plain value, so that
/// filling many levels at once costs no reference counting; ``SharedPaths`` frees its memory, and makes room before it adds.
struct PathLevel: BitwiseCopyable {
  /// How many bytes a pair has.
  static let stride = 64

  /// The pairs end to end.
  private(set) var pairs: UnsafeMutableRawPointer?
  /// What belongs in each pair's other half, and on which side.
  private var nodes: UnsafeMutablePointer<Reference>?
  /// How many pairs there are.
  private(set) var count = 0
  /// The last path that may join another one here; ``SharedPaths/Join/none`` when there is none.
  var lastJoin = SharedPaths.Join.none
  private var capacity = 0

  /// Appends a pair, for which there must be room, and returns its row.
  @inline(__always)
  mutating func append(_ node: Reference, sibling: UnsafeRawPointer) -> Int {
    let row = count
    let pair = pairs.unsafelyUnwrapped + row &* Self.stride
    (pair + (node.isOnRight ? 0 : 32)).storeBytes(of: words(sibling), as: Words.self)
    nodes.unsafelyUnwrapped[row] = node
    count = row &+ 1
    return row
  }

  /// Puts the other half into the pairs of `rows`: what their nodes are, by `value`. The smaller half goes first when `sorted`.
  @inline(__always)
  func complete(_ rows: Range<Int>, sorted: Bool, with value: (Reference) -> UnsafeRawPointer) {
    guard let pairs, let nodes else { return }
    for row in rows {
      let node = nodes[row]
      let pair = pairs + row &* Self.stride
      let digest = words(value(node))
      if !sorted {
        (pair + (node.isOnRight ? 32 : 0)).storeBytes(of: digest, as: Words.self)
      } else {
        Self.sort(digest, words(pair + 32), into: pair)
      }
    }
  }

  /// Whether the pair in `row` is `node`, on the right or left, and `sibling`.
  @inline(__always)
  func holds(_ row: Int, _ isOnRight: Bool, _ node: Words, _ sibling: Words, sorted: Bool) -> Bool {
    let pair = UnsafeRawPointer(pairs.unsafelyUnwrapped + row &* Self.stride)
    let isSwapped = sorted ? exceeds(node, sibling) : isOnRight
    return !differ(words(pair + (isSwapped ? 32 : 0)), node) && !differ(words(pair + (isSwapped ? 0 : 32)), sibling)
  }

  /// Forgets the pairs, and keeps the memory.
  mutating func removeAll() {
    count = 0
    lastJoin = SharedPaths.Join.none
  }

  /// Makes room for `rows` more pairs.
  mutating func reserve(_ rows: Int) {
    guard count + rows > capacity else { return }
    let larger = max(2 * capacity, count + rows)
    let newPairs = UnsafeMutableRawPointer.allocate(byteCount: larger * Self.stride, alignment: 64)
    let newNodes = UnsafeMutablePointer<Reference>.allocate(capacity: larger)
    if let pairs, let nodes {
      newPairs.copyMemory(from: pairs, byteCount: count * Self.stride)
      newNodes.update(from: nodes, count: count)
    }
    deallocate()
    pairs = newPairs
    nodes = newNodes
    capacity = larger
  }

  func deallocate() {
    pairs?.deallocate()
    nodes?.deallocate()
  }

  @inline(__always)
  private static func sort(_ one: Words, _ other: Words, into pair: UnsafeMutableRawPointer) {
    let isSwapped = exceeds(one, other)
    pair.storeBytes(of: isSwapped ? other : one, as: Words.self)
    pair.storeBytes(of: isSwapped ? one : other, toByteOffset: 32, as: Words.self)
  }
}
