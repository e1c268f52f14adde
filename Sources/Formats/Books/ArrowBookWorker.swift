import Assay
import AssayIO

/// Prices slices of an Arrow book into Arrow record batches, or into CSV.
final class ArrowBookWorker: PieceWorker {
  private let book: ArrowBook
  private let pricer: BookPricer
  private let isArrow: Bool
  private let fields: [ArrowField]
  private let deliver: (ArrowWriter.Block) -> Void
  private var block: ArrowWriter.Block?

  /// A worker that computes on `executor`; `deliver` takes the length of every record batch, in order.
  init(_ book: ArrowBook, on executor: any Executor, isArrow: Bool, deliver: @escaping (ArrowWriter.Block) -> Void) {
    self.book = book
    self.isArrow = isArrow
    fields = book.outputFields
    self.deliver = deliver
    pricer = BookPricer(book.computation, on: executor)
  }

  func process(_ slice: ArrowSlice, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    var rows = ArrowBookRows(book, slice)
    let columns = rows.columns()
    let sizes = rows.sizes()
    let priced = try pricer.price(columns, models: UnsafeRawBufferPointer(rows.models))
    let verdicts = priced.verdicts(rows: rows.count, malformed: rows.malformed, sizes: sizes)
    if let row = rows.malformed.firstIndex(of: true) {
      tally.note("row \(slice.firstRow + row): a value is missing or of no use")
    }
    let bytes = UnsafeRawBufferPointer(verdicts.bytes)
    tally.add(bytes)
    withExtendedLifetime((rows, verdicts)) {
      if isArrow {
        block = record(slice, priced, bytes, sizes: book.isPosition ? sizes : nil, into: &text)
      } else {
        appendCSV(slice, priced, bytes, sizes: book.isPosition ? sizes : nil, to: &text)
      }
    }
  }

  func finish() {
    if let block { deliver(block) }
    block = nil
  }

  private func record(
    _ slice: ArrowSlice, _ priced: PricedRows, _ verdicts: UnsafeRawBufferPointer, sizes: Numbers?,
    into text: inout TextBuffer
  ) -> ArrowWriter.Block {
    let rows = verdicts.count
    let rejected = rows - verdicts.count(of: Verdict.accepted.rawValue)
    let accepted = Bits(rows) { verdicts[$0] == Verdict.accepted.rawValue }
    var batch = ArrowBatch(fields, rows: rows, at: &text)
    if let id = book.place(.id) {
      batch.append(slice.columns[id], slice.range, to: &text)
    } else {
      batch.append(countingFrom: slice.firstRow, to: &text)
    }
    for column in book.computation.measures.indices {
      let valid =
        priced.isComplete(column)
        ? accepted : Bits(rows) { verdicts[$0] == Verdict.accepted.rawValue && priced.has(column, $0) }
      valid.bytes.withUnsafeBytes { validity in
        batch.append(nulls: valid.zeros, validity: validity, to: &text) { numbers in
          priced.copy(column, verdicts: verdicts, allAccepted: rejected == 0, sizes: sizes, to: numbers)
        }
      }
    }
    let reasons = ReasonTexts.shared
    batch.append(shortText: { reasons[Verdict(rawValue: verdicts[$0])] }, isEmpty: rejected == 0, to: &text)
    for index in book.unknown { batch.append(slice.columns[index], slice.range, to: &text) }
    return batch.finish(in: &text)
  }

  private func appendCSV(
    _ slice: ArrowSlice, _ priced: PricedRows, _ verdicts: UnsafeRawBufferPointer, sizes: Numbers?,
    to text: inout TextBuffer
  ) {
    let id = book.place(.id).map { slice.columns[$0] }
    for row in 0..<verdicts.count {
      let place = slice.range.lowerBound + row
      if let id, !id.isNull(place) { text.append(id, place) } else { text.append(slice.firstRow + row) }
      priced.append(row: row, Verdict(rawValue: verdicts[row]), size: sizes?[row], to: &text)
      for index in book.unknown {
        text.append(UInt8(ascii: ","))
        text.append(slice.columns[index], place)
      }
      text.append(UInt8(ascii: "\n"))
    }
  }
}

/// A bit a row, the lowest first.
private struct Bits {
  private(set) var bytes: [UInt8]
  private(set) var zeros: Int

  init(_ rows: Int, _ isOne: (Int) -> Bool) {
    bytes = [UInt8](repeating: 0, count: (rows + 7) / 8)
    zeros = rows
    for row in 0..<rows where isOne(row) {
      bytes[row >> 3] |= 1 << UInt8(row & 7)
      zeros -= 1
    }
  }
}

extension TextBuffer {
  /// Appends a value of a column as a CSV cell, dates and moments as ISO 8601 has them; nothing for a null.
  fileprivate mutating func append(_ column: ArrowColumn, _ row: Int) {
    if let value = column.text(row) {
      append(csvCell: value)
    } else if let value = column.whole(row) {
      switch column.type {
      case .date(let inDays): append(Instant.text(inDays ? value : value.quotient(floor: 86_400_000), perSecond: nil))
      case .timestamp(let perSecond, let zone):
        append(Instant.text(value, perSecond: perSecond) + (zone == nil ? "" : "Z"))
      default: append(value)
      }
    } else if let value = column.bool(row) {
      append(value ? "true" : "false")
    } else if let value = column.number(row) {
      append(value)
    }
  }
}

/// The reasons' names in memory that lives as long as the process: text columns point into it.
private struct ReasonTexts: @unchecked Sendable {
  static let shared = ReasonTexts()
  private var texts = [UnsafeRawBufferPointer](repeating: UnsafeRawBufferPointer(start: nil, count: 0), count: 256)

  private init() {
    for reason in Verdict.reasons {
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: reason.name.utf8.count, alignment: 1)
      bytes.copyBytes(from: reason.name.utf8)
      texts[Int(reason.verdict.rawValue)] = UnsafeRawBufferPointer(bytes)
    }
  }

  /// The name; empty when accepted.
  subscript(verdict: Verdict) -> UnsafeRawBufferPointer { texts[Int(verdict.rawValue)] }
}

extension Job {
  /// Computes every row of an Arrow book.
  func runArrowBook(_ input: InputFile, _ book: ArrowBook) throws(AssayError) -> Outcome {
    let writer = ArrowWriter(book.outputFields)
    var blocks: [ArrowWriter.Block] = []
    let isArrow = sink.isArrow
    try isArrow ? write(writer.start) : write(book.header)
    try run(
      ArrowSlices(book.file), of: input, rows: book.file.rows,
      needs: BookFormat.models.compactMap(book.computation.operation), results: isArrow ? nil : .csv
    ) { executor in
      ArrowBookWorker(book, on: executor, isArrow: isArrow) { blocks.append($0) }
    }
    if isArrow { try write(writer.end(blocks)) }
    return try finish()
  }
}

extension ArrowBook {
  /// The header of CSV output.
  fileprivate var header: String {
    var text = TextBuffer()
    for (index, field) in outputFields.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      Array(field.name.utf8).withUnsafeBytes { text.append(csvCell: $0) }
    }
    text.append(UInt8(ascii: "\n"))
    return String(decoding: text.bytes, as: UTF8.self)
  }
}
