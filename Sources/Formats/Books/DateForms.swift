import Assay

/// The time of day that a date without a time stands for, in seconds after its midnight in UTC.
package struct TimeOfDay: Sendable {
  /// Seconds after midnight UTC; below 0 or above a day where a zone makes it so.
  let seconds: Double

  /// Midnight in UTC.
  static let midnight = TimeOfDay(seconds: 0)

  private init(seconds: Double) { self.seconds = seconds }

  /// Reads `16:00`, `16:00Z` or `16:00-05:00`, the zone of a place where that is the time.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when it is something else.
  package init(_ text: String) throws(AssayError) {
    guard let moment = Array("1970-01-01T\(text)".utf8).withUnsafeBytes({ Instant($0) }) else {
      throw AssayError(
        .usage, "'\(text.prefix(40))' is not a time of day.", advice: "Write 16:00, 16:00Z or 16:00-05:00.")
    }
    seconds = moment.seconds
  }
}

extension Instant {
  /// Reads a cell of a book: a date or time of ISO 8601, `20261218`, `18DEC26`, `18-Dec-2026`, or a count since 1970 in seconds,
  /// milliseconds, microseconds or nanoseconds, told by its size. A date without a time is that day at `time`. Nil for anything else.
  init?(cell text: UnsafeRawBufferPointer, at time: TimeOfDay) {
    if let day = Self.dayAlone(text) {
      self.init(seconds: Double(day * 86_400) + time.seconds)
    } else if let moment = Self.counted(text) ?? Instant(text) {
      self = moment
    } else {
      return nil
    }
  }

  /// A count since 1970 of the unit that makes it a moment after 1973 and before 5138.
  private init?(count: Int) {
    let size = Double(count)
    switch count {
    case 100_000_000..<100_000_000_000: self.init(seconds: size)
    case 100_000_000_000..<100_000_000_000_000: self.init(seconds: size / 1e3)
    case 100_000_000_000_000..<100_000_000_000_000_000: self.init(seconds: size / 1e6)
    case 100_000_000_000_000_000...: self.init(seconds: size / 1e9)
    default: return nil
    }
  }

  private static func counted(_ text: UnsafeRawBufferPointer) -> Instant? {
    guard (9...19).contains(text.count), text.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(String(decoding: text, as: UTF8.self)).flatMap { Instant(count: $0) }
  }

  /// The number since 1970 of a day that is given without a time.
  private static func dayAlone(_ text: UnsafeRawBufferPointer) -> Int? {
    func number(_ range: Range<Int>) -> Int? {
      guard text[range].allSatisfy({ (48...57).contains($0) }) else { return nil }
      return text[range].reduce(0) { $0 * 10 + Int($1) - 48 }
    }
    if text.count == 8, let year = number(0..<4), let month = number(4..<6), let day = number(6..<8) {
      return Self.day(year, month, day)
    }
    if text.count == 10, text[4] == UInt8(ascii: "-") { return Instant(text).map { Int($0.seconds) / 86_400 } }
    // A day of one or two digits, a month's name, a year of two or four digits, with one separator or none.
    guard (6...11).contains(text.count), let dayEnd = text.firstIndex(where: { !(48...57).contains($0) }),
      (1...2).contains(dayEnd), let day = number(0..<dayEnd)
    else { return nil }
    let separator = [UInt8(ascii: "-"), UInt8(ascii: " ")].first { $0 == text[dayEnd] }
    let start = dayEnd + (separator == nil ? 0 : 1), end = start + 3
    guard end < text.count,
      let month = months.firstIndex(where: { $0.elementsEqual(text[start..<end].map { $0 | 0x20 }) })
    else { return nil }
    guard separator == nil || text[end] == separator else { return nil }
    let yearStart = end + (separator == nil ? 0 : 1)
    guard text.count - yearStart == 2 || text.count - yearStart == 4, let year = number(yearStart..<text.count) else {
      return nil
    }
    return Self.day(text.count - yearStart == 2 ? 2000 + year : year, month + 1, day)
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ].map { Array($0.utf8) }
}
