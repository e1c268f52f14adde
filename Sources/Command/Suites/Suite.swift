import ArgumentParser

/// `assay suite`: published test suites, run and compared.
struct Suite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suite",
    abstract: "Run a published test suite of margin rules or oracle reports and compare.",
    subcommands: [MarginSuite.self, OracleSuite.self])
}
