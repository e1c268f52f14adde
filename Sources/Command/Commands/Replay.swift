import ArgumentParser
import Assay
import AssayFormats

/// `assay replay RECEIPT.json`
struct Replay: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the command of a receipt again and compare digests.",
    discussion: """
      Ends with 0 when inputs, options, the results as they lie there and the results of the new run are those that the receipt \
      records, and with 5 otherwise, naming what differs. Nothing is written.
      """
  )

  @Argument(help: "A receipt written by --receipt.")
  var receipt: String

  @Option(help: "Replay on this backend instead of the recorded one: the results must be the same on every one.")
  var backend: String?

  @Flag(help: "No summary.")
  var quiet = false

  func validate() throws {
    if let backend { try EngineOptions.check(backend: backend) }
  }

  mutating func run() throws {
    let replay = try ReceiptReplay(contentsOf: receipt)
    let command = try command(replay)
    // Where the work runs decides no result, and may be another place this time.
    var changes = replay.changedOptions(of: command.words, ignoring: EngineOptions.optionNames)
    changes += try replay.changedInputs()
    if let change = try replay.changedOutput() { changes.append(change) }
    if !changes.isEmpty { throw mismatch(changes) }
    let outcome = try command.perform(replay.sink)
    if let refusal = outcome.refusal { throw refusal }
    let differences = replay.changedResults(of: outcome)
    if !differences.isEmpty { throw mismatch(differences) }
    guard !quiet else { return }
    Terminal.tell(
      "assay replay: \(Style.grouped(outcome.receipt.summary.rows)) rows again, the same input and the same results\n"
        + "  digest      SHA-256 \(outcome.receipt.output.sha256)\n")
  }

  private func mismatch(_ changes: [String]) -> AssayError {
    AssayError(.mismatch, "\(receipt): \(changes.joined(separator: "; ")).")
  }

  /// The recorded command.
  private func command(_ replay: ReceiptReplay) throws -> any RowCommand {
    var arguments = replay.words.map(\.word)
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
