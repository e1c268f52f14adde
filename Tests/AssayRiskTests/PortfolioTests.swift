import Assay
import AssayRisk
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Totals, profit and loss and approximations have the same bits for any order and any split of the book.
@Suite struct PortfolioTests {
  struct Position: Sendable {
    let type: OptionBook.OptionType
    let spot, strike, years, volatility, weight: Double
    let key: String
  }

  static let positions: [Position] = {
    var random = SplitMix64(state: 7)
    func unit() -> Double { Double(random.next() >> 11) * 0x1p-53 }
    return (0..<2_000).map { index in
      let spot = index % 3 == 0 ? 64_000 : 100.0
      return Position(
        type: random.next() % 2 == 0 ? .call : .put, spot: spot, strike: spot * (0.5 + unit()), years: 2 * unit(),
        volatility: index % 97 == 0 ? -1 : unit(), weight: (unit() - 0.5) * 1e6, key: ["BTC", "ETH", "SPX"][index % 3])
    }
  }()

  static let scenarios = Scenario.grid(
    spots: [-0.16, -0.08, 0, 0.08, 0.16],
    volatilities: [
      .relative(-0.25), .absolute(0), .absolute(0.05), .relative(0.5), .absolute(-2), .absolute(0.2), .relative(0.01),
    ])

  private func add(_ positions: some Sequence<Position>, to portfolio: inout Portfolio, on engine: Engine) throws
    -> [Verdict]
  {
    let positions = Array(positions)
    let book = try OptionBook(
      .blackScholes, types: positions.map(\.type),
      columns: [
        "spot": positions.map(\.spot), "strike": positions.map(\.strike), "years": positions.map(\.years),
        "volatility": positions.map(\.volatility),
      ])
    return try portfolio.add(book, weights: positions.map(\.weight), keys: positions.map(\.key), on: engine)
  }

  private func bits(_ report: RiskReport) -> [[UInt64]] {
    (report.groups + [report.total]).map { line in
      (line.totals + line.profitAndLoss + line.approximation).map(\.bitPattern) + [UInt64(line.positions)]
    }
  }

  @Test func anyOrderAndSplitGivesTheSameBits() throws {
    let engine = try Engine(threads: 2)
    var whole = Portfolio(scenarios: Self.scenarios)
    let verdicts = try add(Self.positions, to: &whole, on: engine)
    #expect(verdicts.filter { !$0.isAccepted } == Array(repeating: .invalidVolatility, count: 21))
    let expected = try bits(whole.report(on: engine))
    #expect(Set(expected.joined()).count > 50)

    var reversed = Portfolio(scenarios: Self.scenarios)
    _ = try add(Self.positions.reversed(), to: &reversed, on: engine)
    #expect(try bits(reversed.report(on: engine)) == expected)

    var first = Portfolio(scenarios: Self.scenarios)
    var second = Portfolio(scenarios: Self.scenarios)
    _ = try add(Self.positions[700..<2_000], to: &second, on: engine)
    for start in stride(from: 0, to: 700, by: 100) {
      _ = try add(Self.positions[start..<start + 100], to: &first, on: engine)
    }
    try first.merge(second, on: engine)
    #expect(try bits(first.report(on: engine)) == expected)
  }

  /// A grid prices moves by points, a moved book moves in proportion: where both move alike, so do the bits.
  @Test func gridsAndMovedBooksAgree() throws {
    let engine = try Engine(threads: 1)
    let spots = (0..<40).map { Double($0) / 50 - 0.4 }
    let report = try [Scenario.VolatilityShift.absolute(0), .relative(0)].map { shift in
      var portfolio = Portfolio(scenarios: Scenario.grid(spots: spots, volatilities: [shift]))
      _ = try add(Self.positions, to: &portfolio, on: engine)
      return try bits(portfolio.report(on: engine))
    }
    #expect(report[0] == report[1])
  }

  /// A position that only a scenario makes unusable: out of that scenario, with the reason, and in all the rest.
  @Test func aScenarioDoesWithoutWhatItCannotPrice() throws {
    let engine = try Engine(threads: 1)
    let scenarios = Scenario.grid(spots: [-0.1, 0.5, 1], volatilities: [.absolute(0)])
    let sound = Array(Self.positions.prefix(60))
    // Half as much again is still a number, twice as much is none.
    let huge = Position(type: .put, spot: 1e308, strike: 1, years: 1, volatility: 0.2, weight: 1, key: "huge")
    let hostile = sound.prefix(30) + [huge] + sound.dropFirst(30) + [huge]
    var expected = Portfolio(scenarios: scenarios)
    _ = try add(sound, to: &expected, on: engine)
    var whole = Portfolio(scenarios: scenarios)
    var half = whole
    _ = try add(hostile.prefix(40), to: &whole, on: engine)
    _ = try add(hostile.dropFirst(40), to: &half, on: engine)
    try whole.merge(half, on: engine)
    let report = try whole.report(on: engine)
    let reference = try expected.report(on: engine)

    let omission = try #require(report.total.leftOut[2].first)
    #expect(omission.reason == .invalidSpot && omission.positions == 2)
    #expect(report.total.leftOut == [[], [], [omission]])
    #expect(reference.total.leftOut == [[], [], []] && reference.total.unapproximated == 0)
    #expect(report.total.positions == reference.total.positions + 2)
    let line = try #require(report.groups.first { $0.key == "huge" })
    #expect(line.leftOut == [[], [], [omission]] && line.profitAndLoss[2] == 0)
    for line in report.groups + [report.total] {
      #expect((line.profitAndLoss + line.approximation).allSatisfy { $0.isFinite })
    }
    // The scenario's total is exactly that of the rest.
    #expect(report.total.profitAndLoss[2].bitPattern == reference.total.profitAndLoss[2].bitPattern)
    for (group, others) in zip(report.groups.filter { $0.key != "huge" }, reference.groups) {
      #expect(group.key == others.key && group.profitAndLoss == others.profitAndLoss)
      #expect(group.leftOut == [[], [], []])
    }
  }

  @Test func everyBackendGivesTheSameBits() throws {
    var all: [[[UInt64]]] = []
    for backend in ["portable", "simd", "openblas"] {
      var configuration = Dispatcher.Configuration()
      configuration.policy = .prefer([backend])
      configuration.audit = .full
      let engine = try Engine(configuration, threads: 2)
      var portfolio = Portfolio(scenarios: Self.scenarios)
      _ = try add(Self.positions, to: &portfolio, on: engine)
      all.append(try bits(portfolio.report(on: engine)))
    }
    #expect(all.allSatisfy { $0 == all[0] })
  }

  @Test func smallMovesAreApproximatedWell() throws {
    let engine = try Engine(threads: 1)
    let scenarios = [Scenario(name: "small", spot: 0.001, volatility: .absolute(0.0005))]
    var portfolio = Portfolio(scenarios: scenarios)
    let calm = Self.positions.filter { $0.years > 0.2 && $0.volatility > 0.1 }
    _ = try add(calm, to: &portfolio, on: engine)
    for line in try portfolio.report(on: engine).groups {
      // Third-order terms and the cross term are left: a per mille of the move's square.
      #expect(abs(line.profitAndLoss[0] - line.approximation[0]) < 0.02 * abs(line.profitAndLoss[0]))
    }
  }

  /// Inverse options are priced in coin: their approximation is made of the coin's derivatives.
  @Test func smallMovesOfInverseOptionsAreApproximatedInCoin() throws {
    let engine = try Engine(threads: 1)
    let model = try #require(PricingModel(named: "inverse"))
    let book = try OptionBook(
      model, types: [.call, .put],
      columns: [
        "forward": [64_000, 64_000], "strike": [60_000, 70_000], "years": [0.5, 0.25], "volatility": [0.6, 0.5],
      ])
    var portfolio = Portfolio(scenarios: [Scenario(name: "small", spot: 0.001, volatility: .absolute(0.0005))])
    _ = try portfolio.add(book, weights: [3, 2], keys: ["", ""], on: engine)
    let total = try portfolio.report(on: engine).total
    #expect(total.profitAndLoss[0] != 0)
    #expect(abs(total.profitAndLoss[0] - total.approximation[0]) < 0.02 * abs(total.profitAndLoss[0]))
  }

  @Test func aMeasureThatNoModelHasIsNotATotalOfZero() throws {
    let engine = try Engine(threads: 1)
    var portfolio = Portfolio(measures: ["pryce"])
    #expect(throws: AssayError.self) { try add(Self.positions.prefix(2), to: &portfolio, on: engine) }
    #expect(portfolio.positions.allSatisfy { $0 == 0 })
  }

  @Test func groupsMergedIntoOneAllCount() throws {
    let engine = try Engine(threads: 1)
    var parts = ExactTotals(lines: 1)
    parts.grow(to: 3)
    try parts.add([[(0, 1), (1, 2), (2, 4)]], on: engine)
    var whole = ExactTotals(lines: 1)
    whole.grow(to: 2)
    try whole.merge(parts, mapping: [1, 0, 1], on: engine)
    #expect(try whole.rounded(on: engine).map { $0[0] } == [2, 5, 7])
    #expect(throws: AssayError.self) { try whole.merge(parts, mapping: [0, 1, 2], on: engine) }
    #expect(throws: AssayError.self) { try whole.merge(ExactTotals(lines: 2), mapping: [], on: engine) }
  }

  @Test(arguments: ["portable", "simd", "openblas"])
  func aProductThatUnderflowsIsZero(backend: String) throws {
    var configuration = Dispatcher.Configuration()
    configuration.policy = .prefer([backend])
    configuration.audit = .full
    let engine = try Engine(configuration, threads: 1)
    let tiny: [Double] = [1e-300, .leastNonzeroMagnitude, 1e-160]
    let right = [Double](repeating: 0x1p-1028, count: 16) + [Double](repeating: 1e300, count: 16)
    let left = Column(messages: tiny.map { value in withUnsafeBytes(of: value) { Array($0) } })
    let results = try engine.execute(
      Batch(.exactProduct, [left, Column(messages: [right.withUnsafeBytes { Array($0) }])]))
    withExtendedLifetime(results) {
      for (row, value) in tiny.enumerated() {
        let product = results.bytes("product").map { $0.loadUnaligned(fromByteOffset: row * 256, as: Double.self) }
        let ordinary = results.bytes("product").map {
          $0.loadUnaligned(fromByteOffset: row * 256 + 128, as: Double.self)
        }
        #expect(product == 0)
        #expect(ordinary == value * 1e300)
      }
    }
  }

  /// A caller that rounds upwards gets the same bits from every backend.
  @Test(arguments: ["portable", "simd", "openblas"])
  func theCallersRoundingModeDoesNotMatter(backend: String) throws {
    var configuration = Dispatcher.Configuration()
    configuration.policy = .prefer([backend])
    configuration.audit = .none
    let batch = try Corpus(.exactProduct, rows: 500, seed: 3).batch
    let expected = try Engine(configuration, threads: 2).execute(batch).digest
    let digest = roundingUpwards { try? Engine(configuration, threads: 2).execute(batch).digest }
    #expect(digest == expected)
  }

  @Test func theCallersRoundingModeDoesNotMatterToTotals() throws {
    let engine = try Engine(threads: 2)
    func report() throws -> [[UInt64]] {
      var portfolio = Portfolio(scenarios: Self.scenarios)
      _ = try add(Self.positions.prefix(300), to: &portfolio, on: engine)
      return try bits(portfolio.report(on: engine))
    }
    let expected = try report()
    #expect(try roundingUpwards(report) == expected)
  }

  private func roundingUpwards<R>(_ body: () throws -> R) rethrows -> R {
    #if arch(x86_64)
      let upwards: Int32 = 0x800
    #else
      let upwards: Int32 = 0x40_0000
    #endif
    let mode = fegetround()
    #expect(fesetround(upwards) == 0)
    defer { fesetround(mode) }
    return try body()
  }

  @Test func aTotalIsRoundedOnce() throws {
    // 1 + 2^-53 + 2^-53 is 1 + 2^-52 exactly, though 1 + 2^-53 rounds to 1.
    let engine = try Engine(threads: 1)
    var totals = ExactTotals(lines: 1)
    totals.grow(to: 2)
    try totals.add([[(0, 0x1p-53), (1, 1e308), (0, 1), (1, 1e308), (0, 0x1p-53), (1, -1e308)]], on: engine)
    let rounded = try totals.rounded(on: engine)
    #expect(rounded.map { $0[0] } == [1 + 0x1p-52, 1e308, 1e308])
  }

  @Test func portfoliosOfDifferentShapeDoNotMerge() throws {
    let engine = try Engine(threads: 1)
    var portfolio = Portfolio(measures: ["price"])
    #expect(throws: AssayError.self) { try portfolio.merge(Portfolio(measures: ["delta"]), on: engine) }
  }
}
