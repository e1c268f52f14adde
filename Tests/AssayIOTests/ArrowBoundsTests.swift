import AssayCore
import Foundation
import Testing

@testable import AssayIO

/// What small Arrow files can make of little: the bounds of docs/formats.md.
@Suite struct ArrowBoundsTests {
  /// A file of `batches` batches of `rows` rows with `columns` columns of text, in which only the first row has one, of `bytes` bytes.
  private static func file(batches: Int = 1, rows: Int, columns: Int = 1, bytes: Int) throws -> [UInt8] {
    let fields = (0..<columns).map { ArrowField("text\($0)", .text(isLarge: false)) }
    let writer = ArrowWriter(fields)
    var file = writer.start
    var blocks: [ArrowWriter.Block] = []
    let word = [UInt8](repeating: 120, count: bytes)
    word.withUnsafeBytes { word in
      for _ in 0..<batches {
        var text = TextBuffer()
        var batch = ArrowBatch(fields, rows: rows, at: &text)
        for _ in 0..<columns {
          batch.append(
            shortText: { $0 == 0 ? word : UnsafeRawBufferPointer(start: nil, count: 0) }, areEmpty: bytes == 0,
            to: &text
          )
        }
        blocks.append(batch.finish(in: &text))
        file += Array(text.bytes)
      }
    }
    return file + writer.end(blocks)
  }

  /// `file` with the offsets of its text changed so that every other row has all of it, and none is null.
  private static func repeated(_ file: [UInt8], rows: Int, bytes: Int) throws -> [UInt8] {
    var file = file
    let offsets: [Int32] = [0] + [Int32](repeating: Int32(bytes), count: 8)
    let pattern = offsets.withUnsafeBytes { Array($0) }
    let place = try #require(
      stride(from: 0, to: file.count - pattern.count, by: 8).first {
        file[$0..<$0 + pattern.count].elementsEqual(pattern)
      })
    // The validity lies before the offsets: only the first row is not null yet.
    let validity = place - (rows / 8 + 63) / 64 * 64
    try #require(file[validity] == 1)
    file.replaceSubrange(validity..<validity + rows / 8, with: [UInt8](repeating: 0xFF, count: rows / 8))
    for row in stride(from: 2, through: rows, by: 2) {
      file.replaceSubrange(place + 4 * row..<place + 4 * row + 4, with: [0, 0, 0, 0])
    }
    return file
  }

  private static func slices(of bytes: [UInt8]) throws -> [(rows: Int, text: Int)] {
    let copy = try TemporaryFile(bytes)
    let slices = ArrowSlices(try ArrowFile(InputFile(copy.path))), slice = slices.makePiece()
    var result: [(Int, Int)] = []
    while try slices.next(into: slice) {
      let text = slice.columns.reduce(0) { sum, column in
        sum + slice.range.reduce(0) { $0 + (column.text($1)?.count ?? 0) }
      }
      result.append((slice.range.count, text))
      #expect(slice.range.lowerBound % 8 == 0)
    }
    return result
  }

  @Test func slicesAreCutByTheirText() throws {
    let (rows, bytes) = (1 << 15, 100_000)
    let file = try Self.repeated(try Self.file(rows: rows, bytes: bytes), rows: rows, bytes: bytes)
    #expect(file.count < 300_000)
    let slices = try Self.slices(of: file)
    #expect(slices.allSatisfy { $0.text <= 1 << 24 })
    #expect(slices.reduce(0) { $0 + $1.rows } == rows && slices.reduce(0) { $0 + $1.text } == rows / 2 * bytes)
    // What is cut depends on the file alone, and ordinary files are not cut.
    #expect(try Self.slices(of: Self.file(rows: rows, bytes: 9)).map(\.rows) == [rows])
  }

  @Test func eightRowsHaveAnEnd() throws {
    let bytes = 20_000_000
    let file = try Self.repeated(try Self.file(rows: 8, bytes: bytes), rows: 8, bytes: bytes)
    #expect { try Self.slices(of: file) } throws: {
      "\($0)".contains("eight rows from row 1 on hold 80000000 bytes of text")
    }
  }

  @Test func slicesAreCutByTheirCells() throws {
    let slices = try Self.slices(of: Self.file(rows: 4096, columns: 4096, bytes: 0))
    #expect(slices.allSatisfy { $0.rows <= 1024 } && slices.reduce(0) { $0 + $1.rows } == 4096)
  }

  /// Of each batch only its place is kept: a column of one would take a hundred times as much.
  @Test func batchesAreReadOneByOne() throws {
    let copy = try TemporaryFile(try Self.file(batches: 10_000, rows: 1, bytes: 3))
    let file = try ArrowFile(InputFile(copy.path))
    #expect(file.rows == 10_000)
    var cursor = ArrowFile.Cursor(file)
    weak var first: ArrowColumn?
    first = try cursor.next()?.columns.first
    #expect(first == nil)
    let slices = ArrowSlices(file), slice = slices.makePiece()
    var rows = 0
    while try slices.next(into: slice) {
      rows += 1
      #expect(slice.firstRow == rows && slice.columns[0].text(0)?.count == 3)
    }
    #expect(rows == 10_000)
  }

  @Test func dictionariesHaveNoMorePartsThanTheyMay() throws {
    var dictionary = ArrowDictionary()
    let offsets = [Int32](repeating: 0, count: 2)
    try offsets.withUnsafeBytes { offsets in
      let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
      let part = try #require(
        ArrowColumn(.text(isLarge: false), rows: 1, nulls: 0, buffers: [nothing, offsets, nothing]))
      var taken = 0
      while dictionary.add(part, isDelta: taken > 0) { taken += 1 }
      #expect(taken == ArrowDictionary.mostParts && dictionary.count == taken)
      let isNew = dictionary.add(part, isDelta: false)
      #expect(isNew && dictionary.count == 1)
    }
  }
}
