import Assay
import AssayIO

/// Verifies fixed-size binary rows; an identifier, where there is one, is echoed in hexadecimal.
final class PackedWorker: RowWorker {
  private let executor: any Executor
  private let layout: PackedSignatures

  /// A worker that computes rows of `layout` on `executor`.
  init(_ executor: any Executor, _ layout: PackedSignatures) {
    self.executor = executor
    self.layout = layout
  }

  func process(_ chunk: TextChunk, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    let whole = chunk.bytes.count / layout.rowBytes
    let bytes = chunk.bytes(0..<whole * layout.rowBytes)
    for (row, verdict) in try layout.verify(bytes, on: executor).enumerated() {
      write(
        RowOutcome(verdict: verdict), row: chunk.firstRow + row, identifier: layout.identifier(row, of: bytes),
        to: &text, &tally)
    }
    if chunk.rows > whole {
      let problem = RowProblem.malformed("the file ends inside the row")
      write(RowOutcome(problem), row: chunk.firstRow + whole, identifier: nil, to: &text, &tally)
    }
  }

  private func write(
    _ outcome: RowOutcome, row: Int, identifier: UnsafeRawBufferPointer?, to text: inout TextBuffer,
    _ tally: inout Tally
  ) {
    text.append("{\"row\":")
    text.append(row)
    if let identifier {
      text.append(",\"id\":\"0x")
      text.append(hexadecimal: identifier)
      text.append("\"")
    }
    text.append(outcome: outcome)
    tally.add(outcome, at: "row \(row)")
  }
}
