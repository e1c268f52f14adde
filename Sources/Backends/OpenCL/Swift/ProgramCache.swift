import AssayCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Compiled programs on disk, so that a process does not wait for a compiler again.
///
/// A cache can only save time: whatever is wrong with the directory or a file (missing, damaged, full, not writable, somebody
/// else's), programs are built from source as if it were not there. Drivers accept or crash on damaged binaries, so each file
/// carries the SHA-256 of its contents. Layout: 8 bytes magic and format, 32 bytes key, 32 bytes digest of the rest, the rest.
package struct ProgramCache: Sendable {
  /// Raised when the layout changes.
  private static let magic: [UInt8] = Array("ASSAYCL".utf8) + [1]
  private static let headerBytes = 8 + 32 + 32
  /// A driver's binary is some hundred KiB; a file above this is not one.
  private static let largestBytes = 1 << 28

  /// Where the files are; nil for no cache.
  let directory: String?

  /// The cache in `directory`, which is made when something is stored.
  package init(directory: String?) {
    self.directory = directory
  }

  /// The user's cache: `$XDG_CACHE_HOME/assay/opencl`, or `~/.cache/assay/opencl`.
  package static var standard: ProgramCache {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let base = variable("XDG_CACHE_HOME") ?? variable("HOME").map { $0 + "/.cache" }
    return ProgramCache(directory: base.map { $0 + "/assay/opencl" })
  }

  /// The key of everything that a binary depends on.
  package static func key(_ parts: [String]) -> [UInt8] {
    var hash = SHA256()
    for part in parts {
      let bytes = Array(part.utf8)
      // The length keeps ["ab", "c"] and ["a", "bc"] apart.
      hash.update(withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Array($0) })
      hash.update(bytes)
    }
    return hash.finalize()
  }

  /// The binary stored under `key`; nil when there is none or it is not what was stored.
  package func load(_ key: [UInt8]) -> [UInt8]? {
    guard let folder = openDirectory() else { return nil }
    defer { close(folder) }
    guard let file = Self.contents(of: Self.name(key), in: folder) else { return nil }
    let header = Self.magic + key
    let binary = Array(file.dropFirst(Self.headerBytes))
    guard file.count > Self.headerBytes, file.prefix(header.count).elementsEqual(header),
      Self.digest(binary).elementsEqual(file[header.count..<Self.headerBytes])
    else {
      unlinkat(folder, Self.name(key), 0)
      return nil
    }
    return binary
  }

  /// Stores `binary` under `key`, under a temporary name until it is complete; false when that was not possible.
  @discardableResult
  package func store(_ binary: [UInt8], _ key: [UInt8]) -> Bool {
    guard let directory, Self.makeDirectory(directory), let folder = openDirectory() else { return false }
    defer { close(folder) }
    let name = Self.name(key)
    let temporary = "\(name).\(getpid()).\(monotonicNanoseconds()).part"
    guard Self.create(temporary, in: folder, Self.magic + key + Self.digest(binary) + binary),
      renameat(folder, temporary, folder, name) == 0
    else {
      unlinkat(folder, temporary, 0)
      return false
    }
    return true
  }

  /// Forgets the binary under `key`.
  func remove(_ key: [UInt8]) {
    guard let folder = openDirectory() else { return }
    defer { close(folder) }
    unlinkat(folder, Self.name(key), 0)
  }

  private static func name(_ key: [UInt8]) -> String { "\(key.hexadecimal).clbin" }

  private static func digest(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { SHA256.digest($0) }
  }

  /// The directory, when it is not a link, belongs to this user, and nobody else can put files into it.
  private func openDirectory() -> Int32? {
    guard let directory else { return nil }
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    guard Self.isOurs(descriptor, S_IFDIR) != nil else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// What the system says about an open file, when it is of this kind, belongs to this user, and nobody else can write it.
  private static func isOurs(_ descriptor: Int32, _ kind: mode_t) -> stat? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == kind, status.st_uid == geteuid(),
      status.st_mode & (S_IWGRP | S_IWOTH) == 0
    else { return nil }
    return status
  }

  /// The contents of a regular file that belongs to this user and that nobody else can write. Links are not followed, and nothing is
  /// waited for: a pipe of that name has no contents.
  private static func contents(of name: String, in folder: Int32) -> [UInt8]? {
    let descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let status = isOurs(descriptor, S_IFREG), (0...largestBytes).contains(Int(status.st_size)) else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    let isComplete = bytes.withUnsafeMutableBytes { buffer in
      transfer(buffer.count) { at in read(descriptor, buffer.baseAddress.map { $0 + at }, buffer.count - at) }
    }
    return isComplete ? bytes : nil
  }

  /// Writes a new file, to the disk.
  private static func create(_ name: String, in folder: Int32, _ bytes: [UInt8]) -> Bool {
    let descriptor = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    let isComplete = bytes.withUnsafeBytes { buffer in
      transfer(buffer.count) { at in
        write(descriptor, buffer.baseAddress.map { $0 + at }, buffer.count - at)
      }
    }
    // A full disk may say so only here.
    let isSynced = fsync(descriptor) == 0
    return close(descriptor) == 0 && isSynced && isComplete
  }

  /// Repeats `step`, which moves bytes from an offset on and returns how many, until `count` have moved.
  private static func transfer(_ count: Int, _ step: (Int) -> Int) -> Bool {
    var at = 0
    while at < count {
      let moved = step(at)
      if moved < 0, errno == EINTR { continue }
      guard moved > 0 else { return false }
      at += moved
    }
    return true
  }

  /// Creates a directory and those above it, for this user only.
  private static func makeDirectory(_ path: String) -> Bool {
    var partial = ""
    for component in path.split(separator: "/") {
      partial += "/" + component
      if mkdir(partial, 0o700) != 0, errno != EEXIST { return false }
    }
    return true
  }
}
