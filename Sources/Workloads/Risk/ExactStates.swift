/// Exact states of many totals in little memory. A state is 35 words (see the operation `exact_sum`), but a total of ordinary numbers
/// fills three or four of them: below it are zeros, above it copies of its sign.
struct ExactStates: Sendable {
  /// The words of a state: a number of 34 words in two's complement, lowest first, and one of flags.
  private static let limbs = 34
  /// The bytes of a state.
  static let bytes = 8 * (limbs + 1)

  /// Where a total's words lie in `words`, and what is left out of them.
  private struct Entry: Sendable {
    var place: UInt64 = 0
    /// How many words there are, and how many there is room for.
    var count: UInt8 = 0, room: UInt8 = 0
    /// How many zeros lie below.
    var zeros: UInt8 = 0
    /// The flags in the lower three bits; the sign of what lies above in the next.
    var flags: UInt8 = 0
  }

  private static let sign: UInt8 = 8
  private var entries: [Entry] = []
  private var words: [UInt64] = []
  /// Words that no entry uses any more.
  private var unused = 0

  /// How many bytes all of it takes.
  var storedBytes: Int { entries.count * MemoryLayout<Entry>.stride + words.count * MemoryLayout<UInt64>.stride }

  /// Appends totals of nothing up to `count`.
  mutating func grow(to count: Int) {
    guard count > entries.count else { return }
    entries.append(contentsOf: repeatElement(Entry(), count: count - entries.count))
  }

  /// Whether total `index` is that of nothing.
  func isEmpty(_ index: Int) -> Bool { entries[index].count == 0 && entries[index].flags == 0 }

  /// Appends the state of total `index` to `target`, lowest byte first.
  func append(_ index: Int, to target: inout [UInt8]) {
    let entry = entries[index]
    let above: UInt64 = entry.flags & Self.sign == 0 ? 0 : .max
    for limb in 0..<Self.limbs {
      let place = limb - Int(entry.zeros)
      let word = place < 0 ? 0 : place < Int(entry.count) ? words[Int(entry.place) + place] : above
      withUnsafeBytes(of: word.littleEndian) { target.append(contentsOf: $0) }
    }
    withUnsafeBytes(of: UInt64(entry.flags & ~Self.sign).littleEndian) { target.append(contentsOf: $0) }
  }

  /// Sets total `index` to a state of ``bytes`` bytes.
  mutating func set(_ index: Int, to state: UnsafeRawBufferPointer) {
    func word(_ limb: Int) -> UInt64 {
      UInt64(littleEndian: state.loadUnaligned(fromByteOffset: 8 * limb, as: UInt64.self))
    }
    let above: UInt64 = word(Self.limbs - 1) >> 63 == 0 ? 0 : .max
    var (low, end) = (0, Self.limbs)
    while end > 0, word(end - 1) == above { end -= 1 }
    while low < end, word(low) == 0 { low += 1 }
    var entry = entries[index]
    (entry.count, entry.zeros) = (UInt8(end - low), UInt8(low))
    entry.flags = UInt8(truncatingIfNeeded: word(Self.limbs)) | (above == 0 ? 0 : Self.sign)
    if entry.count > entry.room {
      unused += Int(entry.room)
      (entry.place, entry.room) = (UInt64(words.count), entry.count)
      words.append(contentsOf: repeatElement(0, count: end - low))
    }
    for limb in low..<end { words[Int(entry.place) + limb - low] = word(limb) }
    entries[index] = entry
    if unused > words.count / 2, unused > 1 << 16 { compact() }
  }

  /// Sets total `index` to what total `other` of `states` is.
  mutating func copy(_ index: Int, from other: Int, of states: ExactStates) {
    var entry = states.entries[other]
    let part = states.words[Int(entry.place)..<Int(entry.place) + Int(entry.count)]
    unused += Int(entries[index].room)
    (entry.place, entry.room) = (UInt64(words.count), entry.count)
    words.append(contentsOf: part)
    entries[index] = entry
  }

  /// Moves the words that are used together.
  private mutating func compact() {
    var moved: [UInt64] = []
    moved.reserveCapacity(words.count - unused)
    for index in entries.indices {
      let entry = entries[index]
      entries[index].place = UInt64(moved.count)
      entries[index].room = entry.count
      moved.append(contentsOf: words[Int(entry.place)..<Int(entry.place) + Int(entry.count)])
    }
    (words, unused) = (moved, 0)
  }
}
