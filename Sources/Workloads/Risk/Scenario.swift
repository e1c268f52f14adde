import AssayCore
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
  /// The move of spots and forwards: relative, -0.16 is down by 16%, or in price units where ``isSpotAbsolute``.
  public var spot: Double
  /// Whether ``spot`` is in price units.
  public var isSpotAbsolute = false
  /// The move of volatilities; a volatility below zero counts as zero.
  public var volatility: VolatilityShift
  /// Days that pass, of 365 a year; an option that expires meanwhile is at its expiry.
  public var days = 0.0
  /// The move of annual rates: 0.01 is one per cent more.
  public var rate = 0.0
  /// The underlyings that move, as the book names them; nil for all. Positions on others stand still.
  public var underlyings: [String]?
  /// What profit and loss counts for: it is multiplied by this, after its total was rounded.
  public var weight = 1.0

  /// A scenario.
  public init(name: String, spot: Double, volatility: VolatilityShift) {
    self.name = name
    self.spot = spot
    self.volatility = volatility
  }

  /// The move that a grid prices; nil where it cannot.
  var move: MarketMove? {
    guard case .absolute(let shift) = volatility, !isSpotAbsolute, days == 0, rate == 0 else { return nil }
    return MarketMove(spot: spot, volatility: shift)
  }

  /// Whether delta, gamma and vega say what it does: spots move relatively, all of them, and neither time nor rates move.
  var hasApproximation: Bool { !isSpotAbsolute && days == 0 && rate == 0 && underlyings == nil }

  /// The book after the scenario.
  func moved(_ book: OptionBook) throws(AssayError) -> OptionBook {
    let spot = spot, factor = 1 + spot, years = days / 365, rate = rate
    let price: (Double) -> Double = isSpotAbsolute ? { $0 + spot } : { $0 * factor }
    var moves: [String: (Double) -> Double] = ["spot": price, "forward": price, "volatility": moved(volatility:)]
    if days != 0 { moves["years"] = { max(0, $0 - years) } }
    if rate != 0 { moves["rate"] = { $0 + rate } }
    return try book.moved(moves)
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
