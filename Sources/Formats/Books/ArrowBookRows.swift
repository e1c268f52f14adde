import Assay
import AssayIO

/// The rows of a slice of a book as the columns that kernels read: borrowed from the file where it has binary64 without nulls,
/// converted otherwise.
struct ArrowBookRows {
  /// How many rows there are.
  let count: Int
  /// The model of every row, as its place in ``BookFormat/models``.
  let models: UnsafeMutableRawBufferPointer
  /// Rows with a missing or unusable value; empty when there is none.
  private(set) var malformed: [Bool] = []
  private let book: ArrowBook
  private let slice: ArrowSlice
  private let memory: Memory

  /// The rows of `slice`.
  init(_ book: ArrowBook, _ slice: ArrowSlice) {
    self.book = book
    self.slice = slice
    count = slice.range.count
    memory = Memory(byteCount: count)
    models = memory.bytes
    models.initializeMemory(as: UInt8.self, repeating: book.model)
    guard let column = column(.model) else { return }
    read(column, to: models, fallback: book.model, BookFormat.model)
  }

  /// The columns by the names that models know them by; marks rows that lack a value.
  mutating func columns() -> [String: Column] {
    let (hasSpot, hasForward) = (book.place(.spot) != nil, book.place(.forward) != nil)
    // A row needs only the one that its model reads.
    let either: Double? = hasSpot && hasForward ? .nan : nil
    let spot = numbers(hasSpot ? .spot : .forward, default: either)
    var columns = [
      "type": types(), "spot": spot, "forward": hasSpot && hasForward ? numbers(.forward, default: either) : spot,
      "strike": numbers(.strike), "years": years(), "rate": numbers(.rate, default: 0),
      "dividendYield": numbers(.dividendYield, default: 0),
    ]
    let last: BookFormat.Field = book.computation.isImpliedVolatility ? .price : .volatility
    columns[last.name] = numbers(last)
    return columns
  }

  /// Quantity times multiplier of every row, nil where all are 1; marks rows whose value cannot be read.
  mutating func sizes() -> Numbers? {
    guard book.place(.quantity) != nil || book.place(.multiplier) != nil else { return nil }
    let quantity = numbers(.quantity, default: 1).numbers, multiplier = numbers(.multiplier, default: 1).numbers
    return Self.column(count) { row in quantity[row] * multiplier[row] }.numbers
  }

  private func column(_ field: BookFormat.Field) -> ArrowColumn? { book.place(field).map { slice.columns[$0] } }

  private mutating func mark(_ row: Int) {
    if malformed.isEmpty { malformed = [Bool](repeating: false, count: count) }
    malformed[row] = true
  }

  private mutating func numbers(_ field: BookFormat.Field, default fallback: Double? = nil) -> Column {
    guard let column = column(field) else {
      if fallback == nil { for row in 0..<count { mark(row) } }
      return Self.column(count) { _ in fallback ?? .nan }
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
        if fallback == nil { mark(row) }
      }
    }
    return Column(borrowing: memory.start, count: count, as: .f64, owner: memory)
  }

  /// Years to expiry: given, or counted from the row's valuation date, or the book's.
  private mutating func years() -> Column {
    guard book.place(.years) == nil, book.place(.expiry) != nil else { return numbers(.years) }
    let expiry = moments(.expiry, default: nil).numbers
    guard book.place(.asOf) != nil else {
      let start = book.asOf ?? Instant(seconds: .nan)
      return Self.column(count) { row in Instant(seconds: expiry[row]).years(since: start) }
    }
    return BookFormat.years(from: moments(.asOf, default: book.asOf?.seconds).numbers, to: expiry)
  }

  /// Moments in seconds since 1970, given as dates, timestamps or text.
  private mutating func moments(_ field: BookFormat.Field, default fallback: Double?) -> Column {
    guard let column = column(field) else { return numbers(field, default: fallback) }
    switch column.type {
    case .date, .timestamp: return numbers(field, default: fallback)
    default:
      let first = slice.range.lowerBound
      let memory = Memory(byteCount: count * 8)
      let values = memory.start.bindMemory(to: Double.self, capacity: count)
      for row in 0..<count {
        let text = column.text(first + row)
        let isEmpty = text?.isEmpty ?? column.isNull(first + row)
        let value = isEmpty ? fallback : text.flatMap { Instant($0)?.seconds }
        values[row] = value ?? .nan
        if value == nil { mark(row) }
      }
      return Column(borrowing: memory.start, count: count, as: .f64, owner: memory)
    }
  }

  private mutating func types() -> Column {
    let memory = Memory(byteCount: count)
    if let column = column(.type) {
      let first = slice.range.lowerBound
      if let bytes = column.bytes(slice.range), bytes.reduce(0, |) <= 1 {
        return Column(
          borrowing: bytes.baseAddress ?? UnsafeRawPointer(memory.start), count: count, as: .u8, owner: book.file)
      }
      if case .integer = column.type {
        for row in 0..<count {
          let number = column.whole(first + row) ?? -1
          memory.bytes[row] = UInt8(truncatingIfNeeded: number & 1)
          if number >> 1 != 0 { mark(row) }
        }
      } else {
        read(column, to: memory.bytes, fallback: nil, BookFormat.type)
      }
    }
    return Column(borrowing: memory.start, count: count, as: .u8, owner: memory)
  }

  /// Reads a column of keywords through `meaning`; nulls and empty texts have the `fallback`.
  private mutating func read(
    _ column: ArrowColumn, to target: UnsafeMutableRawBufferPointer, fallback: UInt8?,
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
      if let value { target[row] = value } else { mark(row) }
    }
  }

  private static func column(_ count: Int, _ value: (Int) -> Double) -> Column {
    let memory = Memory(byteCount: count * 8)
    let values = memory.start.bindMemory(to: Double.self, capacity: count)
    for row in 0..<count { values[row] = value(row) }
    return Column(borrowing: memory.start, count: count, as: .f64, owner: memory)
  }
}

extension BookFormat {
  /// The place in ``models`` of the model that `text` names in any case, one past them for a model of another build.
  fileprivate static func model(_ text: UnsafeRawBufferPointer) -> UInt8? {
    if let place = names.firstIndex(where: { text.isKeyword($0) }) { return UInt8(place) }
    return elsewhere.contains { text.isKeyword($0) } ? UInt8(names.count) : nil
  }

  /// The option's type that `text` names in any case.
  fileprivate static func type(_ text: UnsafeRawBufferPointer) -> UInt8? {
    switch text.count {
    case 1: text[0] | 0x20 == UInt8(ascii: "c") ? 0 : text[0] | 0x20 == UInt8(ascii: "p") ? 1 : nil
    case 4: text.isKeyword(call) ? 0 : nil
    case 3: text.isKeyword(put) ? 1 : nil
    default: nil
    }
  }

  private static let names = models.map { Array($0.name.utf8) }
  private static let elsewhere = modelsElsewhere.map { Array($0.utf8) }
  private static let call = Array("call".utf8), put = Array("put".utf8)
}

extension UnsafeRawBufferPointer {
  /// Whether the text is `keyword`, which is in lower case, in any case.
  fileprivate func isKeyword(_ keyword: [UInt8]) -> Bool {
    guard count == keyword.count else { return false }
    for index in keyword.indices {
      let byte = self[index]
      if ((65...90).contains(byte) ? byte | 0x20 : byte) != keyword[index] { return false }
    }
    return true
  }
}
