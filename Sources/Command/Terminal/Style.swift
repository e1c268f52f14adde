import AssayFormats

/// How numbers look in text for people.
enum Style {
  /// `1234567` as `1,234,567`.
  static func grouped(_ number: Int) -> String { number.grouped }

  /// Three significant digits or so: `0.0123`, `1.23`, `12.3`, `1,234`.
  static func short(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    if abs(value) >= 100 { return grouped(Int(value.rounded())) }
    let decimals = abs(value) >= 10 ? 1 : abs(value) >= 1 ? 2 : 4
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((abs(value) * scale).rounded())
    let fraction = String(scaled % Int(scale))
    let padding = String(repeating: "0", count: decimals - fraction.count)
    return "\(value < 0 ? "-" : "")\(scaled / Int(scale)).\(padding)\(fraction)"
  }

  /// Nanoseconds as `412 ms` or `3.21 s`.
  static func duration(_ nanoseconds: Int64) -> String {
    switch nanoseconds {
    case ..<1_000: "\(nanoseconds) ns"
    case ..<1_000_000: "\(short(Double(nanoseconds) / 1e3)) us"
    case ..<1_000_000_000: "\(short(Double(nanoseconds) / 1e6)) ms"
    default: "\(short(Double(nanoseconds) / 1e9)) s"
    }
  }

  /// `words` with commas between them, in lines of up to 100 characters that start with `indent` spaces.
  static func wrapped(_ words: [String], indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    for (index, word) in words.enumerated() {
      let text = index == words.count - 1 ? word : word + ","
      if let last = lines.last, last.count + 1 + text.count <= 100 {
        lines[lines.count - 1] = last + " " + text
      } else {
        lines.append(margin + text)
      }
    }
    return lines
  }

  /// `text` with spaces after it, up to `width` characters.
  static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// `text` with spaces before it, up to `width` characters.
  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
