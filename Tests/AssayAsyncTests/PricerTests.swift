import Assay
import Testing

/// Small books are priced together and have the bits that they have alone.
@Suite struct PricerTests {
  private static func book(_ index: Int) throws -> OptionBook {
    let model: PricingModel = index % 2 == 0 ? .blackScholes : .black76
    let rows = index % 3 + 1
    func column(_ value: (Int) -> Double) -> [Double] { (0..<rows).map { value(index * 3 + $0) } }
    return try OptionBook(
      model, types: (0..<rows).map { $0 % 2 == 0 ? .call : .put },
      columns: [
        model == .blackScholes ? "spot" : "forward": column { 90 + Double($0 % 20) }, "strike": column { _ in 100 },
        "years": column { Double($0 % 4) / 2 }, "volatility": column { $0 % 7 == 0 ? -1 : 0.2 },
      ])
  }

  @Test func booksHaveTheBitsThatTheyHaveAlone() async throws {
    let engine = try Engine(threads: 1)
    let pricer = try await Pricer(on: engine, warm: [.blackScholes], batching: .upTo(50, within: .milliseconds(5)))
    let books = try (0..<60).map(Self.book)
    try await withThrowingTaskGroup(of: (Int, BookMeasures).self) { group in
      for (index, book) in books.enumerated() {
        let measures: [Measure] = index % 5 == 0 ? [.price] : [.price, .delta]
        group.addTask { (index, try await pricer.price(book, measures: measures)) }
      }
      for try await (index, measures) in group {
        let alone = try engine.price(books[index], measures: [.price, .delta])
        for measure in index % 5 == 0 ? [Measure.price] : [.price, .delta] {
          let (mine, theirs) = (try measures.column(measure), try alone.column(measure))
          #expect(mine.elementsEqual(theirs) { $0.bitPattern == $1.bitPattern }, "\(index) \(measure)")
        }
        #expect((measures[.delta] == nil) == (index % 5 == 0))
        #expect(Array(measures.verdicts) == Array(alone.verdicts))
      }
    }
    #expect(pricer.statistics.batches < 60)
  }

  @Test func aMeasureThatTheModelLacksThrows() async throws {
    let pricer = try await Pricer(batching: .upTo(50, within: .milliseconds(1)))
    await #expect(throws: AssayError.self) { try await pricer.price(Self.book(0), measures: [.coinDelta]) }
  }
}
