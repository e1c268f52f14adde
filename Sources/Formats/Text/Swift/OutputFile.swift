public import AssayCore
import CAssayText
import Glibc

/// A file or standard output, written in order.
///
/// A file changes only with ``commit()``: until then what is written lies in a temporary file, so a run that fails leaves what was
/// there before, and nobody sees half a file. The temporary file lies beside the output and takes its name; where that cannot be (a
/// folder that may not be written, a file that is mounted, one whose owner or access list would change), it lies in `$TMPDIR` and is copied into the
/// output at the end. Devices and pipes are written as they are.
public final class OutputFile {
  /// The path as it was given; `-` is standard output.
  public let path: String
  /// Bytes written so far.
  public private(set) var position = 0
  /// Which file it is, or will be; nil for `/dev/null`.
  public let identity: FileIdentity?
  private let descriptor: Int32
  private let digest: StreamDigest?
  private let way: Way

  /// How bytes get to where they are to be.
  private enum Way {
    /// They are written there.
    case direct
    /// A temporary file beside `target` takes its name.
    case renamed(TemporaryFile, target: String)
    /// A temporary file is copied into an open file.
    case copied(TemporaryFile, into: Int32)
  }

  /// Opens `path` for writing; `-` is standard output.
  ///
  /// - Parameter hashing: whether to compute ``sha256`` on the way.
  /// - Throws: ``AssayError`` of kind `usage` naming the file and the system's reason.
  public init(_ path: String, hashing: Bool = false) throws(AssayError) {
    guard !path.isEmpty else { throw AssayError(.usage, "An output is a file's name, or -, and not an empty text.") }
    self.path = path
    digest = hashing ? StreamDigest() : nil
    guard let opened = path == "-" ? (StandardOutput.descriptor, .direct) : Self.open(path) else {
      throw AssayError(.usage, "\(path): cannot be written: \(systemMessage()).")
    }
    (descriptor, way) = opened
    identity = if case .direct = way { FileIdentity(descriptor: descriptor) } else { FileIdentity(path: path) }
  }

  deinit {
    switch way {
    case .direct: if path != "-" { close(descriptor) }
    case .renamed: break
    case .copied(_, let target): close(target)
    }
  }

  /// How messages name it.
  private var name: String { path == "-" ? "standard output" : path }

  /// Whether whoever reads the old file while the new one is written reads the old one to its end.
  public var isReplacedAtOnce: Bool { if case .renamed = way { true } else { false } }

  /// Whether nothing of what was written is seen before ``commit()``.
  public var isHeldBack: Bool { if case .direct = way { false } else { true } }

  /// Refuses to write over what is still to be read, or into what another output writes.
  ///
  /// - Parameters:
  ///   - inputs: the paths that will be read; `-` is standard input.
  ///   - other: another output of the same run.
  ///   - toReplaceInputs: whether an input may be replaced once it was read, which its results may do and a receipt may not.
  /// - Throws: ``AssayError`` of kind `usage` naming both files.
  public func check(
    against inputs: [String], and other: OutputFile? = nil, toReplaceInputs: Bool = true
  ) throws(AssayError) {
    guard let identity else { return }
    if let other, other.identity == identity {
      throw AssayError(
        .usage, "\(name) and \(other.name) are one file, and each would be written over the other.",
        advice: "Name two files.")
    }
    guard identity.isRegular, !(isReplacedAtOnce && toReplaceInputs) else { return }
    for input in inputs {
      let other = input == "-" ? FileIdentity(descriptor: STDIN_FILENO) : FileIdentity(path: input)
      guard other == identity else { continue }
      throw AssayError(
        .usage, "\(name) is \(input == "-" ? "standard input" : input) too, which would be written over.",
        advice: "Name another file.")
    }
  }

  /// Opens `path`, which is not `-`; nil when the system refuses, `errno` says why.
  private static func open(_ path: String) -> (Int32, Way)? {
    // Names of open files mean those, whatever lies under them.
    if let number = Self.standardNames[path] ?? Self.number(of: path) {
      let copy = fcntl(StandardOutput.place(of: number), F_DUPFD_CLOEXEC, 3)
      return copy < 0 ? nil : (copy, .direct)
    }
    var facts = stat()
    let exists = stat(path, &facts) == 0
    // A name that cannot be, of too many characters say, is told before the work.
    if !exists, errno != ENOENT { return nil }
    guard !exists || facts.st_mode & S_IFMT == S_IFREG else {
      let descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC)
      return descriptor < 0 ? nil : (descriptor, .direct)
    }
    // A link stays one: what it leads to is replaced.
    guard let target = FileIdentity.destination(of: path) else { return nil }
    guard exists else {
      guard let file = TemporaryFile(besideIn: FileIdentity.folder(of: target)) else { return nil }
      let mask = umask(0)
      umask(mask)
      fchmod(file.descriptor, 0o666 & ~mask)
      return (file.descriptor, .renamed(file, target: target))
    }
    // A file that may not be written is not replaced either.
    let old = Glibc.open(path, O_WRONLY | O_CLOEXEC)
    guard old >= 0 else { return nil }
    if assay_text_is_mount_point(old) == 0, assay_text_has_access_list(old) == 0,
      let file = TemporaryFile(besideIn: FileIdentity.folder(of: target)),
      canTakeThePlace(of: facts, in: FileIdentity.folder(of: target)),
      fchown(file.descriptor, facts.st_uid, facts.st_gid) == 0
    {
      fchmod(file.descriptor, facts.st_mode & 0o7777)
      close(old)
      return (file.descriptor, .renamed(file, target: target))
    }
    guard let file = TemporaryFile(namelessIn: TemporaryFile.folder) else {
      close(old)
      return nil
    }
    return (file.descriptor, .copied(file, into: old))
  }

  /// Whether the owner of a file, or of a folder in which everybody may only rename what is theirs, is us.
  private static func canTakeThePlace(of file: stat, in folder: String) -> Bool {
    var facts = stat()
    guard stat(folder + ".", &facts) == 0 else { return false }
    let isSticky = facts.st_mode & S_ISVTX != 0
    return !isSticky || [0, file.st_uid, facts.st_uid].contains(geteuid())
  }

  private static let standardNames: [String: Int32] = ["/dev/stdout": STDOUT_FILENO, "/dev/stderr": STDERR_FILENO]

  /// N of `/dev/fd/N` and `/proc/self/fd/N`.
  private static func number(of path: String) -> Int32? {
    for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
      return Int32(path.dropFirst(folder.count))
    }
    return nil
  }

  /// Writes all of `bytes`.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when the system refuses: a full disk, say, or a pipe whose reader went away.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(AssayError) {
    try Self.write(bytes, to: descriptor, name)
    digest?.update(bytes)
    position += bytes.count
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ name: String
  ) throws(AssayError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // Whoever opened the pipe made it one that does not wait.
        var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wish, 1, -1)
      case EPIPE: throw AssayError(.usage, "\(name): whoever reads it went away before the end.")
      default: throw AssayError(.usage, "\(name): cannot be written: \(systemMessage()).")
      }
    }
  }

  /// Puts the file where it is to be: it is complete.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when the system refuses.
  public func commit() throws(AssayError) {
    switch way {
    case .direct: break
    case .renamed(let file, let target):
      // A file server may refuse what it took before only now.
      guard close(dup(descriptor)) == 0 else {
        throw AssayError(.usage, "\(path): cannot be written: \(systemMessage()).")
      }
      if !file.replace(target) {
        let reason = systemMessage()
        // What cannot be replaced can still be written.
        let old = Glibc.open(target, O_WRONLY | O_CLOEXEC)
        guard old >= 0 else { throw AssayError(.usage, "\(path): cannot be replaced: \(reason).") }
        defer { close(old) }
        try copy(file, into: old)
      }
    case .copied(let file, let target): try copy(file, into: target)
    }
  }

  /// Writes all of `file` over the start of `target` and cuts it there. The room is there before the first byte changes, and no signal
  /// ends the process on the way.
  private func copy(_ file: TemporaryFile, into target: Int32) throws(AssayError) {
    guard assay_text_reserve(target, Int64(position)) != 0 else {
      throw AssayError(.usage, "\(path): cannot be written: \(systemMessage()).")
    }
    assay_text_hold_signals()
    defer { assay_text_release_signals() }
    let block = Memory(byteCount: 1 << 20)
    var offset = 0
    while offset < position {
      let count = pread(file.descriptor, block.bytes.baseAddress, block.bytes.count, off_t(offset))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw AssayError(.usage, "\(path): only \(offset) bytes of \(position) are there: \(systemMessage()).")
      }
      try Self.write(UnsafeRawBufferPointer(rebasing: block.bytes[..<count]), to: target, name)
      offset += count
    }
    guard ftruncate(target, off_t(position)) == 0 else {
      throw AssayError(.usage, "\(path): cannot be cut to its length: \(systemMessage()).")
    }
  }

  /// SHA-256 of the bytes written so far; nil unless asked for when opening.
  public var sha256: [UInt8]? { digest?.digest }
}
