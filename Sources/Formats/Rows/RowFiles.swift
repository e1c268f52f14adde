import Assay
import AssayIO
import Glibc

/// Documents that rows name by file: only below the folder that the command's user names, only regular files, at most 1 MiB each.
package final class RowFiles {
  /// The longest file that a row may name.
  package static let longest = 1 << 20

  private let folder: String?
  /// The files that were read since the list was last taken, each once for every state that it was in.
  private var read: Set<ReceiptFile.File> = []

  /// Files below `folder`; none where it is nil.
  package init(under folder: String?) { self.folder = folder }

  /// Gives the list of files that were read away and starts a new one.
  func take() -> [ReceiptFile.File] {
    defer { read.removeAll() }
    return read.sorted { $0.path < $1.path }
  }

  /// Calls `body` with the document that `value` is, or that the file holds which it names. A file's document lives as long as the
  /// call.
  package func with<Result>(
    _ value: JSONValue, name: String, _ body: (JSONValue) throws(RowProblem) -> Result
  ) throws(RowProblem) -> Result {
    guard let path = value.string else { return try body(value) }
    let file: JSONFile
    do throws(AssayError) {
      file = try JSONFile(try bytes(of: path, name: name), name: path)
    } catch {
      throw .malformed(error.message)
    }
    // Roots live as long as their documents, which the optimiser would else release after the last `root`.
    defer { withExtendedLifetime(file) {} }
    return try body(file.root)
  }

  /// The bytes of the file that a row's field `name` names.
  private func bytes(of path: String, name: String) throws(AssayError) -> [UInt8] {
    guard let folder else {
      throw AssayError(.input, "\(name) names a file, which rows may only do where --files names a folder")
    }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard !path.isEmpty, !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }), !path.contains("\0") else {
      throw AssayError(.input, "\(name) does not name a file below the folder of --files")
    }
    // Links could lead elsewhere: each part of the path is opened by itself, and none may be one.
    var descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    for (index, part) in parts.enumerated() where descriptor >= 0 {
      let flags = index == parts.count - 1 ? O_RDONLY | O_NONBLOCK : O_RDONLY | O_DIRECTORY
      let next = openat(descriptor, String(part), flags | O_NOFOLLOW | O_CLOEXEC)
      close(descriptor)
      descriptor = next
    }
    guard descriptor >= 0 else {
      throw AssayError(.input, "\(name): \(path.prefix(80)) cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      throw AssayError(.input, "\(name): \(path.prefix(80)) is not a regular file")
    }
    let memory = Memory(byteCount: Self.longest + 1)
    var filled = 0
    while filled < memory.bytes.count {
      let count = Glibc.read(descriptor, memory.start + filled, memory.bytes.count - filled)
      if count == 0 { break }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw AssayError(.input, "\(name): \(path.prefix(80)) cannot be read: \(String(cString: strerror(errno)))")
      }
      filled += count
    }
    guard filled <= Self.longest else {
      throw AssayError(.input, "\(name): \(path.prefix(80)) is larger than 1 MiB")
    }
    var digest = SHA256()
    digest.update(UnsafeRawBufferPointer(rebasing: memory.bytes[..<filled]))
    let place = folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    read.insert(ReceiptFile.File(path: place, bytes: filled, sha256: digest.finalize().hexadecimal))
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let start = memory.bytes[..<filled].starts(with: mark) ? mark.count : 0
    return Array(memory.bytes[start..<filled])
  }
}
