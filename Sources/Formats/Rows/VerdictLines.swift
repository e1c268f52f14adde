public import Assay
import AssayIO

extension Executor {
  /// Verifies JSON Lines rows that lie in memory.
  ///
  /// - Parameters:
  ///   - rows: the bytes of the rows, UTF-8: one JSON object per line, or one array of them.
  ///   - check: called before every piece of about 256 KB; what it throws ends the call.
  /// - Returns: the lines that `assay verify` writes for them, byte for byte.
  /// - Throws: ``AssayError`` when no device can compute. Bad rows do not throw; they have reasons in their lines.
  public func verdictLines(
    for rows: UnsafeRawBufferPointer, check: () throws -> Void = {}
  ) throws -> [UInt8] {
    let verifier = try RowVerifier(on: self)
    let rule = RecordRule.rows.resolved(for: rows)
    // An array is one piece: lines mean nothing in it.
    let pieceBytes = if case .elements = rule { rows.count } else { VerdictLines.pieceBytes }
    var lines: [UInt8] = []
    var start = 0
    var firstRow = 1
    while start < rows.count {
      try check()
      let limit = min(start + pieceBytes, rows.count)
      // A piece ends with a line: at the first line end behind the limit.
      let end = rows[limit...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rows.count
      let chunk = TextChunk(rows[start..<end], rule: start == 0 ? .rows : rule, firstRow: firstRow)
      var text = TextBuffer()
      var tally = Tally()
      try verifier.verify(chunk, into: &text, tally: &tally)
      lines.append(contentsOf: text.bytes)
      firstRow += chunk.rows
      start = end
    }
    return lines
  }
}

private enum VerdictLines {
  /// What the command takes at a time.
  static let pieceBytes = 1 << 18
}
