/// A linear axis with round ticks.
struct Axis {
  /// The smallest and largest value that is drawn.
  let range: ClosedRange<Double>
  /// Where it is ruled, ascending.
  let ticks: [Double]

  /// An axis that holds every finite one of `values`, with about `count` ticks of 1, 2 or 5 times a power of ten.
  init(_ values: some Sequence<Double>, includingZero: Bool, count: Int = 5) {
    var low = includingZero ? 0.0 : Double.infinity
    var high = includingZero ? 0.0 : -Double.infinity
    for value in values where value.isFinite && value.magnitude < 1e200 {
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { (low, high) = (0, 1) }
    if low == high { (low, high) = (low - max(low.magnitude * 0.05, 1e-9), high + max(high.magnitude * 0.05, 1e-9)) }
    let step = Self.step((high - low) / Double(count))
    let first = (low / step).rounded(.down), last = (high / step).rounded(.up)
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    range = (first * step)...(last * step)
  }

  /// Where `value` lies between the ends: 0 at the lower, 1 at the upper.
  func share(_ value: Double) -> Double {
    min(1, max(0, (value - range.lowerBound) / (range.upperBound - range.lowerBound)))
  }

  /// The least of 1, 2 or 5 times a power of ten that is at least `size`.
  private static func step(_ size: Double) -> Double {
    var unit = 1e-12
    while unit * 10 < size { unit *= 10 }
    return [1, 2, 5].map { $0 * unit }.first { $0 >= size } ?? unit * 10
  }
}
