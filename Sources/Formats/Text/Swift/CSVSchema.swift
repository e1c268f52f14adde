public import AssayCore

/// What a program knows about the columns of a CSV file; columns it does not know are passed through.
public struct CSVSchema: Sendable {
  /// One column that may be in the file.
  public struct Field: Sendable {
    /// What its cells become.
    public enum Kind: Sendable {
      /// A decimal number; an empty cell, or a file without the column, gives the default; nil makes the row malformed.
      case number(default: Double?)
      /// One of some words, in any case, as its position in the list; nil default as for numbers.
      case keyword([[String]], default: UInt8?)
      /// A number made from text of another kind, a date say; nil makes the row malformed.
      case converted(@Sendable (UnsafeRawBufferPointer) -> Double?)
      /// Text as it stands in the file, with its quotes.
      case text
    }

    /// The name in the header.
    public let name: String
    /// What its cells become.
    public let kind: Kind
    /// Whether a number's or a conversion's cell may be empty in the rows that ``CSVSchema/exception`` names: it is not a number then.
    public let hasExceptions: Bool

    /// Describes a column.
    public init(_ name: String, _ kind: Kind, hasExceptions: Bool = false) {
      self.name = name
      self.kind = kind
      self.hasExceptions = hasExceptions
    }
  }

  /// Rows whose cells may be empty in some columns: those whose keyword of the schema's field `field` is at `first` in its list or later.
  public struct Exception: Sendable {
    let field: Int
    let first: UInt8

    /// Names rows by a keyword of theirs.
    public init(field: Int, from first: UInt8) {
      self.field = field
      self.first = first
    }
  }

  /// The columns, in an order of the program's choosing: the order of ``CSVTable``'s columns.
  public let fields: [Field]
  /// The rows whose cells may be empty where a field has exceptions.
  public let exception: Exception?

  /// A schema of `fields`.
  public init(_ fields: [Field], exception: Exception? = nil) {
    self.fields = fields
    self.exception = exception
  }
}

/// The header of one CSV file, matched with a schema.
public struct CSVHeader: Sendable {
  /// Every column's name as the file gives it, quotes removed; empty where it has none.
  public let names: [String]
  /// How the file separates cells and writes numbers.
  public let dialect: CSVDialect
  /// For every column of the file, the schema's field; nil for an unknown one.
  private(set) var fieldOfColumn: [Int?]
  /// The schema.
  public private(set) var schema: CSVSchema
  private let columns: Set<String>

  /// Reads a header line. A column may have no name, as a data frame's index does.
  ///
  /// - Parameter dialect: that of the file; told by the line where it is nil.
  /// - Throws: ``AssayError`` of kind `input` naming file, line and column when a name is not UTF-8, badly quoted or there twice, no
  ///   column has a name, or the file is of another format than text.
  public init(
    _ line: [UInt8], schema: CSVSchema = CSVSchema([]), dialect: CSVDialect? = nil, file: String
  ) throws(AssayError) {
    func bad(_ offset: Int, _ message: String) -> AssayError {
      AssayError(.input, "\(file):1:\(offset + 1): \(message).")
    }
    try ForeignFormat.refuse(line, of: file)
    let known = Dictionary(schema.fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var names: [String] = []
    var seen: Set<String> = []
    var fields: [Int?] = []
    let dialect = dialect ?? CSVDialect(header: line)
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]  // the byte order mark that spreadsheets write
    var start = line.starts(with: mark) ? mark.count : 0
    while true {
      let (name, next) = try Self.name(in: line, at: start, dialect, bad)
      guard name.isEmpty || seen.insert(name).inserted else { throw bad(start, "column \(name) is there twice") }
      names.append(name)
      fields.append(known[name])
      guard let next else { break }
      start = next
    }
    guard !seen.isEmpty else { throw bad(0, "column 1 has no name") }
    self.names = names
    self.dialect = dialect
    columns = seen
    self.schema = schema
    fieldOfColumn = fields
  }

  /// The same header, whose columns are the fields `fields` of `schema`: one for every column of the file, nil for an unknown one.
  package func matched(with schema: CSVSchema, _ fields: [Int?]) -> CSVHeader {
    var header = self
    header.schema = schema
    header.fieldOfColumn = fields
    return header
  }

  /// Whether the file has the column `name`.
  public func has(_ name: String) -> Bool { columns.contains(name) }

  /// The most rows of the file that a chunk should have: a short row takes as many cells of memory as a long one.
  public var mostRows: Int { max(1, (1 << 20) / names.count) }

  /// The names of the columns that the schema does not know, in the file's order; columns without a name are not among them.
  public var unknown: [String] { zip(names, fieldOfColumn).filter { $1 == nil && !$0.isEmpty }.map(\.0) }

  /// The names of ``unknown`` columns as a header's cells: in quotes where CSV asks for them.
  public var unknownCells: [String] {
    unknown.map { name in
      guard name.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return name }
      return "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
  }

  private static func name(
    in line: [UInt8], at start: Int, _ dialect: CSVDialect, _ bad: (Int, String) -> AssayError
  ) throws(AssayError) -> (name: String, next: Int?) {
    let cell = line.withUnsafeBytes { CSVCell(in: $0, from: start, to: line.count, dialect.separator) }
    guard cell.isWellFormed else { throw bad(start, "the quotes are not closed properly") }
    let bytes = line.withUnsafeBytes { cell.unquoted(in: $0) }
    guard let name = String(validating: bytes, as: UTF8.self) else { throw bad(start, "the name is not UTF-8") }
    let trimmed = bytes.withUnsafeBytes { String(decoding: $0.trimmed, as: UTF8.self) }
    return (trimmed.isEmpty ? name.filter { !$0.isWhitespace } : trimmed, cell.end < line.count ? cell.end + 1 : nil)
  }
}

/// One cell of a record, found from its first byte.
struct CSVCell {
  /// Where its content starts and ends, without quotes.
  let content: Range<Int>
  /// Where the cell ends: at a separator or at the record's end.
  let end: Int
  /// Whether it is in quotes.
  let isQuoted: Bool
  /// False for a quote in mid field, after the closing quote something else than a separator, or no closing quote.
  let isWellFormed: Bool

  init(in bytes: UnsafeRawBufferPointer, from start: Int, to recordEnd: Int, _ separator: UInt8) {
    guard start < recordEnd, bytes[start] == .quote else {
      end = bytes.firstIndex(of: separator, from: start, to: recordEnd) ?? recordEnd
      content = start..<end
      isQuoted = false
      isWellFormed = bytes.firstIndex(of: .quote, from: start, to: end) == nil
      return
    }
    isQuoted = true
    var index = start + 1
    while let quote = bytes.firstIndex(of: .quote, from: index, to: recordEnd) {
      if quote + 1 < recordEnd, bytes[quote + 1] == .quote {
        index = quote + 2
        continue
      }
      content = (start + 1)..<quote
      isWellFormed = quote + 1 == recordEnd || bytes[quote + 1] == separator
      end = isWellFormed ? quote + 1 : recordEnd
      return
    }
    content = (start + 1)..<recordEnd
    end = recordEnd
    isWellFormed = false
  }

  /// The content with doubled quotes made single.
  func unquoted(in bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var result: [UInt8] = []
    var previousWasQuote = false
    for byte in bytes[content] {
      if isQuoted, byte == .quote, previousWasQuote {
        previousWasQuote = false
        continue
      }
      previousWasQuote = byte == .quote
      result.append(byte)
    }
    return result
  }
}
