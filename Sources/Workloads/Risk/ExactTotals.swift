public import AssayCore

/// Totals that are exact until they are rounded, once: adding in any order, in parts, on any machine gives the same bits.
///
/// Totals are kept for groups, each with the same number of lines (a measure, a scenario ...).
public struct ExactTotals: Sendable {
  /// How many totals each group has.
  public let lines: Int
  /// How many groups there are.
  public private(set) var groups = 0
  /// The state of group g's line l at g * lines + l.
  private var states = ExactStates()
  /// Groups are merged and rounded that many at a time, so that beside the states only some megabytes are needed.
  private static let tile = 1 << 11

  /// No groups yet.
  public init(lines: Int) {
    self.lines = lines
  }

  /// Makes room for groups 0 ..< count.
  public mutating func grow(to count: Int) {
    guard count > groups else { return }
    states.grow(to: count * lines)
    groups = count
  }

  /// Adds values: `addends[l]` holds, for line l, pairs of a group below ``groups`` and a value.
  public mutating func add(
    _ addends: [[(group: Int32, value: Double)]], on executor: any Executor
  ) throws(AssayError) {
    // Only totals that something is added to go through the kernel, each with its earlier state.
    var values = ColumnBuilder(.message)
    var earlier = ColumnBuilder(.message)
    var touched: [Int] = []
    for (line, pairs) in addends.enumerated() {
      var pairs = pairs[...]
      // Groups may outnumber the values by far: none is visited that nothing is added to.
      pairs.sort { $0.group < $1.group }
      while let first = pairs.first {
        let end = pairs.firstIndex { $0.group != first.group } ?? pairs.endIndex
        let total = Int(first.group) * lines + line
        pairs[..<end].map(\.value).withUnsafeBytes { values.append($0) }
        earlier.append(state(total))
        touched.append(total)
        pairs = pairs[end...]
      }
    }
    let results = try executor.execute(Batch(.exactSum, [values.finish(), earlier.finish()], rows: touched.count))
    keep(results, as: touched)
  }

  /// Merges the totals of `other`, whose group g is this one's group `mapping[g]`; several may go to one.
  ///
  /// - Throws: ``AssayError`` of kind `shape` when lines differ or `mapping` does not fit the groups.
  public mutating func merge(
    _ other: ExactTotals, mapping: [Int], on executor: any Executor
  ) throws(AssayError) {
    guard other.lines == lines, mapping.count == other.groups, mapping.allSatisfy((0..<groups).contains) else {
      throw AssayError(.shape, "Totals of \(other.groups) groups and \(other.lines) lines do not fit this mapping.")
    }
    let sources = mapping.indices.sorted { mapping[$0] < mapping[$1] }
    for tile in stride(from: 0, to: sources.count, by: Self.tile) {
      try merge(other, sources[tile..<min(tile + Self.tile, sources.count)], mapping, on: executor)
    }
  }

  /// Merges the groups `sources` of `other`, which are in the order of where they go.
  private mutating func merge(
    _ other: ExactTotals, _ sources: ArraySlice<Int>, _ mapping: [Int], on executor: any Executor
  ) throws(AssayError) {
    var parts = ColumnBuilder(.message)
    var touched: [Int] = []
    var rest = sources
    while let first = rest.first {
      let target = mapping[first]
      let end = rest.firstIndex { mapping[$0] != target } ?? rest.endIndex
      for line in 0..<lines {
        let total = target * lines + line
        if end == rest.startIndex + 1, states.isEmpty(total) {
          states.copy(total, from: first * lines + line, of: other.states)
          continue
        }
        parts.append(rest[..<end].reduce(into: state(total)) { other.states.append($1 * lines + line, to: &$0) })
        touched.append(total)
      }
      rest = rest[end...]
    }
    guard !touched.isEmpty else { return }
    let empty = Column(messages: [[UInt8]](repeating: [], count: touched.count))
    let results = try executor.execute(Batch(.exactSum, [empty, parts.finish()], rows: touched.count))
    keep(results, as: touched)
  }

  /// Every total rounded to nearest: element [g][l] is line l of group g; the last element is the total of all groups, itself
  /// rounded once from the exact states.
  public func rounded(on executor: any Executor) throws(AssayError) -> [[Double]] {
    var rounded: [[Double]] = []
    rounded.reserveCapacity(groups + 1)
    // The exact states of all groups so far, a line each.
    var all = [[UInt8]](repeating: [], count: lines)
    for first in stride(from: 0, through: groups, by: Self.tile) {
      let tile = first..<min(first + Self.tile, groups)
      var parts = ColumnBuilder(.message)
      for total in tile.lowerBound * lines..<tile.upperBound * lines { parts.append(state(total)) }
      for line in 0..<lines {
        for group in tile { states.append(group * lines + line, to: &all[line]) }
        parts.append(all[line])
      }
      let rows = (tile.count + 1) * lines
      let empty = Column(messages: [[UInt8]](repeating: [], count: rows))
      let results = try executor.execute(Batch(.exactSum, [empty, parts.finish()], rows: rows))
      guard let sums = results.numbers("sum") else { return [] }
      for group in 0..<tile.count { rounded.append((0..<lines).map { sums[group * lines + $0] }) }
      let totals = tile.count * lines
      if tile.upperBound == groups {
        rounded.append((0..<lines).map { sums[totals + $0] })
        break
      }
      withExtendedLifetime(results) {
        guard let accumulators = results.bytes("accumulator") else { return }
        for line in 0..<lines {
          let place = (totals + line) * ExactStates.bytes
          all[line] = Array(accumulators[place..<place + ExactStates.bytes])
        }
      }
    }
    return rounded
  }

  /// Takes the states of `results`, row i as that of total `totals[i]`.
  private mutating func keep(_ results: Results, as totals: [Int]) {
    withExtendedLifetime(results) {
      guard let accumulators = results.bytes("accumulator") else { return }
      for (row, total) in totals.enumerated() {
        let place = row * ExactStates.bytes
        states.set(total, to: UnsafeRawBufferPointer(rebasing: accumulators[place..<place + ExactStates.bytes]))
      }
    }
  }

  private func state(_ total: Int) -> [UInt8] {
    var state: [UInt8] = []
    state.reserveCapacity(ExactStates.bytes)
    states.append(total, to: &state)
    return state
  }
}

/// The product of two binary64 numbers as two whose sum is exactly it, unless it underflows.
@inline(__always)
func exactProduct(_ a: Double, _ b: Double) -> (high: Double, low: Double) {
  let high = a * b
  let low = (-high).addingProduct(a, b)
  // An infinite or NaN product has no error to speak of.
  return (high, low.isFinite ? low : 0)
}
