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
public final class ChunkReader: PipelineSource {
  /// What is read.
  public let input: InputFile
  private var rule: RecordRule
  private let chunkBytes: Int
  private let longestRecord: Int
  private let fewestRows: Int
  private var carry: [UInt8] = []
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
  public init(
    _ input: InputFile, rule: RecordRule, chunkBytes: Int = 1 << 19, longestRecord: Int = 1 << 20, fewestRows: Int = 1,
    firstRow: Int = 1
  ) {
    row = firstRow
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
    let (fill, _) = try fill(chunk, rows: 1, atMost: 1)
    guard fill > 0 else { return nil }
    let bytes = chunk.bytes
    guard let end = rule.end(of: bytes, from: 0, isWhole: ended), end <= longestRecord else {
      throw AssayError(.input, "\(input.name):1:1: the first line is longer than \(longestRecord) bytes.")
    }
    carry = Array(bytes[end...])
    line += bytes.lineEnds(0..<end)
    return Array(bytes[..<rule.contentEnd(of: 0..<end, in: bytes)])
  }

  /// Fills `chunk` with the next records; false at the end.
  ///
  /// - Throws: ``AssayError`` of kind `input` when the system stops reading.
  public func next(into chunk: TextChunk) throws(AssayError) -> Bool {
    let (filled, records) = try fill(chunk, rows: fewestRows, atMost: .max)
    guard filled > 0 else { return false }
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
      let bytes = chunk.bytes
      carry = Array(bytes[records.end...])
      line += bytes.lineEnds(0..<records.end)
      chunk.rows = records.rows
      chunk.count = records.end
    }
    row += chunk.rows
    return true
  }

  /// Moves the carry and new input into `chunk` until there are `fewest` whole records or as many bytes as a record may have;
  /// `end` is 0 when the first record is too long.
  private func fill(
    _ chunk: TextChunk, rows fewest: Int, atMost most: Int
  ) throws(AssayError) -> (filled: Int, records: (end: Int, rows: Int)) {
    chunk.count = 0
    chunk.rule = rule
    chunk.reserve(chunkBytes + carry.count)
    chunk.memory.copyBytes(from: carry)
    chunk.count = carry.count
    carry = []
    while true {
      if !ended {
        let free = UnsafeMutableRawBufferPointer(rebasing: chunk.memory[chunk.count..<chunk.capacity])
        let count = try input.read(into: free)
        ended = count < free.count
        chunk.count += count
      }
      if !isStarted, chunk.count >= RecordRule.byteOrderMark.count || ended { begin(with: chunk) }
      let records = wholeRecords(of: chunk.bytes, atMost: most)
      if records.rows >= fewest || ended || chunk.count > longestRecord + RecordRule.longestQuotedRecord
        || records.rows > 0 && chunk.count >= Self.largestGrown
      {
        return (chunk.count, records)
      }
      chunk.reserve(min(chunk.capacity * 2, longestRecord + RecordRule.longestQuotedRecord + 1))
    }
  }

  /// Chooses the rule by the first bytes of the input.
  private func begin(with chunk: TextChunk) {
    isStarted = true
    chunk.resolveRule()
    rule = chunk.rule
  }

  /// Where the last whole record ends that is not too long, and how many there are.
  private func wholeRecords(of bytes: UnsafeRawBufferPointer, atMost limit: Int) -> (end: Int, rows: Int) {
    var (start, rows) = (0, 0)
    while start < bytes.count, rows < limit, let next = rule.end(of: bytes, from: start, isWhole: ended) {
      if next - start > longestRecord { break }
      let record = start..<next
      if rule.contentEnd(of: record, in: bytes) > rule.contentStart(of: record, in: bytes) { rows += 1 }
      start = next
    }
    return (start, rows)
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
      let count = try input.read(into: block.bytes)
      ended = count < block.bytes.count
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
