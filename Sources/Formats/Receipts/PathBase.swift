import Glibc

/// The folder that the paths in a receipt start from: its own. A receipt that moves together with what it names still names it.
struct PathBase {
  /// The folder as a prefix of paths: empty, or ending with a slash.
  private let folder: String

  /// The folder of the receipt at `path`; for one on standard output the current folder.
  init(receipt path: String?) {
    folder = path.flatMap { path in path.lastIndex(of: "/").map { String(path[...$0]) } } ?? ""
  }

  /// `path`, which starts from the current folder, as it starts from the receipt's. Standard streams and devices stay what they are.
  func relative(_ path: String) -> String {
    guard path != "-", !Self.isDevice(path), let file = Self.absolute(path),
      let base = Self.resolved(folder.isEmpty ? "." : folder)
    else { return path }
    let (from, to) = (Self.components(base), Self.components(file))
    let common = zip(from, to).prefix { $0 == $1 }.count
    let relative = ([String](repeating: "..", count: from.count - common) + to[common...]).joined(separator: "/")
    return Self.asFile(relative)
  }

  /// `path`, which starts from the receipt's folder, as it starts from the current one.
  func resolve(_ path: String) -> String { path == "-" || path.hasPrefix("/") ? path : Self.asFile(folder + path) }

  /// `path` so that it is no option and no standard stream: a file may be called `-x`, or `-`.
  private static func asFile(_ path: String) -> String { path.hasPrefix("-") ? "./" + path : path }

  /// Whether `path` is one of a device or an open file rather than of a file that may move.
  static func isDevice(_ path: String) -> Bool { path.hasPrefix("/dev/") || path.hasPrefix("/proc/") }

  /// The absolute path with links resolved in its folder, but the file's own name as it is.
  private static func absolute(_ path: String) -> String? {
    let slash = path.lastIndex(of: "/")
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    return resolved(slash.map { String(path[...$0]) } ?? ".").map { "\($0)/\(name)" }
  }

  private static func resolved(_ folder: String) -> String? {
    guard let path = realpath(folder, nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }

  private static func components(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }
}
