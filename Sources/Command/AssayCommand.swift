import ArgumentParser
import Assay
import AssayIO

/// `assay`: verifies signatures and proofs, and prices options, in batches on any device, with the same bits everywhere.
@main
struct AssayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assay",
    abstract: "Verifies signatures and proofs and prices options in batches, with the same bits on every device.",
    discussion: """
      Exit codes: 0 every row accepted; 1 a row rejected or unusable; 2 wrong usage; 3 input unreadable or not in the format; \
      4 the named backend is not available; 5 a mismatch was found.
      """,
    version: AssayVersion.current,
    subcommands: [
      Verify.self, Price.self, ImpliedVolatility.self, Risk.self, Surface.self, MerkleCommand.self, PlanCommand.self,
      Devices.self, SelfTestCommand.self, Profile.self, Types.self, Measures.self, Suite.self,
      Replay.self, Reasons.self,
    ])

  /// Runs a command and ends with the exit code of the contract.
  static func main() {
    ProcessSetup.begin()
    do {
      try ProcessSetup.checkArguments()
      var command = try parseAsRoot()
      try command.run()
      ExitStatus.accepted.end()
    } catch let error as AssayError {
      Terminal.tell("assay: \(error)\n")
      ExitStatus(error).end()
    } catch let status as ExitStatus {
      status.end()
    } catch {
      end(with: fullMessage(for: error) + "\n", isAskedFor: exitCode(for: error) == .success)
    }
  }

  /// Ends with what the argument parser says: help or a version, which are reports, or what is wrong with the arguments.
  private static func end(with text: String, isAskedFor: Bool) -> Never {
    guard isAskedFor else {
      Terminal.tell(text)
      ExitStatus.usage.end()
    }
    do throws(AssayError) {
      try Terminal.report(text)
    } catch {
      Terminal.tell("assay: \(error)\n")
      ExitStatus(error).end()
    }
    ExitStatus.accepted.end()
  }
}
