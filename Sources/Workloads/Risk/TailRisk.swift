public import AssayCore

/// Value at risk and expected shortfall of profits and losses, by order statistics.
///
/// Of n outcomes at confidence c the tail is the k = max(1, ceil((1 - c) n)) smallest. Value at risk is the loss of the k-th
/// smallest outcome, expected shortfall the mean loss of those k: no interpolation, and ties need no rule, as equal outcomes are
/// interchangeable. The mean's sum is exact and rounded once, so that the order of outcomes changes no bit.
public struct TailRisk: Sendable, Hashable {
  /// The loss that the tail begins with; negative where even that is a profit.
  public let valueAtRisk: Double
  /// The mean loss of the tail.
  public let expectedShortfall: Double
  /// How many outcomes the tail has.
  public let tail: Int
}

extension Executor {
  /// The tail of `outcomes`, profits and losses of one portfolio in as many scenarios or days.
  ///
  /// - Parameter confidence: in ten-thousandths, 9900 for 99%.
  /// - Throws: ``AssayError`` of kind `usage` without outcomes, for one that is not finite, or for a confidence outside 1 ... 9999.
  public func tailRisk(_ outcomes: [Double], confidence: Int) throws(AssayError) -> TailRisk {
    guard !outcomes.isEmpty, outcomes.allSatisfy(\.isFinite) else {
      throw AssayError(.usage, "A tail needs outcomes, and all of them finite.")
    }
    guard (1...9999).contains(confidence) else {
      throw AssayError(.usage, "A confidence of \(confidence) ten-thousandths is outside 1 to 9999.")
    }
    let tail = max(1, ((10_000 - confidence) * outcomes.count + 9_999) / 10_000)
    let worst = outcomes.sorted().prefix(tail)
    var totals = ExactTotals(lines: 1)
    totals.grow(to: 1)
    try totals.add([worst.map { (group: 0, value: $0) }], on: self)
    let sum = try totals.rounded(on: self)[0][0]
    return TailRisk(valueAtRisk: -(worst.last ?? 0), expectedShortfall: -sum / Double(tail), tail: tail)
  }

  /// Profits and losses by delta, gamma and vega: for every day the sum over factors of delta s + gamma s^2 / 2 + vega v, as an
  /// exact matrix product.
  ///
  /// - Parameters:
  ///   - sensitivities: by factor its delta and vega per unit of the move, gamma per unit squared.
  ///   - days: for every day the moves of spot and volatility by factor.
  /// - Throws: ``AssayError`` of kind `shape` when a day does not have a move per factor.
  public func deltaGammaVega(
    _ sensitivities: [(delta: Double, gamma: Double, vega: Double)], days: [[(spot: Double, volatility: Double)]]
  ) throws(AssayError) -> [Double] {
    guard days.allSatisfy({ $0.count == sensitivities.count }) else {
      throw AssayError(.shape, "A day does not have one move for each of the \(sensitivities.count) factors.")
    }
    guard !sensitivities.isEmpty else { return days.map { _ in 0 } }
    let left = sensitivities.flatMap { [$0.delta, 0.5 * $0.gamma, $0.vega] }
    let moves = days.map { day in day.flatMap { [$0.spot, $0.spot * $0.spot, $0.volatility] } }
    return try exactProduct(rows: [left], columns: moves).first ?? []
  }

  /// The covariance of factors over days, divided by n - 1: exact products of the deviations from each factor's mean.
  ///
  /// - Throws: ``AssayError`` of kind `shape` for fewer than two days, or days that do not have one value per factor.
  public func covariance(_ days: [[Double]]) throws(AssayError) -> [[Double]] {
    guard days.count >= 2, let factors = days.first?.count, factors > 0, days.allSatisfy({ $0.count == factors }) else {
      throw AssayError(.shape, "A covariance needs two days at least, each with one value per factor.")
    }
    var totals = ExactTotals(lines: 1)
    totals.grow(to: factors)
    try totals.add(
      [days.flatMap { day in day.enumerated().map { (group: Int32($0), value: $1) } }], on: self)
    let sums = try totals.rounded(on: self)
    let deviations = (0..<factors).map { factor in
      let mean = sums[factor][0] / Double(days.count)
      return days.map { $0[factor] - mean }
    }
    let products = try exactProduct(rows: deviations, columns: deviations)
    return products.map { row in row.map { $0 / Double(days.count - 1) } }
  }

  /// Element [i][j] is the exact product of row i and column j, 32 columns at a time.
  private func exactProduct(rows: [[Double]], columns: [[Double]]) throws(AssayError) -> [[Double]] {
    let width = 32, terms = rows[0].count
    var left = ColumnBuilder(.message)
    for row in rows { row.withUnsafeBytes { left.append($0) } }
    let leftColumn = left.made()
    var result = [[Double]](repeating: [], count: rows.count)
    for first in stride(from: 0, to: columns.count, by: width) {
      let tile = columns[first..<min(first + width, columns.count)]
      var matrix = [Double](repeating: 0, count: terms * width)
      for (column, values) in tile.enumerated() {
        for (term, value) in values.enumerated() { matrix[term * width + column] = value }
      }
      var right = ColumnBuilder(.message)
      matrix.withUnsafeBytes { right.append($0) }
      let results = try execute(Batch(.exactProduct, [leftColumn, right.made()], rows: rows.count))
      withExtendedLifetime(results) {
        guard let bytes = results.bytes("product") else { return }
        for row in rows.indices {
          for column in tile.indices.map({ $0 - first }) {
            result[row].append(bytes.loadUnaligned(fromByteOffset: (row * width + column) * 8, as: Double.self))
          }
        }
      }
    }
    return result
  }
}
