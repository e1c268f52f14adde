import ArgumentParser
import Assay
import AssayFormats

/// `assay types`
struct Types: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List every row type of `assay verify` with its fields, what they hold, which are optional, and its rule."
  )

  @Flag(help: "One JSON document.")
  var json = false

  @Flag(help: "The tables of docs/row-types.md.")
  var markdown = false

  func validate() throws {
    if json, markdown { throw ValidationError("--json and --markdown are two forms of one report.") }
  }

  mutating func run() throws {
    if json { return try Terminal.report(try RowTypeReport.all.jsonText()) }
    try Terminal.report(markdown ? RowTypeReport.markdown : Self.text)
  }

  private static var text: String {
    RowTypeReport.all.map { type in
      let width = type.fields.reduce(0) { max($0, $1.name.count) } + 2
      let kinds = type.fields.reduce(0) { max($0, $1.kind.count) } + 2
      let fields = type.fields.map { field in
        let line =
          "  \(Style.left(field.name, width))\(Style.left(field.kind, kinds))"
          + Style.left(field.optional ? "optional" : "", 10) + field.note
        return String(line.reversed().drop { $0 == " " }.reversed())
      }
      return ([type.type, "  \(type.rule)"] + fields).joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }
}
