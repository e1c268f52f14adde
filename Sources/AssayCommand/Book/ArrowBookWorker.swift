import Assay
import AssayIO

/// Prices slices of an Arrow book into Arrow record batches, or into CSV.
final class ArrowBookWorker: PieceWorker {
  private let book: ArrowBook
  private let pricer: BookPricer
  private let isArrow: Bool
  private let deliver: (ArrowWriter.Block) -> Void
  private var block: ArrowWriter.Block?

  /// A worker that computes on `executor`; `deliver` takes the length of every record batch, in order.
  init(_ book: ArrowBook, on executor: any Executor, isArrow: Bool, deliver: @escaping (ArrowWriter.Block) -> Void) {
    self.book = book
    self.isArrow = isArrow
    self.deliver = deliver
    pricer = BookPricer(book.computation, on: executor)
  }

  func process(_ slice: ArrowSlice, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    var rows = ArrowBookRows(book, slice)
    let columns = rows.columns()
    let sizes = rows.sizes()
    // A closure would lose the error's type.
    let models = Column(bytes: rows.models)
    let priced = try pricer.price(columns, models: models.bytes)
    var verdicts: [Verdict] = []
    verdicts.reserveCapacity(rows.count)
    for row in 0..<rows.count {
      let size = sizes[row].loadUnaligned(as: Double.self)
      let verdict = priced.verdict(row, isMalformed: rows.malformed[row], size: size)
      if verdict == .malformedRow { tally.note("row \(slice.firstRow + row): a value is missing or of no use") }
      verdicts.append(verdict)
      tally.add(verdict)
    }
    func size(_ row: Int) -> Double? { book.isPosition ? sizes[row].loadUnaligned(as: Double.self) : nil }
    if isArrow {
      block = record(slice, priced, verdicts, size, into: &text)
    } else {
      for row in 0..<rows.count {
        append(
          book.place(.id).map { slice.columns[$0] }, slice.range.lowerBound + row, else: slice.firstRow + row, to: &text
        )
        priced.append(row: row, verdicts[row], size: size(row), to: &text)
        for index in book.unknown {
          text.append(UInt8(ascii: ","))
          append(slice.columns[index], slice.range.lowerBound + row, else: nil, to: &text)
        }
        text.append(UInt8(ascii: "\n"))
      }
    }
  }

  func finish() {
    if let block { deliver(block) }
    block = nil
  }

  private func record(
    _ slice: ArrowSlice, _ priced: PricedRows, _ verdicts: [Verdict], _ size: (Int) -> Double?,
    into text: inout TextBuffer
  ) -> ArrowWriter.Block {
    var batch = ArrowBatch(rows: verdicts.count)
    if let id = book.place(.id) {
      batch.append(slice.columns[id], slice.range)
    } else {
      batch.append(integers: { slice.firstRow + $0 })
    }
    for column in book.computation.measures.indices {
      let values = verdicts.indices.map { row in
        verdicts[row].isAccepted ? priced.value(column, row, size: size(row)) : nil
      }
      batch.append({ values[$0] ?? 0 }, isNull: { values[$0] == nil })
    }
    let reasons = ReasonTexts.shared
    batch.append(text: { reasons[verdicts[$0]] })
    for index in book.unknown { batch.append(slice.columns[index], slice.range) }
    return batch.finish(into: &text)
  }

  /// Appends a value as a CSV cell.
  private func append(_ column: ArrowColumn?, _ row: Int, else number: Int?, to text: inout TextBuffer) {
    if let value = column?.text(row) {
      text.append(csvCell: value)
    } else if let value = column?.whole(row) {
      text.append(value)
    } else if let value = column?.bool(row) {
      text.append(value ? "true" : "false")
    } else if let value = column?.number(row) {
      text.append(value)
    } else if let number {
      text.append(number)
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
  func runArrowBook(_ path: String, _ book: ArrowBook) throws(AssayError) -> Outcome {
    let writer = ArrowWriter(book.outputFields)
    var blocks: [ArrowWriter.Block] = []
    let isArrow = sink.isArrow
    try isArrow ? write(writer.start) : write(book.header)
    try run(
      ArrowSlices(book.file), of: try open(path), rows: book.file.rows,
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
