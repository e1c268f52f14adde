import ArgumentParser
import Assay
import AssayFormats

/// `assay reasons`
struct Reasons: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List every reason for which a row can be rejected or unusable.",
    discussion: "The list is closed and the same on every backend. Codes are those of the C interface and never change."
  )

  @Flag(help: "One JSON document.")
  var json = false

  private struct Reason: Encodable {
    let code: UInt8
    let reason: String
    let sentence: String
  }

  mutating func run() throws {
    let reasons = Verdict.reasons.map { Reason(code: $0.verdict.rawValue, reason: $0.name, sentence: $0.sentence) }
    if json { return try Terminal.report(try reasons.jsonText()) }
    for reason in reasons { try Terminal.report("\(Style.left(reason.reason, 28))\(reason.sentence)\n") }
  }
}
