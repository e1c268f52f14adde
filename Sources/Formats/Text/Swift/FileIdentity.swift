import Glibc

/// Which file a path or a descriptor leads to: all names of a file, links among them, have one identity.
public struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let node: UInt64
  /// The name in the folder that `device` and `node` are, of a file that does not exist yet.
  private let name: String?
  /// Whether it is a regular file, which keeps what is written into it.
  public let isRegular: Bool

  /// The file at `path`, or the one that would be made there; nil when there is no such folder, and for `/dev/null`, which everybody
  /// may use at once.
  public init?(path: String) {
    var facts = stat()
    if stat(path, &facts) == 0 {
      self.init(facts)
    } else {
      guard let destination = Self.destination(of: path), stat(Self.folder(of: destination) + ".", &facts) == 0 else {
        return nil
      }
      self.init(device: UInt64(facts.st_dev), node: UInt64(facts.st_ino), name: Self.name(of: destination))
    }
  }

  /// The file at `path`; nil when there is none, and for `/dev/null`.
  public init?(existing path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    self.init(facts)
  }

  /// The file that `descriptor` is open on; nil as above.
  public init?(descriptor: Int32) {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { return nil }
    self.init(facts)
  }

  private init?(_ facts: stat) {
    let isNull = facts.st_mode & S_IFMT == S_IFCHR && facts.st_rdev == Self.nullDevice
    guard !isNull else { return nil }
    (device, node, name) = (UInt64(facts.st_dev), UInt64(facts.st_ino), nil)
    isRegular = facts.st_mode & S_IFMT == S_IFREG
  }

  private init(device: UInt64, node: UInt64, name: String) {
    (self.device, self.node, self.name, isRegular) = (device, node, name, true)
  }

  /// The null device's number on Linux: major 1, minor 3.
  private static let nullDevice: dev_t = 0x103

  /// Where `path` leads through links, also where no file is yet; nil for links that lead to one another, `errno` says so.
  static func destination(of path: String) -> String? {
    if let resolved = realpath(path, nil) {
      defer { free(resolved) }
      return String(cString: resolved)
    }
    var path = path
    // As many links as Linux follows.
    for _ in 0..<40 {
      let link = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
        guard let start = buffer.baseAddress else { return String?.none }
        let count = readlink(path, start, buffer.count)
        return count > 0 ? String(decoding: UnsafeRawBufferPointer(buffer)[..<count], as: UTF8.self) : nil
      }
      guard let link else { return path }
      path = link.hasPrefix("/") ? link : folder(of: path) + link
    }
    errno = ELOOP
    return nil
  }

  /// The part of `path` up to its last slash; empty without one.
  static func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" }

  /// The part of `path` after its last slash.
  static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }
}
