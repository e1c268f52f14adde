import AssayCore
import Foundation
import Testing

@testable import AssayIO

/// Arrow files and streams written by pyarrow and polars (Tests/Vectors/arrow/generate.py), whole and damaged, and files of our own.
@Suite struct ArrowTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../Vectors/arrow").standardized
  private static let names =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".arrow") }
    .sorted()

  private static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }

  /// Reads everything that a file's columns give; how many rows that were.
  private static func read(_ bytes: [UInt8]) throws -> Int {
    let copy = try TemporaryFile(bytes)
    let file = try ArrowFile(InputFile(copy.path))
    let slices = ArrowSlices(file), slice = slices.makePiece()
    var rows = 0
    var text = TextBuffer()
    while try slices.next(into: slice) {
      #expect(slice.firstRow == rows + 1)
      rows += slice.range.count
      let fields = file.fields.enumerated().compactMap { index, field in
        field.type.written.map { (index, ArrowField(field.name, $0)) }
      }
      text.removeAll()
      var batch = ArrowBatch(fields.map(\.1), rows: slice.range.count, at: &text)
      for (index, _) in fields {
        let column = slice.columns[index]
        for row in slice.range {
          _ = (column.text(row)?.count, column.whole(row), column.bool(row), column.number(row), column.key(row))
        }
        batch.append(column, slice.range, to: &text)
      }
      let block = batch.finish(in: &text)
      #expect(block.metadata + block.body == text.count && text.count % 64 == 0)
    }
    return rows
  }

  @Test func everyKindIsThere() { #expect(Self.names.count > 45) }

  @Test(arguments: names.filter { !$0.hasPrefix("bad-") })
  func everyKindIsRead(name: String) throws {
    let bytes = try Self.bytes(name)
    #expect(try ArrowFile.isArrow(InputFile(Self.folder.appending(path: name).path)))
    #expect(try Self.read(bytes) == 11)
  }

  /// Cut off at any byte, a file is refused with an error that names it; a stream may also end between two messages.
  @Test(arguments: names)
  func truncatedFilesAreRefused(name: String) throws {
    let bytes = try Self.bytes(name)
    for count in stride(from: 0, to: bytes.count, by: bytes.count > 3000 ? 3 : 1) {
      do {
        let rows = try Self.read(Array(bytes[..<count]))
        #expect(name.contains("stream") && rows < 11 || count + 8 >= bytes.count && rows == 11, "\(count) bytes")
      } catch let error as AssayError {
        #expect(error.kind == .input && "\(error)".hasPrefix("/tmp/"))
      }
    }
  }

  /// With bits turned over anywhere, or absurd numbers in place of any four or eight bytes, a file is read or refused: nothing else.
  @Test(arguments: names)
  func corruptedFilesEndInOrder(name: String) throws {
    let bytes = try Self.bytes(name)
    var random = Random(seed: 4)
    for _ in 0..<400 {
      var copy = bytes
      for _ in 0...random.below(3) {
        let place = random.below(copy.count - 8)
        switch random.below(4) {
        case 0: copy[place] ^= UInt8(1 << random.below(8))
        case 1: copy.replaceSubrange(place..<place + 4, with: [0xff, 0xff, 0xff, 0x7f])
        case 2: copy.replaceSubrange(place..<place + 8, with: [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])
        default: copy.replaceSubrange(place..<place + 8, with: (0..<8).map { _ in UInt8(random.below(256)) })
        }
      }
      do {
        let rows = try Self.read(copy)
        #expect(rows <= 8 * copy.count)
      } catch let error as AssayError {
        #expect(error.kind == .input)
      }
    }
  }

  /// What was written is read back, value by value, and every buffer lies at a multiple of 64 bytes of the file.
  @Test(arguments: [0, 1, 7, 8, 63, 1000])
  func writtenFilesReadBack(rows: Int) throws {
    let fields = [
      ArrowField("id", .integer(bits: 64, isSigned: true)), ArrowField("value", .float(bits: 64)),
      ArrowField("reason", .text(isLarge: false)),
    ]
    let writer = ArrowWriter(fields)
    let output = try TemporaryFile([])
    let file = try OutputFile(output.path)
    func isNull(_ row: Int) -> Bool { row % 3 == 1 }
    let word = Array("reason".utf8)
    try word.withUnsafeBytes { word throws in
      try writer.start.withUnsafeBytes { try file.write($0) }
      var blocks: [ArrowWriter.Block] = []
      for first in [1, 1 + rows] {
        var text = TextBuffer()
        var batch = ArrowBatch(fields, rows: rows, at: &text)
        batch.append(countingFrom: first, to: &text)
        var bits = [UInt8](repeating: 0, count: (rows + 7) / 8)
        for row in 0..<rows where !isNull(row) { bits[row / 8] |= 1 << UInt8(row % 8) }
        bits.withUnsafeBytes { bits in
          batch.append(nulls: (0..<rows).count(where: isNull), validity: bits, to: &text) { numbers in
            for row in 0..<rows { numbers[row] = Double(row) / 8 }
          }
        }
        batch.append(
          shortText: { isNull($0) ? word : UnsafeRawBufferPointer(start: nil, count: 0) }, areEmpty: rows < 2, to: &text
        )
        blocks.append(batch.finish(in: &text))
        try file.write(text.bytes)
      }
      try writer.end(blocks).withUnsafeBytes { try file.write($0) }
    }
    try file.commit()
    let read = try ArrowFile(InputFile(output.path))
    #expect(read.fields == fields && read.rows == 2 * rows)
    var cursor = ArrowFile.Cursor(read)
    for number in 0..<2 {
      let batch = try #require(try cursor.next()).columns
      for column in batch {
        for buffer in column.buffers where !buffer.isEmpty { #expect(UInt(bitPattern: buffer.baseAddress) % 64 == 0) }
      }
      #expect(rows == 0 || (batch[1].numbers(0..<rows) == nil) == batch[1].hasNulls)
      for row in 0..<rows {
        #expect(batch[0].whole(row) == number * rows + row + 1)
        #expect(batch[1].number(row) == (isNull(row) ? nil : Double(row) / 8))
        // An empty text is written as a null.
        #expect(batch[2].text(row).map(Array.init) == (isNull(row) ? word : nil))
      }
    }
  }

  /// Messages that share bytes would let a small file pretend to be a huge one.
  @Test func batchesThatShareBytesAreRefused() throws {
    var bytes = try Self.bytes("good-batches.arrow")
    let offsets = bytes.withUnsafeBytes { bytes in
      let size = bytes.integer(at: bytes.count - 10, as: Int32.self) ?? 0
      let footer = bytes.part(bytes.count - 10 - Int(size)..<bytes.count - 10)
      return FlatTable(root: footer)?.firstWords(3, words: 3) ?? []
    }
    try #require(offsets.count == 4)
    // The second block's offset becomes the first's.
    let (first, second) = (encoded(offsets[0]), encoded(offsets[1]))
    let place = try #require((0...bytes.count - 8).last { Array(bytes[$0..<$0 + 8]) == second })
    bytes.replaceSubrange(place..<place + 8, with: first)
    let copy = try TemporaryFile(bytes)
    #expect(throws: AssayError.self) { try ArrowFile(InputFile(copy.path)) }
  }

  private func encoded(_ word: Int64) -> [UInt8] { withUnsafeBytes(of: word.littleEndian) { Array($0) } }
}
