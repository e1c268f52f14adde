import AssayPricing

/// A move of the market: every spot (or forward) and every volatility of a book at once.
public struct Scenario: Sendable, Hashable {
  /// How a volatility moves.
  public enum VolatilityShift: Sendable, Hashable {
    /// By volatility points: 0.05 turns 0.20 into 0.25.
    case absolute(Double)
    /// In proportion: 0.05 turns 0.20 into 0.21.
    case relative(Double)
  }

  /// What the scenario is called.
  public var name: String
  /// The relative move of spots: -0.16 is down by 16%.
  public var spot: Double
  /// The move of volatilities; a volatility below zero counts as zero.
  public var volatility: VolatilityShift

  /// A scenario.
  public init(name: String, spot: Double, volatility: VolatilityShift) {
    self.name = name
    self.spot = spot
    self.volatility = volatility
  }

  /// The move that a grid prices; nil where volatilities move in proportion.
  var move: MarketMove? {
    guard case .absolute(let shift) = volatility else { return nil }
    return MarketMove(spot: spot, volatility: shift)
  }

  /// A volatility after the move.
  func moved(volatility value: Double) -> Double {
    switch volatility {
    case .absolute(let shift): max(0, value + shift)
    case .relative(let shift): max(0, value * (1 + shift))
    }
  }

  /// Every pair of a spot move and a volatility move, spot moves outermost, named `spot -16% volatility +5%` or the like.
  public static func grid(spots: [Double], volatilities: [VolatilityShift]) -> [Scenario] {
    spots.flatMap { spot in
      volatilities.map { volatility in
        let shift: String =
          switch volatility {
          case .absolute(let value): "\(value < 0 ? "" : "+")\(value)"
          case .relative(let value): "\(value < 0 ? "" : "+")\(percent(value))"
          }
        return Scenario(
          name: "spot \(spot < 0 ? "" : "+")\(percent(spot)) volatility \(shift)", spot: spot, volatility: volatility)
      }
    }
  }

  /// A ratio in percent, shortest form that is exact to a thousandth of a percent.
  private static func percent(_ ratio: Double) -> String {
    let thousandths = (ratio * 100_000).rounded()
    let value = thousandths / 1_000
    return value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))%" : "\(value)%"
  }
}
