import Assay
import AssayFormats

/// The few lines that end a job on standard error.
struct Summary {
  /// The lines.
  let text: String

  /// Tells of a job's rows, devices and digest.
  init(_ outcome: Job.Outcome) {
    let (tally, ledger, receipt) = (outcome.tally, outcome.ledger, outcome.receipt)
    let elapsed = receipt.summary.elapsedNanoseconds
    let rate = Double(tally.rows) * 1e9 / Double(max(elapsed, 1))
    var lines = [
      "assay \(receipt.arguments.first ?? ""): \(Self.rows(tally.rows)) in \(Style.duration(elapsed)), "
        + "\(Style.grouped(Int(rate))) rows/s"
    ]
    let width = Style.grouped(tally.rows).count
    func line(_ title: String, _ text: String) { lines.append("  \(Style.left(title, 10))  \(text)") }
    line("accepted", Style.right(Style.grouped(tally.accepted), width))
    if tally.rejected > 0 {
      line("rejected", Style.right(Style.grouped(tally.rejected), width))
      for reason in tally.reasons {
        lines.append("    \(Style.right(Style.grouped(reason.rows), width + 10))  \(reason.name)")
      }
    }
    if let problem = tally.firstProblem { line("first bad", problem) }
    if !tally.unknownNames.isEmpty { line("not known", Self.listed(tally.unknownNames)) }
    for (index, omission) in tally.omissions.prefix(8).enumerated() { line(index == 0 ? "left out" : "", omission) }
    if tally.omissions.count > 8 { line("", "... and \(tally.omissions.count - 8) more") }
    for (index, share) in ledger.shares.enumerated() {
      let rows = Self.rows(share.rows, unit: "row")
      let kernel = "\(share.device) (\(share.kernel)\(share.simulated ? ", simulated: its time says nothing" : ""))"
      line(index == 0 ? "computed" : "", "\(share.operation): \(rows) on \(kernel)")
    }
    if let lanes = ledger.lanes, lanes.redone > 0 {
      line("redone", "\(Self.rows(lanes.redone)) by the reference kernel: two points of a sum were equal or opposite")
    }
    if let lanes = ledger.lanes, lanes.registered > 0 {
      let share = Int((Double(lanes.registered) * 100 / Double(max(lanes.looked, 1))).rounded())
      let kibibytes = Style.grouped(lanes.keyBytes >> 10)
      line("keys", "\(Self.rows(lanes.registered)) of registered keys (\(share)%), \(kibibytes) KiB of tables")
    }
    for (index, fallback) in ledger.fallbacks.enumerated() {
      line(
        index == 0 ? "not there" : "",
        "\(fallback.operation): \(Self.rows(fallback.rows)) not on \(fallback.device): \(fallback.reason)")
    }
    for (index, warning) in (receipt.warnings ?? []).enumerated() { line(index == 0 ? "warning" : "", warning) }
    if !receipt.output.sha256.isEmpty { line("digest", "SHA-256 \(receipt.output.sha256) of the results") }
    if let root = receipt.resultRoot, let rows = receipt.resultRows {
      line("root", "RFC 6962 \(root) of \(Self.rows(rows))")
    }
    text = lines.joined(separator: "\n") + "\n"
  }

  /// Names in a row, cut off where there are many.
  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(12).joined(separator: ", ")
    return names.count > 12
      ? "\(shown) and \(names.count - 12) more, without effect on results" : "\(shown), without effect on results"
  }

  private static func rows(_ count: Int, unit: String = "row") -> String {
    "\(Style.grouped(count)) \(unit)\(count == 1 ? "" : "s")"
  }
}
