/// The upper parts of paths, which many proofs of one tree have in common.
///
/// Below ``split`` levels from the root nearly every proof is alone; above, a few nodes serve them all. So a path's upper siblings are kept
/// once for all proofs that give the same ones ("suffix"), and where two proofs arrive with the same digest below the same suffix,
/// one of them goes on for both. Both comparisons are of whole contents: what a proof's root would be is unchanged.
final class SharedPaths {
  /// A proof's arrival at its suffix.
  struct Joint: BitwiseCopyable {
    /// The node one level below, or a given value.
    let entry: Reference
    let suffix: UInt32
    /// Once opened: the node at level 0 of the path that goes on.
    var top: Reference
  }

  /// How many levels suffixes have; 0 shares nothing.
  private(set) var split = 0
  @exclusivity(unchecked) private(set) var joints = GrowingBuffer<Joint>()
  @exclusivity(unchecked) private var siblings = GrowingBuffer<UInt8>(capacity: 1 << 12)
  @exclusivity(unchecked) private var sides = GrowingBuffer<UInt64>()
  @exclusivity(unchecked) private var suffixes = DistinctTable()
  @exclusivity(unchecked) private var openings = DistinctTable()

  /// Forgets everything and chooses the split for about `proofs` proofs: about eight of them a suffix, if they are of one tree.
  func removeAll(expecting proofs: Int) {
    split = max(0, Int.bitWidth - 4 - proofs.leadingZeroBitCount)
    joints.truncate(to: 0)
    siblings.truncate(to: 0)
    sides.truncate(to: 0)
    suffixes.removeAll(expecting: 1 << split)
  }

  /// Records that a path goes on from `entry`, a node at level `split`, with the `split` siblings at `start`; its number.
  func join(_ entry: Reference, siblings start: UnsafeRawPointer, sides: UInt64) -> Int {
    var sum = sides
    for level in 0..<split {
      sum = (sum ^ start.loadUnaligned(fromByteOffset: 32 &* level, as: UInt64.self)) &* 0x9e37_79b9_7f4a_7c15
      sum ^= sum >> 29
    }
    let width = 32 * split
    let given = UnsafeRawBufferPointer(start: start, count: width)
    let candidate = UInt32(truncatingIfNeeded: self.sides.count)
    let base = UnsafeRawPointer(siblings.base)
    let known = self.sides.base
    let suffix = suffixes.row(hash: UInt32(truncatingIfNeeded: sum >> 32), candidate: candidate) { row in
      known[Int(row)] == sides
        && haveEqualBytes(UnsafeRawBufferPointer(start: base + Int(row) &* width, count: width), given)
    }
    if suffix == candidate {
      siblings.append(given)
      self.sides.append(sides)
    }
    return joints.append(Joint(entry: entry, suffix: suffix, top: entry))
  }

  /// Opens the suffixes: hands to `path` each distinct pair of an arriving digest and a suffix, with the suffix's siblings and
  /// sides, and keeps the node that it returns for all joints of that pair. `row` gives equal numbers to equal entries.
  func open(
    row: (Reference) -> UInt32, path: (Reference, UnsafeRawBufferPointer, UInt64) -> Reference
  ) {
    openings.removeAll(expecting: sides.count)
    for index in 0..<joints.count {
      let joint = joints[index]
      let entry = row(joint.entry)
      let hash = mixed(UInt64(entry), UInt64(joint.suffix), UInt64(entry) << 32, 0)
      let first = openings.row(hash: hash, candidate: UInt32(truncatingIfNeeded: index)) { other in
        let known = joints[Int(other)]
        return known.suffix == joint.suffix && row(known.entry) == entry
      }
      var opened = joint
      if Int(first) == index {
        let start = siblings.base + Int(joint.suffix) * 32 * split
        let given = UnsafeRawBufferPointer(start: start, count: 32 * split)
        opened.top = path(joint.entry, given, sides[Int(joint.suffix)])
      } else {
        opened.top = joints[Int(first)].top
      }
      joints[index] = opened
    }
  }
}
