import ArgumentParser
import AssayFormats

/// Margin by a rule: options of `assay risk`.
struct MarginOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A margin rule, a JSON file: writes every account's margin and the order of liquidation instead of totals.",
      valueName: "rule.json"))
  var margin: InputPath?

  @Option(help: "Cash and collateral by account, JSON or CSV, with --margin.")
  var accounts: InputPath?

  @Option(
    help: ArgumentHelp(
      "Signed price reports, one JSON object per line, whose prices replace the book's spots.",
      valueName: "reports.jsonl"))
  var prices: InputPath?

  @Option(help: "Who may sign the reports, a JSON file.")
  var signers: InputPath?

  @Option(help: ArgumentHelp("Trades to add to the book, a book of their own.", valueName: "trades.csv"))
  var whatIf: InputPath?

  @Option(help: "Distinct signers that a price needs at least, on top of the signer set's own quorum.")
  var quorum: Int?

  @Option(help: "The greatest age of a report in seconds, measured from --as-of.")
  var maxAge: Int?

  @Option(help: ArgumentHelp("Show every term of this account's margin.", valueName: "account"))
  var explain: String?

  func validate() throws {
    if margin == nil,
      [accounts, prices, signers, whatIf].contains(where: { $0 != nil }) || explain != nil || quorum != nil
    {
      throw ValidationError("--accounts, --prices, --signers, --quorum, --explain and --what-if need --margin.")
    }
    if prices == nil, signers != nil || quorum != nil || maxAge != nil {
      throw ValidationError("--signers, --quorum and --max-age need --prices.")
    }
    if let quorum, !(1...1000).contains(quorum) { throw ValidationError("--quorum takes 1 to 1000.") }
    if let maxAge, !(0...1_000_000_000).contains(maxAge) { throw ValidationError("--max-age takes 0 to 1000000000.") }
  }

  /// The paths of the files that are read.
  var paths: [String?] { [margin, accounts, prices, signers, whatIf].map { $0?.path } }

  /// What is asked for; nil without --margin.
  func request(for book: String) -> MarginRequest? {
    margin.map { rule in
      var request = MarginRequest(book: book, rule: rule.path)
      request.accounts = accounts?.path
      request.prices = prices?.path
      request.signers = signers?.path
      request.quorum = quorum ?? 1
      request.greatestAge = maxAge
      request.whatIf = whatIf?.path
      request.explained = explain
      return request
    }
  }
}
