import Assay
import AssayIO

/// What `assay risk --margin` is asked for.
package struct MarginRequest: Sendable {
  /// The book of positions.
  package var book: String
  /// The rule's file.
  package var rule: String
  /// The file of cash and collateral, where there is one.
  package var accounts: String?
  /// The file of signed price reports, where prices come from there.
  package var prices: String?
  /// The file of signer sets.
  package var signers: String?
  /// Distinct signers that a price needs at least.
  package var quorum = 1
  /// The greatest age of a report in seconds.
  package var greatestAge: Int?
  /// Trades that are added to the book, where there are any.
  package var whatIf: String?
  /// The account that every term is shown of.
  package var explained: String?

  /// A request for the margin of `book` by `rule`.
  package init(book: String, rule: String) {
    self.book = book
    self.rule = rule
  }
}

extension Job {
  /// Computes the margin of every account of a book.
  package func margin(_ request: MarginRequest, _ valuation: Valuation) throws(AssayError) -> MarginDocument {
    let ruleText = try read(request.rule)
    let rule = try MarginRuleFile(ruleText, path: request.rule)
    switch rule.arithmetic {
    case .binary64: return try margin(request, valuation, rule, Binary64.self)
    case .evm18: return try margin(request, valuation, rule, Fixed18.self)
    }
  }

  /// Writes a line per account; the receipt's root covers them, so that one account's margin can be proved.
  package func write(_ document: MarginDocument) throws(AssayError) {
    if let explanation = document.explanationText { return try write(explanation) }
    try write(MarginDocument.csvHeader)
    let rows = Array(document.csv.utf8)
    if let hasher = try makeResultRoot(.csv, threads: choice.workers)?.makeHasher() {
      let memory = Memory(byteCount: rows.count)
      memory.bytes.copyBytes(from: rows)
      try hasher.hash(UnsafeRawBufferPointer(memory.bytes))
      try hasher.join()
    }
    try write(rows)
  }

  /// Reads a book, which may be larger than other files that results depend on.
  private func readBook(_ path: String) throws(AssayError) -> [UInt8] {
    let input = try open(path)
    let text = try input.readAll(limit: 1 << 32)
    add(input)
    return text
  }

  private func margin<Number: MarginNumber>(
    _ request: MarginRequest, _ valuation: Valuation, _ rule: MarginRuleFile, _: Number.Type
  ) throws(AssayError) -> MarginDocument {
    let engine = try choice.engine(threads: choice.workers)
    backends = engine.dispatcher.backends
    let executor = RecordingExecutor(engine)
    var tally = Tally()
    var undecided = UndecidedAccounts()
    let bookText = try readBook(request.book)
    var positions = try self.positions(
      bookText, request.book, valuation, &tally, &undecided, Number.self)
    if let trades = request.whatIf {
      positions += try self.positions(try readBook(trades), trades, valuation, &tally, &undecided, Number.self)
    }
    let balances =
      try request.accounts.map { path throws(AssayError) in
        try AccountsFile.read(try read(path), name: path, rule: try rule.collateral(Number.self))
      } ?? [:]
    if let prices = try reportedPrices(request, valuation, on: executor) {
      self.prices = prices.recorded
      apply(prices, to: &positions, &undecided)
    }
    let margins = try MarginEngine(
      try rule.rule(Number.self), positions, balances: balances, on: executor)
    if let name = request.explained, !margins.accounts.contains(where: { $0.account == name }) {
      throw AssayError(.usage, "There is no account \(name) to explain.")
    }
    let document = MarginDocument(
      rule, margins, distances: try margins.distancesToLiquidation(on: executor), undecided: undecided,
      explained: request.explained)
    self.tally.add(tally)
    ledger.add(executor.takeLedger())
    return document
  }

  private func positions<Number: MarginNumber>(
    _ text: [UInt8], _ name: String, _ valuation: Valuation, _ tally: inout Tally, _ undecided: inout UndecidedAccounts,
    _: Number.Type
  ) throws(AssayError) -> [MarginPosition<Number>] {
    let (good, bad) = try MarginBookFile(text, name: name, asOf: valuation.asOf).positions(Number.self)
    for _ in good { tally.add(.accepted) }
    for row in bad {
      tally.add(row.verdict)
      tally.note("line \(row.line): \(row.detail)")
      if let account = row.account { undecided.add(account, "\(name):\(row.line): \(row.detail)") }
    }
    return good
  }

  private func reportedPrices(
    _ request: MarginRequest, _ valuation: Valuation, on executor: any Executor
  ) throws(AssayError) -> ReportedPrices? {
    guard let path = request.prices else { return nil }
    guard let signers = request.signers else {
      throw AssayError(.usage, "--prices needs --signers: nobody says who may sign the reports.")
    }
    guard let now = valuation.asOf, now.seconds >= 0 else {
      throw AssayError(
        .usage, "--prices needs --as-of: the age of a report is measured from there, so that a replay decides the same."
      )
    }
    let policy = PricePolicy(
      now: UInt64(now.seconds * 1e9), greatestAge: request.greatestAge.map { UInt64($0) * 1_000_000_000 },
      greatestUncertainty: 10_000)
    return try ReportedPrices(
      try read(path), name: path,
      .init(signers: try SignersFile.read(try read(signers), name: signers), quorum: request.quorum, policy: policy),
      on: executor)
  }

  /// Replaces the book's spots by reported prices; forwards move in proportion. Accounts with a position whose underlying has no
  /// price are undecided.
  private func apply<Number: MarginNumber>(
    _ prices: ReportedPrices, to positions: inout [MarginPosition<Number>], _ undecided: inout UndecidedAccounts
  ) {
    var kept: [MarginPosition<Number>] = []
    kept.reserveCapacity(positions.count)
    for var position in positions {
      guard position.kind != .cash else {
        kept.append(position)
        continue
      }
      switch prices.outcomes[position.underlying] {
      case .price(let wei):
        guard let text = DecimalText("\(wei)e-18") else { continue }
        let spot = Number(text)
        if let forward = position.forward { position.forward = forward.times(spot, over: position.spot) }
        position.spot = spot
        kept.append(position)
      case .refused(let refusal):
        undecided.add(
          AccountKey(account: position.account, currency: position.currency),
          "\(position.underlying): \(refusal.verdict.reason ?? ""): \(refusal.detail)")
      case nil:
        undecided.add(
          AccountKey(account: position.account, currency: position.currency),
          "\(position.underlying): no report is of it")
      }
    }
    positions = kept
  }
}

/// Accounts that a row or a price is missing of: never safe, never to be liquidated.
struct UndecidedAccounts {
  /// The first reasons by account; a few say enough.
  private(set) var reasons: [AccountKey: [String]] = [:]

  /// Notes why an account is undecided.
  mutating func add(_ account: AccountKey, _ reason: String) {
    guard reasons[account, default: []].count < 3, !reasons[account, default: []].contains(reason) else { return }
    reasons[account, default: []].append(reason)
  }
}
