import AssayCore
import AssayRuntime
import BackendOpenCL
import ConformanceKit
import Testing

/// What scripts/opencl runs on a driver of its choice, which must then be the only one: `oclgrind` few rows of everything (it
/// interprets kernels), `intel` the full conformance, with times.
@Suite(
  .serialized,
  .enabled(if: ["oclgrind", "intel"].contains(Support.onlyDriver), "run by scripts/opencl/oclgrind and intel"))
struct OneDriverTests {
  @Test(arguments: Support.operations) func agrees(_ operation: Operation) throws {
    let backend = OpenCLBackend()
    let device = try #require(backend.devices.first, "\(backend.absence ?? "")")
    print("\(operation) on \(device.name)")
    let kernel = try #require(
      backend.kernels(for: operation, on: device).first, "\(backend.absence(of: operation, on: device) ?? "")")
    let reference = try Support.reference(operation)
    let started = monotonicNanoseconds()
    #expect(try SelfTest.firstDifference(kernel, from: reference, rows: 3, seed: 1) == nil)
    print("\(operation): built and launched in \((monotonicNanoseconds() - started) / 1_000_000) ms")
    if Support.onlyDriver == "oclgrind" {
      #expect(try SelfTest.firstDifference(kernel, from: reference, rows: 70, seed: 2) == nil)
    } else {
      try Conformance.check(kernel, against: reference)
      #expect(try SelfTest.digest(kernel) == operation.digest)
    }
  }
}
