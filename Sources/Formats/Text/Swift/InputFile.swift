public import AssayCore
import CAssayText
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
    guard !path.isEmpty else { throw AssayError(.usage, "An input is a file's name, or -, and not an empty text.") }
    self.path = path
    digest = hashing ? StreamDigest() : nil
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw AssayError(.input, "\(path): cannot be read: \(systemMessage()).")
    }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT != S_IFDIR else {
      if path != "-" { close(descriptor) }
      throw AssayError(.input, "\(path == "-" ? "standard input" : path): is a directory, not a file.")
    }
    size = facts.st_mode & S_IFMT == S_IFREG ? Int(facts.st_size) : nil
    // Room for the rows of one delay; the system may allow less.
    if facts.st_mode & S_IFMT == S_IFIFO { _ = fcntl(descriptor, Self.setPipeSize, 1 << 20) }
  }

  /// A copy of `bytes` as a file that lies in memory and that messages call `name`.
  ///
  /// - Throws: ``AssayError`` of kind `input` when the system does not give that much memory.
  public init(
    holding bytes: UnsafeRawBufferPointer, named name: String, hashing: Bool = false
  ) throws(AssayError) {
    path = name
    digest = hashing ? StreamDigest() : nil
    size = bytes.count
    descriptor = assay_text_memory_file(bytes.baseAddress, bytes.count)
    guard descriptor >= 0 else { throw AssayError(.input, "\(name): cannot be kept in memory: \(systemMessage()).") }
  }

  /// Linux's F_SETPIPE_SZ.
  private static let setPipeSize: Int32 = 1031

  deinit {
    if path != "-" { close(descriptor) }
  }

  /// Fills `memory` as far as the input goes; returns how many bytes, less than asked only at the end.
  public func read(into memory: UnsafeMutableRawBufferPointer) throws(AssayError) -> Int {
    var filled = min(ahead.count, memory.count)
    memory.copyBytes(from: ahead[..<filled])
    ahead.removeFirst(filled)
    while filled < memory.count {
      let count = try take(into: UnsafeMutableRawBufferPointer(rebasing: memory[filled...]))
      if count == 0 { break }
      filled += count
    }
    count(memory, filled)
    if filled < memory.count { try checkEnd() }
    return filled
  }

  /// Refuses a regular file that ends before it did: what was cut off would be missed in silence.
  private func checkEnd() throws(AssayError) {
    var facts = stat()
    guard let size, fstat(descriptor, &facts) == 0, facts.st_size < size else { return }
    throw AssayError(
      .input, "\(name): was shortened from \(size) to \(facts.st_size) bytes by another program while it was read.")
  }

  /// Reads what is there into `memory`, waiting only for the first byte; returns how many bytes, 0 only at the end.
  func readSome(into memory: UnsafeMutableRawBufferPointer) throws(AssayError) -> Int {
    let filled = ahead.isEmpty ? try take(into: memory) : min(ahead.count, memory.count)
    if !ahead.isEmpty {
      memory.copyBytes(from: ahead[..<filled])
      ahead.removeFirst(filled)
    }
    count(memory, filled)
    if filled == 0 { try checkEnd() }
    return filled
  }

  /// Whether there is something to read, or the end, before `deadline`.
  func waits(until deadline: ContinuousClock.Instant) -> Bool {
    guard ahead.isEmpty else { return true }
    while true {
      let left = max(deadline - .now, .zero).components
      let ready = assay_text_wait(descriptor, left.seconds * 1_000_000_000 + left.attoseconds / 1_000_000_000)
      if ready >= 0 || errno != EINTR { return ready != 0 }
    }
  }

  /// One piece from the system; 0 at the end.
  private func take(into memory: UnsafeMutableRawBufferPointer) throws(AssayError) -> Int {
    while true {
      let count = Glibc.read(descriptor, memory.baseAddress, memory.count)
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // Whoever opened the pipe made it one that does not wait.
        var wish = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&wish, 1, -1)
      default:
        throw AssayError(.input, "\(name): reading stopped after \(position) bytes: \(systemMessage()).")
      }
    }
  }

  private func count(_ memory: UnsafeMutableRawBufferPointer, _ bytes: Int) {
    digest?.update(UnsafeRawBufferPointer(rebasing: memory[..<bytes]))
    position += bytes
  }

  /// The next `count` bytes, fewer only at the end; they are still to be read.
  public func peek(_ count: Int) throws(AssayError) -> [UInt8] {
    while ahead.count < count {
      let block = Memory(byteCount: count - ahead.count)
      let taken = try take(into: block.bytes)
      if taken == 0 { break }
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
