import AssayCore
import AssayRuntime
import BackendCPU

/// What the tests of this module share. They know no backend but the host's, so that sanitizers have little to build.
enum Doubles {
  /// Every kernel of this processor, over `threads` threads.
  static func host(threads: Int) -> [any Backend] {
    let pool = ThreadPool(threads: threads)
    return [CPUBackend(.simd, pool: pool), CPUBackend(.portable, pool: pool)]
  }

  /// A dispatcher over them.
  static func dispatcher(threads: Int) throws -> Dispatcher { try Dispatcher(backends: host(threads: threads)) }
}

/// The portable backend with its kernels broken after the self-test, or with a lying kernel beside them.
struct Sabotaged: Backend {
  let base: CPUBackend
  /// Whether a kernel called `library` that flips bits is added; otherwise the portable kernels throw.
  let adds: Bool

  var name: String { base.name }
  var devices: [Device] { base.devices }
  var absence: String? { nil }

  func kernels(for operation: AssayCore.Operation, on device: Device) -> [any Kernel] {
    let sound = base.kernels(for: operation, on: device).prefix(1)
    return adds
      ? sound + sound.map { Saboteur(base: $0, id: "library", flips: true) }
      : sound.map { Saboteur(base: $0, id: $0.id, flips: false) }
  }

  private struct Saboteur: Kernel {
    let base: any Kernel
    let id: String
    let flips: Bool
    var operation: AssayCore.Operation { base.operation }

    func run(_ batch: Batch, rows: Range<Int>, into results: Results) throws {
      // Self-tests run on more rows than any batch of these tests.
      if !flips, batch.rows < 2_000 { throw KernelFailure("sabotaged") }
      try base.run(batch, rows: rows, into: results)
      guard flips, batch.rows < 2_000, let column = results.columns.first, let bytes = column.bytes else { return }
      for row in rows { bytes[row * column.description.width] ^= 1 }
    }
  }
}

/// A device that computes rightly and remembers where the first column of its last batch lay.
final class Watcher: Backend {
  let name = "watcher"
  let devices = [Device(id: "watcher:0", backend: "watcher", name: "test double", isSimulated: true)]
  let absence: String? = nil
  private let base: CPUBackend
  private let seen = Guarded<UInt>(0)

  init(base: CPUBackend) { self.base = base }

  func last() -> UnsafeRawPointer? { seen.withLock { UnsafeRawPointer(bitPattern: $0) } }

  func kernels(for operation: AssayCore.Operation, on device: Device) -> [any Kernel] {
    base.devices.first.map { base.kernels(for: operation, on: $0) }?.prefix(1).map { Spy(base: $0, watcher: self) }
      ?? []
  }

  private struct Spy: Kernel {
    let base: any Kernel
    let watcher: Watcher
    var operation: AssayCore.Operation { base.operation }
    var id: String { "spy" }

    func run(_ batch: Batch, rows: Range<Int>, into results: Results) throws {
      watcher.seen.withLock { $0 = UInt(bitPattern: batch.columns.first?.data) }
      try base.run(batch, rows: rows, into: results)
    }
  }
}

extension HardwareProfile {
  /// A profile that gives kernels of one operation these rows a second at any size.
  static func rated(
    _ operation: AssayCore.Operation, _ rates: [(device: String, kernel: String, rowsPerSecond: Double)]
  ) -> HardwareProfile {
    HardwareProfile(
      schemaVersion: 1, assayVersion: "test", measuredAt: "2026-01-01T00:00:00Z",
      machine: .init(processor: "", architecture: "", threads: 1, system: "", devices: [:]),
      curves: rates.map { device, kernel, rate in
        var point = Point(rows: 1_000, medianNanoseconds: 1, p99Nanoseconds: 1)
        point.rowsPerSecond = rate
        return .init(
          operation: operation.name, version: operation.version, device: device, kernel: kernel, origin: "measured",
          selfTestDigest: "", points: [point])
      })
  }
}
