import ArgumentParser
import Assay
import AssayFormats
import AssayIO
import Glibc

/// `assay suite margin FOLDER`
struct MarginSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "margin",
    abstract: "Compute the test files of Derive's portfolio margin and compare them with what they state.",
    discussion: """
      Reads every .json file of the folder that has a Scenario and Parameters, in the order of their names. A line per file: NAME, \
      the integer mode's IM and MM in wei, and the worst difference of binary64 to the file's own IM, MM and scenarios, relative to \
      the book's scale. Integers are compared with derive_pmrm2_integer_expected.json, in the folder or beside it, where it exists. \
      Exit code 0 when everything that is stated agrees, 5 otherwise.
      """)

  @Argument(help: "The folder of test files.")
  var folder: String

  @OptionGroup var engine: EngineOptions

  func run() throws {
    let executor = try engine.choice.engine(threads: engine.workers)
    let names = try Folder(folder).files(endingIn: ".json")
    let expected = try expectations()
    var files = 0, disagreeing = 0, refused = 0, worst = 0.0
    for name in names {
      let document = try DecimalJSON(InputFile("\(folder)/\(name)").readAll(), name: "\(folder)/\(name)")
      guard document["Scenario"] != nil, document["Parameters"] != nil else { continue }
      files += 1
      let title = String(name.dropLast(5))
      do throws(AssayError) {
        let result = try DeriveSuiteResult(document, name: title, expected: expected?[title], on: executor)
        try Terminal.report(result.line + "\n")
        for mismatch in result.mismatches { Terminal.tell("\(title): \(mismatch)\n") }
        if !result.agrees { disagreeing += 1 }
        if result.isRefusedOnChain {
          Terminal.tell("\(title): a skew scenario moves the spot, which the contracts refuse: not compared\n")
          refused += 1
        } else {
          worst = max(worst, result.difference ?? 0)
        }
      } catch {
        try Terminal.report("\(title) - - -\n")
        Terminal.tell("\(error)\n")
        disagreeing += 1
      }
    }
    guard files > 0 else {
      throw AssayError(
        .input, "\(folder): holds no test file of Derive's shape.", advice: "See `assay suite margin --help`.")
    }
    let agreeing = files - disagreeing - refused
    try Terminal.report(
      "\(files) files: \(agreeing) agree, \(disagreeing) differ, \(refused) not compared; worst binary64 difference \(worst)"
        + (expected == nil ? "; no expected integers\n" : "\n"))
    if disagreeing > 0 { throw ExitStatus.mismatch }
  }

  /// The expected integers, from the folder or its parent.
  private func expectations() throws(AssayError) -> DecimalJSON? {
    let name = "derive_pmrm2_integer_expected.json"
    for path in ["\(folder)/\(name)", "\(folder)/../\(name)"] where access(path, F_OK) == 0 {
      return try DecimalJSON(InputFile(path).readAll(), name: path)
    }
    return nil
  }
}
