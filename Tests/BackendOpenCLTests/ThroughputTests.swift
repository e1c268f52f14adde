import AssayCore
import AssayRuntime
import BackendCPU
import BackendOpenCL
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Not a test but a measurement, with its command in bench/opencl/README.md: rows a second of every OpenCL device beside this
/// processor's own kernels, in one run. It asserts that there is something to print, never a time.
@Suite(.enabled(if: getenv("ASSAY_BENCH") != nil, "set ASSAY_BENCH=1 to measure")) struct ThroughputTests {
  @Test func besideTheProcessorsOwnKernels() throws {
    let pool = ThreadPool(threads: getenv("ASSAY_BENCH_THREADS").flatMap { Int(String(cString: $0)) })
    let backends: [any Backend] = [OpenCLBackend(), CPUBackend(.simd, pool: pool), CPUBackend(.portable, pool: pool)]
    var lines = 0
    for operation in Support.operations {
      for backend in backends {
        for device in backend.devices {
          for kernel in backend.kernels(for: operation, on: device) {
            guard let curve = try? Profiler(quick: true).curve(kernel, on: device), let last = curve.points.last else {
              continue
            }
            let rate = Double(last.rows) / Double(last.medianNanoseconds) * 1_000
            let small = curve.points.first.map { $0.medianNanoseconds / 1_000 } ?? 0
            print(
              "\(operation.name)  \(device.id)  \(kernel.id)  \(rate) rows/us at \(last.rows) rows, one row \(small) us"
            )
            lines += 1
          }
        }
      }
    }
    #expect(lines > 0)
  }
}
