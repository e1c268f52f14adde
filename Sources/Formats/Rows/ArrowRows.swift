public import Assay
import AssayIO
import FoundationEssentials

extension StreamedJobs {
  /// How many bytes of buffers follow the metadata of an Arrow message, given without its prefix; nil when it is not a message.
  public static func bodyLength(ofArrowMessage metadata: UnsafeRawBufferPointer) -> Int? {
    ArrowFrame.bodyLength(after: metadata)
  }

  /// Verifies the rows of an Arrow table: a column `row`, or the only one, holds a JSON object per row; otherwise each column is
  /// a field of the rows, and a null is a field that is absent.
  ///
  /// - Parameters:
  ///   - input: a file that is read to its end; it stays open.
  ///   - rows: an empty file for the rows as JSON Lines.
  ///   - lines: an empty file for the verdict lines.
  ///   - output: what an Arrow stream is written to, `accepted`, `reason`, `detail` and the command's `line`; it stays open.
  /// - Throws: ``AssayError`` of kind `input` when the table cannot be read, and as ``verify(from:to:)``.
  public func verifyArrow(
    from input: Int32, rows: Int32, lines: Int32, to output: Int32
  ) throws(AssayError) -> Summary {
    let file = try ArrowFile(InputFile(Self.path(input)))
    try ArrowRows(file).write(to: OutputFile(Self.path(rows)))
    let summary = try verify(from: rows, to: lines)
    try VerdictTable.write(InputFile(Self.path(lines)).readAll(), to: OutputFile(Self.path(output)))
    return summary
  }
}

/// The rows of an Arrow table as JSON Lines.
private struct ArrowRows {
  private let file: ArrowFile
  /// The column that holds whole rows; nil where each column is a field.
  private let rowColumn: Int?

  init(_ file: ArrowFile) throws(AssayError) {
    self.file = file
    let only = file.fields.count == 1 ? 0 : nil
    rowColumn = (file.fields.firstIndex { $0.name == "row" } ?? only).flatMap { place in
      Self.isText(file.fields[place].type) ? place : nil
    }
    guard rowColumn == nil else { return }
    for field in file.fields where !Self.isReadable(field.type) {
      throw AssayError(
        .input, "Column \(field.name) is of a type that a row's field cannot have.",
        advice: "Fields are text, numbers or truth values; a column named row may hold each row as JSON text.")
    }
  }

  private static func isText(_ type: ArrowType) -> Bool {
    switch type {
    case .text, .textView: true
    case .dictionary(_, _, let values): isText(values)
    default: false
    }
  }

  private static func isReadable(_ type: ArrowType) -> Bool {
    switch type {
    case .text, .textView, .bool, .integer, .float, .other(1): true
    case .dictionary(_, _, let values): isReadable(values)
    default: false
    }
  }

  func write(to output: OutputFile) throws(AssayError) {
    let slices = ArrowSlices(file), slice = slices.makePiece()
    var text = TextBuffer()
    while try slices.next(into: slice) {
      text.removeAll()
      for row in slice.range {
        if let rowColumn {
          append(slice.columns[rowColumn].text(row), to: &text)
        } else {
          append(slice.columns, row, to: &text)
        }
        text.append(UInt8(ascii: "\n"))
      }
      try output.write(text.bytes)
    }
    try output.commit()
  }

  /// A row that is JSON already, on one line: a blank one would have no verdict, so it goes as one that is malformed.
  private func append(_ row: UnsafeRawBufferPointer?, to text: inout TextBuffer) {
    let blanks = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    guard let row, !row.allSatisfy({ blanks.contains($0) }) else { return text.append("0") }
    for byte in row { text.append(byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") ? UInt8(ascii: " ") : byte) }
  }

  private func append(_ columns: [ArrowColumn], _ row: Int, to text: inout TextBuffer) {
    text.append(UInt8(ascii: "{"))
    var isFirst = true
    for (field, column) in zip(file.fields, columns) {
      guard let (column, row) = column.entry(row) else { continue }
      if !isFirst { text.append(UInt8(ascii: ",")) }
      isFirst = false
      Array(field.name.utf8).withUnsafeBytes { text.append(jsonString: $0) }
      text.append(UInt8(ascii: ":"))
      if let value = column.text(row) {
        text.append(jsonString: value)
      } else if let value = column.bool(row) {
        text.append(value ? "true" : "false")
      } else if let value = column.large(row) {
        text.append(value)
      } else if let value = column.whole(row) {
        text.append(value)
      } else if let value = column.number(row), value.isFinite {
        text.append(value)
      } else {
        text.append("null")
      }
    }
    text.append(UInt8(ascii: "}"))
  }
}

/// Verdict lines as a table.
private enum VerdictTable {
  private struct Verdict: Decodable {
    let accepted: Bool
    let reason: String?
    let detail: String?
  }

  private static let fields = [
    ArrowField("accepted", .bool), ArrowField("reason", .text(isLarge: false)),
    ArrowField("detail", .text(isLarge: false)), ArrowField("line", .text(isLarge: false)),
  ]
  /// A record batch ends after so many bytes of lines, or so many rows.
  private static let (mostBytes, mostRows) = (1 << 22, 1 << 15)

  static func write(_ lines: [UInt8], to output: OutputFile) throws(AssayError) {
    let writer = ArrowWriter(fields, isStream: true)
    try output.write(writer.start)
    var (start, batch) = (0, [Range<Int>]())
    var text = TextBuffer()
    while start < lines.count {
      let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")) ?? lines.count
      batch.append(start..<end)
      start = end + 1
      guard start >= lines.count || batch.count == mostRows || end - batch[0].lowerBound > mostBytes else { continue }
      try append(batch, of: lines, to: &text)
      try output.write(text.bytes)
      text.removeAll()
      batch.removeAll()
    }
    try output.write(writer.end([]))
    try output.commit()
  }

  private static func append(
    _ batch: [Range<Int>], of lines: [UInt8], to text: inout TextBuffer
  ) throws(AssayError) {
    var accepted = [UInt8](repeating: 0, count: (batch.count + 7) / 8)
    var (words, reasons, details) = ([UInt8](), [Range<Int>](), [Range<Int>]())
    func place(_ word: String?) -> Range<Int> {
      let start = words.count
      words += Array((word ?? "").utf8)
      return start..<words.count
    }
    for (row, line) in batch.enumerated() {
      guard let verdict = try? JSONDecoder().decode(Verdict.self, from: Data(lines[line])) else {
        throw AssayError(.unavailable, "A verdict line is not JSON.")
      }
      if verdict.accepted { accepted[row >> 3] |= 1 << UInt8(row & 7) }
      reasons.append(place(verdict.reason))
      details.append(place(verdict.detail))
    }
    var table = ArrowBatch(fields, rows: batch.count, at: &text)
    accepted.withUnsafeBytes { table.append(bits: $0, to: &text) }
    for (bytes, places) in [(words, reasons), (words, details), (lines, batch)] {
      bytes.withUnsafeBytes { memory in
        table.append(
          shortText: { UnsafeRawBufferPointer(rebasing: memory[places[$0]]) }, areEmpty: false, to: &text)
      }
    }
    _ = table.finish(in: &text)
  }
}
