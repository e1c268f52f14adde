public import AssayCore
import CAssayText

/// The columns of one chunk of a CSV file. Its memory is used again for the next chunk: one table a thread.
///
/// A bad cell spoils its row only: the row's ``isMalformed(_:)`` is true and its numbers mean nothing.
public final class CSVTable {
  /// A cell that could not be used, for messages.
  public struct Problem: Sendable {
    /// Line and column in bytes, both from 1.
    public let line: Int, column: Int
    /// What is wrong, in words.
    public let message: String
  }

  /// How many rows the chunk has.
  public private(set) var rows = 0
  /// The first cell of the chunk that could not be used.
  public private(set) var problem: Problem?
  /// Whether ``message(_:)`` tells of every malformed row, not only ``problem`` of the first.
  public var keepsMessages = false
  private var messages: [Int: String] = [:]
  private let header: CSVHeader
  private let separator: UInt8
  private var actions: [Action]
  private let fallbacks: [Double]
  private var numbers: [Memory]
  private var keywords: [Memory]
  private let textSlots: Int
  private let unknownSlot: Int
  private let firstKept: Int
  /// For every column of the file the slot that its text is kept in beside its values; empty when none is.
  private let keptSlots: [Int?]
  private var texts: UnsafeMutableBufferPointer<Range<UInt32>>
  private var malformed: UnsafeMutableBufferPointer<Bool>
  private let slotOfField: [Int]
  private var chunk: TextChunk?
  /// Whether a column's cells may be empty in some rows, and the first empty one of the row that is being read.
  private let hasExceptions: [Bool]
  private var emptyCell = (row: -1, start: 0, column: 0)

  /// What to do with a column of the file, with the memory that its values go to.
  private enum Action {
    case number(UnsafeMutablePointer<Double>, default: Double?)
    case keyword(UnsafeMutablePointer<UInt8>, words: [Word], default: UInt8?)
    case converted(UnsafeMutablePointer<Double>, @Sendable (UnsafeRawBufferPointer) -> Double?)
    case text(slot: Int)
    /// A column without a name: its cells are read over.
    case ignored
  }

  /// An empty table for files with `header`. The cells of the columns named in `kept` are there as text too, whatever they mean.
  public init(_ header: CSVHeader, keepingTextOf kept: [String] = []) {
    self.header = header
    separator = header.dialect.separator
    hasExceptions = header.fieldOfColumn.map { $0.map { header.schema.fields[$0].hasExceptions } ?? false }
    var (numberSlots, keywordSlots, textSlots) = (0, 0, 0)
    var slots: [Int] = []
    var fallbacks: [Double] = []
    for field in header.schema.fields {
      switch field.kind {
      case .number(let fallback):
        slots.append(numberSlots)
        fallbacks.append(fallback ?? .nan)
        numberSlots += 1
      case .converted:
        slots.append(numberSlots)
        fallbacks.append(.nan)
        numberSlots += 1
      case .keyword:
        slots.append(keywordSlots)
        keywordSlots += 1
      case .text:
        slots.append(textSlots)
        textSlots += 1
      }
    }
    unknownSlot = textSlots
    textSlots += header.unknown.count
    firstKept = textSlots
    textSlots += kept.count
    keptSlots =
      kept.isEmpty ? [] : header.names.map { [firstKept] name in kept.firstIndex(of: name).map { firstKept + $0 } }
    actions = []
    self.fallbacks = fallbacks
    self.textSlots = textSlots
    slotOfField = slots
    numbers = fallbacks.map { _ in Memory(byteCount: 0) }
    keywords = (0..<keywordSlots).map { _ in Memory(byteCount: 0) }
    texts = .allocate(capacity: 0)
    malformed = .allocate(capacity: 0)
    actions = makeActions()
  }

  deinit {
    texts.deallocate()
    malformed.deallocate()
  }

  /// The numbers of schema field `field`, borrowed: valid until the next chunk is read.
  public func numbers(_ field: Int) -> Column {
    let memory = numbers[slotOfField[field]]
    return Column(borrowing: memory.start, count: rows, as: .f64, owner: memory)
  }

  /// The keywords of schema field `field`, borrowed: valid until the next chunk is read.
  public func keywords(_ field: Int) -> Column {
    let memory = keywords[slotOfField[field]]
    return Column(borrowing: memory.start, count: rows, as: .u8, owner: memory)
  }

  /// The text of schema field `field` in `row` as it stands in the file; empty when the file lacks it.
  public func text(_ field: Int, row: Int) -> UnsafeRawBufferPointer { cell(slotOfField[field], row) }

  /// The text of the `index`-th column that texts are kept of, in `row`, as it stands in the file.
  public func keptText(_ index: Int, row: Int) -> UnsafeRawBufferPointer { cell(firstKept + index, row) }

  /// Appends `,` and the cell of every unknown column of `row`, as they stand in the file: in quotes of their own where the file has
  /// another separator.
  public func appendUnknown(row: Int, to text: inout TextBuffer) {
    for slot in unknownSlot..<firstKept {
      text.append(UInt8.comma)
      append(cell(slot, row), to: &text)
    }
  }

  /// Appends a cell of the file as a cell of CSV with commas.
  public func append(_ cell: UnsafeRawBufferPointer, to text: inout TextBuffer) {
    if separator == .comma { return text.append(cell) }
    CSVCell(in: cell, from: 0, to: cell.count, separator).unquoted(in: cell).withUnsafeBytes {
      text.append(csvCell: $0)
    }
  }

  /// Whether a cell of `row` could not be used, or the row has more or fewer cells than the header.
  public func isMalformed(_ row: Int) -> Bool { malformed[row] }

  /// What is wrong with a malformed row, in words, where ``keepsMessages``.
  public func message(_ row: Int) -> String? { messages[row] }

  private func cell(_ slot: Int, _ row: Int) -> UnsafeRawBufferPointer {
    guard let chunk else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    let range = texts[row * textSlots + slot]
    return chunk.bytes.part(Int(range.lowerBound)..<Int(range.upperBound))
  }

  /// Reads every record of `chunk`, which must stay as it is while the table is used.
  public func read(_ chunk: TextChunk) {
    self.chunk = chunk
    problem = nil
    messages.removeAll(keepingCapacity: true)
    emptyCell.row = -1
    reserve(chunk.rows)
    rows = 0
    if chunk.isOversized {
      rows = 1
      clearTexts(0, from: 0)
      malformed[0] = false
      spoil(0, at: 0, "the line is longer than a record may be")
      return
    }
    let (bytes, actions) = (chunk.bytes, actions)
    var row = 0
    chunk.forEachRecord { record in
      read(bytes, record, row: row, actions)
      row += 1
    }
    rows = row
  }

  @inline(__always)
  private func read(_ bytes: UnsafeRawBufferPointer, _ record: Range<Int>, row: Int, _ actions: [Action]) {
    guard let base = bytes.baseAddress else { return }
    malformed[row] = false
    var start = record.lowerBound
    let end = record.upperBound
    for column in 0..<actions.count {
      guard start <= end else {
        clearTexts(row, from: column)
        return spoil(row, at: end, "the row has \(column) cells and the header \(actions.count)")
      }
      let next: Int?
      switch actions[column] {
      case .number(let values, let fallback):
        let first = (base + start).assumingMemoryBound(to: CChar.self)
        let after =
          UnsafeRawPointer(
            assay_text_read_f64(first, (base + end).assumingMemoryBound(to: CChar.self), values + row)) - base
        if after > start, after == end || bytes[after] == separator {
          next = after
        } else {
          next = convertNumber(bytes, start..<end, row, column, to: values, default: fallback)
        }
      case .keyword(let values, let words, let fallback):
        next = convert(bytes, start..<end, row, column, to: values) { cell in
          guard let key = Self.key(cell) else { return Self.longWord(cell, in: words) }
          return words.first { $0.key == key }?.value ?? Self.emptyWord(cell, fallback)
        }
      case .converted(let values, let conversion):
        next = convertText(bytes, start..<end, row, column, to: values, conversion)
      case .text(let slot):
        let cell = CSVCell(in: bytes, from: start, to: end, separator)
        texts[row * textSlots + slot] = UInt32(start)..<UInt32(cell.end)
        next = cell.isWellFormed ? cell.end : nil
        if next == nil { spoil(row, at: start, "the quotes are not closed properly") }
      case .ignored: next = ignore(bytes, start..<end, row)
      }
      guard let next else { return clearTexts(row, from: column) }
      if !keptSlots.isEmpty, let slot = keptSlots[column] {
        texts[row * textSlots + slot] = UInt32(start)..<UInt32(next)
      }
      start = next + 1
    }
    if start <= end {
      spoil(row, at: start, "the row has more cells than the header's \(actions.count)")
    }
    if emptyCell.row == row, !isException(row) {
      spoil(row, at: emptyCell.start, "\(header.names[emptyCell.column]) is empty")
    }
  }

  // What few cells need stays out of the loop over rows, so that the loop stays small.

  /// Reads over a cell.
  @inline(never)
  private func ignore(_ bytes: UnsafeRawBufferPointer, _ rest: Range<Int>, _ row: Int) -> Int? {
    let cell = CSVCell(in: bytes, from: rest.lowerBound, to: rest.upperBound, separator)
    if !cell.isWellFormed { spoil(row, at: rest.lowerBound, "the quotes are not closed properly") }
    return cell.isWellFormed ? cell.end : nil
  }

  /// Converts a number that is not written plainly, or a cell that is empty.
  @inline(never)
  private func convertNumber(
    _ bytes: UnsafeRawBufferPointer, _ rest: Range<Int>, _ row: Int, _ column: Int,
    to values: UnsafeMutablePointer<Double>, default fallback: Double?
  ) -> Int? {
    convert(bytes, rest, row, column, to: values) { cell in
      CSVDialect.isEmpty(cell) ? fallback ?? empty(row, rest.lowerBound, column) : header.dialect.number(cell)
    }
  }

  /// Converts a cell through `conversion`, which sees an empty cell where it says in words that it is.
  @inline(never)
  private func convertText(
    _ bytes: UnsafeRawBufferPointer, _ rest: Range<Int>, _ row: Int, _ column: Int,
    to values: UnsafeMutablePointer<Double>, _ conversion: @Sendable (UnsafeRawBufferPointer) -> Double?
  ) -> Int? {
    convert(bytes, rest, row, column, to: values) { cell in
      let isEmpty = CSVDialect.isEmpty(cell)
      return conversion(isEmpty ? cell.part(0..<0) : cell) ?? (isEmpty ? empty(row, rest.lowerBound, column) : nil)
    }
  }

  /// What a keyword's cell that is no word stands for: the default where it is empty.
  @inline(never)
  private static func emptyWord(_ cell: UnsafeRawBufferPointer, _ fallback: UInt8?) -> UInt8? {
    CSVDialect.isEmpty(cell) ? fallback : nil
  }

  /// Not a number, where the column's cells may be empty in some rows: whether this is one of them is known when it was read.
  private func empty(_ row: Int, _ start: Int, _ column: Int) -> Double? {
    guard hasExceptions[column] else { return nil }
    if emptyCell.row != row { emptyCell = (row, start, column) }
    return .nan
  }

  private func isException(_ row: Int) -> Bool {
    guard let exception = header.schema.exception else { return false }
    return keywords[slotOfField[exception.field]].bytes[row] >= exception.first
  }

  /// Converts the cell at the start of `rest`: gives its end, or nil (row spoilt) when its quotes make no sense.
  @inline(__always)
  private func convert<Value>(
    _ bytes: UnsafeRawBufferPointer, _ rest: Range<Int>, _ row: Int, _ column: Int,
    to values: UnsafeMutablePointer<Value>,
    _ conversion: (UnsafeRawBufferPointer) -> Value?
  ) -> Int? {
    let cell = CSVCell(in: bytes, from: rest.lowerBound, to: rest.upperBound, separator)
    guard cell.isWellFormed else {
      spoil(row, at: rest.lowerBound, "the quotes are not closed properly")
      return nil
    }
    let content = bytes.part(cell.content).trimmed
    if let value = conversion(content) {
      values[row] = value
    } else {
      let name = header.names[column]
      let text = String(decoding: content.prefix(40), as: UTF8.self)
      spoil(row, at: rest.lowerBound, CSVDialect.isEmpty(content) ? "\(name) is empty" : "\(name) cannot be '\(text)'")
    }
    return cell.end
  }

  @inline(never)
  private func spoil(_ row: Int, at offset: Int, _ message: @autoclosure () -> String) {
    if keepsMessages, !malformed[row] { messages[row] = message() }
    malformed[row] = true
    if problem == nil, let (line, column) = chunk?.position(of: offset) {
      problem = Problem(line: line, column: column, message: message())
    }
  }

  /// Empties the texts of the columns from `column` on, which were not read.
  private func clearTexts(_ row: Int, from column: Int) {
    for action in actions[column...] {
      if case .text(let slot) = action { texts[row * textSlots + slot] = 0..<0 }
    }
    for slot in keptSlots.dropFirst(column) {
      if let slot { texts[row * textSlots + slot] = 0..<0 }
    }
  }

  private func reserve(_ rows: Int) {
    guard rows > malformed.count else { return }
    let capacity = max(rows, malformed.count * 2)
    texts.deallocate()
    texts = .allocate(capacity: capacity * textSlots)
    texts.initialize(repeating: 0..<0)
    malformed.deallocate()
    malformed = .allocate(capacity: capacity)
    malformed.initialize(repeating: false)
    for slot in numbers.indices {
      numbers[slot] = Memory(byteCount: capacity * 8)
      numbers[slot].bytes.bindMemory(to: Double.self).update(repeating: fallbacks[slot])
    }
    for (field, slot) in zip(header.schema.fields, slotOfField) {
      guard case .keyword(_, let fallback) = field.kind else { continue }
      keywords[slot] = Memory(byteCount: capacity)
      keywords[slot].bytes.initializeMemory(as: UInt8.self, repeating: fallback ?? 0)
    }
    actions = makeActions()
  }

  private func makeActions() -> [Action] {
    var unknown = unknownSlot
    return zip(header.fieldOfColumn, header.names).map { field, name in
      guard let field else {
        guard !name.isEmpty else { return .ignored }
        defer { unknown += 1 }
        return .text(slot: unknown)
      }
      let slot = slotOfField[field]
      func pointer<T>(_ memory: Memory, _ type: T.Type) -> UnsafeMutablePointer<T> {
        memory.start.assumingMemoryBound(to: T.self)
      }
      switch header.schema.fields[field].kind {
      case .number(let fallback): return .number(pointer(numbers[slot], Double.self), default: fallback)
      case .keyword(let words, let fallback):
        return .keyword(pointer(keywords[slot], UInt8.self), words: Self.table(words), default: fallback)
      case .converted(let conversion): return .converted(pointer(numbers[slot], Double.self), conversion)
      case .text: return .text(slot: slot)
      }
    }
  }

  /// Up to 16 bytes in lower case as one integer; nil for a longer text.
  private static func key(_ text: UnsafeRawBufferPointer) -> UInt128? {
    guard text.count <= 16 else { return nil }
    var key: UInt128 = 0
    for byte in text { key = key << 8 | UInt128((65...90).contains(byte) ? byte | 0x20 : byte) }
    return key
  }

  /// A word that a cell may be: as one integer up to 16 bytes, else as its bytes in lower case.
  private struct Word {
    let key: UInt128?
    let bytes: [UInt8]
    let value: UInt8
  }

  private static func table(_ words: [[String]]) -> [Word] {
    words.enumerated().flatMap { value, synonyms in
      synonyms.map { word in
        let bytes = Array(word.lowercased().utf8)
        return Word(key: bytes.withUnsafeBytes { key($0) }, bytes: bytes, value: UInt8(truncatingIfNeeded: value))
      }
    }
  }

  private static func longWord(_ cell: UnsafeRawBufferPointer, in words: [Word]) -> UInt8? {
    words.first { $0.key == nil && cell.isKeyword($0.bytes) }?.value
  }
}
