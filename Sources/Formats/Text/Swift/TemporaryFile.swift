import CAssayText
import Glibc

/// A file that is to get its name later, or never; it goes when the value does.
final class TemporaryFile {
  /// Open for reading and writing.
  let descriptor: Int32
  /// Its name for the time being; nil for a file without one.
  private var name: String?
  private var place: Int32 = -1

  /// A file in `folder`, which is empty or ends with a slash; nil when none can be made there, `errno` says why.
  init?(besideIn folder: String) {
    for _ in 0..<100 {
      let name = "\(folder).assay-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
      // On the list first: there is no moment in which a signal leaves it behind.
      let place = assay_text_will_remove(name)
      let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if descriptor >= 0 {
        (self.descriptor, self.name, self.place) = (descriptor, name, place)
        return
      }
      assay_text_will_stay(place)
      guard errno == EEXIST else { return nil }
    }
    return nil
  }

  /// A file without a name in `folder`; nil when none can be made there, `errno` says why.
  init?(namelessIn folder: String) {
    var file = open(folder, O_RDWR | Self.nameless | O_CLOEXEC, 0o600)
    if file < 0 {
      // Not every file system has files without a name.
      guard let named = TemporaryFile(besideIn: folder + "/") else { return nil }
      file = dup(named.descriptor)
    }
    guard file >= 0 else { return nil }
    descriptor = file
  }

  deinit {
    close(descriptor)
    if let name { unlink(name) }
    assay_text_will_stay(place)
  }

  /// Puts the file where `target` is, at once; false when the system refuses, `errno` says why.
  func replace(_ target: String) -> Bool {
    guard let name, rename(name, target) == 0 else { return false }
    self.name = nil
    return true
  }

  /// Linux's O_TMPFILE.
  private static let nameless = O_DIRECTORY | 0o20_000_000

  /// Where files without a name go: `$TMPDIR`, or `/tmp`.
  static var folder: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }
}
