import Assay
import AssayIO
import Glibc

extension EngineChoice {
  /// The self-tests that this program's kernels passed in earlier runs on this processor: `$XDG_CACHE_HOME/assay/selftests`, or
  /// `~/.cache/assay/selftests`; the file may be deleted at any time. Nil when the program's file or the folder cannot be used.
  static let selfTests: SelfTestRecord? = {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    guard let base = variable("XDG_CACHE_HOME") ?? variable("HOME").map({ $0 + "/.cache" }) else { return nil }
    for folder in [base, base + "/assay"] where mkdir(folder, 0o700) != 0 && errno != EEXIST { return nil }
    let program = "/proc/self/exe"
    return SelfTestRecord(path: base + "/assay/selftests", program: program, libraries: ["libsecp256k1", "openssl"]) {
      guard let file = try? InputFile(program, hashing: true) else { return nil }
      let block = Memory(byteCount: 1 << 20)
      while let count = try? file.read(into: block.bytes), count > 0 {}
      return file.position == file.size ? file.sha256 : nil
    }
  }()
}
