import ArgumentParser
import Assay
import AssayFormats

/// A command that processes rows, and that `assay replay` can run again.
protocol RowCommand: ParsableCommand {
  /// The words that name the command, such as `merkle root`.
  static var name: [String] { get }
  /// Where results go.
  var job: JobOptions { get }
  /// Runs the command.
  func perform(_ sink: Job.Sink) throws(AssayError) -> Job.Outcome
}

extension RowCommand {
  /// The command's name, arguments and those options that decide results, with their defaults.
  var words: [CommandWord] { Self.name.map { .text($0) } + parsedWords }

  mutating func run() throws {
    let line = ProgressLine("assay \(Self.name.first ?? "")", isWanted: !job.quiet)
    var sink = Job.Sink(output: job.output, receipt: job.receipt)
    sink.progress = line.update
    let outcome = try perform(sink)
    line.clear()
    if !job.quiet { Terminal.tell(Summary(outcome).text) }
    if let refusal = outcome.refusal { throw refusal }
    let status = ExitStatus(outcome)
    if status != .accepted { throw status }
  }
}
