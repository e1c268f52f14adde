/// Numbers as a page prints them: three significant digits and a suffix, the same text on every machine.
enum PageNumber {
  private static let suffixes: [(size: Double, suffix: String)] = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")]

  /// `value` for people: `12.3k`, `-0.0452`, `1.20M`; a value that is not finite in words.
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "not a number" : value < 0 ? "-infinity" : "infinity" }
    let size = value.magnitude
    guard size >= 1e-9 else { return "0" }
    guard size < 999.5e12 else { return "\(value)" }
    for (unit, suffix) in suffixes where size >= unit * 0.9995 { return significant(value / unit) + suffix }
    return significant(value)
  }

  /// ``short(_:)``, and a small whole number as it is: a count.
  static func figure(_ value: Double) -> String {
    value.magnitude < 1_000 && value == value.rounded() ? plain(value) : short(value)
  }

  /// `value` without an exponent or a suffix where it is below a million: a strike.
  static func plain(_ value: Double) -> String {
    guard value.magnitude < 1e6 else { return tick(value) }
    let text = fixed(value, places: 4)
    return text.contains(".") ? trimmed(text) : text
  }

  /// A fraction in per cent: `-10%`, `2.5%`.
  static func percent(_ fraction: Double) -> String { trimmed(short(fraction * 100)) + "%" }

  /// A tick of an axis: as ``short(_:)`` without zeros that say nothing.
  static func tick(_ value: Double) -> String { trimmed(short(value)) }

  /// A coordinate or a share in SVG, in hundredths.
  static func coordinate(_ value: Double) -> String { fixed(value, places: 2) }

  /// Three significant digits of a value between 1e-9 and 1,000.
  private static func significant(_ value: Double) -> String {
    var places = 2
    var bound = 9.995
    while places > 0, value.magnitude >= bound {
      places -= 1
      bound *= 10
    }
    guard value.magnitude < 1 else { return fixed(value, places: places) }
    bound = 0.9995
    while places < 12, value.magnitude < bound {
      places += 1
      bound /= 10
    }
    return fixed(value, places: places)
  }

  /// `value` rounded to so many decimal places.
  private static func fixed(_ value: Double, places: Int) -> String {
    var unit = 1.0
    for _ in 0..<places { unit *= 10 }
    let scaled = (value * unit).rounded()
    guard scaled.magnitude < 0x1p62 else { return "\(value)" }
    let digits = String(Int64(scaled.magnitude))
    let sign = scaled < 0 ? "-" : ""
    guard places > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return sign + padded.dropLast(places) + "." + padded.suffix(places)
  }

  /// Without the zeros at the end of a fraction, before its suffix.
  private static func trimmed(_ text: String) -> String {
    let suffix = text.last.flatMap { $0.isLetter ? String($0) : nil } ?? ""
    var digits = text.dropLast(suffix.count)
    guard digits.contains("."), digits.allSatisfy({ $0.isNumber || $0 == "." || $0 == "-" }) else { return text }
    while digits.last == "0" { digits.removeLast() }
    if digits.last == "." { digits.removeLast() }
    return digits + suffix
  }
}
