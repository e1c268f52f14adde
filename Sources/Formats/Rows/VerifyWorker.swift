import Assay
import AssayIO

/// Verifies the rows of one chunk after the other; see ``RowVerifier``.
final class VerifyWorker: RowWorker {
  private let verifier: RowVerifier
  private let deliver: ([ReceiptFile.File]) throws(AssayError) -> Void

  /// A worker that computes on `executor`; `deliver` takes the files that rows name, in the order of the input.
  init(
    _ executor: any Executor, _ options: RowOptions,
    deliver: @escaping ([ReceiptFile.File]) throws(AssayError) -> Void
  ) throws(AssayError) {
    verifier = try RowVerifier(on: executor, options)
    self.deliver = deliver
  }

  func process(_ chunk: TextChunk, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    try verifier.verify(chunk, into: &text, tally: &tally)
  }

  func finish() throws(AssayError) { try deliver(verifier.takeFiles()) }
}

extension Tally {
  /// Counts a row of `verify`; the place of the first one that cannot be read is noted with what is wrong.
  mutating func add(_ outcome: RowOutcome, at place: @autoclosure () -> String) {
    add(outcome.verdict)
    if outcome.verdict == .malformedRow { note("\(place()): \(outcome.words ?? "")") }
  }
}
