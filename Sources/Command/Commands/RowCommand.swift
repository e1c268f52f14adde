import ArgumentParser
import Assay

/// A command that processes rows, and that `assay replay` can run again.
protocol RowCommand: ParsableCommand {
  /// The command's name, arguments and those options that decide results.
  var arguments: [String] { get }
  /// Where results go.
  var job: JobOptions { get }
  /// Runs the command.
  func perform(_ sink: Job.Sink) throws(AssayError) -> Job.Outcome
}

extension RowCommand {
  mutating func run() throws {
    let status = try perform(Job.Sink(job)).status
    if status != .accepted { throw status }
  }
}
