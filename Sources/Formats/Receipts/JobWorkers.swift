import Assay
import AssayIO

/// Turns the rows of a chunk into text, and counts them.
protocol RowWorker: AnyObject {
  /// Processes every row of `chunk`: appends its output to `text` and its end to `tally`.
  func process(_ chunk: TextChunk, into text: inout TextBuffer, tally: inout Tally) throws(AssayError)
  /// Called after that, by one thread at a time and in the order of the input.
  func finish() throws(AssayError)
}

extension RowWorker {
  func finish() {}
}

/// Turns the rows of a piece into output, and counts them.
protocol PieceWorker<Piece>: AnyObject {
  /// The pieces.
  associatedtype Piece: PipelinePiece
  /// Processes every row of `piece`: appends its output to `text` and its end to `tally`.
  func process(_ piece: Piece, into text: inout TextBuffer, tally: inout Tally) throws(AssayError)
  /// Called after that, in the order of the input.
  func finish() throws(AssayError)
}

/// A worker whose account is taken in the order of the input.
final class PieceAccount<Worker: PieceWorker>: PipelineWorker {
  private let worker: Worker
  private let hasher: ResultRoot.Hasher?
  private let account: (Tally) throws(AssayError) -> Void
  private var tally = Tally()

  init(_ worker: Worker, hasher: ResultRoot.Hasher?, account: @escaping (Tally) throws(AssayError) -> Void) {
    self.worker = worker
    self.hasher = hasher
    self.account = account
  }

  func process(_ piece: Worker.Piece, into text: inout TextBuffer) throws(AssayError) {
    tally = Tally()
    try worker.process(piece, into: &text, tally: &tally)
    try hasher?.hash(text.bytes)
  }

  func finish(_ piece: Worker.Piece) throws(AssayError) {
    try account(tally)
    try hasher?.join()
    try worker.finish()
  }
}

/// A worker whose account goes to its job, in the order of the input.
final class JobWorker: PipelineWorker {
  private let job: Job
  private let executor: RecordingExecutor
  private let worker: any RowWorker
  private let hasher: ResultRoot.Hasher?
  private let input: InputFile
  private var tally = Tally()

  init(
    job: Job, executor: RecordingExecutor, worker: any RowWorker, hasher: ResultRoot.Hasher?, input: InputFile
  ) {
    self.job = job
    self.executor = executor
    self.worker = worker
    self.hasher = hasher
    self.input = input
  }

  func process(_ chunk: TextChunk, into text: inout TextBuffer) throws(AssayError) {
    tally = Tally()
    try worker.process(chunk, into: &text, tally: &tally)
    try hasher?.hash(text.bytes)
  }

  func finish(_ chunk: TextChunk) throws(AssayError) {
    job.add(tally, executor.takeLedger(), at: input)
    try job.check()
    try hasher?.join()
    try worker.finish()
  }
}
