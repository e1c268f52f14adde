import Assay

/// One line on a terminal that tells how far a job is; nothing anywhere else.
final class ProgressLine {
  private let title: String
  private let isShown: Bool
  private let started = ContinuousClock.now
  private var drawn: ContinuousClock.Instant

  /// A line that begins with `title`, when `isWanted` and a person is looking.
  init(_ title: String, isWanted: Bool) {
    self.title = title
    isShown = isWanted && Terminal.isInteractive
    drawn = started
  }

  /// Draws the state, ten times a second at most. `fraction` is nil when the end is not known.
  func update(rows: Int, fraction: Double?) {
    guard isShown, ContinuousClock.now - drawn > .milliseconds(100) else { return }
    drawn = .now
    let rate = Style.grouped(Int(Double(rows) / max((drawn - started).inSeconds, 1e-3)))
    var line = "\r\(title)  "
    if let fraction {
      let width = 30
      let filled = Int((min(max(fraction, 0), 1) * Double(width)).rounded(.down))
      line += "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled) + "] "
      line += Style.right("\(Int(min(max(fraction, 0), 1) * 100))%", 4) + "  "
    }
    Terminal.tell("\(line)\(Style.grouped(rows)) rows  \(rate) rows/s\u{1B}[K")
  }

  /// Takes the line away.
  func clear() {
    if isShown, drawn != started { Terminal.tell("\r\u{1B}[K") }
  }
}

extension Duration {
  /// The duration in seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
