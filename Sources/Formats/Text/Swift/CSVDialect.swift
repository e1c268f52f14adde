import AssayCore
import CAssayText

/// How a CSV file separates its cells and writes its numbers, told by its header.
public struct CSVDialect: Sendable, Equatable {
  /// The byte between cells: a comma, a semicolon, a tab or a bar.
  public var separator: UInt8
  /// Whether a comma in a number is its decimal point, as spreadsheets write it where the separator is a semicolon.
  public var hasDecimalCommas: Bool { separator == UInt8(ascii: ";") }

  /// Commas between cells, points in numbers.
  public static let comma = CSVDialect(separator: .comma)

  private static let separators: [UInt8] = [.comma, UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]

  private init(separator: UInt8) { self.separator = separator }

  /// The dialect of a file whose header is `line`: the separator that makes the most cells of it, a comma where several do.
  public init(header line: [UInt8]) {
    var counts = [Int](repeating: 0, count: Self.separators.count)
    var isQuoted = false
    for byte in line {
      if byte == .quote { isQuoted.toggle() }
      if !isQuoted, let place = Self.separators.firstIndex(of: byte) { counts[place] += 1 }
    }
    let most = counts.max() ?? 0
    self.init(separator: most == 0 ? .comma : Self.separators[counts.firstIndex(of: most) ?? 0])
  }

  /// The dialect that a first line `sep=;` states, which spreadsheets write before the header; nil for another line.
  public init?(separatorLine line: [UInt8]) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var words = line.starts(with: mark) ? line.dropFirst(mark.count) : line[...]
    if words.first == .quote, words.last == .quote, words.count > 1 { words = words.dropFirst().dropLast() }
    let word = Array("sep=".utf8)
    guard words.count == word.count + 1, zip(words, word).allSatisfy({ $0 | 0x20 == $1 | 0x20 }),
      let separator = words.last, Self.separators.contains(separator)
    else { return nil }
    self.init(separator: separator)
  }

  /// Whether a cell says in words that it is empty: `NULL`, `NA`, `N/A`, `None`, `\N`, as databases and data frames write.
  static func isEmpty(_ cell: UnsafeRawBufferPointer) -> Bool {
    cell.isEmpty || cell.count <= 4 && emptyWords.contains { cell.isKeyword($0) }
  }

  private static let emptyWords = ["null", "na", "n/a", "none", "\\n"].map { Array($0.utf8) }

  /// A number as people write it: `1,000.5`, `20%`, and `1.000,5` where commas are decimal; nil for anything else. A number in per cent
  /// is the nearest binary64 of its hundredth.
  package func number(_ cell: UnsafeRawBufferPointer) -> Double? {
    if let number = Self.plain(cell) { return number }
    guard cell.count <= 64 else { return nil }
    var digits: [UInt8] = []
    var rest = Array(cell)[...]
    let isPercent = rest.last == UInt8(ascii: "%")
    if isPercent { rest = rest.dropLast() }
    while rest.last == UInt8(ascii: " ") { rest = rest.dropLast() }
    let point = hasDecimalCommas && rest.contains(.comma) ? UInt8.comma : UInt8(ascii: ".")
    let group = point == .comma ? UInt8(ascii: ".") : UInt8.comma
    // Digits since the sign or the last group mark; nil once the fraction or an exponent has begun.
    var run: Int? = 0
    var hasGroups = false
    for byte in rest {
      switch byte {
      case group:
        guard let length = run, hasGroups ? length == 3 : (1...3).contains(length) else { return nil }
        (hasGroups, run) = (true, 0)
      case point:
        guard let length = run, !hasGroups || length == 3 else { return nil }
        run = nil
        digits.append(UInt8(ascii: "."))
      case 48...57:
        run = run.map { $0 + 1 }
        digits.append(byte)
      default:
        if byte | 0x20 == UInt8(ascii: "e") {
          guard !isPercent, !hasGroups || run == nil || run == 3 else { return nil }
          run = nil
        }
        digits.append(byte)
      }
    }
    guard !hasGroups || run == nil || run == 3 else { return nil }
    if isPercent { digits += Array("e-2".utf8) }
    return digits.withUnsafeBytes { Self.plain($0) }
  }

  private static func plain(_ cell: UnsafeRawBufferPointer) -> Double? {
    guard let start = cell.baseAddress?.assumingMemoryBound(to: CChar.self), !cell.isEmpty else { return nil }
    var value = 0.0
    return assay_text_read_f64(start, start + cell.count, &value) == start + cell.count ? value : nil
  }
}

extension ChunkReader {
  /// Takes the header of a CSV file off, and the line `sep=;` above it where there is one; nil when the input is empty.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming file, line and column of what cannot be a header.
  public func header() throws(AssayError) -> CSVHeader? {
    // A compressed file may have no line that ends.
    try ForeignFormat.refuse(input.peek(8), of: input.name)
    guard var line = try first() else { return nil }
    let dialect = CSVDialect(separatorLine: line)
    if dialect != nil {
      guard let next = try first() else { return nil }
      line = next
    }
    return try CSVHeader(line, dialect: dialect, file: input.name)
  }
}
