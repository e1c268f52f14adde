import Assay
import AssayIO

/// One run of a command over rows: its engine, its output, and the account of both.
package final class Job {
  /// Where the work runs.
  package var choice: EngineChoice
  /// How long after it came from a pipe a row's result is to be written.
  package var longestDelay = Duration.milliseconds(20)
  private let words: [CommandWord]
  /// Where results go.
  let sink: Sink
  let output: OutputFile
  private let receiptFile: OutputFile?
  private let started = ContinuousClock.now
  var tally = Tally()
  var ledger = RowsLedger()
  var inputs: [ReceiptFile.File] = []
  var prices: [ReceiptFile.Price]?
  private var namedFiles: [String: ReceiptFile.File] = [:]
  var nextRow = 1
  var backends: [any Backend] = []
  var resultRoot: ResultRoot?
  /// The columns of results that are written as Arrow; nil for text.
  var resultFields: [ArrowField]?

  /// Opens the output. `words` repeat the command with everything that decides its results.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when an output cannot be written, or is what another file of the job is.
  package init(_ words: [CommandWord], _ choice: EngineChoice, sink: Sink) throws(AssayError) {
    self.words = words
    self.choice = choice
    self.sink = sink
    output = try OutputFile(sink.output, hashing: sink.hashes)
    receiptFile = if let path = sink.receipt { try OutputFile(path) } else { nil }
    let inputs = words.compactMap(\.path)
    try output.check(against: inputs)
    try receiptFile?.check(against: inputs, and: output, toReplaceInputs: false)
    if let path = choice.profilePath, sink.hashes { _ = try read(path) }
  }

  /// Opens an input of the job.
  package func open(_ path: String) throws(AssayError) -> InputFile {
    try InputFile(path, hashing: sink.hashes)
  }

  /// All of a file beside the rows that results depend on: scenarios, rules, keys. It is an input of the receipt.
  package func read(_ path: String) throws(AssayError) -> [UInt8] {
    let input = try open(path)
    let bytes = try input.readAll()
    add(input)
    return bytes
  }

  /// Writes text that belongs to no row: a header.
  package func write(_ text: String) throws(AssayError) { try output.write(Array(text.utf8)) }

  /// Writes bytes that belong to no row.
  func write(_ bytes: [UInt8]) throws(AssayError) { try output.write(bytes) }

  /// The root that result rows go into; nil when none is wanted.
  func makeResultRoot(_ rule: RecordRule?, threads: Int) throws(AssayError) -> ResultRoot? {
    guard let rule, sink.rootsResults else { return nil }
    if resultRoot == nil {
      resultRoot = ResultRoot(rule, fields: resultFields, on: try choice.engine(threads: threads, asRequired: false))
    }
    return resultRoot
  }

  /// Records an input that was read.
  func add(_ input: InputFile) {
    inputs.append(.init(path: input.path, bytes: input.position, sha256: input.sha256?.hexadecimal ?? ""))
  }

  /// Records files that rows named; called in the order of the input.
  ///
  /// - Throws: ``AssayError`` of kind `input` for a file that changed since a row named it first.
  func add(_ files: [ReceiptFile.File]) throws(AssayError) {
    guard sink.hashes else { return }
    for file in files {
      guard let before = namedFiles.updateValue(file, forKey: file.path) else {
        inputs.append(file)
        continue
      }
      guard before == file else { throw AssayError(.input, "\(file.path): changed while rows were verified with it.") }
    }
  }

  /// Adds what came of a chunk; called in the order of the input.
  func add(_ tally: Tally, _ ledger: RowsLedger, at input: InputFile) {
    self.tally.add(tally)
    self.ledger.add(ledger)
    let fraction = input.size.map { $0 == 0 ? 1 : Double(input.position) / Double($0) }
    sink.progress(self.tally.rows, fraction)
  }

  /// Ends the job: commits the results and writes the receipt.
  package func finish() throws(AssayError) -> Outcome {
    let root = try resultRoot?.root()
    var account = ledger
    if let resultRoot { account.add(resultRoot.ledger) }
    let elapsed = (ContinuousClock.now - started).inNanoseconds
    var receipt = ReceiptFile(
      words, inputs: inputs,
      output: .init(path: sink.output, bytes: output.position, sha256: output.sha256?.hexadecimal ?? ""),
      tally: tally, ledger: account, elapsedNanoseconds: elapsed, base: PathBase(receipt: sink.receipt))
    receipt.resultRoot = root?.hexadecimal
    receipt.resultRows = resultRoot?.rows
    receipt.prices = prices
    receipt.warnings = backends.flatMap(\.warnings)
    let devices = backends.flatMap(\.devices)
    let used = Set(account.entries.map(\.device))
    let facts = backends.flatMap { backend in
      backend.devices.filter { !$0.isHost && used.contains($0.id) }.map { ($0.id, backend.facts(of: $0)) }
    }
    receipt.devices = facts.isEmpty ? nil : Dictionary(facts) { first, _ in first }
    let idle = choice.required.flatMap { ledger.entries.isEmpty || ledger.used($0, among: devices) ? nil : $0 }
    // A receipt that has no room keeps the results from changing too, and never tells of results that have none.
    let isLast = receiptFile.map { !$0.isHeldBack } ?? false
    if !isLast { try receiptFile?.write(receipt.jsonText()) }
    if idle == nil { try output.commit() }
    if isLast { try receiptFile?.write(receipt.jsonText()) }
    try receiptFile?.commit()
    return Outcome(tally: tally, ledger: account, receipt: receipt, refusal: idle.map(refusal))
  }

  /// What is told when the required backend or device computed nothing.
  private func refusal(_ idle: String) -> AssayError {
    let reasons = ledger.fallbacks.map { "\($0.operation) (\($0.reason))" }.joined(separator: ", ")
    return AssayError(
      .unavailable, "\(idle) computed nothing of this job: \(reasons.isEmpty ? "not supported" : reasons).",
      advice: "`assay devices` lists what each device computes.")
  }
}

extension Duration {
  /// The duration in whole nanoseconds.
  package var inNanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
