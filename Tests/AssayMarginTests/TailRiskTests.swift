import Assay
import Testing

@Suite struct TailRiskTests {
  @Test("order statistics without interpolation")
  func orderStatistics() throws {
    let outcomes = (1...100).map { Double($0) - 51 }.shuffled()
    let one = try portable.tailRisk(outcomes, confidence: 9_900)
    #expect(one.tail == 1 && one.valueAtRisk == 50 && one.expectedShortfall == 50)
    let five = try portable.tailRisk(outcomes, confidence: 9_500)
    #expect(five.tail == 5 && five.valueAtRisk == 46 && five.expectedShortfall == 48)
    // 97.5% of 100 is 2.5 outcomes: three.
    #expect(try portable.tailRisk(outcomes, confidence: 9_750).tail == 3)
    #expect(try portable.tailRisk([7], confidence: 9_900).valueAtRisk == -7)
    #expect(throws: AssayError.self) { try portable.tailRisk([], confidence: 9_900) }
    #expect(throws: AssayError.self) { try portable.tailRisk([.nan], confidence: 9_900) }
    #expect(throws: AssayError.self) { try portable.tailRisk([1], confidence: 10_000) }
  }

  @Test("the tail's mean is exact: large outcomes that cancel leave the small one")
  func exactMean() throws {
    let risk = try portable.tailRisk([-1e300, -1e-3, -3, 1e300], confidence: 1)
    #expect(risk.tail == 4 && risk.expectedShortfall == 3.001 / 4)
  }

  @Test("delta, gamma and vega of several days, and the covariance of factors")
  func products() throws {
    let outcomes = try portable.deltaGammaVega(
      [(delta: 10, gamma: 2, vega: 3), (delta: -1, gamma: 0, vega: 0)],
      days: [[(0.5, 0.25), (2, 1)], [(-1, 0), (0, 0)]] + (0..<40).map { _ in [(0, 0), (1, 0)] })
    #expect(outcomes.count == 42)
    #expect(outcomes[0] == 5 + 0.25 + 0.75 - 2 && outcomes[1] == -10 + 1 && outcomes[41] == -1)
    let covariance = try portable.covariance([[1, 2], [2, 4], [3, 6]])
    #expect(covariance == [[1, 2], [2, 4]])
    #expect(throws: AssayError.self) { try portable.covariance([[1]]) }
  }
}
