import AssayCore
import AssayIO
import Testing

/// Cutting text into records and chunks.
@Suite struct RecordTests {
  @Test func blankLinesAreNoRecords() {
    #expect(records("a\r\n\n\r\nb", .lines) == ["a", "b"])
  }

  @Test func quotedFieldsHoldLineEnds() {
    #expect(records("a,\"x\ny\"\nb\n", .csv) == ["a,\"x\ny\"", "b"])
    #expect(records("a,\"x\"\"\n\"\"y\"\r\nb", .csv) == ["a,\"x\"\"\n\"\"y\"", "b"])
    #expect(records("\"a\nb\"", .csv) == ["\"a\nb\""])
  }

  @Test func straySpoilsItsLineOnly() {
    #expect(records("a\"b\nc\"d\ne", .csv) == ["a\"b", "c\"d", "e"])
    #expect(records("\"open\nb\nc", .csv) == ["\"open", "b", "c"])
    #expect(records("\"a\"b\nc", .csv) == ["\"a\"b", "c"])
    let far = String(repeating: "x\n", count: 40_000)
    #expect(records("\"open\n" + far + "\"\n", .csv).first == "\"open")
  }

  @Test func fixedRecordsKeepEveryByte() {
    #expect(records("ab\ncd\ne", .fixed(3)) == ["ab\n", "cd\n", "e"])
  }

  @Test(arguments: [RecordRule.lines, .csv, .fixed(5)])
  func chunksNeverChangeRecords(rule: RecordRule) throws {
    var random = Random(seed: 7)
    for _ in 0..<300 {
      let text = random.text(of: ",\"\n\r ab1", length: random.below(400))
      let whole = TextChunk(text, rule: rule)
      var expected: [[UInt8]] = []
      whole.forEachRecord { expected.append(Array(whole.bytes[$0])) }
      let file = try TemporaryFile(text)
      for size in [1, 3, 17, 4096] {
        let reader = ChunkReader(try InputFile(file.path), rule: rule, chunkBytes: size)
        let chunk = reader.makePiece()
        var actual: [[UInt8]] = []
        while try reader.next(into: chunk) {
          #expect(chunk.firstRow == actual.count + 1)
          let before = actual.count
          chunk.forEachRecord { actual.append(Array(chunk.bytes[$0])) }
          #expect(actual.count - before == chunk.rows)
        }
        #expect(actual == expected, "chunks of \(size) bytes of \(String(decoding: text, as: UTF8.self))")
      }
    }
  }

  @Test func longRowsMakeAChunkGrow() throws {
    let long = String(repeating: "x", count: 1000)
    let file = try TemporaryFile(Array(Array(repeating: long, count: 10).joined(separator: "\n").utf8))
    func rows(_ fewest: Int, longestRecord: Int) throws -> [Int] {
      let reader = ChunkReader(
        try InputFile(file.path), rule: .lines, chunkBytes: 600, longestRecord: longestRecord, fewestRows: fewest)
      let chunk = reader.makePiece()
      var rows: [Int] = []
      while try reader.next(into: chunk) { rows.append(chunk.rows) }
      return rows
    }
    #expect(try rows(1, longestRecord: 1 << 20).allSatisfy { $0 < 3 })
    let grown = try rows(4, longestRecord: 1 << 20)
    #expect(grown.dropLast().allSatisfy { $0 >= 4 } && grown.reduce(0, +) == 10)
    // As many bytes as a record may have end the growth: a thousandth of what ten thousand rows would need.
    #expect(try rows(10_000, longestRecord: 2000).reduce(0, +) == 10)
  }

  @Test func linesAreCountedAcrossChunks() throws {
    let file = try TemporaryFile(Array("a\n\nbb\nccc\n".utf8))
    let reader = ChunkReader(try InputFile(file.path), rule: .lines, chunkBytes: 1)
    let chunk = reader.makePiece()
    var lines: [Int] = []
    while try reader.next(into: chunk) { chunk.forEachRecord { lines.append(chunk.position(of: $0.lowerBound).line) } }
    #expect(lines == [1, 3, 4])
  }

  @Test func recordThatIsTooLongIsOneChunk() throws {
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 300_000)
    let file = try TemporaryFile(Array("a\n".utf8) + long + Array("\nb\n".utf8))
    let reader = ChunkReader(try InputFile(file.path), rule: .csv, chunkBytes: 64, longestRecord: 1000)
    let chunk = reader.makePiece()
    var seen: [String] = []
    while try reader.next(into: chunk) {
      seen.append(
        chunk.isOversized ? "oversized, row \(chunk.firstRow), line \(chunk.firstLine)" : "row \(chunk.firstRow)")
      #expect(chunk.bytes.count <= 4096)
    }
    #expect(seen == ["row 1", "oversized, row 2, line 2", "row 3"])
    #expect(reader.nextRow == 4)
  }

  private func records(_ text: String, _ rule: RecordRule) -> [String] {
    let chunk = TextChunk(Array(text.utf8), rule: rule)
    var records: [String] = []
    chunk.forEachRecord { records.append(String(decoding: chunk.bytes[$0], as: UTF8.self)) }
    #expect(chunk.rows == records.count)
    return records
  }
}
