public import AssayCore

/// A move of the whole market.
public struct MarketMove: Sendable, Hashable {
  /// The relative move of spots: -0.16 is down by 16%.
  public var spot: Double
  /// The move of volatilities in points: 0.05 turns 0.20 into 0.25. A volatility below zero counts as zero.
  public var volatility: Double

  /// A move.
  public init(spot: Double, volatility: Double) {
    self.spot = spot
    self.volatility = volatility
  }
}

/// A book's prices under many moves of the market.
///
/// ```swift
/// let moves = [-0.1, 0, 0.1].flatMap { spot in [0, 0.05].map { MarketMove(spot: spot, volatility: $0) } }
/// let grid = try engine.priceGrid(book, moves: moves)
/// print(grid.prices(under: 5)[0])  // the first option with spots up by 10% and volatilities by 5 points
/// ```
public struct PriceGrid: Sendable {
  /// The moves.
  public let moves: [MarketMove]
  /// The rows as the kernel wrote them, 32 moves each, with receipts.
  public let results: [Results]

  /// How many moves one pass of the kernel prices.
  static let lanes = 32

  /// The price of every option under `moves[move]`: the bits of ``Executor/price(_:measures:)`` on the moved book,
  /// not-a-number where ``verdict(_:)`` is not accepted or the moved option cannot be priced. A move that is not there ends the
  /// program with a sentence.
  public func prices(under move: Int) -> [Double] {
    guard moves.indices.contains(move) else { fatalError("Move \(move) was asked for where there are \(moves.count).") }
    let block = results[move / Self.lanes]
    return withExtendedLifetime(block) {
      guard let bytes = block.bytes("prices") else { return [] }
      return (0..<block.rows).map {
        bytes.load(fromByteOffset: 8 * (Self.lanes * $0 + move % Self.lanes), as: Double.self)
      }
    }
  }

  /// Whether an option could be priced as it stands, or why not.
  public func verdict(_ row: Int) -> Verdict { results[0].verdict(row) }
}

extension Executor {
  /// Prices a Black-Scholes book under every move, several times faster than a moved book a move: what a move leaves alone is
  /// computed once an option. Takes 256 bytes an option for every 32 moves.
  ///
  /// - Throws: ``AssayError`` when there is no move, the book has another model, or it lacks a column.
  public func priceGrid(_ book: OptionBook, moves: [MarketMove]) throws(AssayError) -> PriceGrid {
    guard book.model == .blackScholes else {
      throw AssayError(
        .usage, "Grids are of black-scholes books, and this one is of \(book.model.name).",
        advice: "Price `book.moved(spot:volatility:)` move by move.")
    }
    guard let last = moves.last else { throw AssayError(.usage, "A grid needs a move.") }
    var results: [Results] = []
    for start in stride(from: 0, to: moves.count, by: PriceGrid.lanes) {
      let block = (start..<start + PriceGrid.lanes).map { $0 < moves.count ? moves[$0] : last }
      results.append(
        try execute(
          book.batch(
            .blackScholesGrid,
            shared: ["spotShifts": shifts(block.map(\.spot)), "volatilityShifts": shifts(block.map(\.volatility))]),
          wanted: nil))
    }
    return PriceGrid(moves: moves, results: results)
  }

  /// One value of little-endian binary64 numbers.
  private func shifts(_ values: [Double]) -> Column {
    var builder = ColumnBuilder(.bytes(8 * values.count), capacity: 1)
    builder.append(values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } })
    return builder.made()
  }
}
