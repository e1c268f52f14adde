import Testing

@testable import AssayIO

@Test func recordsAreCutAtLineEnds() {
  let chunk = TextChunk(Array("a\r\n\nb".utf8), rule: .lines)
  var records: [String] = []
  chunk.forEachRecord { records.append(String(decoding: chunk.bytes[$0], as: UTF8.self)) }
  #expect(records == ["a", "b"])
}
