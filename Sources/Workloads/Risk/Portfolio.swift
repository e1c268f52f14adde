public import AssayCore
public import AssayPricing

/// Aggregated risk of a book: exact totals of price and Greeks by group, profit and loss of every scenario by full revaluation,
/// and beside it the delta-gamma-vega approximation.
///
/// Positions are added in parts, in any order and on any number of portfolios that are merged afterwards: the report has the same
/// bits.
public struct Portfolio: Sendable {
  /// The measures that are totalled.
  public let measures: [Measure]
  /// The scenarios.
  public let scenarios: [Scenario]
  /// The groups' keys in the order they were met: bytes, which are equal or not whatever text they spell.
  public private(set) var groups: [[UInt8]] = []
  /// Priced positions per group.
  public private(set) var positions: [Int] = []
  private var indices: [[UInt8]: Int] = [:]
  /// For every group and measure how many of its positions have a model with that measure, group by group.
  private var measured: [Int] = []
  /// Positions that could not be priced.
  private var rejected: [Rejection: Int] = [:]
  private var totals: ExactTotals
  /// Positions that a scenario, or the approximation, has to do without.
  private var omissions: [Omission: Int] = [:]

  private struct Rejection: Hashable {
    var group: Int
    let reason: Verdict
  }

  private struct Omission: Hashable {
    var group: Int
    /// A scenario's number; that of all scenarios is the approximation's.
    let scenario: Int
    let reason: Verdict
  }

  /// An empty portfolio.
  public init(measures: [Measure] = Measure.standard, scenarios: [Scenario] = []) {
    self.measures = measures
    self.scenarios = scenarios
    // With scenarios: their profit and loss, then the three sensitivities that the approximation multiplies, one set for
    // absolute and one for relative volatility moves.
    totals = ExactTotals(lines: measures.count + (scenarios.isEmpty ? 0 : scenarios.count + Self.sensitivities))
  }

  private static let sensitivities = 4

  /// Adds a book. `weights[i]` is position i's quantity times multiplier, `keys[i]` its group.
  ///
  /// - Returns: a verdict per position; one that cannot be priced is left out of every total and counted in
  ///   ``RiskReport/Line/rejected``. One that only a scenario makes
  ///   unusable (its spot overflows, say) is left out of that scenario's profit and loss, and counted there with the reason.
  /// - Throws: ``AssayError`` for columns that do not fit; nothing has been added then.
  ///
  /// - Parameters:
  ///   - underlyings: the name of each position's underlying, for scenarios that move some of them only; nil where the book has none.
  ///   - exchange: what each position's amounts are worth in the report's currency; nil where they are in it.
  public mutating func add(
    _ book: OptionBook, weights: [Double], keys: [[UInt8]], underlyings: [[UInt8]]? = nil, exchange: Exchange? = nil,
    on executor: any Executor
  ) throws(AssayError) -> [Verdict] {
    try withDefaultFloatingPointMode { () throws(AssayError) in
      try total(book, weights: weights, keys: keys, underlyings: underlyings, exchange: exchange, on: executor)
    }
  }

  /// What amounts of positions are worth in one currency: a factor per position, by which its weight is multiplied, rounded once.
  public struct Exchange: Sendable {
    /// For prices, and for every measure of a model that is not settled in coin.
    public let settlement: [Double]
    /// For the measures of a model settled in coin that are in the currency which the coin is quoted in.
    public let quote: [Double]

    /// Factors for each position.
    public init(settlement: [Double], quote: [Double]) {
      self.settlement = settlement
      self.quote = quote
    }

    /// The factors of a measure; nil where it is not an amount of money.
    fileprivate func factors(of measure: Measure, isInCoin: Bool) -> [Double]? {
      guard Self.amounts.contains(measure) else { return nil }
      return isInCoin && !Self.inCoin.contains(measure) ? quote : settlement
    }

    private static let amounts: Set<Measure> = [
      .price, .vega, .theta, .rho, .dividendRho, .volga, .veta, .ultima, .coinVega, .coinTheta,
    ]
    private static let inCoin: Set<Measure> = [.price, .coinVega, .coinTheta]
  }

  /// The same with keys that are text: their UTF-8 bytes.
  public mutating func add(
    _ book: OptionBook, weights: [Double], keys: [String], on executor: any Executor
  ) throws(AssayError) -> [Verdict] {
    try add(book, weights: weights, keys: keys.map { Array($0.utf8) }, on: executor)
  }

  /// Counts a position that could not be read, so that its group's line tells of it.
  public mutating func reject(_ reason: Verdict, key: [UInt8]) {
    rejected[Rejection(group: index(of: key), reason: reason), default: 0] += 1
  }

  private mutating func total(
    _ book: OptionBook, weights: [Double], keys: [[UInt8]], underlyings: [[UInt8]]?, exchange: Exchange?,
    on executor: any Executor
  ) throws(AssayError) -> [Verdict] {
    let counts = [weights.count, keys.count, underlyings?.count, exchange?.settlement.count, exchange?.quote.count]
    guard counts.allSatisfy({ ($0 ?? book.rows) == book.rows }) else {
      throw AssayError(.shape, "\(book.rows) options came with \(weights.count) weights and \(keys.count) groups.")
    }
    let everywhere = (PricingModel.all + PricingModel.positions).flatMap(\.measures)
    if let unknown = measures.first(where: { !everywhere.contains($0) }) {
      throw AssayError(.usage, "No model has a measure \(unknown).")
    }
    let known = Set(book.model.measures)
    let sensitivities = Sensitivities(known)
    let needed = measures + (scenarios.isEmpty ? [] : [.price] + sensitivities.measures)
    let priced = try executor.price(book, measures: Array(Set(needed)).filter { known.contains($0) })
    let verdicts = (0..<book.rows).map { row in
      weights[row].isFinite
        ? priced.verdict(row) : priced.verdict(row).isAccepted ? .invalidNumber : priced.verdict(row)
    }
    let rows = (0..<book.rows).filter { verdicts[$0].isAccepted }
    let group = rows.map { row in index(of: keys[row]) }
    for row in 0..<book.rows where !verdicts[row].isAccepted { reject(verdicts[row], key: keys[row]) }
    totals.grow(to: groups.count)

    var addends = [[(group: Int32, value: Double)]](repeating: [], count: totals.lines)
    func add(
      _ value: (Int) -> Double, to line: Int, factor: Double = 1, exchange: [Double]? = nil,
      where isIncluded: [Bool]? = nil
    ) {
      for (position, row) in rows.enumerated() where isIncluded?[position] ?? true {
        // Weight times value, exactly: two addends.
        let product = exactProduct(weights[row] * factor * (exchange?[row] ?? 1), value(row))
        addends[line].append((Int32(group[position]), product.high))
        addends[line].append((Int32(group[position]), product.low))
      }
    }
    for (line, measure) in measures.enumerated() {
      guard let column = priced[measure] else { continue }
      add({ column[$0] }, to: line, exchange: exchange?.factors(of: measure, isInCoin: sensitivities.isInCoin))
      for index in group { measured[index * measures.count + line] += 1 }
    }
    if !scenarios.isEmpty {
      let price = try priced.column(.price), delta = try priced.column(sensitivities.delta)
      // Positions that are not options have no curvature, or no volatility.
      let gammas = priced[sensitivities.gamma], vegas = priced[sensitivities.vega]
      func gamma(_ row: Int) -> Double { gammas?[row] ?? 0 }
      func vega(_ row: Int) -> Double { vegas?[row] ?? 0 }
      for (number, revaluation) in try revaluations(of: book, rows: rows, on: executor).enumerated() {
        let moved = try positionsMoved(by: scenarios[number], rows, underlyings)
        let isPriced = rows.enumerated().map { moved?[$0] ?? true ? revaluation.verdict($1).isAccepted : true }
        let included = moved.map { moved in zip(moved, isPriced).map { $0 && $1 } } ?? isPriced
        let money = exchange?.settlement
        add(revaluation.price, to: measures.count + number, exchange: money, where: included)
        add({ price[$0] }, to: measures.count + number, factor: -1, exchange: money, where: included)
        for (position, row) in rows.enumerated() where !isPriced[position] {
          let omission = Omission(group: group[position], scenario: number, reason: revaluation.verdict(row))
          omissions[omission, default: 0] += 1
        }
      }
      let underlying = book.underlying, volatilities = book.volatility
      func volatility(_ row: Int) -> Double { vegas == nil ? 0 : volatilities[row] }
      let terms: [(Int) -> Double] = [
        { delta[$0] * underlying[$0] }, { 0.5 * gamma($0) * underlying[$0] * underlying[$0] }, vega,
        { vega($0) * volatility($0) },
      ]
      // An infinite sensitivity times a move of zero would be no number, in every scenario.
      let isFinite = rows.map { row in terms.allSatisfy { $0(row).isFinite } }
      for (number, term) in terms.enumerated() {
        add(term, to: measures.count + scenarios.count + number, exchange: exchange?.settlement, where: isFinite)
      }
      for (position, isFinite) in isFinite.enumerated() where !isFinite {
        let omission = Omission(group: group[position], scenario: scenarios.count, reason: .invalidNumber)
        omissions[omission, default: 0] += 1
      }
    }
    try totals.add(addends, on: executor)
    for index in group { positions[index] += 1 }
    return verdicts
  }

  /// Which of `rows` are on an underlying that a scenario moves; nil where it moves all.
  private func positionsMoved(
    by scenario: Scenario, _ rows: [Int], _ underlyings: [[UInt8]]?
  ) throws(AssayError) -> [Bool]? {
    guard let names = scenario.underlyings else { return nil }
    guard let underlyings else {
      throw AssayError(
        .input, "The scenario \(scenario.name) names underlyings, and the book has no column underlying.")
    }
    let moved = Set(names.map { Array($0.utf8) })
    return rows.map { moved.contains(underlyings[$0]) }
  }

  /// A book under one scenario.
  private struct Revaluation {
    let price: (Int) -> Double
    let verdict: (Int) -> Verdict
  }

  /// More options than this are priced scenario by scenario: a grid takes 256 bytes an option.
  private static let mostGridRows = 1 << 18

  /// The book under every scenario, through a grid where there is one and it can price all of `rows`.
  private func revaluations(
    of book: OptionBook, rows: [Int], on executor: any Executor
  ) throws(AssayError) -> [Revaluation] {
    let moves = scenarios.compactMap(\.move)
    let hasGrid = book.model == .blackScholes && book.rows <= Self.mostGridRows && !moves.isEmpty
    let grid = hasGrid ? try executor.priceGrid(book, moves: moves) : nil
    var revaluations: [Revaluation] = []
    var next = 0
    for scenario in scenarios {
      if let grid, scenario.move != nil {
        let prices = grid.prices(under: next)
        next += 1
        if rows.allSatisfy({ !prices[$0].isNaN }) {
          revaluations.append(Revaluation(price: { prices[$0] }, verdict: { _ in .accepted }))
          continue
        }
      }
      let moved = try executor.price(scenario.moved(book), measures: [.price])
      let prices = try moved.column(.price)
      revaluations.append(Revaluation(price: { prices[$0] }, verdict: { moved.verdict($0) }))
    }
    return revaluations
  }

  /// Gives every group another key. No two groups may get the same: use ``regrouped(on:_:)`` where they may.
  public mutating func rename(_ key: ([UInt8]) -> [UInt8]) {
    groups = groups.map(key)
    indices = Dictionary(zip(groups, groups.indices), uniquingKeysWith: { first, _ in first })
    precondition(indices.count == groups.count, "Two groups of a portfolio would have one key.")
  }

  /// The portfolio with other groups: those whose keys `key` makes one are merged.
  public func regrouped(
    on executor: any Executor, _ key: ([UInt8]) -> [UInt8]
  ) throws(AssayError) -> Portfolio {
    var other = self
    other.groups = groups.map(key)
    var result = Portfolio(measures: measures, scenarios: scenarios)
    try result.merge(other, on: executor)
    return result
  }

  /// Merges another portfolio of the same measures and scenarios.
  public mutating func merge(_ other: Portfolio, on executor: any Executor) throws(AssayError) {
    guard other.measures == measures, other.scenarios == scenarios else {
      throw AssayError(.usage, "Portfolios with different measures or scenarios cannot be merged.")
    }
    let mapping = other.groups.map { index(of: $0) }
    totals.grow(to: groups.count)
    var other = other
    other.totals.grow(to: other.groups.count)
    try totals.merge(other.totals, mapping: mapping, on: executor)
    for (group, count) in zip(mapping, other.positions) { positions[group] += count }
    for (place, count) in other.measured.enumerated() {
      measured[mapping[place / measures.count] * measures.count + place % measures.count] += count
    }
    for (var rejection, count) in other.rejected {
      rejection.group = mapping[rejection.group]
      rejected[rejection, default: 0] += count
    }
    for (var omission, count) in other.omissions {
      omission.group = mapping[omission.group]
      omissions[omission, default: 0] += count
    }
  }

  private mutating func index(of key: [UInt8]) -> Int {
    if let index = indices[key] { return index }
    indices[key] = groups.count
    groups.append(key)
    positions.append(0)
    measured += repeatElement(0, count: measures.count)
    return groups.count - 1
  }
}

/// The derivatives of a model's price that the approximation is made of, in the price's own unit.
private struct Sensitivities {
  let delta, gamma, vega: Measure
  /// Whether the price is in coin.
  let isInCoin: Bool

  /// Those of a model with the measures `known`: a price in coin has its derivatives among the coin measures.
  init(_ known: Set<Measure>) {
    isInCoin = known.contains("coinDelta")
    delta = isInCoin ? "coinDelta" : "delta"
    gamma = isInCoin ? "coinGamma" : "gamma"
    vega = isInCoin ? "coinVega" : "vega"
  }

  var measures: [Measure] { [delta, gamma, vega] }
}

/// What a portfolio adds up to.
public struct RiskReport: Sendable {
  /// One group, or all of them.
  public struct Line: Sendable {
    /// The group's key; empty for all.
    public let keyBytes: [UInt8]
    /// The group's key as text, with what is not UTF-8 replaced.
    public var key: String { String(decoding: keyBytes, as: UTF8.self) }
    /// Priced positions.
    public let positions: Int
    /// Totals in the order of the portfolio's measures; 0 where no position's model has the measure.
    public let totals: [Double]
    /// How many of the positions have a model with each measure: the totals are those of so many.
    public let measured: [Int]
    /// Positions that could not be priced, by reason, in the order of their codes.
    public let rejected: [Omission]
    /// Profit and loss by full revaluation times the scenario's weight, in the order of the scenarios.
    public let profitAndLoss: [Double]
    /// The delta-gamma-vega approximation of it; not a number where the scenario has none.
    public let approximation: [Double]
    /// The number of the scenario with the least profit and loss, the first of several; nil without scenarios.
    public var worstScenario: Int? {
      profitAndLoss.indices.filter { !profitAndLoss[$0].isNaN }.min { profitAndLoss[$0] < profitAndLoss[$1] }
    }
    /// Positions that a scenario makes unusable, in the order of the scenarios: its profit and loss is that of the others.
    public let leftOut: [[Omission]]
    /// Positions whose sensitivities are infinite: the approximation is that of the others.
    public let unapproximated: Int
  }

  /// Positions that something has to do without.
  public struct Omission: Sendable, Hashable {
    /// Why.
    public let reason: Verdict
    /// How many.
    public let positions: Int
  }

  /// The measures totalled.
  public let measures: [Measure]
  /// The scenarios.
  public let scenarios: [Scenario]
  /// The groups by key, in ascending order of their bytes.
  public let groups: [Line]
  /// All groups together, rounded once from the exact totals.
  public let total: Line
}

extension Portfolio {
  /// Rounds every total and multiplies the groups' sensitivities with the scenarios' moves, as one exact matrix product.
  public func report(on executor: any Executor) throws(AssayError) -> RiskReport {
    var totals = totals
    totals.grow(to: groups.count)
    let rounded = try totals.rounded(on: executor)
    let approximations = try approximation(rounded, on: executor)
    // By scenario and reason, for each group that has any and, last, for all of them.
    let none = [[Verdict: Int]](repeating: [:], count: scenarios.count + 1)
    let nothingLeftOut = [[RiskReport.Omission]](repeating: [], count: scenarios.count)
    var counts: [Int: [[Verdict: Int]]] = [:]
    for (omission, count) in omissions {
      for line in [omission.group, groups.count] {
        counts[line, default: none][omission.scenario][omission.reason, default: 0] += count
      }
    }
    var rejections: [Int: [Verdict: Int]] = [:]
    for (rejection, count) in rejected {
      for line in [rejection.group, groups.count] {
        rejections[line, default: [:]][rejection.reason, default: 0] += count
      }
    }
    func listed(_ counts: [Verdict: Int]) -> [RiskReport.Omission] {
      counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { .init(reason: $0.key, positions: $0.value) }
    }
    let everywhere = measures.indices.map { measure in
      groups.indices.reduce(0) { $0 + measured[$1 * measures.count + measure] }
    }
    let lines = rounded.indices.map { group in
      RiskReport.Line(
        keyBytes: group < groups.count ? groups[group] : [],
        positions: group < groups.count ? positions[group] : positions.reduce(0, +),
        totals: scenarios.isEmpty ? rounded[group] : Array(rounded[group].prefix(measures.count)),
        measured: group < groups.count
          ? Array(measured[group * measures.count..<(group + 1) * measures.count]) : everywhere,
        rejected: rejections[group].map(listed) ?? [],
        profitAndLoss: zip(scenarios, rounded[group].dropFirst(measures.count)).map { $0.weight * $1 },
        approximation: zip(scenarios, approximations[group]).map { $0.hasApproximation ? $0.weight * $1 : .nan },
        leftOut: counts[group].map { $0.dropLast().map(listed) } ?? nothingLeftOut,
        unapproximated: counts[group].map { $0[scenarios.count].values.reduce(0, +) } ?? 0)
    }
    return RiskReport(
      measures: measures, scenarios: scenarios,
      groups: lines.dropLast().sorted { $0.keyBytes.lexicographicallyPrecedes($1.keyBytes) },
      total: lines[lines.count - 1])
  }

  /// sensitivities (groups x 4) times moves (4 x scenarios), 32 scenarios at a time.
  private func approximation(_ rounded: [[Double]], on executor: any Executor) throws(AssayError) -> [[Double]] {
    var result = [[Double]](repeating: [], count: rounded.count)
    guard !scenarios.isEmpty else { return result }
    var left = ColumnBuilder(.message)
    for totals in rounded {
      totals.suffix(Self.sensitivities).withUnsafeBytes { left.append($0) }
    }
    let sensitivities = try left.finish()
    let width = 32
    for first in stride(from: 0, to: scenarios.count, by: width) {
      let tile = scenarios[first..<min(first + width, scenarios.count)]
      var moves = [Double](repeating: 0, count: Self.sensitivities * width)
      for (column, scenario) in tile.enumerated() {
        moves[column] = scenario.spot
        moves[width + column] = withDefaultFloatingPointMode { scenario.spot * scenario.spot }
        switch scenario.volatility {
        case .absolute(let shift): moves[2 * width + column] = shift
        case .relative(let shift): moves[3 * width + column] = shift
        }
      }
      var right = ColumnBuilder(.message)
      moves.withUnsafeBytes { right.append($0) }
      let results = try executor.execute(Batch(.exactProduct, [sensitivities, right.finish()], rows: rounded.count))
      withExtendedLifetime(results) {
        guard let bytes = results.bytes("product") else { return }
        for group in rounded.indices {
          for column in 0..<tile.count {
            result[group].append(bytes.load(fromByteOffset: (group * width + column) * 8, as: Double.self))
          }
        }
      }
    }
    return result
  }
}
