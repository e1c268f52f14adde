import Assay
import AssayIO

/// The rows of a slice of an Arrow book: borrowed from the file where it has binary64 without nulls, converted otherwise.
struct ArrowBookRows: BookRows {
  let count: Int
  let firstRow: Int
  /// Where the columns lie.
  let slice: ArrowSlice
  /// The file.
  let book: ArrowBook
  /// Whether each row is a position that is not an option; empty when none is.
  private var positions: [Bool] = []
  /// The first column without a value of use in each malformed row; empty when there is no such row.
  private var obstacles: [String?] = []
  private let memory: Memory

  /// The rows of `slice`.
  init(_ book: ArrowBook, _ slice: ArrowSlice) {
    self.book = book
    self.slice = slice
    count = slice.range.count
    firstRow = slice.firstRow
    memory = Memory(byteCount: count)
    let fallback = UInt8(BookComputation.models.firstIndex(of: book.header.request.valuation.model) ?? 0)
    memory.bytes.initializeMemory(as: UInt8.self, repeating: fallback)
    guard let column = column(.model) else { return }
    read(.model, column, to: memory.bytes, fallback: fallback, BookWord.model)
  }

  var header: BookHeader { book.header }

  func models() -> Column { Column(borrowing: memory.start, count: count, as: .u8, owner: memory) }

  func isMalformed(_ row: Int) -> Bool { !obstacles.isEmpty && obstacles[row] != nil }

  func detail(_ row: Int) -> String? {
    obstacles.isEmpty ? nil : obstacles[row].map { "\($0) is missing or of no use" }
  }

  var problem: String? {
    guard let row = obstacles.firstIndex(where: { $0 != nil }) else { return nil }
    return "row \(firstRow + row): \(obstacles[row] ?? "a value") is missing or of no use"
  }

  func appendIdentifier(_ row: Int, to text: inout TextBuffer) {
    let place = slice.range.lowerBound + row
    if let id = column(.id), !id.isNull(place) {
      text.append(cell: id, place)
    } else {
      text.append(firstRow + row)
    }
  }

  func appendUnknown(_ row: Int, to text: inout TextBuffer) {
    for index in header.passedPlaces {
      text.append(UInt8(ascii: ","))
      text.append(cell: slice.columns[index], slice.range.lowerBound + row)
    }
  }

  func cell(_ place: Int, _ row: Int) -> [UInt8] {
    var text = TextBuffer(capacity: 64)
    text.append(bare: slice.columns[place], slice.range.lowerBound + row)
    return Array(text.bytes)
  }

  mutating func numbers(_ name: BookColumn) -> Column {
    switch header.reading(of: name) {
    case .moment(let fallback): moments(name, default: fallback)
    case .number(let fallback): numbers(name, default: fallback)
    case .text, .type, .model: numbers(name, default: .nan)
    }
  }

  private func column(_ name: BookColumn) -> ArrowColumn? { header.place(name).map { slice.columns[$0] } }

  private mutating func mark(_ row: Int, _ column: BookColumn) {
    if column.mayBeEmptyInPositions, !positions.isEmpty, positions[row] { return }
    if obstacles.isEmpty { obstacles = [String?](repeating: nil, count: count) }
    obstacles[row] = obstacles[row] ?? column.name
  }

  private mutating func numbers(_ name: BookColumn, default fallback: Double?) -> Column {
    guard let column = column(name) else {
      if fallback == nil { for row in 0..<count { mark(row, name) } }
      return Column(count: count) { _ in fallback ?? .nan }
    }
    if case .dictionary = column.type {
      let first = slice.range.lowerBound
      let memory = Memory(byteCount: count * 8)
      let values = memory.start.bindMemory(to: Double.self, capacity: count)
      for row in 0..<count {
        let value = column.number(first + row) ?? fallback
        values[row] = value ?? .nan
        if value == nil { mark(row, name) }
      }
      return Column(borrowing: memory.start, count: count, as: .f64, owner: memory)
    }
    if let values = column.numbers(slice.range) {
      return Column(borrowing: UnsafeRawPointer(values), count: count, as: .f64, owner: book.file)
    }
    let memory = Memory(byteCount: count * 8)
    let values = memory.start.bindMemory(to: Double.self, capacity: count)
    _ = column.copyNumbers(slice.range, to: values)
    if column.hasNulls {
      for row in 0..<count where column.isNull(slice.range.lowerBound + row) {
        values[row] = fallback ?? .nan
        if fallback == nil { mark(row, name) }
      }
    }
    return Column(borrowing: memory.start, count: count, as: .f64, owner: memory)
  }

  /// Moments in seconds since 1970, given as dates, timestamps or text.
  private mutating func moments(_ name: BookColumn, default fallback: Double?) -> Column {
    guard let column = column(name) else { return numbers(name, default: fallback) }
    let time = header.request.valuation.time(of: name)
    switch column.type {
    case .timestamp, .dictionary(_, _, .timestamp): return numbers(name, default: fallback)
    case .date, .dictionary(_, _, .date):
      let days = numbers(name, default: fallback)
      guard time.seconds != 0 else { return days }
      let first = slice.range.lowerBound, values = days.numbers
      return Column(count: count) { row in column.isNull(first + row) ? values[row] : values[row] + time.seconds }
    default:
      let first = slice.range.lowerBound
      let memory = Memory(byteCount: count * 8)
      let values = memory.start.bindMemory(to: Double.self, capacity: count)
      for row in 0..<count {
        let text = column.text(first + row)
        let isEmpty = text?.isEmpty ?? column.isNull(first + row)
        if let entry = column.entry(first + row), let count = entry.column.whole(entry.row) {
          let moment = Array(String(count).utf8).withUnsafeBytes { Instant(cell: $0, at: time)?.seconds }
          values[row] = moment ?? .nan
          if moment == nil { mark(row, name) }
          continue
        }
        let value = isEmpty ? fallback : text.flatMap { Instant(cell: $0, at: time)?.seconds }
        values[row] = value ?? .nan
        if value == nil { mark(row, name) }
      }
      return Column(borrowing: memory.start, count: count, as: .f64, owner: memory)
    }
  }

  mutating func types() -> Column {
    let memory = Memory(byteCount: count)
    if let column = column(.type) {
      let first = slice.range.lowerBound
      if let bytes = column.bytes(slice.range), bytes.reduce(0, |) <= 1 {
        return Column(
          borrowing: bytes.baseAddress ?? UnsafeRawPointer(memory.start), count: count, as: .u8, owner: book.file)
      }
      if column.type.isInteger {
        for row in 0..<count {
          let number = column.entry(first + row).flatMap { $0.column.whole($0.row) } ?? -1
          memory.bytes[row] = UInt8(truncatingIfNeeded: number & 1)
          if number >> 1 != 0 { mark(row, .type) }
        }
      } else {
        read(.type, column, to: memory.bytes, fallback: header.request.map.type, BookWord.type)
        let first = BookPosition.first
        if memory.bytes.contains(where: { $0 >= first }) { positions = memory.bytes.map { $0 >= first } }
      }
    } else {
      memory.bytes.initializeMemory(as: UInt8.self, repeating: header.request.map.type ?? 0)
    }
    return Column(borrowing: memory.start, count: count, as: .u8, owner: memory)
  }

  /// Reads a column of keywords through `meaning`; nulls and empty texts have the `fallback`.
  private mutating func read(
    _ name: BookColumn, _ column: ArrowColumn, to target: UnsafeMutableRawBufferPointer, fallback: UInt8?,
    _ meaning: (UnsafeRawBufferPointer) -> UInt8?
  ) {
    let first = slice.range.lowerBound
    // Each distinct text is looked up once, unless there are more of them than rows.
    var meanings: [UInt8?] = []
    if let dictionary = column.dictionary, dictionary.count <= count {
      meanings = (0..<dictionary.count).map { index in
        dictionary.text(index).flatMap { $0.isEmpty ? fallback : meaning($0) }
      }
    }
    for row in 0..<count {
      let value: UInt8?
      if column.isNull(first + row) {
        value = fallback
      } else if !meanings.isEmpty {
        value = column.key(first + row).flatMap { meanings.indices.contains($0) ? meanings[$0] : nil }
      } else {
        value = column.text(first + row).flatMap { $0.isEmpty ? fallback : meaning($0) }
      }
      if let value { target[row] = value } else { mark(row, name) }
    }
  }
}

/// The words of a book's cells.
enum BookWord {
  /// The place in ``BookComputation/models`` of the model that `text` names in any case.
  static func model(_ text: UnsafeRawBufferPointer) -> UInt8? {
    models.firstIndex { text.isKeyword($0) }.map { UInt8($0) }
  }

  /// The option's type that `text` names in any case.
  static func type(_ text: UnsafeRawBufferPointer) -> UInt8? {
    typeBytes.firstIndex { words in words.contains { text.isKeyword($0) } }.map { UInt8($0) }
  }

  /// The words for each type, in lower case: those of options, then those of ``BookPosition``.
  static let types = [["call", "c", "ce"], ["put", "p", "pe"]] + BookPosition.allCases.map { ["\($0)"] }
  private static let typeBytes = types.map { $0.map { Array($0.utf8) } }
  private static let models = PricingModel.all.map { Array($0.name.utf8) }
}

extension ArrowType {
  /// Whether values are whole numbers, in a dictionary or not.
  fileprivate var isInteger: Bool {
    switch self {
    case .integer: true
    case .dictionary(_, _, let values): values.isInteger
    default: false
    }
  }
}
