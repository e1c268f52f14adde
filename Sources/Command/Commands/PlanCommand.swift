import ArgumentParser
import Assay
import AssayFormats
import AssayIO

/// `assay plan FILE`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Print which device would compute which rows of a job's operations, without running it.",
    discussion: """
      FILE is a book (a CSV header is enough) or JSON Lines for `assay verify`. Every operation that some row of such a file may need \
      has a line for each row range: the kernel that is asked first, and who is asked when it fails.
      """)

  @Argument(help: "The job's input.")
  var file: String

  @Option(help: "Rows a batch.")
  var rows = 65_536

  @OptionGroup var engine: EngineOptions

  func validate() throws {
    guard rows > 0 else { throw ValidationError("--rows takes 1 or more.") }
  }

  mutating func run() throws {
    let engine = try engine.choice.engine(threads: engine.workers)
    var text = ""
    for operation in try operations() { text += "\(try engine.dispatcher.plan(operation, rows: rows))\n" }
    // All of it or, where an operation has no plan, nothing.
    try Terminal.report(text)
  }

  /// The operations that rows of the file need.
  private func operations() throws -> [Operation] {
    let input = try InputFile(file)
    if try input.peek(64).first(where: { $0 > 0x20 }).map({ $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") })
      ?? false
    {
      return RowType.allOperations
    }
    return try BookFile.operations(of: input)
  }
}
