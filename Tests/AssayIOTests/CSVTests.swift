import AssayCore
import AssayIO
import Testing

/// CSV headers and tables.
@Suite struct CSVTests {
  private static let schema = CSVSchema([
    .init("id", .text), .init("type", .keyword([["call", "c"], ["put", "p"]], default: nil)),
    .init("spot", .number(default: nil)), .init("rate", .number(default: 0.5)),
    .init("when", .converted { $0.count == 3 ? 3 : nil }),
  ])

  private func table(_ header: String, _ body: String) throws -> (CSVTable, TextChunk) {
    let table = CSVTable(try CSVHeader(Array(header.utf8), schema: Self.schema, file: "book.csv"))
    let chunk = TextChunk(Array(body.utf8), rule: .csv)
    table.read(chunk)
    return (table, chunk)
  }

  private func number(_ table: CSVTable, _ field: Int, _ row: Int) -> Double {
    table.numbers(field).bytes(row).loadUnaligned(as: Double.self)
  }

  @Test func columnsComeInAnyOrder() throws {
    let (table, chunk) = try table("note,rate,spot,type,id", "x y,0.25,\"1e2\",PUT,a-1\r\n\"q,\"\"\",, +7 ,c,\n")
    withExtendedLifetime(chunk) {
      #expect(table.rows == 2)
      #expect(!table.isMalformed(0) && !table.isMalformed(1))
      #expect(number(table, 2, 0) == 100 && number(table, 2, 1) == 7)
      #expect(number(table, 3, 0) == 0.25 && number(table, 3, 1) == 0.5)
      #expect(Array(table.keywords(1).bytes) == [1, 0])
      #expect(Array(table.text(0, row: 0)) == Array("a-1".utf8))
      #expect(table.text(0, row: 1).isEmpty)
      var text = TextBuffer()
      table.appendUnknown(row: 1, to: &text)
      #expect(String(decoding: text.bytes, as: UTF8.self) == ",\"q,\"\"\"")
    }
  }

  @Test func missingColumnHasItsDefault() throws {
    let (table, chunk) = try table("spot", "1\n2\n")
    withExtendedLifetime(chunk) {
      #expect(number(table, 3, 1) == 0.5)
      #expect(table.text(0, row: 0).isEmpty)
    }
  }

  @Test func wordsForNumbersReachTheKernels() throws {
    let (table, chunk) = try table("spot", "nan\ninf\n-Infinity\n1e999\n")
    withExtendedLifetime(chunk) {
      #expect((0..<4).allSatisfy { !table.isMalformed($0) && !number(table, 2, $0).isFinite })
    }
  }

  @Test(arguments: [
    ("spot,id", "x,1", 1, 1), ("spot,id", "1,a\n1 2,b", 2, 1), ("id,spot", "a,", 1, 3), ("id,spot", "a", 1, 2),
    ("id,spot", "a,1,2", 1, 5), ("id,spot", "a,\"1", 1, 3), ("id,spot", "a,1\"", 1, 3), ("id,type", "a,callput", 1, 3),
    ("id,when", "a,20", 1, 3), ("id,spot", "ok,1\n\"two\nlines\",0x10", 3, 8), ("id,spot", "a,--1", 1, 3),
    ("id,spot", "a,+-1", 1, 3), ("id,type", "a,abcdefghijklmnopqrstuvwxyz", 1, 3),
  ])
  func badCellSpoilsItsRow(header: String, body: String, line: Int, column: Int) throws {
    let (table, chunk) = try table(header, body + "\n")
    withExtendedLifetime(chunk) {
      #expect(table.isMalformed(table.rows - 1))
      #expect(table.rows == 1 || !table.isMalformed(0))
      #expect(table.problem?.line == line)
      #expect(table.problem?.column == column, "\(table.problem?.message ?? "")")
    }
  }

  @Test(arguments: [
    ("a,a", "book.csv:1:3: column a is there twice."), (",", "book.csv:1:1: column 1 has no name."),
    ("a,\"b", "book.csv:1:3: the quotes are not closed properly."), ("", "book.csv:1:1: column 1 has no name."),
  ])
  func badHeaderSaysWhere(header: String, message: String) {
    #expect(throws: AssayError(.input, message)) {
      try CSVHeader(Array(header.utf8), schema: Self.schema, file: "book.csv")
    }
  }

  @Test func byteOrderMarkAndQuotesInHeader() throws {
    let header = try CSVHeader(
      [0xEF, 0xBB, 0xBF] + Array("\"spot\", id ,\"a,\"\"b\"".utf8), schema: Self.schema, file: "")
    #expect(header.names == ["spot", "id", "a,\"b"])
    #expect(header.unknownCells == ["\"a,\"\"b\""])
  }

  /// The fuzz entry point of the CSV reader: any header and body whatsoever.
  @Test func hostileBytesNeverTrap() throws {
    var random = Random(seed: 3)
    let good = Array("id,type,spot,note\na,call,1.5,\"x\ny\"\nb,put,2,\n".utf8)
    for _ in 0..<20_000 {
      let bytes = random.mutated(good)
      let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      guard let header = try? CSVHeader(Array(bytes[..<end]), schema: Self.schema, file: "") else { continue }
      let table = CSVTable(header)
      let chunk = TextChunk(bytes[end...], rule: .csv)
      table.read(chunk)
      var text = TextBuffer()
      for row in 0..<table.rows { table.appendUnknown(row: row, to: &text) }
      #expect(table.rows == chunk.rows)
    }
  }

  /// A file that is not text is named by how it begins, and so is its conversion.
  @Test(
    arguments: [
      ([0x1F, 0x8B, 0x08, 0x00], "gzip", "gunzip"), ([0x28, 0xB5, 0x2F, 0xFD, 0x04], "zstd", "zstd -dc"),
      (Array("PAR1\u{15}".utf8), "Parquet", "read_parquet"),
      ([0x50, 0x4B, 0x03, 0x04, 0x14], "Excel", "save the sheet"),
      ([0xD0, 0xCF, 0x11, 0xE0], "Excel", "save the sheet"), ([0xFF, 0xFE, 0x69, 0x00], "UTF-16", "iconv -f UTF-16 "),
      ([0xFE, 0xFF, 0x00, 0x69], "UTF-16", "iconv -f UTF-16 "), ([0x69, 0x00, 0x64, 0x00], "UTF-16", "UTF-16LE"),
      ([0x00, 0x69, 0x00, 0x64], "UTF-16", "UTF-16BE"), (Array("{\"id\":1}".utf8), "JSON Lines", "read_json"),
      (Array("[{\"id\":1}]".utf8), "JSON", "read_json"), (Array("BZh91".utf8), "bzip2", "bzip2 -dc"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz", "xz -dc"),
    ] as [([UInt8], String, String)])
  func foreignFormatsAreNamed(beginning: [UInt8], name: String, conversion: String) {
    let error = #expect(throws: AssayError.self) { try CSVHeader(beginning, file: "book") }
    let words = error.map { "\($0)" } ?? ""
    #expect(words.contains(name) && words.contains(conversion), "\(words)")
  }
}
