import AssayCore
import CAssayOperations

/// Where to find the digests of a message layer once it is hashed.
struct MessageDigests {
  let digests: UnsafeRawPointer?
  let rows: UnsafeMutablePointer<UInt32>?

  @inline(__always)
  func digest(_ position: Int) -> UnsafeRawPointer {
    digests.unsafelyUnwrapped + Int(rows.unsafelyUnwrapped[position]) &* 32
  }
}

/// The messages of all proofs at one distance from the root that are hashed with the same function. Equal messages are kept and
/// hashed once.
///
/// A message is built piece by piece between `append` calls and ``finish()``. One that contains digests of other nodes waits as
/// a template until those are known.
struct MessageLayer: ~Copyable {
  /// A part of a message that waits: bytes of ``pieceBytes``, or a digest.
  private struct Piece: BitwiseCopyable {
    let digest: Reference?
    let offset: Int
    let count: Int
  }

  private struct Template: BitwiseCopyable {
    let position: Int
    let firstPiece: Int
    let endPiece: Int
  }

  private var bytes = GrowingBuffer<UInt8>(capacity: 4096)
  private var offsets = GrowingBuffer<Int64>()
  private var rows = GrowingBuffer<UInt32>()
  /// Of each distinct message, whether it is one of the nodes that ``PatriciaNode`` follows without parsing them. Known while its bytes
  /// are at hand: a walk through them later would have to fetch them all again.
  private var fullBranches = GrowingBuffer<Bool>()
  private var table = DistinctTable()
  private var pieces = GrowingBuffer<Piece>()
  private var pieceBytes = GrowingBuffer<UInt8>()
  private var templates = GrowingBuffer<Template>()
  private var results: Results?
  /// The digests of ``results``.
  private var hashed: UnsafeRawPointer?

  init() { offsets.append(0) }

  /// How many messages were added.
  var count: Int { rows.count }
  /// How many bytes the layer holds.
  var byteCount: Int { bytes.count + pieceBytes.count }
  /// The digests, by position.
  var digests: MessageDigests { MessageDigests(digests: hashed, rows: rows.base) }

  /// Adds a message of given bytes and returns its position.
  mutating func add(prefix: UInt8? = nil, _ message: UnsafeRawBufferPointer) -> Int {
    let row = row(of: message, behind: prefix)
    if Int(row) == distinct {
      if let prefix { bytes.append(prefix) }
      bytes.append(message)
      offsets.append(Int64(bytes.count))
      fullBranches.append(prefix == nil && PatriciaNode.isFullBranch(node: message))
    }
    return rows.append(row)
  }

  /// Whether the message at `position` is a branch that has all sixteen children by their hashes and no value.
  func isFullBranch(_ position: Int) -> Bool { fullBranches[Int(rows[position])] }

  /// The bytes of the message at `position`, valid until another is added.
  func message(_ position: Int) -> UnsafeRawBufferPointer { content(Int(rows[position])) }

  /// The row of the message at `position`: the same for equal messages.
  func row(_ position: Int) -> Int { Int(rows[position]) }

  /// Appends bytes to the template that ``finishTemplate()`` ends.
  mutating func appendPiece(_ part: UnsafeRawBufferPointer) {
    pieces.append(Piece(digest: nil, offset: pieceBytes.count, count: part.count))
    pieceBytes.append(part)
  }

  /// Appends a digest to the template that ``finishTemplate()`` ends.
  mutating func appendPiece(_ digest: Reference) {
    pieces.append(Piece(digest: digest, offset: 0, count: 32))
  }

  /// Ends a message made of the pieces appended since the last one, and returns its position.
  mutating func finishTemplate() -> Int {
    let first = templates.count == 0 ? 0 : templates[templates.count - 1].endPiece
    let position = rows.append(0)
    templates.append(Template(position: position, firstPiece: first, endPiece: pieces.count))
    return position
  }

  /// Fills in the digests that messages of this layer wait for.
  mutating func resolve(from operands: Operands) {
    for index in 0..<templates.count {
      let template = templates[index]
      for pieceIndex in template.firstPiece..<template.endPiece {
        let piece = pieces[pieceIndex]
        let start = piece.digest.map(operands.value) ?? UnsafeRawPointer(pieceBytes.base + piece.offset)
        bytes.append(UnsafeRawBufferPointer(start: start, count: piece.count))
      }
      // The message lies where the next distinct one belongs, and stays there if it is one.
      let start = Int(offsets[distinct])
      let row = row(of: UnsafeRawBufferPointer(start: bytes.base + start, count: bytes.count - start), behind: nil)
      rows[template.position] = row
      if Int(row) == distinct {
        offsets.append(Int64(bytes.count))
        fullBranches.append(false)
      } else {
        bytes.truncate(to: start)
      }
    }
  }

  /// Hashes the distinct messages.
  mutating func hash(_ operation: Operation, on executor: any Executor) throws(AssayError) {
    let column = Column(
      borrowing: bytes.base, offsets: offsets.base, count: distinct, as: .message, owner: nil)
    let results = try executor.execute(Batch(operation, [column]))
    self.results = results
    hashed = UnsafeRawPointer(results.bytes("digest")?.baseAddress)
  }

  /// Forgets the messages, and keeps the memory.
  mutating func removeAll() {
    table.removeAll(expecting: distinct)
    bytes.truncate(to: 0)
    offsets.truncate(to: 1)
    fullBranches.truncate(to: 0)
    rows.truncate(to: 0)
    pieces.truncate(to: 0)
    pieceBytes.truncate(to: 0)
    templates.truncate(to: 0)
    results = nil
    hashed = nil
  }

  /// How many distinct messages there are.
  private var distinct: Int { offsets.count - 1 }

  private func content(_ row: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: bytes.base + Int(offsets[row]), count: Int(offsets[row + 1] - offsets[row]))
  }

  /// The row of the distinct message that is `prefix` and `message`; ``distinct`` for one that is new.
  private mutating func row(of message: UnsafeRawBufferPointer, behind prefix: UInt8?) -> UInt32 {
    let given = prefix == nil ? 0 : 1
    let (bytes, offsets) = (bytes.base, offsets.base)
    return table.row(hash: Self.sampled(message), candidate: UInt32(truncatingIfNeeded: distinct)) { row in
      let known = offsets[Int(row)]
      guard Int(offsets[Int(row) + 1] &- known) == given &+ message.count else { return false }
      if let prefix, bytes[Int(known)] != prefix { return false }
      guard let start = message.baseAddress else { return true }
      return assay_equal(bytes + Int(known) + given, start, message.count)
    }
  }

  /// Mixes the length and up to nine words spread over the message.
  private static func sampled(_ message: UnsafeRawBufferPointer) -> UInt32 {
    var sum = UInt64(message.count) &* 0x9e37_79b9_7f4a_7c15
    guard message.count >= 8 else {
      for byte in message { sum = (sum ^ UInt64(byte)) &* 0xc2b2_ae3d_27d4_eb4f }
      return UInt32(truncatingIfNeeded: sum >> 32)
    }
    let last = message.count &- 8
    let step = max(8, last >> 3)
    // Two sums, so that one multiplication need not wait for the other.
    var (other, offset) = (sum, 0)
    while offset < last {
      sum = (sum ^ message.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0xc2b2_ae3d_27d4_eb4f
      sum = (sum << 31) | (sum >> 33)
      (sum, other) = (other, sum)
      offset &+= step
    }
    sum ^= message.loadUnaligned(fromByteOffset: last, as: UInt64.self)
    sum = (sum ^ (other << 17 | other >> 47)) &* 0xc2b2_ae3d_27d4_eb4f
    return UInt32(truncatingIfNeeded: sum >> 32)
  }
}

/// Whether two byte ranges hold the same.
@inline(__always)
func haveEqualBytes(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
  guard a.count == b.count, let left = a.baseAddress, let right = b.baseAddress else { return a.count == b.count }
  return assay_equal(left, right, a.count)
}
