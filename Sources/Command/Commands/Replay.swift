import ArgumentParser
import Assay
import AssayFormats

/// `assay replay RECEIPT.json`
struct Replay: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the command of a receipt again and compare digests.",
    discussion: "Ends with 0 when input and output have the recorded digests, and with 5 otherwise. Nothing is written."
  )

  @Argument(help: "A receipt written by --receipt.")
  var receipt: String

  @Option(help: "Replay on this backend instead of the recorded one: the results must be the same on every one.")
  var backend: String?

  @Flag(help: "No summary.")
  var quiet = false

  mutating func run() throws {
    let recorded = try ReceiptFile(contentsOf: receipt)
    var sink = Job.Sink.digest(isArrow: recorded.output.path.hasSuffix(".arrow"))
    sink.rootsResults = recorded.resultRoot != nil
    let outcome = try command(recorded).perform(sink)
    if let refusal = outcome.refusal { throw refusal }
    let replayed = outcome.receipt
    for (before, now) in zip(recorded.inputs, replayed.inputs) where before.sha256 != now.sha256 {
      throw AssayError(
        .mismatch, "\(before.path) is not the file it was: SHA-256 is \(now.sha256) and was \(before.sha256).")
    }
    guard recorded.inputs.count == replayed.inputs.count, recorded.output.sha256 == replayed.output.sha256 else {
      throw AssayError(
        .mismatch,
        "the results differ: SHA-256 is \(replayed.output.sha256) and was \(recorded.output.sha256) "
          + "(assay \(Assay.version) now, \(recorded.assayVersion) then).")
    }
    guard recorded.resultRoot == replayed.resultRoot, recorded.resultRows == replayed.resultRows else {
      throw AssayError(.mismatch, "the results are the same, but their root in the receipt is not theirs.")
    }
    guard !quiet else { return }
    Terminal.error.write(
      "assay replay: \(Style.grouped(replayed.summary.rows)) rows again, the same input and the same results\n"
        + "  digest      SHA-256 \(replayed.output.sha256)\n")
  }

  /// The recorded command.
  private func command(_ recorded: ReceiptFile) throws -> any RowCommand {
    var arguments = recorded.arguments
    if let backend {
      for option in ["--backend", "--device"] {
        if let index = arguments.firstIndex(of: option) {
          arguments.removeSubrange(index..<min(index + 2, arguments.count))
        }
      }
      arguments += ["--backend", backend]
    }
    do {
      guard let command = try AssayCommand.parseAsRoot(arguments) as? any RowCommand else {
        throw AssayError(.input, "\(receipt):1:1: its command is none that processes rows.")
      }
      return command
    } catch let error as AssayError {
      throw error
    } catch {
      throw AssayError(.input, "\(receipt):1:1: its command is not understood: \(AssayCommand.message(for: error)).")
    }
  }
}
