import ArgumentParser
import Assay
import AssayFormats
import AssayIO

/// `assay suite oracle FOLDER`
struct OracleSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "oracle",
    abstract: "Verify the signed oracle reports of a folder.",
    discussion: """
      Reads every file whose name begins with pyth_, chainlink_, redstone_ or stork_, in the order of their names. A line per report: \
      `FILE[PLACE] verified FEED PRICE TIME ...` with the signers, or `FILE[PLACE] REFUSED reason: words`. Signers and prices that a \
      file names are expectations; where it names no signers, those recovered are printed as unverified authority. Exit code 0 when \
      every report verifies, 1 otherwise.
      """)

  @Argument(help: "The folder of report files.")
  var folder: String

  @OptionGroup var engine: EngineOptions

  func run() throws {
    let executor = try engine.choice.engine(threads: engine.workers)
    var entries: [OracleEntry] = []
    for name in try Folder(folder).files(endingIn: "") where OracleReportFile.format(of: name) != nil {
      entries += try OracleReportFile.entries(InputFile("\(folder)/\(name)").readAll(), name: name)
    }
    guard !entries.isEmpty else {
      throw AssayError(
        .input, "\(folder): holds no file of signed reports.", advice: "See `assay suite oracle --help`.")
    }
    let reports = entries.compactMap { try? $0.report.get() }
    var verified = try executor.verify(reports)[...]
    var refused = 0, signatures = 0, unverified = 0
    for entry in entries {
      let result: VerifiedReport
      switch entry.report {
      case .success(let report):
        guard let next = verified.popFirst() else { break }
        result = next
        signatures += report.signatures
        if let problem = result.problem(with: entry) {
          refused += 1
          try Terminal.report("\(entry.name) REFUSED \(problem)\n")
        } else {
          if entry.expectedSigners == nil { unverified += 1 }
          try Terminal.report("\(entry.name) verified \(result.summary(of: entry))\n")
        }
      case .failure(let refusal):
        refused += 1
        try Terminal.report("\(entry.name) REFUSED \(refusal.verdict.reason ?? ""): \(refusal.detail)\n")
      }
    }
    try Terminal.report(
      "\(entries.count) reports, \(signatures) signatures: \(entries.count - refused) verified, \(refused) refused; "
        + "\(unverified) of unverified authority\n")
    if refused > 0 { throw ExitStatus.rejected }
  }
}

extension VerifiedReport {
  /// What is wrong with it, against what its file expects; nil when nothing is.
  fileprivate func problem(with entry: OracleEntry) -> String? {
    if !verdict.isAccepted { return "\(verdict.reason ?? ""): \(detail)" }
    if let expected = entry.expectedSigners {
      let signers = recovered.compactMap(\.self)
      // Stork's publishers sign beside Stork, whose key alone the file names.
      let isOne = expected.count == 1 && signers.first == expected[0]
      if signers != expected, !isOne { return "address-mismatch: the signers are not those that the file names" }
    }
    for (feed, price) in entry.expectedPrices {
      guard prices.first(where: { $0.feed == feed })?.integer == price else {
        return "value-mismatch: the price of \(feed) is not \(price)"
      }
    }
    return nil
  }

  /// Feeds, prices, times and signers on one line.
  fileprivate func summary(of entry: OracleEntry) -> String {
    let quotes = prices.map { "\($0.feed) \($0.integer ?? "-")e\($0.exponent) at \($0.nanoseconds / 1_000_000_000)" }
    let signers = Set(recovered.compactMap(\.self)).sorted().map { "0x" + $0.bytes.hexadecimal }
    let authority = entry.expectedSigners == nil ? "unverified authority" : "signers"
    return quotes.joined(separator: ", ") + "; \(authority) " + signers.joined(separator: " ")
  }
}
