import Assay
import AssayIO

/// Verifies the rows of one chunk after the other; see ``RowVerifier``.
final class VerifyWorker: RowWorker {
  private let verifier: RowVerifier

  /// A worker that computes on `executor`.
  init(_ executor: any Executor, _ options: RowOptions) throws(AssayError) {
    verifier = try RowVerifier(on: executor, options)
  }

  func process(_ chunk: TextChunk, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    try verifier.verify(chunk, into: &text, tally: &tally)
  }
}

extension Tally {
  /// Counts a row of `verify`; the place of the first one that cannot be read is noted with what is wrong.
  mutating func add(_ outcome: RowOutcome, at place: @autoclosure () -> String) {
    add(outcome.verdict)
    if outcome.verdict == .malformedRow { note("\(place()): \(outcome.words ?? "")") }
  }
}
