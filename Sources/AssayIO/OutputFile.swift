public import AssayCore
import Glibc

/// A file or standard output, written in order.
public final class OutputFile {
  /// The path as it was given; `-` is standard output.
  public let path: String
  /// Bytes written so far.
  public private(set) var position = 0
  private let descriptor: Int32
  private let digest: StreamDigest?
  /// Whether the reader of our pipe went away; what comes after is dropped, as for any Unix filter.
  public private(set) var isClosedByReader = false

  /// Opens `path` for writing, emptying it; `-` is standard output.
  ///
  /// - Parameter hashing: whether to compute ``sha256`` on the way.
  /// - Throws: ``AssayError`` of kind `usage` naming the file and the system's reason.
  public init(_ path: String, hashing: Bool = false) throws(AssayError) {
    self.path = path
    digest = hashing ? StreamDigest() : nil
    descriptor = path == "-" ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw AssayError(.usage, "\(path): cannot be written: \(systemMessage()).")
    }
    signal(SIGPIPE, SIG_IGN)
  }

  deinit {
    if path != "-" { close(descriptor) }
  }

  /// Writes all of `bytes`.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when the system refuses: a full disk, say.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(AssayError) {
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

  /// SHA-256 of the bytes written so far; nil unless asked for when opening.
  public var sha256: [UInt8]? { digest?.digest }
}
