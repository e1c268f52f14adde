import AssayCore

extension Range<Int> {
  /// The parts of this range that none of `others` covers, in order.
  func subtracting(_ others: [Range<Int>]) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var first = lowerBound
    for other in others.map({ $0.clamped(to: self) }).filter({ !$0.isEmpty }).sorted(by: {
      $0.lowerBound < $1.lowerBound
    }) {
      if other.lowerBound > first { parts.append(first..<other.lowerBound) }
      first = Swift.max(first, other.upperBound)
    }
    if first < upperBound { parts.append(first..<upperBound) }
    return parts
  }

  /// This range moved by `offset`.
  func shifted(by offset: Int) -> Range<Int> {
    lowerBound + offset..<upperBound + offset
  }
}

extension Duration {
  /// The duration in nanoseconds, from 0 to about 146 years: a clock's time can be added to it.
  var nanoseconds: Int64 {
    let (seconds, overflow) = max(0, components.seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max / 2 : min(.max / 2, seconds &+ max(0, components.attoseconds) / 1_000_000_000)
  }
}

/// Time since the last look.
final class Stopwatch {
  private var last = monotonicNanoseconds()

  /// Nanoseconds since the last lap, or since the start.
  func lap() -> Int64 {
    let now = monotonicNanoseconds()
    defer { last = now }
    return now - last
  }
}

extension Results {
  /// How many of the rows `indices` of `other` differ from this one's rows 0, 1, 2 ... in any column.
  func countDifferences(from other: Results, at indices: [Int]) -> Int {
    indices.enumerated().count { position, index in
      zip(columns, other.columns).contains { mine, theirs in
        guard let a = mine.bytes, let b = theirs.bytes else { return false }
        let width = mine.description.width
        return !a[position * width..<(position + 1) * width].elementsEqual(b[index * width..<(index + 1) * width])
      }
    }
  }
}
