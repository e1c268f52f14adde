import AssayCore
import AssayIO
import Foundation
import Testing

/// Rows that come through pipes.
@Suite struct StreamTests {
  /// A pipe with its reader, one thread at each end.
  private final class Pipe: @unchecked Sendable {
    private let writer: Int32
    let input: InputFile

    init() throws {
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      writer = ends[1]
      input = try InputFile("/dev/fd/\(ends[0])")
      close(ends[0])
    }

    func write(_ text: some Collection<UInt8>) {
      var rest = Array(text)[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(writer, $0.baseAddress, $0.count) }
        if count <= 0 { break }
        rest = rest.dropFirst(count)
      }
    }

    func end() { close(writer) }
  }

  private func text(_ chunk: TextChunk) -> String { String(decoding: chunk.bytes, as: UTF8.self) }

  /// A row is handed out while the next one is not complete, whatever it is; the reader would wait for ever otherwise.
  @Test func aRowDoesNotWaitForTheNext() throws {
    let pipe = try Pipe()
    let reader = ChunkReader(pipe.input, rule: .csv, fewestRows: 16)
    pipe.write("header\n".utf8)
    #expect(try reader.first() == Array("header".utf8))
    let chunk = reader.makePiece()
    for (sent, received) in [("1\n", "1\n"), ("2\n3\n\"4", "2\n3\n"), ("\n\"\n5\n6", "\"4\n\"\n5\n"), ("\n", "6\n")] {
      pipe.write(sent.utf8)
      #expect(try reader.next(into: chunk) && text(chunk) == received)
    }
    pipe.write("7".utf8)
    pipe.end()
    #expect(try reader.next(into: chunk) && text(chunk) == "7" && chunk.firstRow == 7)
    #expect(try !reader.next(into: chunk))
  }

  /// However long a row is, and whatever followed it: the rows after it are there at once.
  @Test func rowsAfterOneThatIsTooLongAreThere() throws {
    let pipe = try Pipe()
    let reader = ChunkReader(pipe.input, rule: .lines, chunkBytes: 64, longestRecord: 1000)
    let chunk = reader.makePiece()
    pipe.write([UInt8](repeating: 65, count: 100_000) + Array("\nnext\n".utf8))
    #expect(try reader.next(into: chunk) && chunk.isOversized)
    #expect(try reader.next(into: chunk) && text(chunk) == "next\n" && chunk.firstRow == 2 && chunk.firstLine == 2)
    pipe.end()
  }

  /// Cut by a pipe anywhere, rows are those of the file.
  @Test(arguments: [Duration.zero, .milliseconds(20)], [Int.max, 3])
  func cutAnywhereRowsAreTheSame(delay: Duration, most: Int) throws {
    var random = Random(seed: 11)
    let bytes = random.text(of: "ab,\"\n\r", length: 20_000) + Array("end".utf8)
    let whole = TextChunk(bytes, rule: .csv)
    var expected: [[UInt8]] = []
    whole.forEachRecord { expected.append(Array(whole.bytes($0))) }
    let pipe = try Pipe()
    let sizes = (0..<2000).map { _ in random.below(40) }
    let thread = Thread {
      var rest = bytes[...]
      for size in sizes {
        pipe.write(rest.prefix(size))
        rest = rest.dropFirst(size)
      }
      pipe.write(rest)
      pipe.end()
    }
    thread.start()
    let reader = ChunkReader(pipe.input, rule: .csv, chunkBytes: 512, longestDelay: delay)
    reader.mostRows = most
    let chunk = reader.makePiece()
    var rows: [[UInt8]] = []
    while try reader.next(into: chunk) {
      #expect(chunk.firstRow == rows.count + 1 && chunk.rows <= most)
      chunk.forEachRecord { rows.append(Array(chunk.bytes($0))) }
    }
    #expect(rows == expected)
  }

  /// As many short rows as fit a chunk would take as many cells of memory as the header has columns, each.
  @Test func aChunkHasNoMoreRowsThanItsCellsAllow() throws {
    let columns = 200_000
    let header = "a," + (1..<columns).map { "c\($0)" }.joined(separator: ",")
    let file = try TemporaryFile(Array((header + "\n" + String(repeating: "1\n", count: 1000)).utf8))
    let reader = ChunkReader(try InputFile(file.path), rule: .csv, longestRecord: 1 << 22)
    let parsed = try CSVHeader(
      try #require(try reader.first()), schema: CSVSchema([.init("a", .number(default: nil))]), file: "book.csv")
    #expect(parsed.unknown.count == columns - 1 && parsed.has("c199999") && !parsed.has("c200000"))
    reader.mostRows = parsed.mostRows
    #expect(reader.mostRows * columns <= 1 << 20)
    let table = CSVTable(parsed), chunk = reader.makePiece()
    var rows = 0
    while rows < 100, try reader.next(into: chunk) {
      #expect(chunk.rows <= 5)
      table.read(chunk)
      rows += table.rows
      #expect((0..<table.rows).allSatisfy(table.isMalformed))
    }
    #expect(rows == 100)
  }
}
