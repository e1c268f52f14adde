/// A portfolio margin rule: the loss of the worst of many scenarios, times a factor, and contingencies beside it.
///
/// Every constant is a field; a venue is a file of them. The parts that a venue does not have are nil or zero.
public struct PortfolioRule<Number: MarginNumber>: Sendable {
  /// What a scenario does to volatility.
  public enum VolatilityMove: String, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// Up, by the power of time of ``VolatilityShock``.
    case up
    /// Down, by the power of time.
    case down
    /// By a multiple that grows with ln(strike / forward), and the expiry's profit counts as a loss: the skew may tilt either way.
    case skewLinear
    /// The same with |ln(strike / forward)|: the wings rise or fall.
    case skewAbsolute

    /// Whether the skew is what moves.
    public var isSkew: Bool { self == .skewLinear || self == .skewAbsolute }
  }

  /// One scenario.
  public struct Scenario: Sendable {
    /// What the spot is multiplied by.
    public let spotFactor: Number
    /// What volatility does.
    public let volatility: VolatilityMove
    /// What the profit or loss is multiplied by; below 1 for the far tails.
    public let damping: Number

    /// Makes it from its parts.
    public init(spotFactor: Number, volatility: VolatilityMove, damping: Number) {
      self.spotFactor = spotFactor
      self.volatility = volatility
      self.damping = damping
    }
  }

  /// Volatility moves by range (30 days / time)^power.
  public struct VolatilityShock: Sendable {
    /// The range up.
    public let up: Number
    /// The range down.
    public let down: Number
    /// The lowest volatility that an upward scenario prices with.
    public let minimumUp: Number
    /// The power up to 30 days.
    public let shortPower: Number
    /// The power beyond 30 days.
    public let longPower: Number
    /// The shortest time, in seconds, that the power is taken of.
    public let shortestSeconds: Int

    /// Makes it from its parts.
    public init(
      up: Number, down: Number, minimumUp: Number, shortPower: Number, longPower: Number, shortestSeconds: Int
    ) {
      self.up = up
      self.down = down
      self.minimumUp = minimumUp
      self.shortPower = shortPower
      self.longPower = longPower
      self.shortestSeconds = shortestSeconds
    }
  }

  /// Skew moves volatility by clamp(k cap / k*, -cap, cap), cap = base + slope sqrt(T), k* = max(least, width sqrt(T) (level +
  /// tilt sqrt(T))).
  public struct SkewShock: Sendable {
    /// The cap at no time, for linear skew.
    public let linearBase: Number
    /// What a root year adds to it.
    public let linearSlope: Number
    /// The cap at no time, for absolute skew.
    public let absoluteBase: Number
    /// What a root year adds to it.
    public let absoluteSlope: Number
    /// The least k*.
    public let leastWidth: Number
    /// The width.
    public let width: Number
    /// The level.
    public let level: Number
    /// What a root year adds to the level.
    public let tilt: Number

    /// Makes it from its parts.
    public init(
      linearBase: Number, linearSlope: Number, absoluteBase: Number, absoluteSlope: Number, leastWidth: Number,
      width: Number, level: Number, tilt: Number
    ) {
      self.linearBase = linearBase
      self.linearSlope = linearSlope
      self.absoluteBase = absoluteBase
      self.absoluteSlope = absoluteSlope
      self.leastWidth = leastWidth
      self.width = width
      self.level = level
      self.tilt = tilt
    }
  }

  /// A shocked expiry's value is multiplied by base exp(-T (multiple rate + addition)) when positive; when negative divided by the
  /// like, but by no more than the discount factor.
  public struct StaticDiscount: Sendable {
    /// The base.
    public let base: Number
    /// The rate's multiple.
    public let rateMultiple: Number
    /// What is added to the rate.
    public let rateAddition: Number

    /// Makes it from its parts.
    public init(base: Number, rateMultiple: Number, rateAddition: Number) {
      self.base = base
      self.rateMultiple = rateMultiple
      self.rateAddition = rateAddition
    }
  }

  /// The forwards of different expiries move apart: per expiry the worse of two spot moves, if a loss, times addition + multiple T,
  /// competes with the scenarios as one more.
  public struct Basis: Sendable {
    /// The spot's factor up.
    public let up: Number
    /// The spot's factor down.
    public let down: Number
    /// The factor at no time.
    public let addition: Number
    /// What a year adds to it.
    public let multiple: Number

    /// Makes it from its parts.
    public init(up: Number, down: Number, addition: Number, multiple: Number) {
      self.up = up
      self.down = down
      self.addition = addition
      self.multiple = multiple
    }
  }

  /// Shares of notional charged beside the worst loss.
  public struct Contingencies: Sendable {
    /// Of perpetuals, for maintenance.
    public let perpetualMaintenance: Number
    /// Of perpetuals, further for initial margin.
    public let perpetualInitial: Number
    /// Of naked short options, for maintenance.
    public let optionMaintenance: Number
    /// Of naked short options, further for initial margin.
    public let optionInitial: Number
    /// Below this confidence of a feed its notional is charged for initial margin ...
    public let confidenceThreshold: Number
    /// ... with this times 1 - confidence.
    public let confidenceFactor: Number
    /// Below this price of the settlement coin initial margin's loss factor rises ...
    public let pegThreshold: Number
    /// ... by this times what is missing.
    public let pegFactor: Number

    /// Makes it from its parts.
    public init(
      perpetualMaintenance: Number, perpetualInitial: Number, optionMaintenance: Number, optionInitial: Number,
      confidenceThreshold: Number, confidenceFactor: Number, pegThreshold: Number, pegFactor: Number
    ) {
      self.perpetualMaintenance = perpetualMaintenance
      self.perpetualInitial = perpetualInitial
      self.optionMaintenance = optionMaintenance
      self.optionInitial = optionInitial
      self.confidenceThreshold = confidenceThreshold
      self.confidenceFactor = confidenceFactor
      self.pegThreshold = pegThreshold
      self.pegFactor = pegFactor
    }
  }

  /// What venues that state a requirement, not a value, add to the worst loss.
  public struct Requirement: Sendable {
    /// What an underlying's profit in a scenario is multiplied by: 0 where gains offset nothing.
    public let gainFactor: Number
    /// Charged for every net short option at least, instead of a smaller worst loss.
    public let shortMinimum: Number
    /// Of an expiry's |delta|, charged at least because contracts have to be rolled ...
    public let rollMinimum: Number
    /// ... and a year to expiry, where that is more.
    public let rollPerYear: Number
    /// The worst loss is rounded to this many decimals; nil for none.
    public let places: Int?
    /// Whether positions are settled in the coin that they are written on: profit is counted in it, at the moved price.
    public let isInverse: Bool
    /// Maintenance margin as a share of the initial requirement, roll included; nil where it has factors of its own.
    public let maintenanceShare: Number?

    /// Makes it from its parts.
    public init(
      gainFactor: Number, shortMinimum: Number, rollMinimum: Number, rollPerYear: Number, places: Int?, isInverse: Bool,
      maintenanceShare: Number?
    ) {
      self.gainFactor = gainFactor
      self.shortMinimum = shortMinimum
      self.rollMinimum = rollMinimum
      self.rollPerYear = rollPerYear
      self.places = places
      self.isInverse = isInverse
      self.maintenanceShare = maintenanceShare
    }
  }

  /// What the worst loss is multiplied by for initial margin.
  public let initialFactor: Number
  /// What the worst loss is multiplied by for maintenance margin.
  public let maintenanceFactor: Number
  /// The scenarios.
  public let scenarios: [Scenario]
  /// Volatility's shock.
  public let volatilityShock: VolatilityShock
  /// The skew's shock.
  public let skewShock: SkewShock
  /// The discount of positive values; nil for none.
  public let positiveDiscount: StaticDiscount?
  /// The discount of negative values; nil for none.
  public let negativeDiscount: StaticDiscount?
  /// The basis contingency.
  public let basis: Basis
  /// The other contingencies.
  public let contingencies: Contingencies
  /// What is added to the worst loss.
  public let requirement: Requirement
  /// The margin of options by themselves, which is added to the worst loss; nil for none.
  public let isolated: IsolatedRule<Number>?

  /// Makes it from its parts.
  public init(
    initialFactor: Number, maintenanceFactor: Number, scenarios: [Scenario], volatilityShock: VolatilityShock,
    skewShock: SkewShock, positiveDiscount: StaticDiscount?, negativeDiscount: StaticDiscount?, basis: Basis,
    contingencies: Contingencies, requirement: Requirement = .none, isolated: IsolatedRule<Number>? = nil
  ) {
    self.initialFactor = initialFactor
    self.maintenanceFactor = maintenanceFactor
    self.scenarios = scenarios
    self.volatilityShock = volatilityShock
    self.skewShock = skewShock
    self.positiveDiscount = positiveDiscount
    self.negativeDiscount = negativeDiscount
    self.basis = basis
    self.contingencies = contingencies
    self.requirement = requirement
    self.isolated = isolated
  }
}

extension PortfolioRule.Requirement {
  /// Nothing is added.
  public static var none: Self {
    Self(
      gainFactor: .one, shortMinimum: .zero, rollMinimum: .zero, rollPerYear: .zero, places: nil, isInverse: false,
      maintenanceShare: nil)
  }
}
