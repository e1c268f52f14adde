public import AssayCore

/// How far the spots may move before an account falls short of maintenance margin: between which two moves of a grid it happens.
public struct LiquidationDistance: Sendable, Hashable {
  /// The last move that the account survives and the first that it does not, as shares of the spot.
  public struct Bracket: Sendable, Hashable {
    /// The move that it survives.
    public let survived: Double
    /// The next move of the grid, which it does not.
    public let fatal: Double
  }

  /// What a fall does; nil when the account survives the whole grid.
  public let down: Bracket?
  /// What a rise does; nil when the account survives the whole grid.
  public let up: Bracket?

  /// The moves that are tried, in thousandths of the spot.
  public static let grid = [10, 20, 30, 50, 75, 100, 150, 200, 300, 500]
}

extension MarginEngine {
  /// Every account's distance to liquidation, in the order of ``accounts``: all spots move together, everything is revalued in
  /// full, and volatilities and the distance of forwards from spots stay. Nil for an account that is undecided, now or at a move
  /// before the one that would decide.
  @_specialize(where Number == Binary64)
  @_specialize(where Number == Fixed18)
  public func distancesToLiquidation(on executor: any Executor) throws(AssayError) -> [LiquidationDistance?] {
    let down = try brackets(LiquidationDistance.grid.map { -$0 }, on: executor)
    let up = try brackets(LiquidationDistance.grid, on: executor)
    return accounts.indices.map { account in
      guard case .known(let down) = down[account], case .known(let up) = up[account] else { return nil }
      return LiquidationDistance(down: down, up: up)
    }
  }

  private enum Outcome {
    case undecided
    case known(LiquidationDistance.Bracket?)
  }

  private func brackets(_ thousandths: [Int], on executor: any Executor) throws(AssayError) -> [Outcome] {
    var outcomes = margins.map { margin -> Outcome? in
      if margin.isUndecided { return .undecided }
      return margin.isLiquidatable ? .known(.init(survived: 0, fatal: 0)) : nil
    }
    var last = 0.0
    for move in thousandths where outcomes.contains(where: { $0 == nil }) {
      let share = Double(move) / 1000
      let moved = try margins(movedBy: .ratio(1000 + move, 1000), on: executor)
      for account in outcomes.indices where outcomes[account] == nil {
        if moved[account].isUndecided {
          outcomes[account] = .undecided
        } else if moved[account].isLiquidatable {
          outcomes[account] = .known(.init(survived: last, fatal: share))
        }
      }
      last = share
    }
    return outcomes.map { $0 ?? .known(nil) }
  }
}
