import Assay
import AssayIO

/// The rows of a piece of a book, whatever its format: the columns that models read, and what stands in other cells.
protocol BookRows {
  /// Which column is what.
  var header: BookHeader { get }
  /// How many rows there are.
  var count: Int { get }
  /// The number, from 1, of the first row.
  var firstRow: Int { get }
  /// The numbers, or the moments in seconds since 1970, of a column that is read as such: the default where the file lacks it.
  mutating func numbers(_ column: BookColumn) -> Column
  /// The options' types as ``OptionBook`` takes them.
  mutating func types() -> Column
  /// The rows' models as places in ``BookComputation/models``, one past them for a model of another build.
  mutating func models() -> Column
  /// Whether a row lacks a value or has one of no use; complete once all columns were read.
  func isMalformed(_ row: Int) -> Bool
  /// Where and why the first malformed row is, in words; nil where none is.
  var problem: String? { get }
  /// What is wrong with a malformed row, in words; nil where the request asks for no details.
  func detail(_ row: Int) -> String?
  /// Appends the row's identifier, or its number where it has none.
  func appendIdentifier(_ row: Int, to text: inout TextBuffer)
  /// Appends `,` and the cell of every column that is not known.
  func appendUnknown(_ row: Int, to text: inout TextBuffer)
  /// The cell of the file's column `place` as bytes without quotes; empty where there is none.
  func cell(_ place: Int, _ row: Int) -> [UInt8]
}

extension BookRows {
  /// What is wrong with a row, in words: of its cells where it is malformed, else of its numbers; empty for an accepted one.
  func detailBytes(_ row: Int, _ verdict: Verdict) -> [UInt8] {
    guard !verdict.isAccepted else { return [] }
    return Array(((verdict == .malformedRow ? detail(row) : nil) ?? verdict.sentence).utf8)
  }

  /// Quantity times multiplier of every row; nil where all are 1.
  mutating func sizes() -> Numbers? {
    guard header.has(.quantity) || header.has(.multiplier) else { return nil }
    let quantity = numbers(.quantity).numbers, multiplier = numbers(.multiplier).numbers
    return Column(count: count) { row in quantity[row] * multiplier[row] }.numbers
  }

  /// Years to expiry: given, or counted from the row's valuation time, or the book's.
  mutating func years() -> Column {
    guard !header.has(.years) else { return numbers(.years) }
    let given = header.place(.expiry) == nil ? header.request.map.number(.expiry) : nil
    let expiry = given.map { moment in Column(count: count) { _ in moment }.numbers } ?? numbers(.expiry).numbers
    guard header.has(.asOf) else {
      let start = header.request.valuation.asOf ?? Instant(seconds: .nan)
      return Column(count: count) { row in Instant(seconds: expiry[row]).years(since: start) }
    }
    let asOf = numbers(.asOf).numbers
    return Column(count: count) { row in Instant(seconds: expiry[row]).years(since: Instant(seconds: asOf[row])) }
  }
}

extension Column {
  /// The numbers, with those of `other` where one is not a number; the column itself where all are.
  func filled(from other: Column) -> Column {
    let values = numbers, others = other.numbers
    guard values.contains(where: \.isNaN) else { return self }
    return Column(count: count) { row in values[row].isNaN ? others[row] : values[row] }
  }

  /// A column of `count` numbers.
  init(count: Int, _ value: (Int) -> Double) {
    let memory = Memory(byteCount: count * 8)
    let values = memory.start.bindMemory(to: Double.self, capacity: count)
    for row in 0..<count { values[row] = value(row) }
    self.init(borrowing: memory.start, count: count, as: .f64, owner: memory)
  }
}

/// Takes the rows of a book piece by piece, on one thread.
protocol BookConsumer: AnyObject {
  /// Processes every row: appends its output to `text` and its end to `tally`.
  func process(_ rows: inout some BookRows, into text: inout TextBuffer, tally: inout Tally) throws(AssayError)
  /// Called after that, in the order of the input.
  func finish() throws(AssayError)
}

extension BookConsumer {
  func finish() {}
}
