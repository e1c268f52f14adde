import Assay
import AssayFormats
import AssayIO
import Glibc

/// How a command ends, as scripts see it; thrown to end one early.
enum ExitStatus: Int32, Error {
  /// Every row was processed and accepted.
  case accepted = 0
  /// A row was rejected or could not be used.
  case rejected = 1
  /// The command was called wrongly.
  case usage = 2
  /// Input cannot be read, or is not in the format.
  case input = 3
  /// The named backend or device is not there, or supports nothing of the job.
  case unavailable = 4
  /// Results or digests that must agree do not.
  case mismatch = 5

  /// The status that tells of `error`.
  init(_ error: AssayError) {
    switch error.kind {
    case .usage, .shape: self = .usage
    case .input: self = .input
    case .unavailable: self = .unavailable
    case .mismatch: self = .mismatch
    }
  }

  /// The status that tells what came of a job.
  init(_ outcome: Job.Outcome) {
    let isComplete = outcome.tally.rejected == 0 && outcome.tally.omissions.isEmpty
    self = outcome.ledger.mismatched > 0 ? .mismatch : isComplete ? .accepted : .rejected
  }

  /// Ends the process, past whatever drivers and plugins registered for its end.
  func end() -> Never {
    TemporaryFiles.removeNow()
    _exit(rawValue)
  }
}
