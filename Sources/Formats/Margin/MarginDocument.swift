import Assay

/// What `assay risk --margin` writes: every account's margin, and the order of liquidation.
package struct MarginDocument: Sendable, Encodable {
  /// One account.
  package struct Account: Sendable, Encodable {
    /// The account.
    package let account: String
    /// Its currency; empty where the book names none.
    package let currency: String
    /// What initial margin requires.
    package let initialMargin: String?
    /// What maintenance margin requires.
    package let maintenanceMargin: String?
    /// Cash and the value of everything held.
    package let equity: String?
    /// Equity as a multiple of the maintenance requirement; nil without one.
    package let ratio: Double?
    /// The scenario that loses most, with its underlying; nil when nothing is held.
    package let worstScenario: String?
    /// Whether the account falls short of maintenance margin; nil when that is undecided.
    package let liquidatable: Bool?
    /// Between which moves of all spots it begins to fall short; nil when that is undecided.
    package let distanceToLiquidation: Distance?
    /// Why it is undecided; empty when it is not.
    package let undecided: [String]

    private enum Key: String, CodingKey {
      case account, currency, initialMargin, maintenanceMargin, equity, ratio, worstScenario, liquidatable,
        distanceToLiquidation, undecided
    }

    /// Writes every member, null where there is nothing.
    package func encode(to encoder: any Encoder) throws {
      var members = encoder.container(keyedBy: Key.self)
      try members.encode(account, forKey: .account)
      try members.encode(currency, forKey: .currency)
      try members.encode(initialMargin, forKey: .initialMargin)
      try members.encode(maintenanceMargin, forKey: .maintenanceMargin)
      try members.encode(equity, forKey: .equity)
      try members.encode(ratio, forKey: .ratio)
      try members.encode(worstScenario, forKey: .worstScenario)
      try members.encode(liquidatable, forKey: .liquidatable)
      try members.encode(distanceToLiquidation, forKey: .distanceToLiquidation)
      try members.encode(undecided, forKey: .undecided)
    }
  }

  /// Between which moves an account begins to fall short.
  package struct Distance: Sendable, Encodable {
    /// The last fall that it survives and the first that it does not, as shares of the spot; nil beyond the grid.
    package let down: [Double]?
    /// The same for a rise.
    package let up: [Double]?

    private enum Key: String, CodingKey { case down, up }

    /// Writes both, null where the grid is survived.
    package func encode(to encoder: any Encoder) throws {
      var members = encoder.container(keyedBy: Key.self)
      try members.encode(down, forKey: .down)
      try members.encode(up, forKey: .up)
    }
  }

  /// A term of an account's margin, in the order in which they add up.
  package struct Term: Sendable, Encodable {
    /// The underlying; empty for the account's own.
    package let underlying: String
    /// What it is.
    package let name: String
    /// Its value.
    package let value: String
  }

  /// The rule's name.
  package let rule: String
  /// What decided: `binary64` or `evm18`, whose amounts are integers of 1e-18.
  package let arithmetic: String
  /// The accounts in their order.
  package let accounts: [Account]
  /// The accounts that fall short, riskiest first.
  package let liquidationOrder: [String]
  /// Every term of the account that was asked for.
  package let explanation: [Term]?

  init<Number: MarginNumber>(
    _ rule: MarginRuleFile, _ engine: MarginEngine<Number>, distances: [LiquidationDistance?],
    undecided: UndecidedAccounts, explained: String?
  ) {
    self.rule = rule.name
    arithmetic = Number.mode
    let keys = Set(engine.accounts).union(undecided.reasons.keys).sorted()
    let places = Dictionary(uniqueKeysWithValues: engine.accounts.enumerated().map { ($1, $0) })
    accounts = keys.map { key in
      guard let place = places[key], undecided.reasons[key] == nil, !engine.margins[place].isUndecided else {
        return Account(key, undecided: undecided.reasons[key] ?? ["a price or scenario is not a number"])
      }
      return Account(engine.margins[place], distances[place], rule.scenarioNames)
    }
    let decided = engine.margins.filter { undecided.reasons[$0.key] == nil }
    liquidationOrder = AccountMargin.liquidationOrder(decided).map(\.name)
    explanation = explained.map { name in
      engine.accounts.filter { $0.account == name }.flatMap { Term.terms(of: $0, engine, rule.scenarioNames) }
    }
  }
}

extension AccountKey {
  /// The account with its currency, where it has one.
  fileprivate var name: String { currency.isEmpty ? account : "\(account) \(currency)" }
}

extension MarginDocument.Account {
  /// The account with its currency, where it has one.
  fileprivate var name: String { AccountKey(account: account, currency: currency).name }

  fileprivate init(_ key: AccountKey, undecided: [String]) {
    self.init(
      account: key.account, currency: key.currency, initialMargin: nil, maintenanceMargin: nil, equity: nil, ratio: nil,
      worstScenario: nil, liquidatable: nil, distanceToLiquidation: nil, undecided: undecided)
  }

  fileprivate init<Number: MarginNumber>(
    _ margin: AccountMargin<Number>, _ distance: LiquidationDistance?, _ scenarios: [String]
  ) {
    self.init(
      account: margin.key.account, currency: margin.key.currency, initialMargin: margin.initialRequirement.reported,
      maintenanceMargin: margin.maintenanceRequirement.reported, equity: margin.equity.reported, ratio: margin.ratio,
      // Of a rule without scenarios none is the worst.
      worstScenario: scenarios.isEmpty
        ? nil
        : margin.worst.map {
          "\($0.underlying): \($0.scenario < scenarios.count ? scenarios[$0.scenario] : "basis")"
        }, liquidatable: margin.isLiquidatable,
      distanceToLiquidation: distance.map {
        .init(down: $0.down.map { [$0.survived, $0.fatal] }, up: $0.up.map { [$0.survived, $0.fatal] })
      }, undecided: [])
  }
}

extension MarginDocument.Term {
  /// Every term of an account: what each underlying's margin is the sum of, then what the account's is.
  fileprivate static func terms<Number: MarginNumber>(
    of key: AccountKey, _ engine: MarginEngine<Number>, _ scenarios: [String]
  ) -> [MarginDocument.Term] {
    var terms: [MarginDocument.Term] = []
    for (underlying, margin) in engine.terms(of: key) {
      func add(_ name: String, _ value: Number) {
        terms.append(.init(underlying: underlying, name: name, value: value.reported))
      }
      for (name, change) in zip(scenarios, margin.profitAndLoss) { add("scenario \(name)", change) }
      add("basis contingency", margin.basisContingency)
      add("worst loss", margin.worst)
      add("initial factor", margin.initialFactor)
      add("maintenance factor", engine.rule.maintenanceFactor)
      add("maintenance contingency", margin.maintenanceContingency)
      add("initial contingency", margin.initialContingency)
      add("roll", margin.roll)
      add("mark to market", margin.markToMarket)
      add("initial requirement", margin.initialRequirement)
      add("maintenance requirement", margin.maintenanceRequirement)
    }
    guard let margin = engine[key] else { return terms }
    func add(_ name: String, _ value: Number) {
      terms.append(.init(underlying: "", name: name, value: value.reported))
    }
    add("cash", engine.cash(of: key))
    for (asset, value, maintenance, initial) in engine.collateral(of: key) {
      add("collateral \(asset)", value)
      add("collateral \(asset), maintenance haircut", maintenance)
      add("collateral \(asset), further initial haircut", initial)
    }
    add("initial requirement", margin.initialRequirement)
    add("maintenance requirement", margin.maintenanceRequirement)
    add("equity", margin.equity)
    add("left above initial", margin.initialExcess)
    add("left above maintenance", margin.maintenanceExcess)
    return terms
  }
}

extension MarginDocument {
  /// The header of ``csv``.
  package static let csvHeader =
    "account,currency,initialMargin,maintenanceMargin,equity,ratio,worstScenario,liquidatable,liquidationOrder,"
    + "distanceDown,distanceUp,undecided\n"

  /// One line per account: `liquidationOrder` counts from 1, and a distance is the first move that the account does not survive.
  package var csv: String {
    let ranks = Dictionary(uniqueKeysWithValues: liquidationOrder.enumerated().map { ($1, $0 + 1) })
    return accounts.map { account in
      var cells: [String] = [account.account, account.currency]
      cells += [account.initialMargin, account.maintenanceMargin, account.equity].map { $0 ?? "" }
      cells.append(account.ratio.map { "\($0)" } ?? "")
      cells.append(account.worstScenario ?? "")
      cells.append(account.liquidatable.map { $0 ? "yes" : "no" } ?? "")
      cells.append(ranks[account.name].map { "\($0)" } ?? "")
      for bracket in [account.distanceToLiquidation?.down, account.distanceToLiquidation?.up] {
        cells.append(bracket.map { "\($0[1])" } ?? "")
      }
      cells.append(account.undecided.joined(separator: "; "))
      return Self.line(cells)
    }.joined()
  }

  /// The explained account's terms, one per line: underlying, name, value.
  package var explanationText: String? {
    explanation.map { terms in
      "underlying,term,value\n"
        + terms.map { Self.line([$0.underlying, $0.name, $0.value]) }.joined()
    }
  }

  private static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\n" }

  /// A cell, in quotes where CSV asks for them (RFC 4180).
  private static func cell(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
