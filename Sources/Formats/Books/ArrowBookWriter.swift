import Assay
import AssayIO

/// Prices slices of an Arrow book into Arrow record batches.
final class ArrowBookWriter: BookConsumer {
  private let book: ArrowBook
  private let pricer: BookPricer
  private let fields: [ArrowField]
  private let deliver: (ArrowWriter.Block) -> Void
  private var block: ArrowWriter.Block?

  /// A writer that computes on `executor`; `deliver` takes the length of every record batch, in order.
  init(_ book: ArrowBook, on executor: any Executor, deliver: @escaping (ArrowWriter.Block) -> Void) {
    self.book = book
    fields = book.outputFields
    self.deliver = deliver
    pricer = BookPricer(book.header.request.computation, on: executor)
  }

  func process(_ rows: inout some BookRows, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    guard let rows = rows as? ArrowBookRows else { preconditionFailure("Arrow is written from Arrow") }
    let request = book.header.request
    var own = rows
    let priced = try pricer.price(&own, tally: &tally)
    withExtendedLifetime((own, priced)) {
      block = record(own, priced, sizes: request.isPosition ? priced.sizes : nil, into: &text)
    }
  }

  func finish() {
    if let block { deliver(block) }
    block = nil
  }

  private func record(
    _ rows: ArrowBookRows, _ book: PricedBook, sizes: Numbers?, into text: inout TextBuffer
  ) -> ArrowWriter.Block {
    let (slice, priced, header) = (rows.slice, book.rows, rows.header)
    let verdicts = UnsafeRawBufferPointer(book.verdicts.bytes)
    let count = verdicts.count
    let rejected = count - verdicts.count(of: Verdict.accepted.rawValue)
    let accepted = Bits(count) { verdicts[$0] == Verdict.accepted.rawValue }
    var batch = ArrowBatch(fields, rows: count, at: &text)
    if let id = header.place(.id) {
      batch.append(slice.columns[id], slice.range, to: &text)
    } else {
      batch.append(countingFrom: slice.firstRow, to: &text)
    }
    for column in header.request.computation.measures.indices {
      let valid =
        priced.isComplete(column)
        ? accepted : Bits(count) { verdicts[$0] == Verdict.accepted.rawValue && priced.has(column, $0) }
      valid.bytes.withUnsafeBytes { validity in
        batch.append(nulls: valid.zeros, validity: validity, to: &text) { numbers in
          priced.copy(column, verdicts: verdicts, allAccepted: rejected == 0, sizes: sizes, to: numbers)
        }
      }
    }
    let reasons = ReasonTexts.shared
    batch.append(shortText: { reasons[Verdict(rawValue: verdicts[$0])] }, areEmpty: rejected == 0, to: &text)
    if header.request.hasDetail {
      let details = (0..<count).map { rows.detailBytes($0, Verdict(rawValue: verdicts[$0])) }
      batch.append(shortTexts: details, to: &text)
    }
    for index in header.passedPlaces { batch.append(slice.columns[index], slice.range, to: &text) }
    return batch.finish(in: &text)
  }
}

/// A bit per row, the lowest first.
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
