import Assay

/// A moment of ISO 8601 on the proleptic Gregorian calendar, in seconds since 1970 UTC.
struct Instant {
  /// Seconds since 1970-01-01T00:00:00Z.
  let seconds: Double

  /// The moment `seconds` after 1970-01-01T00:00:00Z.
  init(seconds: Double) { self.seconds = seconds }

  /// Reads `2026-12-18`, `2026-12-18T08:00Z`, `2026-12-18T08:00:00.5+01:00`; without a zone it is UTC, without a time midnight.
  /// Nil for anything else, and for days and times that do not exist.
  init?(_ text: UnsafeRawBufferPointer) {
    var reader = Reader(text: text)
    guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
      let day = reader.digits(2), let number = Self.day(year, month, day)
    else { return nil }
    var seconds = Double(number * 86_400)
    if !reader.isAtEnd {
      guard reader.take("T") || reader.take("t") || reader.take(" "), let time = reader.time() else { return nil }
      seconds += time
      guard let offset = reader.zone(), reader.isAtEnd else { return nil }
      seconds -= offset
    }
    self.seconds = seconds
  }

  /// Years from `other` to this moment, ACT/365 fixed.
  func years(since other: Instant) -> Double { (seconds - other.seconds) / (365 * 86_400) }

  /// The number since 1970 of a day of the calendar; nil where there is no such day.
  static func day(_ year: Int, _ month: Int, _ day: Int) -> Int? {
    guard (1...12).contains(month), (1...days(in: month, of: year)).contains(day) else { return nil }
    return dayNumber(year, month, day)
  }

  private static func days(in month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Days since 1970-01-01: whole years from a year that starts in March, so that leap days come last.
  private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let m = month <= 2 ? month + 9 : month - 3
    let leapDays = y / 4 - y / 100 + y / 400
    return y * 365 + leapDays + (m * 153 + 2) / 5 + day - 1 - 719_468
  }

  /// A count of units since 1970 as ISO 8601: days where `perSecond` is nil, else a time to as many digits as the unit has.
  static func text(_ count: Int, perSecond: Int?) -> String {
    func divided(_ count: Int, by divisor: Int) -> (Int, Int) {
      let quotient = count.quotient(floor: divisor)
      return (quotient, count &- quotient &* divisor)
    }
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number.magnitude)
      return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    guard let perSecond else { return date(count) }
    let (seconds, fraction) = divided(count, by: perSecond)
    let (day, second) = divided(seconds, by: 86_400)
    let time = "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
    let digits = String(perSecond).utf8.count - 1
    return "\(date(day))T\(time)" + (digits > 0 ? ".\(padded(fraction, digits))" : "")

    /// The inverse of ``dayNumber(_:_:_:)``.
    func date(_ day: Int) -> String {
      let (era, rest) = divided(day + 719_468, by: 146_097)
      let yearOfEra = (rest - rest / 1_460 + rest / 36_524 - rest / 146_096) / 365
      let dayOfYear = rest - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
      let m = (5 * dayOfYear + 2) / 153
      let month = m < 10 ? m + 3 : m - 9
      let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
      return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfYear - (153 * m + 2) / 5 + 1, 2))"
    }
  }

  private struct Reader {
    let text: UnsafeRawBufferPointer
    var index = 0

    var isAtEnd: Bool { index == text.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard index < text.count, text[index] == UInt8(ascii: character) else { return false }
      index += 1
      return true
    }

    mutating func digits(_ count: Int) -> Int? {
      guard index + count <= text.count else { return nil }
      var value = 0
      for byte in text[index..<index + count] {
        guard (48...57).contains(byte) else { return nil }
        value = value * 10 + Int(byte) - 48
      }
      index += count
      return value
    }

    /// hh:mm, hh:mm:ss or hh:mm:ss.fff in seconds.
    mutating func time() -> Double? {
      guard let hour = digits(2), hour < 24, take(":"), let minute = digits(2), minute < 60 else { return nil }
      var seconds = Double(hour * 3600 + minute * 60)
      if take(":") {
        guard let second = digits(2), second < 60 else { return nil }
        seconds += Double(second)
        if take(".") {
          var (fraction, unit) = (0, 1)
          while let digit = digits(1), unit < 1_000_000_000 { (fraction, unit) = (fraction * 10 + digit, unit * 10) }
          guard unit > 1 else { return nil }
          seconds += Double(fraction) / Double(unit)
        }
      }
      return seconds
    }

    /// Z, +hh:mm, -hh:mm, +hhmm, +hh or nothing, in seconds east of UTC.
    mutating func zone() -> Double? {
      if isAtEnd || take("Z") || take("z") { return 0 }
      let sign: Double = take("+") ? 1 : take("-") ? -1 : 0
      guard sign != 0, let hours = digits(2), hours < 24 else { return nil }
      if isAtEnd { return sign * Double(hours * 3600) }
      _ = take(":")
      guard let minutes = digits(2), minutes < 60 else { return nil }
      return sign * Double(hours * 3600 + minutes * 60)
    }
  }
}

extension Int {
  /// The quotient, rounded down; `divisor` is positive.
  func quotient(floor divisor: Int) -> Int { self >= 0 ? self / divisor : -1 - (-1 - self) / divisor }
}
