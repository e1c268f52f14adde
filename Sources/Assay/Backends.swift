public import AssayCore
import BackendCPU
import BackendFPGA
import BackendOpenBLAS
import BackendOpenCL

/// The composition root: every backend of this build. Adding one is a line here.
public enum Backends {
  /// The backends' names, whether or not they are there: portable, which needs nothing, first.
  public static var names: [String] { all(threads: 1).map(\.name).reversed() }

  /// The backends in the order they are preferred when nothing was measured; portable, which all others fall back to, last.
  /// `threads` are those of the host's kernels, nil for one per processor; `keyBytes` is the most that tables of public keys that
  /// repeat may take.
  public static func all(threads: Int? = nil, keyBytes: Int = 64 << 20) -> [any Backend] {
    let pool = ThreadPool(threads: threads)
    return [
      OpenCLBackend(),
      OpenBLASBackend(threads: threads),
      FPGABackend.environment,
      CPUBackend(.simd, pool: pool, keyBytes: keyBytes),
      CPUBackend(.portable, pool: pool),
    ]
  }
}
