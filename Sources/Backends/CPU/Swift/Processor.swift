#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Facts about this processor.
public enum Processor {
  /// The maker's name for it, such as `AMD EPYC 9R14`; the architecture where the system does not tell.
  public static let name: String = {
    #if canImport(Darwin)
      var size = 0
      sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
      var text = [CChar](repeating: 0, count: max(size, 1))
      sysctlbyname("machdep.cpu.brand_string", &text, &size, nil, 0)
      return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    #else
      return field("model name") ?? architecture
    #endif
  }()

  /// The instruction-set architecture that this build is for.
  public static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "aarch64"
    #else
      "other"
    #endif
  }

  #if !canImport(Darwin)
    /// The value of the first line of /proc/cpuinfo that starts with `key`.
    private static func field(_ key: String) -> String? {
      guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 4096)
      while fgets(&line, Int32(line.count), file) != nil {
        let text = String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, text.hasPrefix(key) else { continue }
        return String(parts[1].drop { $0 == " " })
      }
      return nil
    }
  #endif
}
