import Assay
import AssayIO

/// One run of a command over rows: its engine, its output, and the account of both.
final class Job {
  /// Where results go and what is told.
  struct Sink {
    /// The output's path; `-` is standard output.
    var output: String
    /// Where the receipt goes.
    var receipt: String?
    /// Whether to show progress and the summary.
    var isTalkative: Bool
    /// Whether the output's digest is computed.
    var hashesOutput: Bool
    /// Whether the inputs' digests are computed.
    var hashesInput: Bool
    /// Whether the Merkle root of the result rows is computed.
    var rootsResults: Bool

    /// Nowhere: only digests are of interest.
    static func digest(isArrow: Bool) -> Sink {
      Sink(
        output: "/dev/null", receipt: nil, isTalkative: false, hashesOutput: true, hashesInput: true,
        rootsResults: false, isArrow: isArrow)
    }

    /// Whether results are written as an Arrow file.
    var isArrow: Bool
  }

  /// What came of a job.
  struct Outcome {
    /// How the command ends.
    let status: ExitStatus
    /// Its receipt; digests are empty when none were computed.
    let receipt: ReceiptFile
  }

  /// How big a piece of text one thread works on.
  struct Pieces {
    /// On the host: small enough for its caches and for all cores to finish together.
    var host: Int
    /// For a device that wants many rows at once.
    var accelerator: Int
    /// Longer rows than that make a piece bigger, so that they are computed together too.
    var fewestRows = 1
  }

  /// How rows are read.
  let options: EngineOptions
  private let arguments: [String]
  let sink: Sink
  private let output: OutputFile
  private let receiptFile: OutputFile?
  private let progress: ProgressLine
  private let started = ContinuousClock.now
  private var tally = Tally()
  private var ledger = RowsLedger()
  private var inputs: [ReceiptFile.File] = []
  private var nextRow = 1
  private var backends: [any Backend] = []
  private var resultRoot: ResultRoot?

  /// Opens the output. `arguments` repeat the command with everything that decides its results.
  init(_ arguments: [String], _ options: EngineOptions, sink: Sink) throws(AssayError) {
    self.arguments = arguments + options.arguments
    self.options = options
    self.sink = sink
    output = try OutputFile(sink.output, hashing: sink.hashesOutput)
    receiptFile = if let path = sink.receipt { try OutputFile(path) } else { nil }
    progress = ProgressLine("assay \(arguments.first ?? "")", isWanted: sink.isTalkative)
  }

  /// Opens an input of the job.
  func open(_ path: String) throws(AssayError) -> InputFile {
    try InputFile(path, hashing: sink.hashesInput)
  }

  /// Writes text that belongs to no row: a header.
  func write(_ text: String) throws(AssayError) { try output.write(Array(text.utf8)) }

  /// Writes bytes that belong to no row.
  func write(_ bytes: [UInt8]) throws(AssayError) { try output.write(bytes) }

  /// Reads rows of `input` to the end through workers, one a thread, and writes what they make of them.
  ///
  /// - Parameters:
  ///   - prepare: takes what stands before the rows, such as a header.
  ///   - needs: operations of which the named device must support one; empty when rows decide.
  ///   - results: how result rows end, where what is written are rows that a receipt's root covers.
  ///   - makeWorker: makes a thread's worker, which computes on the executor it is given.
  func run<Preparation>(
    _ input: InputFile, rule: RecordRule, pieces: Pieces, longestRecord: Int, needs: [Operation],
    results: RecordRule? = nil,
    prepare: (ChunkReader) throws(AssayError) -> Preparation,
    makeWorker: (Preparation, RecordingExecutor) throws(AssayError) -> any RowWorker
  ) throws(AssayError) {
    var engine = try options.engine(threads: 1)
    backends = engine.dispatcher.backends
    let size = engine.usesAccelerators(options) ? pieces.accelerator : pieces.host
    // An input of one piece is shared out by the engine instead, and so may be one of a few long rows.
    let isSmall = input.size.map { $0 <= size } ?? false
    let mayBeOnePiece = input.size.map { $0 <= size * pieces.fewestRows } ?? false
    if mayBeOnePiece, options.workers > 1 { engine = try options.engine(threads: options.workers) }
    try requireSupport(of: needs, by: engine)
    let reader = ChunkReader(
      input, rule: rule, chunkBytes: size, longestRecord: longestRecord, fewestRows: pieces.fewestRows,
      firstRow: nextRow)
    let preparation = try prepare(reader)
    let root = try makeResultRoot(results, threads: isSmall ? options.workers : 1)
    try OrderedPipeline(threads: isSmall ? 1 : options.workers).run(reader, to: output) { () throws(AssayError) in
      let executor = RecordingExecutor(engine)
      return JobWorker(
        job: self, executor: executor, worker: try makeWorker(preparation, executor), hasher: root?.makeHasher(),
        input: input)
    }
    nextRow = reader.nextRow
    add(input)
  }

  /// Processes the pieces of `source` through workers, one a thread, and writes what they make of them.
  ///
  /// - Parameters:
  ///   - input: what is recorded as read; it is read to its end here where digests are wanted.
  ///   - results: how result rows end, where what is written are rows that a receipt's root covers.
  ///   - makeWorker: makes a thread's worker, which computes on the executor it is given.
  func run<Source: PipelineSource, Worker: PieceWorker>(
    _ source: Source, of input: InputFile, rows: Int, needs: [Operation], results: RecordRule? = nil,
    makeWorker: (RecordingExecutor) throws(AssayError) -> Worker
  ) throws(AssayError) where Worker.Piece == Source.Piece {
    let engine = try options.engine(threads: 1)
    backends = engine.dispatcher.backends
    try requireSupport(of: needs, by: engine)
    if sink.hashesInput {
      let block = Memory(byteCount: 1 << 20)
      while try input.read(into: block.bytes) > 0 {}
    }
    let root = try makeResultRoot(results, threads: 1)
    try OrderedPipeline(threads: options.workers).run(source, to: output) { () throws(AssayError) in
      let executor = RecordingExecutor(engine)
      return PieceAccount(try makeWorker(executor), hasher: root?.makeHasher()) { [self] tally in
        self.tally.add(tally)
        ledger.add(executor.takeLedger())
        progress.update(rows: self.tally.rows, fraction: Double(self.tally.rows) / Double(max(rows, 1)))
      }
    }
    add(input)
  }

  /// Runs work that does not come as rows of text: what `body` appends is written, what it computes is recorded.
  func run(
    _ inputs: [InputFile], needs: [Operation],
    _ body: (RecordingExecutor, inout TextBuffer, inout Tally) throws(AssayError) -> Void
  ) throws(AssayError) {
    let engine = try options.engine(threads: options.workers)
    backends = engine.dispatcher.backends
    try requireSupport(of: needs, by: engine)
    let executor = RecordingExecutor(engine)
    var text = TextBuffer()
    var tally = Tally()
    try body(executor, &text, &tally)
    try output.write(text.bytes)
    self.tally.add(tally)
    ledger.add(executor.takeLedger())
    for input in inputs { add(input) }
  }

  /// The root that result rows go into; nil when none is wanted.
  private func makeResultRoot(_ rule: RecordRule?, threads: Int) throws(AssayError) -> ResultRoot? {
    guard let rule, sink.rootsResults else { return nil }
    if resultRoot == nil {
      resultRoot = ResultRoot(rule, on: try options.engine(threads: threads, asRequired: false))
    }
    return resultRoot
  }

  /// Records an input that was read.
  private func add(_ input: InputFile) {
    inputs.append(.init(path: input.path, bytes: input.position, sha256: input.sha256?.hexadecimal ?? ""))
  }

  /// Adds what came of a chunk; called in the order of the input.
  func add(_ tally: Tally, _ ledger: RowsLedger, at input: InputFile) {
    self.tally.add(tally)
    self.ledger.add(ledger)
    let fraction = input.size.map { $0 == 0 ? 1 : Double(input.position) / Double($0) }
    progress.update(rows: self.tally.rows, fraction: fraction)
  }

  private func requireSupport(of needs: [Operation], by engine: Engine) throws(AssayError) {
    guard let required = options.required, !needs.isEmpty else { return }
    var obstacles: [String] = []
    for operation in needs {
      guard let obstacle = engine.dispatcher.obstacleOfRequiredBackend(to: operation) else { return }
      obstacles.append("\(operation.name) (\(obstacle))")
    }
    throw AssayError(
      .unavailable,
      "\(required) supports nothing of this job, which needs one of: \(obstacles.joined(separator: ", ")).",
      advice: "`assay devices` lists what each device computes.")
  }

  /// Ends the job: receipt, summary, status.
  func finish() throws(AssayError) -> Outcome {
    progress.clear()
    let root = try resultRoot?.root()
    var account = ledger
    if let resultRoot { account.add(resultRoot.ledger) }
    let elapsed = (ContinuousClock.now - started).inNanoseconds
    var receipt = ReceiptFile(
      arguments: arguments, inputs: inputs,
      output: .init(path: sink.output, bytes: output.position, sha256: output.sha256?.hexadecimal ?? ""),
      tally: tally, ledger: account, elapsedNanoseconds: elapsed)
    receipt.resultRoot = root?.hexadecimal
    receipt.resultRows = resultRoot?.rows
    receipt.warnings = backends.flatMap(\.warnings)
    let devices = backends.flatMap(\.devices)
    let idle = options.required.flatMap { ledger.entries.isEmpty || ledger.used($0, among: devices) ? nil : $0 }
    if idle == nil { try output.commit() }
    try receiptFile?.write(receipt.jsonText())
    try receiptFile?.commit()
    if sink.isTalkative { Terminal.error.write(Summary(tally, account, receipt).text) }
    if let idle {
      let reasons = ledger.fallbacks.map { "\($0.operation) (\($0.reason))" }.joined(separator: ", ")
      throw AssayError(
        .unavailable, "\(idle) computed nothing of this job: \(reasons.isEmpty ? "not supported" : reasons).",
        advice: "`assay devices` lists what each device computes.")
    }
    let isComplete = tally.rejected == 0 && tally.omissions.isEmpty
    let status: ExitStatus = account.mismatched > 0 ? .mismatch : isComplete ? .accepted : .rejected
    return Outcome(status: status, receipt: receipt)
  }
}

extension Job.Sink {
  /// What the command line asks for.
  init(_ options: JobOptions) {
    self.init(
      output: options.output, receipt: options.receipt, isTalkative: !options.quiet,
      hashesOutput: options.receipt != nil, hashesInput: options.receipt != nil,
      rootsResults: options.receipt != nil, isArrow: options.output.hasSuffix(".arrow"))
  }
}

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
  func finish()
}

/// A worker whose account is taken in the order of the input.
private final class PieceAccount<Worker: PieceWorker>: PipelineWorker {
  private let worker: Worker
  private let hasher: ResultRoot.Hasher?
  private let account: (Tally) -> Void
  private var tally = Tally()

  init(_ worker: Worker, hasher: ResultRoot.Hasher?, account: @escaping (Tally) -> Void) {
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
    account(tally)
    try hasher?.join()
    worker.finish()
  }
}

/// A worker whose account goes to its job, in the order of the input.
private final class JobWorker: PipelineWorker {
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
    try hasher?.join()
    try worker.finish()
  }
}

extension Engine {
  /// Whether rows may go to a device other than the host.
  fileprivate func usesAccelerators(_ options: EngineOptions) -> Bool {
    let devices = dispatcher.backends.flatMap(\.devices).filter { !$0.isHost }
    guard let required = options.required else {
      // What automatic plans may choose.
      return dispatcher.configuration.profile != nil && devices.contains { !$0.isSimulated && !$0.sharesHostCores }
    }
    return devices.contains { $0.id == required || $0.backend == required }
  }
}
