public import AssayCore
import Glibc

/// A file or standard input, read in order in big pieces.
///
/// Not for two threads at once: the pipeline reads under its own lock.
public final class InputFile {
  /// The path as it was given; `-` is standard input.
  public let path: String
  /// How messages name it: the path, or `standard input`.
  public var name: String { path == "-" ? "standard input" : path }
  /// The size in bytes; nil when it is not a regular file.
  public let size: Int?
  /// Bytes read so far.
  public private(set) var position = 0
  let descriptor: Int32
  private let digest: StreamDigest?
  /// What ``peek(_:)`` took off a pipe and ``read(into:)`` has not given out yet.
  private var ahead: [UInt8] = []

  /// Opens `path` for reading; `-` is standard input.
  ///
  /// - Parameter hashing: whether to compute ``sha256`` on the way.
  /// - Throws: ``AssayError`` of kind `input` naming the file and the system's reason.
  public init(_ path: String, hashing: Bool = false) throws(AssayError) {
    self.path = path
    digest = hashing ? StreamDigest() : nil
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw AssayError(.input, "\(path): cannot be read: \(systemMessage()).")
    }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT != S_IFDIR else {
      if path != "-" { close(descriptor) }
      throw AssayError(.input, "\(path): is a directory, not a file.")
    }
    size = facts.st_mode & S_IFMT == S_IFREG ? Int(facts.st_size) : nil
  }

  deinit {
    if path != "-" { close(descriptor) }
  }

  /// Fills `memory` as far as the input goes; returns how many bytes, less than asked only at the end.
  public func read(into memory: UnsafeMutableRawBufferPointer) throws(AssayError) -> Int {
    var filled = min(ahead.count, memory.count)
    memory.copyBytes(from: ahead[..<filled])
    ahead.removeFirst(filled)
    while filled < memory.count {
      let count = Glibc.read(descriptor, memory.baseAddress.map { $0 + filled }, memory.count - filled)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw AssayError(.input, "\(name): reading stopped after \(position + filled) bytes: \(systemMessage()).")
      }
      filled += count
    }
    digest?.update(UnsafeRawBufferPointer(rebasing: memory[..<filled]))
    position += filled
    return filled
  }

  /// The next `count` bytes, fewer only at the end; they are still to be read.
  public func peek(_ count: Int) throws(AssayError) -> [UInt8] {
    while ahead.count < count {
      let block = Memory(byteCount: count - ahead.count)
      let taken = Glibc.read(descriptor, block.bytes.baseAddress, block.bytes.count)
      if taken == 0 { break }
      if taken < 0 {
        if errno == EINTR { continue }
        throw AssayError(.input, "\(name): cannot be read: \(systemMessage()).")
      }
      ahead += block.bytes[..<taken]
    }
    return Array(ahead.prefix(count))
  }

  /// Whether the next byte is the first of a regular file; standard input may have been read before us.
  var isAtStart: Bool { lseek(descriptor, 0, SEEK_CUR) == ahead.count }

  /// Everything from here to the end, for inputs that are small by nature.
  ///
  /// - Throws: ``AssayError`` of kind `input` when there are more than `limit` bytes.
  public func readAll(limit: Int = 1 << 26) throws(AssayError) -> [UInt8] {
    var bytes: [UInt8] = []
    let block = Memory(byteCount: 1 << 16)
    while true {
      let count = try read(into: block.bytes)
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else {
        throw AssayError(.input, "\(name): is larger than the \(limit) bytes that such a file may have.")
      }
      bytes.append(contentsOf: block.bytes[..<count])
    }
  }

  /// SHA-256 of the bytes read so far; nil unless asked for when opening.
  public var sha256: [UInt8]? { digest?.digest }
}

/// The system's words for the last error.
func systemMessage() -> String { String(cString: strerror(errno)) }
