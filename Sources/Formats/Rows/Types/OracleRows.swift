import Assay
import AssayIO

extension RowType {
  /// A signed price report.
  static let oracleReport = RowType(
    "oracle-report",
    [
      .required("format", .word(OracleFormat.allCases.map(\.rawValue))),
      .required(
        "report", .json,
        "bytes in hexadecimal or base64; for redstone also a package, for stork an asset, as their APIs serve them"),
      .optional(
        "signers", .document,
        "addresses that may sign, 20 bytes each, or sets as in a signers file; without it authority is unverified"),
      .optional("quorum", .whole, "distinct signers that a price needs; the oracle's own where it is left out"),
      .optional("at", .whole, "the time that the age is measured from, seconds since 1970"),
      .optional("maxAge", .whole, "seconds; needs at"),
    ],
    rule: """
      The report's signatures recover, its Merkle proofs lead to the signed root, every price has a quorum of distinct signers (Pyth: \
      more than two thirds of the guardians that are given, each at its place), and is above 0.
      """,
    results: [
      .optional("feed", .text), .optional("price", .text, "an integer"), .optional("exponent", .whole),
      .optional("time", .whole, "seconds since 1970"), .optional("prices", .list(.json), "where there are several"),
      .optional("signers", .list(.bytes)), .optional("authority", .text, "verified or unverified"),
    ],
    operations: [.keccak256Message, .ecdsaSecp256k1Recover],
    workload: RowWorkload<OracleCheck>("oracle-report") { checks, executor throws(AssayError) in
      try OracleCheck.outcomes(checks, on: executor)
    }
  ) { row throws(RowProblem) in try OracleCheck(row) }
}

/// A report of a row, with who may sign it and when it is judged.
struct OracleCheck {
  let report: OracleReport
  let signers: [SignerSet]
  let quorum: Int
  let policy: PricePolicy?

  init(_ row: Row) throws(RowProblem) {
    guard let format = try row.choice("format", of: OracleFormat.self) else { throw .malformed("format is missing") }
    let value = DecimalJSON(try row.value("report"))
    do throws(OracleRefusal) {
      report = try OracleReportFile.report(value, as: format)
    } catch {
      throw RowProblem(verdict: error.verdict, message: error.detail)
    }
    let quorum = try row.optionalUnsigned("quorum")
    guard (quorum ?? 1) >= 1, (quorum ?? 1) <= 1000 else { throw .malformed("quorum is not 1 to 1000") }
    self.quorum = Int(quorum ?? 1)
    signers =
      row.has("signers")
      ? try row.document("signers") { value throws(RowProblem) in
        try Self.sets(DecimalJSON(value), format, quorum.map { Int($0) })
      } : []
    let at = try row.optionalUnsigned("at"), age = try row.optionalUnsigned("maxAge")
    if age != nil, at == nil { throw .malformed("maxAge is there without at") }
    policy = at.map { PricePolicy(now: Self.nanoseconds($0), greatestAge: age.map(Self.nanoseconds)) }
  }

  /// A list of addresses is one set; an object has sets as a signers file has them.
  private static func sets(
    _ value: DecimalJSON, _ format: OracleFormat, _ quorum: Int?
  ) throws(RowProblem) -> [SignerSet] {
    do throws(AssayError) {
      guard let elements = value.elements else { return try SignersFile.sets(value, name: "signers") }
      let addresses = elements.compactMap { OracleReportFile.address($0) }
      guard addresses.count == elements.count else {
        throw AssayError(.input, "signers: an address is not 20 bytes of hexadecimal")
      }
      return [try SignerSet(format, signers: addresses, quorum: quorum)]
    } catch {
      throw .malformed(error.message)
    }
  }

  private static func nanoseconds(_ seconds: UInt64) -> UInt64 {
    let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max : value
  }

  /// Rows with the same signers are verified together.
  static func outcomes(_ checks: [OracleCheck], on executor: any Executor) throws(AssayError) -> [RowOutcome] {
    var groups: [SignerGroup: [Int]] = [:]
    for (index, check) in checks.enumerated() {
      groups[SignerGroup(signers: check.signers, quorum: check.quorum), default: []].append(index)
    }
    var outcomes = [RowOutcome?](repeating: nil, count: checks.count)
    // In the order of their first rows, lest receipts tell of them in another order every time.
    for (group, rows) in groups.sorted(by: { $0.value[0] < $1.value[0] }) {
      let results = try executor.verify(
        rows.map { checks[$0].report }, signers: group.signers, quorum: group.quorum)
      for (row, result) in zip(rows, results) { outcomes[row] = checks[row].outcome(result) }
    }
    return outcomes.map { $0 ?? RowOutcome(verdict: .malformedRow) }
  }

  private struct SignerGroup: Hashable {
    let signers: [SignerSet]
    let quorum: Int
  }

  private func outcome(_ result: VerifiedReport) -> RowOutcome {
    guard result.verdict.isAccepted else { return RowOutcome(verdict: result.verdict, detail: result.detail) }
    if let policy, let refusal = result.prices.lazy.compactMap({ policy.refusal(of: $0) }).first {
      return RowOutcome(verdict: refusal.verdict, detail: refusal.detail)
    }
    let signers = Set(result.prices.flatMap(\.signers)).sorted().map { RowOutcome.Value.bytes($0.bytes) }
    let authority = RowOutcome.Value.text(result.hasAuthority ? "verified" : "unverified")
    var results: [(name: String, value: RowOutcome.Value)] = []
    if result.prices.count == 1, let price = result.prices.first {
      results = [
        ("feed", .text(price.feed)), ("price", price.integer.map { .decimal($0) } ?? .null),
        ("exponent", .integer(Int64(price.exponent))), ("time", .whole(price.nanoseconds / 1_000_000_000)),
      ]
    } else {
      let prices = result.prices.map { price in
        RowOutcome.Value.list([
          .text(price.feed), price.integer.map { .decimal($0) } ?? .null, .integer(Int64(price.exponent)),
          .whole(price.nanoseconds / 1_000_000_000),
        ])
      }
      results = [("prices", .list(prices))]
    }
    return RowOutcome(verdict: .accepted, results: results + [("signers", .list(signers)), ("authority", authority)])
  }
}

extension DecimalJSON {
  /// A parsed row's value: numbers keep every digit that the parser kept.
  init(_ value: JSONValue) {
    if value.isNull {
      self = .null
    } else if let bool = value.bool {
      self = .bool(bool)
    } else if let text = value.string {
      self = .string(text)
    } else if let members = value.fields {
      self = .object(members.map { ($0.name, DecimalJSON($0.value)) })
    } else if let elements = value.elements {
      self = .array(elements.map { DecimalJSON($0) })
    } else {
      let spelling = value.numeral ?? value.unsigned.map { "\($0)" } ?? value.double.map { "\($0)" } ?? ""
      self = DecimalText(spelling).map { .number($0) } ?? .null
    }
  }
}
