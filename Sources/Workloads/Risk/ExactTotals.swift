public import AssayCore

/// Totals that are exact until they are rounded, once: adding in any order, in parts, on any machine gives the same bits.
///
/// Totals are kept for groups, each with the same number of lines (a measure, a scenario ...).
public struct ExactTotals: Sendable {
  /// How many totals each group has.
  public let lines: Int
  /// How many groups there are.
  public private(set) var groups = 0
  /// The state of group g's line l at (g * lines + l) * stateBytes; see the operation's documentation.
  private var states: [UInt8] = []

  private static let stateBytes = 280

  /// No groups yet.
  public init(lines: Int) {
    self.lines = lines
  }

  /// Makes room for groups 0 ..< count.
  public mutating func grow(to count: Int) {
    guard count > groups else { return }
    states.append(contentsOf: repeatElement(0, count: (count - groups) * lines * Self.stateBytes))
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
      var byGroup = [[Double]](repeating: [], count: groups)
      for pair in pairs { byGroup[Int(pair.group)].append(pair.value) }
      for (group, addends) in byGroup.enumerated() where !addends.isEmpty {
        let total = group * lines + line
        addends.withUnsafeBytes { values.append($0) }
        earlier.append(states[total * Self.stateBytes..<(total + 1) * Self.stateBytes])
        touched.append(total)
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
    var sources: [Int: [Int]] = [:]
    for (group, target) in mapping.enumerated() { sources[target, default: []].append(group) }
    var parts = ColumnBuilder(.message)
    var touched: [Int] = []
    for (target, groups) in sources {
      for line in 0..<lines {
        parts.append(groups.reduce(into: Array(state(target * lines + line))) { $0 += other.state($1 * lines + line) })
        touched.append(target * lines + line)
      }
    }
    let empty = Column(messages: [[UInt8]](repeating: [], count: touched.count))
    let results = try executor.execute(Batch(.exactSum, [empty, parts.finish()], rows: touched.count))
    keep(results, as: touched)
  }

  /// Every total rounded to nearest: element [g][l] is line l of group g; the last element is the total of all groups, itself
  /// rounded once from the exact states.
  public func rounded(on executor: any Executor) throws(AssayError) -> [[Double]] {
    var parts = ColumnBuilder(.message)
    for total in 0..<groups * lines { parts.append(state(total)) }
    for line in 0..<lines {
      var all: [UInt8] = []
      for group in 0..<groups { all += state(group * lines + line) }
      parts.append(all)
    }
    let rows = (groups + 1) * lines
    let empty = Column(messages: [[UInt8]](repeating: [], count: rows))
    let results = try executor.execute(Batch(.exactSum, [empty, parts.finish()], rows: rows))
    let sums = results.f64("sum")
    return (0...groups).map { group in (0..<lines).map { sums[group * lines + $0] } }
  }

  /// Takes the states of `results`, row i as that of total `totals[i]`.
  private mutating func keep(_ results: Results, as totals: [Int]) {
    withExtendedLifetime(results) {
      guard let accumulators = results.bytes("accumulator") else { return }
      for (row, total) in totals.enumerated() {
        states.replaceSubrange(
          total * Self.stateBytes..<(total + 1) * Self.stateBytes,
          with: accumulators[row * Self.stateBytes..<(row + 1) * Self.stateBytes])
      }
    }
  }

  private func state(_ total: Int) -> ArraySlice<UInt8> {
    states[total * Self.stateBytes..<(total + 1) * Self.stateBytes]
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
