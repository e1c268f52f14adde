public import AssayCore
import Glibc

/// A file or standard output, written in order.
///
/// A file gets its name only with ``commit()``: until then what is written lies in a temporary file beside it, so a run that fails leaves
/// what was there before, and nobody sees half a file. Devices and pipes are written as they are.
public final class OutputFile {
  /// The path as it was given; `-` is standard output.
  public let path: String
  /// Bytes written so far.
  public private(set) var position = 0
  private let descriptor: Int32
  private let digest: StreamDigest?
  private var state: State
  /// Whether the reader of our pipe went away; what comes after is dropped, as for any Unix filter.
  public private(set) var isClosedByReader = false

  /// Where the bytes are.
  private enum State {
    /// In a temporary file that is to be called `target`.
    case temporary(String, target: String)
    /// Nowhere yet: the file itself is emptied by the first write.
    case untouched
    /// Where they are to be.
    case there
  }

  /// Opens `path` for writing; `-` is standard output.
  ///
  /// - Parameter hashing: whether to compute ``sha256`` on the way.
  /// - Throws: ``AssayError`` of kind `usage` naming the file and the system's reason.
  public init(_ path: String, hashing: Bool = false) throws(AssayError) {
    self.path = path
    digest = hashing ? StreamDigest() : nil
    (descriptor, state) = path == "-" ? (STDOUT_FILENO, .there) : Self.open(path)
    guard descriptor >= 0 else {
      throw AssayError(.usage, "\(path): cannot be written: \(systemMessage()).")
    }
    signal(SIGPIPE, SIG_IGN)
  }

  deinit {
    if path != "-" { close(descriptor) }
    if case .temporary(let name, _) = state { unlink(name) }
  }

  /// A descriptor for `path`, negative when there is none: a temporary file's where `path` is, or will be, a regular file.
  private static func open(_ path: String) -> (Int32, State) {
    var facts = stat()
    let exists = stat(path, &facts) == 0
    let isRegular = !exists || facts.st_mode & S_IFMT == S_IFREG
    // A file that may not be written is not replaced either.
    if isRegular, !path.hasPrefix("/dev/"), !exists || access(path, W_OK) == 0 {
      // A link stays one: what it leads to is replaced.
      let resolved = realpath(path, nil)
      defer { free(resolved) }
      let target = resolved.map { String(cString: $0) } ?? path
      let folder = target.lastIndex(of: "/").map { target[...$0] } ?? ""
      var template = Array("\(folder).assay-XXXXXX".utf8CString)
      let descriptor = mkstemp(&template)
      if descriptor >= 0 {
        let mask = umask(0)
        umask(mask)
        fchmod(descriptor, exists ? facts.st_mode & 0o7777 : 0o666 & ~mask)
        let name = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        return (descriptor, .temporary(name, target: target))
      }
    }
    return (Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666), isRegular ? .untouched : .there)
  }

  /// Writes all of `bytes`.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when the system refuses: a full disk, say.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(AssayError) {
    empty()
    var rest = bytes
    while !rest.isEmpty, !isClosedByReader {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0 {
        switch errno {
        case EINTR: continue
        case EPIPE: isClosedByReader = true
        default:
          throw AssayError(.usage, "\(path == "-" ? "standard output" : path): cannot be written: \(systemMessage()).")
        }
      } else {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
    digest?.update(bytes)
    position += bytes.count
  }

  /// Gives the file its name: it is complete.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when the system refuses.
  public func commit() throws(AssayError) {
    empty()
    guard case .temporary(let name, let target) = state else { return }
    guard rename(name, target) == 0 else {
      throw AssayError(.usage, "\(path): cannot be replaced: \(systemMessage()).")
    }
    state = .there
  }

  private func empty() {
    guard case .untouched = state else { return }
    ftruncate(descriptor, 0)
    state = .there
  }

  /// SHA-256 of the bytes written so far; nil unless asked for when opening.
  public var sha256: [UInt8]? { digest?.digest }
}
