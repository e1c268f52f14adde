import Glibc

/// Standard output or standard error: where text for people goes.
struct Terminal: Sendable {
  /// Results and reports.
  static let output = Terminal(descriptor: STDOUT_FILENO)
  /// Progress, summaries and complaints.
  static let error = Terminal(descriptor: STDERR_FILENO)

  private let descriptor: Int32

  /// Whether a person is looking.
  var isInteractive: Bool { isatty(descriptor) == 1 }

  /// Writes `text`; nobody is told when that fails, as there is nobody left to tell.
  func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return }
      bytes = bytes.dropFirst(max(count, 0))
    }
  }
}
