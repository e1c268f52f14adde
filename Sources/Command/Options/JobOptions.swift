import ArgumentParser

/// Where results and what is told about them go: options of every command that processes rows.
struct JobOptions: UnrecordedOptions {
  @Option(help: "Write results to this file (default: standard output).")
  var output: String = "-"

  @Option(help: "Write a JSON receipt to this file: who computed which rows, how long it took, digests.")
  var receipt: String?

  @Flag(help: "No progress and no summary.")
  var quiet = false
}
