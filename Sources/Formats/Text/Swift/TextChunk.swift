public import AssayCore
import CAssayText

/// Whole records of a text input, a few hundred kilobytes at a time; its memory is used again for later chunks.
public final class TextChunk: PipelinePiece, @unchecked Sendable {
  /// The position among the input's chunks, from 0.
  public fileprivate(set) var index = 0
  /// The line, from 1, on which the chunk starts.
  public fileprivate(set) var firstLine = 1
  /// The row, from 1, of the first record.
  public fileprivate(set) var firstRow = 1
  /// How many records there are, blank lines not counted.
  public fileprivate(set) var rows = 0
  /// Whether the only record is longer than the reader takes; `bytes` is then its beginning.
  public fileprivate(set) var isOversized = false
  fileprivate var rule: RecordRule
  fileprivate var memory: UnsafeMutableRawBufferPointer
  fileprivate var count = 0

  /// An empty chunk for a reader's `rule`.
  init(rule: RecordRule) {
    self.rule = rule
    memory = .allocate(byteCount: Self.padding, alignment: 64)
  }

  /// A chunk that holds all of `text`, which lies in memory already; `firstRow` is the row, from 1, of its first record.
  public init(_ text: some Collection<UInt8>, rule: RecordRule, firstRow: Int = 1) {
    self.rule = rule
    self.firstRow = firstRow
    count = text.count
    memory = .allocate(byteCount: text.count + Self.padding, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    memory.copyBytes(from: text)
    resolveRule()
    forEachRecord { _ in rows += 1 }
  }

  deinit { memory.deallocate() }

  /// The text; `ASSAY_JSON_PADDING` readable bytes follow it.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

  /// Part of the text.
  @inline(__always)
  public func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[range]) }

  /// Calls `body` with the range of every record that is not a blank line, without its line end.
  @inline(__always)
  public func forEachRecord(_ body: (Range<Int>) -> Void) {
    let bytes = bytes
    // Its beginning may look like a blank line.
    if isOversized { return body(0..<bytes.count) }
    var start = 0
    while start < bytes.count, let next = rule.end(of: bytes, from: start, isWhole: true) {
      let end = rule.contentEnd(of: start..<next, in: bytes)
      let first = rule.contentStart(of: start..<next, in: bytes)
      if end > first { body(first..<end) }
      start = next
    }
  }

  /// Chooses the rule by what the input begins with, which is in this chunk, and takes a byte order mark before rows away.
  fileprivate func resolveRule() {
    guard case .rows = rule else { return }
    rule = rule.resolved(for: bytes)
    guard bytes.starts(with: RecordRule.byteOrderMark) else { return }
    for index in 0..<RecordRule.byteOrderMark.count { memory[index] = .space }
  }

  /// The line, from 1, of the byte at `offset`, and its column in bytes, from 1.
  public func position(of offset: Int) -> (line: Int, column: Int) {
    var (line, lineStart) = (firstLine, 0)
    while let end = bytes.firstIndex(of: .lineFeed, from: lineStart, to: offset) {
      line += 1
      lineStart = end + 1
    }
    return (line, offset - lineStart + 1)
  }

  fileprivate static let padding = Int(ASSAY_JSON_PADDING)

  fileprivate var capacity: Int { memory.count - Self.padding }

  fileprivate func append(_ bytes: ArraySlice<UInt8>) {
    UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyBytes(from: bytes)
    count += bytes.count
  }

  fileprivate func reserve(_ capacity: Int) {
    guard capacity > self.capacity else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity + Self.padding, alignment: 64)
    larger.initializeMemory(as: UInt8.self, repeating: 0)
    larger.copyMemory(from: bytes)
    memory.deallocate()
    memory = larger
  }
}

/// Cuts an input into chunks of whole records, in bounded memory whatever the input holds.
///
/// Of a regular file chunks are full. Of a pipe they are what came: once a whole record is there, the chunk ends when nothing more
/// comes for a twentieth of the longest delay, and after half of it whatever comes.
public final class ChunkReader: PipelineSource {
  /// What is read.
  public let input: InputFile
  private var rule: RecordRule
  private let chunkBytes: Int
  private let longestRecord: Int
  private let fewestRows: Int
  private let longestDelay: Duration
  /// Chunks have no more rows than that: what a row takes beyond its own bytes is bounded too.
  public var mostRows = Int.max
  private var carry: [UInt8] = []
  /// Where what is left of `carry` starts.
  private var carryStart = 0
  private var ended = false
  private var isStarted = false
  private var (index, line) = (0, 1)
  private var row: Int

  /// A reader of `input` from where it stands.
  ///
  /// - Parameters:
  ///   - chunkBytes: the size that chunks should have.
  ///   - longestRecord: a longer record comes as an oversized chunk of its own, and only its beginning is kept.
  ///   - fewestRows: chunks of fewer rows grow, to about 8 MiB at most.
  ///   - firstRow: the number of the first row.
  ///   - longestDelay: how long after it came from a pipe a row's result is to be written.
  public init(
    _ input: InputFile, rule: RecordRule, chunkBytes: Int = 1 << 19, longestRecord: Int = 1 << 20, fewestRows: Int = 1,
    firstRow: Int = 1, longestDelay: Duration = .milliseconds(20)
  ) {
    row = firstRow
    self.longestDelay = longestDelay
    self.input = input
    self.rule = rule
    self.chunkBytes = max(chunkBytes, 1)
    self.longestRecord = longestRecord
    self.fewestRows = fewestRows
  }

  /// Chunks of few rows grow up to this size, and further only for a row that is longer.
  private static let largestGrown = 1 << 23

  /// An empty chunk for ``next(into:)``.
  public func makePiece() -> TextChunk { TextChunk(rule: rule) }

  /// The number of the next row; at the end, how many rows there were and one.
  public var nextRow: Int { row }

  /// Takes the first record off, a header; nil when the input is empty.
  ///
  /// - Throws: ``AssayError`` of kind `input` when it is longer than a record may be.
  public func first() throws(AssayError) -> [UInt8]? {
    let chunk = makePiece()
    let records = try fill(chunk, fewest: 1, most: 1)
    guard chunk.count > 0 else { return nil }
    guard records.end > 0 else {
      throw AssayError(.input, "\(input.name):1:1: the first line is longer than \(longestRecord) bytes.")
    }
    line += chunk.bytes.lineEnds(0..<records.end)
    return Array(chunk.bytes[..<rule.contentEnd(of: 0..<records.end, in: chunk.bytes)])
  }

  /// Fills `chunk` with the next records; false at the end.
  ///
  /// - Throws: ``AssayError`` of kind `input` when the system stops reading.
  public func next(into chunk: TextChunk) throws(AssayError) -> Bool {
    let records = try fill(chunk, fewest: min(fewestRows, mostRows), most: mostRows)
    guard chunk.count > 0 else { return false }
    (chunk.index, chunk.firstLine, chunk.firstRow) = (index, line, row)
    chunk.isOversized = records.end == 0
    index += 1
    if chunk.isOversized {
      if case .elements = rule {
        throw AssayError(
          .input,
          "\(input.name): row \(row) of the array is longer than the \(longestRecord) bytes that a row may have.")
      }
      try skipRecord(startingWith: chunk)
      chunk.rows = 1
      chunk.count = min(chunk.count, 1 << 12)
    } else {
      line += chunk.bytes.lineEnds(0..<records.end)
      chunk.rows = records.rows
      chunk.count = records.end
    }
    row += chunk.rows
    return true
  }

  /// Whole records at the start of some bytes.
  private struct Records {
    /// Where the last one ends; 0 when the first is too long.
    var end = 0
    /// How many there are, blank lines not counted.
    var rows = 0
    /// No record ends between `end` and here.
    var searched = 0
    /// Whether the next one is too long.
    var isBlocked = false
  }

  /// Fills `chunk` from the carry and new input until there are `most` records, or `fewest` and a full chunk, or as many bytes as a
  /// record may have; what follows them goes into the carry.
  private func fill(_ chunk: TextChunk, fewest: Int, most: Int) throws(AssayError) -> Records {
    chunk.count = 0
    chunk.rule = rule
    var records = Records()
    if most < .max {
      // What waits may hold many times as much as is wanted: it is not moved each time.
      carry.withUnsafeBytes { find(&records, in: $0.part(carryStart..<$0.count), isWhole: false, most: most) }
      if records.rows >= most {
        chunk.reserve(records.end)
        chunk.append(carry[carryStart..<carryStart + records.end])
        carryStart += records.end
        return records
      }
    }
    chunk.reserve(chunkBytes + carry.count - carryStart)
    chunk.append(carry[carryStart...])
    (carry, carryStart) = ([], 0)
    var arrived: ContinuousClock.Instant?
    while true {
      if !isStarted, chunk.count >= RecordRule.byteOrderMark.count || ended { begin(with: chunk) }
      if isStarted { find(&records, in: chunk.bytes, isWhole: ended, most: most) }
      if ended || records.rows >= most || records.isBlocked || chunk.count > longestChunk { break }
      if chunk.count == chunk.capacity {
        if records.rows >= fewest || records.rows > 0 && chunk.count >= Self.largestGrown { break }
        chunk.reserve(min(chunk.capacity * 2, longestChunk + 1))
      }
      let free = UnsafeMutableRawBufferPointer(rebasing: chunk.memory[chunk.count..<chunk.capacity])
      if input.size != nil {
        let count = try input.read(into: free)
        ended = count < free.count
        chunk.count += count
        continue
      }
      if records.rows > 0 {
        let now = ContinuousClock.now
        let last = (arrived ?? now) + longestDelay / 2
        guard now < last, input.waits(until: min(now + longestDelay / 20, last)) else { break }
        arrived = arrived ?? now
      }
      let count = try input.readSome(into: free)
      ended = count == 0
      chunk.count += count
    }
    if records.end > 0 { carry = Array(chunk.bytes[records.end...]) }
    return records
  }

  /// Chooses the rule by the first bytes of the input.
  private func begin(with chunk: TextChunk) {
    isStarted = true
    chunk.resolveRule()
    rule = chunk.rule
  }

  /// A record may have that many bytes, and one with quotes is told from a broken one by as many more.
  private var longestChunk: Int { longestRecord + RecordRule.longestQuotedRecord }

  /// Finds the records that came since `records` were found.
  private func find(_ records: inout Records, in bytes: UnsafeRawBufferPointer, isWhole: Bool, most: Int) {
    while records.end < bytes.count, records.rows < most {
      guard let next = rule.end(of: bytes, from: records.end, searched: records.searched, isWhole: isWhole) else {
        records.searched = bytes.count
        return
      }
      records.isBlocked = next - records.end > longestRecord
      if records.isBlocked { return }
      let record = records.end..<next
      if rule.contentEnd(of: record, in: bytes) > rule.contentStart(of: record, in: bytes) { records.rows += 1 }
      records.end = next
    }
  }

  /// Drops the rest of a record that is too long: to the end of its line.
  private func skipRecord(startingWith chunk: TextChunk) throws(AssayError) {
    let block = Memory(byteCount: 1 << 16)
    var bytes = chunk.bytes
    while true {
      if let end = bytes.firstIndex(of: .lineFeed, from: 0) {
        carry = Array(bytes[(end + 1)...])
        line += 1
        return
      }
      if ended { return }
      let count = try input.readSome(into: block.bytes)
      ended = count == 0
      bytes = UnsafeRawBufferPointer(rebasing: block.bytes[..<count])
    }
  }
}

extension UnsafeRawBufferPointer {
  /// How many line ends there are in `range`.
  fileprivate func lineEnds(_ range: Range<Int>) -> Int {
    let part = part(range)
    return assay_text_count(part.baseAddress?.assumingMemoryBound(to: CChar.self), part.count, 10)
  }
}
