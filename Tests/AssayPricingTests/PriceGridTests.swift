import Assay
import Testing

/// A book under many moves: the bits of the moved books, one by one.
@Suite struct PriceGridTests {
  private let engine: Engine
  private let book: OptionBook

  init() throws {
    engine = try Engine(threads: 2)
    var spots = (0..<600).map { 50 + Double($0) / 3 }
    spots += [0, -1, .nan, .infinity, 1e308, .leastNonzeroMagnitude]
    book = try OptionBook(
      .blackScholes, types: spots.indices.map { $0 % 2 == 0 ? .call : .put },
      columns: [
        "spot": spots, "strike": spots.map { _ in 100 }, "years": spots.indices.map { Double($0 % 50) / 25 },
        "rate": spots.map { _ in 0.03 }, "volatility": spots.indices.map { Double($0 % 13) / 20 - 0.05 },
      ])
  }

  @Test(arguments: [1, 31, 32, 33, 70])
  func bitsOfTheMovedBook(count: Int) throws {
    let moves = (0..<count).map { MarketMove(spot: Double($0 % 9) / 4 - 1, volatility: Double($0 % 7) / 10 - 0.3) }
    let grid = try engine.priceGrid(book, moves: moves)
    let here = try engine.price(book, measures: [.price])
    for (number, move) in moves.enumerated() {
      let moved = try engine.price(
        book.moved(spot: move.spot) { $0 < 0 ? $0 : max(0, $0 + move.volatility) }, measures: [.price])
      let prices = grid.prices(under: number)
      #expect(prices.count == book.rows)
      for row in 0..<book.rows {
        #expect(grid.verdict(row) == here.verdict(row))
        let isPriced = here.verdict(row).isAccepted && moved.verdict(row).isAccepted
        #expect(
          isPriced ? prices[row].bitPattern == moved[.price]?[row].bitPattern : prices[row].isNaN, "\(row) \(move)")
      }
    }
  }

  @Test func whatHasNoGridSaysSo() throws {
    let forwards = try OptionBook(
      .black76, types: [.call], columns: ["forward": [1], "strike": [1], "years": [1], "volatility": [1]])
    #expect(throws: AssayError.self) { try engine.priceGrid(forwards, moves: [MarketMove(spot: 0, volatility: 0)]) }
    #expect(throws: AssayError.self) { try engine.priceGrid(book, moves: []) }
  }
}
