import Assay
import AssayIO

/// Prices of underlyings from signed reports: verified in one batch, and each underlying either has a price or a reason why not.
struct ReportedPrices {
  /// What came of an underlying's reports.
  enum Outcome {
    /// The price, times 1e18.
    case price(Int256)
    /// Why there is none.
    case refused(OracleRefusal)
  }

  /// By underlying.
  let outcomes: [String: Outcome]
  /// How many reports each underlying has.
  private let reports: [String: Int]

  /// What the receipt says of them.
  var recorded: [ReceiptFile.Price] {
    outcomes.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { underlying in
      var price = ReceiptFile.Price(underlying: underlying, reports: reports[underlying] ?? 0)
      switch outcomes[underlying] {
      case .price(let wei)?: price.price = "\(wei)"
      case .refused(let refusal)?: price.refusal = "\(refusal.verdict.reason ?? ""): \(refusal.detail)"
      case nil: break
      }
      return price
    }
  }

  /// When reports may be used.
  struct Rule {
    let signers: [SignerSet]
    let quorum: Int
    let policy: PricePolicy
  }

  /// Reports of one underlying may differ by this much of their median, in millionths.
  static let greatestDisagreement = Int256(10_000)

  private struct Line {
    let underlying: String
    /// The feed that is meant, where a report has several.
    let feed: String?
    let report: Result<OracleReport, OracleRefusal>
  }

  /// Reads a file of one JSON object per line: `underlying`, `format`, `report`, and `feed` where the report has several.
  ///
  /// - Throws: ``AssayError`` of kind `input` for a line that is not such an object.
  init(_ text: [UInt8], name: String, _ rule: Rule, on executor: any Executor) throws(AssayError) {
    var lines: [Line] = []
    for (index, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      guard line.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) else { continue }
      lines.append(try Self.line(Array(line), path: "\(name):\(index + 1)"))
    }
    let reports = lines.compactMap { try? $0.report.get() }
    var verified = try executor.verify(reports, signers: rule.signers, quorum: rule.quorum)[...]
    var prices: [String: [Int256]] = [:], refusals: [String: OracleRefusal] = [:]
    for line in lines {
      do throws(OracleRefusal) {
        if case .failure(let refusal) = line.report { throw refusal }
        guard let result = verified.popFirst() else { continue }
        prices[line.underlying, default: []].append(try Self.price(of: line, result, rule.policy))
      } catch {
        refusals[line.underlying] = refusals[line.underlying] ?? error
      }
    }
    var outcomes = refusals.mapValues { Outcome.refused($0) }
    for (underlying, prices) in prices where outcomes[underlying] == nil {
      outcomes[underlying] = Self.median(prices, underlying)
    }
    self.outcomes = outcomes
    self.reports = Dictionary(lines.map { ($0.underlying, 1) }, uniquingKeysWith: +)
  }

  private static func line(_ text: [UInt8], path: String) throws(AssayError) -> Line {
    let fields = try RuleFields(
      DecimalJSON(text, name: path), known: ["type", "id", "underlying", "feed", "format", "report"], path: path)
    guard let underlying = try fields.text("underlying") else { throw fields.failure("underlying is missing") }
    guard let word = try fields.text("format"), let format = OracleFormat(rawValue: word) else {
      let known = OracleFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw fields.failure("format is none of \(known)")
    }
    guard let report = fields["report"] else { throw fields.failure("report is missing") }
    let decoded: Result<OracleReport, OracleRefusal>
    do throws(OracleRefusal) {
      decoded = .success(try OracleReportFile.report(report, as: format))
    } catch {
      decoded = .failure(error)
    }
    return Line(underlying: underlying, feed: try fields.text("feed"), report: decoded)
  }

  private static func price(
    of line: Line, _ result: VerifiedReport, _ policy: PricePolicy
  ) throws(OracleRefusal) -> Int256 {
    guard result.verdict.isAccepted else { throw OracleRefusal(result.verdict, result.detail) }
    let named = result.prices.filter { line.feed == nil || $0.feed == line.feed }
    guard named.count == 1, let price = named.first, let integer = price.integer else {
      throw OracleRefusal(.malformedRow, "the report has \(named.count) prices of the feed that is meant")
    }
    if let refusal = policy.refusal(of: price) { throw refusal }
    guard let decimal = DecimalText("\(integer)e\(price.exponent)") else {
      throw OracleRefusal(.priceUnusable, "\(price.feed): the exponent is out of range")
    }
    let wei = decimal.integer(places: 18)
    guard !wei.isUndefined, .zero < wei else {
      throw OracleRefusal(.priceUnusable, "\(price.feed): the price does not fit 18 decimals")
    }
    return wei
  }

  /// The median; of an even count the mean of the middle two, truncated at 18 decimals.
  private static func median(_ prices: [Int256], _ underlying: String) -> Outcome {
    let sorted = prices.sorted()
    let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / Int256(2)
    let spread = (sorted[sorted.count - 1] - sorted[0]) * Int256(1_000_000)
    guard !(median * greatestDisagreement < spread) else {
      return .refused(OracleRefusal(.priceUnusable, "\(underlying): its reports differ by more than 1%"))
    }
    return .price(median)
  }
}
