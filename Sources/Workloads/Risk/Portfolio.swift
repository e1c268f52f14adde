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
  public mutating func add(
    _ book: OptionBook, weights: [Double], keys: [[UInt8]], on executor: any Executor
  ) throws(AssayError) -> [Verdict] {
    try withDefaultFloatingPointMode { () throws(AssayError) in
      try total(book, weights: weights, keys: keys, on: executor)
    }
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
    _ book: OptionBook, weights: [Double], keys: [[UInt8]], on executor: any Executor
  ) throws(AssayError) -> [Verdict] {
    guard weights.count == book.rows, keys.count == book.rows else {
      throw AssayError(.shape, "\(book.rows) options came with \(weights.count) weights and \(keys.count) groups.")
    }
    let everywhere = PricingModel.all.flatMap(\.measures)
    if let unknown = measures.first(where: { !everywhere.contains($0) }) {
      throw AssayError(.usage, "No model has a measure \(unknown).")
    }
    let known = Set(book.model.measures)
    let sensitivities = Sensitivities(known)
    let needed = measures + (scenarios.isEmpty ? [] : ["price"] + sensitivities.measures)
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
    func add(_ value: (Int) -> Double, to line: Int, factor: Double = 1, where isIncluded: [Bool]? = nil) {
      for (position, row) in rows.enumerated() where isIncluded?[position] ?? true {
        // Weight times value, exactly: two addends.
        let product = exactProduct(weights[row] * factor, value(row))
        addends[line].append((Int32(group[position]), product.high))
        addends[line].append((Int32(group[position]), product.low))
      }
    }
    for (line, measure) in measures.enumerated() {
      guard let column = priced[measure] else { continue }
      add({ column[$0] }, to: line)
      for index in group { measured[index * measures.count + line] += 1 }
    }
    if !scenarios.isEmpty {
      let price = try priced.column(.price), delta = try priced.column(sensitivities.delta)
      let gamma = try priced.column(sensitivities.gamma), vega = try priced.column(sensitivities.vega)
      for (number, revaluation) in try revaluations(of: book, rows: rows, on: executor).enumerated() {
        let isPriced = rows.map { revaluation.verdict($0).isAccepted }
        add(revaluation.price, to: measures.count + number, where: isPriced)
        add({ price[$0] }, to: measures.count + number, factor: -1, where: isPriced)
        for (position, row) in rows.enumerated() where !isPriced[position] {
          let omission = Omission(group: group[position], scenario: number, reason: revaluation.verdict(row))
          omissions[omission, default: 0] += 1
        }
      }
      let underlying = book.underlying, volatility = book.volatility
      let terms: [(Int) -> Double] = [
        { delta[$0] * underlying[$0] }, { 0.5 * gamma[$0] * underlying[$0] * underlying[$0] }, { vega[$0] },
        { vega[$0] * volatility[$0] },
      ]
      // An infinite sensitivity times a move of zero would be no number, in every scenario.
      let isFinite = rows.map { row in terms.allSatisfy { $0(row).isFinite } }
      for (number, term) in terms.enumerated() {
        add(term, to: measures.count + scenarios.count + number, where: isFinite)
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
      let moved = try executor.price(book.moved(spot: scenario.spot, volatility: scenario.moved), measures: ["price"])
      let prices = try moved.column(.price)
      revaluations.append(Revaluation(price: { prices[$0] }, verdict: { moved.verdict($0) }))
    }
    return revaluations
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

  /// Those of a model with the measures `known`: a price in coin has its derivatives among the coin measures.
  init(_ known: Set<Measure>) {
    let isInCoin = known.contains("coinDelta")
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
    /// Profit and loss by full revaluation, in the order of the scenarios.
    public let profitAndLoss: [Double]
    /// The delta-gamma-vega approximation of it.
    public let approximation: [Double]
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
        profitAndLoss: Array(rounded[group].dropFirst(measures.count).prefix(scenarios.count)),
        approximation: approximations[group],
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
