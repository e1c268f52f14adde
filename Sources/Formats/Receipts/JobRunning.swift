import Assay
import AssayIO

extension Job {
  /// Reads rows of `input` to the end through workers, one per thread, and writes what they make of them.
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
    var engine = try choice.engine(threads: 1)
    backends = engine.dispatcher.backends
    let size = engine.usesAccelerators(choice) ? pieces.accelerator : pieces.host
    // An input of one piece is shared out by the engine instead, and so may be one of a few long rows.
    let isSmall = input.size.map { $0 <= size } ?? false
    let mayBeOnePiece = input.size.map { $0 <= size * pieces.fewestRows } ?? false
    if mayBeOnePiece, choice.workers > 1 { engine = try choice.engine(threads: choice.workers) }
    try requireSupport(of: needs, by: engine)
    let reader = ChunkReader(
      input, rule: rule, chunkBytes: size, longestRecord: longestRecord, fewestRows: pieces.fewestRows,
      firstRow: nextRow, longestDelay: longestDelay)
    let preparation = try prepare(reader)
    let root = try makeResultRoot(results, threads: isSmall ? choice.workers : 1)
    try OrderedPipeline(threads: isSmall ? 1 : choice.workers).run(reader, to: output) { () throws(AssayError) in
      let executor = RecordingExecutor(engine)
      return JobWorker(
        job: self, executor: executor, worker: try makeWorker(preparation, executor), hasher: root?.makeHasher(),
        input: input)
    }
    nextRow = reader.nextRow
    add(input)
  }

  /// Processes the pieces of `source` through workers, one per thread, and writes what they make of them.
  ///
  /// - Parameters:
  ///   - input: what is recorded as read; it is read to its end here where digests are wanted.
  ///   - results: how result rows end, where what is written are rows that a receipt's root covers.
  ///   - makeWorker: makes a thread's worker, which computes on the executor it is given.
  func run<Source: PipelineSource, Worker: PieceWorker>(
    _ source: Source, of input: InputFile, rows: Int, needs: [Operation], results: RecordRule? = nil,
    makeWorker: (RecordingExecutor) throws(AssayError) -> Worker
  ) throws(AssayError) where Worker.Piece == Source.Piece {
    let engine = try choice.engine(threads: 1)
    backends = engine.dispatcher.backends
    try requireSupport(of: needs, by: engine)
    if sink.hashes {
      let block = Memory(byteCount: 1 << 20)
      while try input.read(into: block.bytes) > 0 {}
    }
    let root = try makeResultRoot(results, threads: 1)
    try OrderedPipeline(threads: choice.workers).run(source, to: output) { () throws(AssayError) in
      let executor = RecordingExecutor(engine)
      return PieceAccount(try makeWorker(executor), hasher: root?.makeHasher()) {
        [self] tally throws(AssayError) in
        self.tally.add(tally)
        ledger.add(executor.takeLedger())
        sink.progress(self.tally.rows, Double(self.tally.rows) / Double(max(rows, 1)))
        try check()
      }
    }
    add(input)
  }

  /// Runs work that does not come as rows of text: what `body` appends is written, what it computes is recorded.
  func run(
    _ inputs: [InputFile], needs: [Operation],
    _ body: (RecordingExecutor, inout TextBuffer, inout Tally) throws(AssayError) -> Void
  ) throws(AssayError) {
    let engine = try choice.engine(threads: choice.workers)
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

  func requireSupport(of needs: [Operation], by engine: Engine) throws(AssayError) {
    guard let required = choice.required, !needs.isEmpty else { return }
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
}

extension Engine {
  /// Whether rows may go to a device other than the host.
  fileprivate func usesAccelerators(_ choice: EngineChoice) -> Bool {
    let devices = dispatcher.backends.flatMap(\.devices).filter { !$0.isHost }
    guard let required = choice.required else {
      // What automatic plans may choose.
      return dispatcher.configuration.profile != nil && devices.contains { !$0.isSimulated && !$0.sharesHostCores }
    }
    return devices.contains { $0.id == required || $0.backend == required }
  }
}
