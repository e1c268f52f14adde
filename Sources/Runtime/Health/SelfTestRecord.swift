import AssayCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Which kernels of the host passed their self-tests, on disk, so that a short-lived process need not repeat them.
///
/// A record holds for one program, by the digest of its file, and each line of it for one processor. It can only save time: whatever is
/// wrong with it (missing, damaged, somebody else's, writable by others), kernels are tested as if it were not there. Only kernels of
/// this program's own code are kept; those of system libraries, which change without it, are tested in every process.
package final class SelfTestRecord: Sendable {
  private static let magic = "assay self-tests 1"
  /// One line per kernel: a longer file is not one.
  private static let longestFile = 1 << 20

  private let path: String
  private let head: [String]
  private let libraries: Set<String>
  private let passed: Guarded<Set<String>>

  /// The record at `path` of the program in the file `program`, whose contents `digest` hashes; nil when that file cannot be read.
  /// A file that the system says is the one hashed last (device, number, length, times of its contents and its entry) is not hashed
  /// again. `libraries` are the ids of kernels that system libraries compute.
  package init?(path: String, program: String, libraries: Set<String>, digest: () -> [UInt8]?) {
    var status = stat()
    guard stat(program, &status) == 0 else { return nil }
    let identity = "\(status.st_dev) \(status.st_ino) \(status.st_size) \(Self.times(status))"
    var lines = Self.contents(of: path)?.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) ?? []
    if lines.count < 4 || lines[0] != Self.magic || lines.last != "" { lines = ["", "", "", ""] }
    guard let hash = lines[1] == identity ? lines[2] : digest()?.hexadecimal else { return nil }
    self.path = path
    self.libraries = libraries
    head = [Self.magic, identity, hash]
    passed = Guarded(lines[2] == hash ? Set(lines[3..<lines.count - 1]) : [])
  }

  /// When a file's contents and its entry changed last, in nanoseconds.
  private static func times(_ status: stat) -> String {
    #if canImport(Darwin)
      let times = [status.st_mtimespec, status.st_ctimespec]
    #else
      let times = [status.st_mtim, status.st_ctim]
    #endif
    return times.map { "\($0.tv_sec).\($0.tv_nsec)" }.joined(separator: " ")
  }

  /// Why `candidate` must not be used: nil at once when it passed before, else what `test` says, which is remembered when it is nil.
  func refusal(_ candidate: Plan.Candidate, test: () -> String?) -> String? {
    let operation = candidate.kernel.operation
    let device = "\(candidate.device.id) \(candidate.device.name.filter { !$0.isNewline })"
    let line = "\(operation) \(operation.digest) \(candidate.kernel.id) \(device)"
    let isKept = !libraries.contains(candidate.kernel.id)
    if isKept, passed.withLock({ $0.contains(line) }) { return nil }
    let refusal = test()
    if refusal == nil, isKept {
      passed.withLock { passed in
        passed.insert(line)
        store(passed.sorted())
      }
    }
    return refusal
  }

  /// The contents of a regular file that belongs to this user and that nobody else can write.
  private static func contents(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
      status.st_mode & (S_IWGRP | S_IWOTH) == 0, status.st_size <= longestFile
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    return count == bytes.count ? String(decoding: bytes, as: UTF8.self) : nil
  }

  /// Replaces the file, in one step. What goes wrong does not matter: the next process tests again.
  private func store(_ lines: [String]) {
    let bytes = Array((head + lines).map { $0 + "\n" }.joined().utf8)
    let temporary = "\(path).\(getpid()).\(monotonicNanoseconds())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return }
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    let isWritten = close(descriptor) == 0 && count == bytes.count
    if !isWritten || rename(temporary, path) != 0 { unlink(temporary) }
  }
}
