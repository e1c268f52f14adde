/// The nodes of paths at one distance from the root: pairs of which one half is a sibling that a proof gives, and the other the
/// digest of the node below.
///
/// Siblings are laid down where the pair will be hashed, so that hashing a level only adds the other half. A plain value, so that
/// filling many levels at once costs no reference counting; ``SharedPaths`` frees its memory.
struct PathLevel: BitwiseCopyable {
  /// How many bytes a pair has.
  static let stride = 64

  /// The pairs end to end.
  private(set) var pairs: UnsafeMutableRawPointer?
  /// What belongs in each pair's other half, and on which side.
  private(set) var nodes: UnsafeMutablePointer<Reference>?
  /// How many pairs there are.
  private(set) var count = 0
  /// The last path that may join another one here; ``SharedPaths/Join/none`` when there is none.
  var lastJoin = SharedPaths.Join.none
  private var capacity = 0

  /// Appends a pair and returns its row.
  @inline(__always)
  mutating func append(_ node: Reference, sibling: UnsafeRawPointer) -> Int {
    if count == capacity { grow() }
    let row = count
    let pair = pairs.unsafelyUnwrapped + row &* Self.stride
    (pair + (node.isOnRight ? 0 : 32)).storeBytes(of: words(sibling), as: Words.self)
    nodes.unsafelyUnwrapped[row] = node
    count = row &+ 1
    return row
  }

  /// Takes back the pair appended last.
  mutating func removeLast() { count &-= 1 }

  /// Puts `value` into the other half of the pair in `row`; the smaller half goes first when `sorted`.
  @inline(__always)
  func complete(_ row: Int, with value: UnsafeRawPointer, sorted: Bool) {
    let pair = pairs.unsafelyUnwrapped + row &* Self.stride
    let value = words(value)
    (pair + (nodes.unsafelyUnwrapped[row].isOnRight ? 32 : 0)).storeBytes(of: value, as: Words.self)
    guard sorted else { return }
    let sibling = words(pair + 32)
    if exceeds(value, sibling) {
      pair.storeBytes(of: sibling, as: Words.self)
      pair.storeBytes(of: value, toByteOffset: 32, as: Words.self)
    }
  }

  /// Whether two rows hold the same pair.
  @inline(__always)
  func areEqual(_ one: Int, _ other: Int) -> Bool {
    let one = UnsafeRawPointer(pairs.unsafelyUnwrapped + one &* Self.stride)
    let other = UnsafeRawPointer(pairs.unsafelyUnwrapped + other &* Self.stride)
    return !differ(words(one), words(other)) && !differ(words(one + 32), words(other + 32))
  }

  /// Forgets the pairs, and keeps the memory.
  mutating func removeAll() {
    count = 0
    lastJoin = SharedPaths.Join.none
  }

  func deallocate() {
    pairs?.deallocate()
    nodes?.deallocate()
  }

  private mutating func grow() {
    let larger = max(64, capacity * 4)
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
}
