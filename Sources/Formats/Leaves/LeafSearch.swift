import Assay
import AssayIO

/// A row of results, found by its identifier.
package struct LeafSearch {
  /// The row's position, from 0.
  package private(set) var index = -1
  /// Whether the results are CSV, with a header.
  package private(set) var hasHeader = false
  private let identifier: [UInt8]
  private let path: String

  /// Finds the only row of the results at `path` that has `identifier`: by the column `id` of CSV or Arrow, or by the field `id` of JSON
  /// Lines; in margins by account, where an account has several currencies followed by a space and the currency.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when no row has it, of kind `input` when several have, or the results have no identifiers.
  package init(_ identifier: String, in path: String) throws(AssayError) {
    self.identifier = Array(identifier.utf8)
    self.path = path
    guard path != "-" else {
      throw AssayError(.usage, "A row is sought by its id in a file, which is read twice, and not in standard input.")
    }
    let input = try InputFile(path)
    if try ArrowFile.isArrow(input) {
      try search(ArrowFile(input))
    } else if try input.peek(1) == [UInt8(ascii: "{")] {
      try search(lines: input)
    } else {
      hasHeader = true
      try search(csv: input)
    }
    guard index >= 0 else { throw AssayError(.usage, "\(path) has no row with the id \(identifier).") }
  }

  /// Notes that row `row`, from 0, has the identifier.
  private mutating func found(_ row: Int) throws(AssayError) {
    guard index < 0 else {
      throw AssayError(
        .input,
        "\(path): rows \(index + 1) and \(row + 1) both have the id \(String(decoding: identifier, as: UTF8.self)).",
        advice: "Name the row by its number: --row.")
    }
    index = row
  }

  private func withoutIdentifiers() -> AssayError {
    AssayError(
      .input, "\(path):1:1: has no column id or account to find a row by.", advice: "Name the row by its number: --row."
    )
  }

  private mutating func search(_ file: ArrowFile) throws(AssayError) {
    guard let place = file.fields.firstIndex(where: { $0.name == "id" }) else { throw withoutIdentifiers() }
    let slices = ArrowSlices(file), slice = slices.makePiece()
    var cell = TextBuffer()
    while try slices.next(into: slice) {
      for row in slice.range {
        cell.removeAll()
        cell.append(bare: slice.columns[place], row)
        if cell.bytes.elementsEqual(identifier) { try found(slice.firstRow - 1 + row - slice.range.lowerBound) }
      }
    }
  }

  private mutating func search(csv input: InputFile) throws(AssayError) {
    let reader = ChunkReader(input, rule: .csv, longestRecord: 1 << 23)
    guard let line = try reader.first() else {
      throw AssayError(.input, "\(path):1:1: is empty where a header should be.")
    }
    let columns = ["id", "account", "currency"]
    let header = try CSVHeader(line, schema: CSVSchema(columns.map { .init($0, .text) }), file: path)
    guard let column = columns[..<2].firstIndex(where: header.has) else { throw withoutIdentifiers() }
    // `USD` of `alice USD`, where there is such a column; an account's own name may have spaces.
    let last = column == 1 && header.has("currency") ? identifier.lastIndex(of: UInt8(ascii: " ")) : nil
    let currency = last.map { Array(identifier[($0 + 1)...]) } ?? []
    let account = last.map { Array(identifier[..<$0]) } ?? []
    let table = CSVTable(header)
    reader.mostRows = header.mostRows
    let chunk = reader.makePiece()
    while try reader.next(into: chunk) {
      table.read(chunk)
      for row in 0..<table.rows {
        let cell = table.text(column, row: row)
        if Self.spells(cell, identifier)
          || last != nil && Self.spells(cell, account) && Self.spells(table.text(2, row: row), currency)
        {
          try found(chunk.firstRow - 1 + row)
        }
      }
    }
  }

  /// Whether a cell is `text`, in quotes or not.
  private static func spells(_ cell: UnsafeRawBufferPointer, _ text: [UInt8]) -> Bool {
    if cell.elementsEqual(text) { return true }
    let quote = UInt8(ascii: "\"")
    return cell.first == quote
      && cell.elementsEqual([quote] + text.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote])
  }

  private mutating func search(lines input: InputFile) throws(AssayError) {
    let reader = ChunkReader(input, rule: .lines, longestRecord: 1 << 23)
    let parser = try JSONParser()
    let chunk = reader.makePiece()
    while try reader.next(into: chunk) {
      var row = chunk.firstRow - 1
      var rows: [Int] = []
      chunk.forEachRecord { record in
        let line = chunk.bytes(record)
        if case .success(let json) = parser.parse(line), let value = json["id"], has(value, in: line) {
          rows.append(row)
        }
        row += 1
      }
      for row in rows { try found(row) }
    }
  }

  /// Whether `value`, the identifier of `line`, is the one that is sought: a string's text, or a number as it is written.
  private func has(_ value: JSONValue, in line: UnsafeRawBufferPointer) -> Bool {
    if let text = value.utf8, text.elementsEqual(identifier) { return true }
    let written = Array("id".utf8).withUnsafeBytes { RawJSON.value(of: $0, in: line) }
    return written.map { $0.elementsEqual(identifier) } ?? false
  }
}
