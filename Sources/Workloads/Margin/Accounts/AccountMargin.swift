/// An account's margin over all its underlyings, in its currency.
public struct AccountMargin<Number: MarginNumber>: Sendable, Hashable {
  /// The account.
  public let key: AccountKey
  /// Cash and the value of positions and collateral.
  public private(set) var equity = Number.zero
  /// What initial margin requires.
  public private(set) var initialRequirement = Number.zero
  /// What maintenance margin requires.
  public private(set) var maintenanceRequirement = Number.zero
  /// The underlying and scenario that lose most of what the account can lose; nil when it holds nothing.
  public private(set) var worst: Worst?

  /// A scenario of an underlying.
  public struct Worst: Sendable, Hashable {
    /// The underlying.
    public let underlying: String
    /// The scenario's place in the rule; their count for the basis contingency.
    public let scenario: Int
    /// The loss, at most 0.
    public let loss: Number
  }

  init(key: AccountKey) { self.key = key }

  /// What is left above the maintenance requirement, negative when the account falls short.
  public var maintenanceExcess: Number { equity - maintenanceRequirement }
  /// What is left above the initial requirement, negative when the account falls short.
  public var initialExcess: Number { equity - initialRequirement }
  /// Whether a part of it could not be computed: it is neither safe nor to be liquidated.
  public var isUndecided: Bool {
    equity.isUndefined || initialRequirement.isUndefined || maintenanceRequirement.isUndefined
  }
  /// Whether the account falls short of maintenance margin.
  public var isLiquidatable: Bool { !isUndecided && maintenanceExcess < .zero }
  /// Equity as a multiple of the maintenance requirement, below 1 when it falls short; nil without a requirement.
  public var ratio: Double? {
    guard !isUndecided, .zero < maintenanceRequirement else { return nil }
    return equity.over(maintenanceRequirement).approximate
  }

  mutating func add(cash: Number) { equity = equity + cash }

  mutating func add(collateral value: Number, maintenanceHaircut: Number, initialHaircut: Number) {
    equity = equity + value
    let maintenance = value.times(maintenanceHaircut)
    maintenanceRequirement = maintenanceRequirement + maintenance
    initialRequirement = initialRequirement + maintenance + value.times(initialHaircut)
  }

  mutating func add(_ margin: PortfolioMargin<Number>, of underlying: String) {
    equity = equity + margin.equity
    initialRequirement = initialRequirement + margin.initialRequirement
    maintenanceRequirement = maintenanceRequirement + margin.maintenanceRequirement
    if worst.map({ margin.worst < $0.loss }) ?? true {
      worst = Worst(underlying: underlying, scenario: margin.worstScenario, loss: margin.worst)
    }
  }
}

extension AccountMargin {
  /// Accounts that fall short, riskiest first: equity_a requirement_b against equity_b requirement_a, as dYdX compares them, the
  /// larger requirement first where they are equal, then by name. Products are compared, never a rounded quotient.
  public static func liquidationOrder(_ margins: [AccountMargin]) -> [AccountKey] {
    margins.filter(\.isLiquidatable).sorted { a, b in
      let left = a.equity.times(b.maintenanceRequirement), right = b.equity.times(a.maintenanceRequirement)
      if left != right { return left < right }
      if a.maintenanceRequirement != b.maintenanceRequirement {
        return b.maintenanceRequirement < a.maintenanceRequirement
      }
      return a.key < b.key
    }.map(\.key)
  }
}
