import Assay
import AssayFormats
import AssayIO
import Glibc

/// Standard output and standard error: where text for people goes.
enum Terminal {
  /// Whether a person sees messages.
  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a report, or a part of one, to standard output.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when it cannot be written whole.
  static func report(_ text: String) throws(AssayError) { try OutputFile("-").write(text) }

  /// Writes a message to standard error; nobody is told when that fails, as there is nobody left to tell.
  static func tell(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return }
      bytes = bytes.dropFirst(max(count, 0))
    }
  }
}
