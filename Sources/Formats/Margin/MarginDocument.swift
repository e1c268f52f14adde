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
    liquidationOrder = AccountMargin.liquidationOrder(
      engine.margins.filter { undecided.reasons[$0.key] == nil }
    ).map { $0.currency.isEmpty ? $0.account : "\($0.account) \($0.currency)" }
    explanation = explained.map { name in
      engine.accounts.filter { $0.account == name }.flatMap { Term.terms(of: $0, engine, rule.scenarioNames) }
    }
  }
}

extension MarginDocument.Account {
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
      worstScenario: margin.worst.map {
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
    add("initial requirement", margin.initialRequirement)
    add("maintenance requirement", margin.maintenanceRequirement)
    add("equity", margin.equity)
    add("left above maintenance", margin.maintenanceExcess)
    return terms
  }
}

extension MarginDocument {
  /// The document as a table for people: `account,currency,...` with one line per account, then the order of liquidation.
  package var table: String {
    func cell(_ value: String?) -> String { value ?? "-" }
    var lines = [
      "account\tcurrency\tinitialMargin\tmaintenanceMargin\tequity\tratio\tworstScenario\tliquidatable\tdistanceToLiquidation"
    ]
    for account in accounts {
      let distance = account.distanceToLiquidation.map { distance in
        "down \(distance.down.map { "\($0[1])" } ?? "none"), up \(distance.up.map { "\($0[1])" } ?? "none")"
      }
      lines.append(
        [
          account.account, account.currency, cell(account.initialMargin), cell(account.maintenanceMargin),
          cell(account.equity), cell(account.ratio.map { "\($0)" }), cell(account.worstScenario),
          account.liquidatable.map { $0 ? "yes" : "no" } ?? "undecided", cell(distance),
        ].joined(separator: "\t"))
      lines += account.undecided.map { "  undecided: \($0)" }
    }
    lines.append("liquidation order: " + (liquidationOrder.isEmpty ? "none" : liquidationOrder.joined(separator: ", ")))
    for term in explanation ?? [] { lines.append("\(term.underlying)\t\(term.name)\t\(term.value)") }
    return lines.joined(separator: "\n") + "\n"
  }
}
