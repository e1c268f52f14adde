import AssayCore
import AssayRuntime
import BackendOpenCL
import Testing

/// What scripts/opencl/no-driver runs: the real library and loader, with no driver behind them.
@Suite(.enabled(if: Support.onlyDriver == "none", "run by scripts/opencl/no-driver")) struct NoDriverTests {
  @Test func saysSoAndComputesElsewhere() throws {
    let backend = OpenCLBackend()
    #expect(backend.devices.isEmpty)
    #expect(backend.absence == "no OpenCL driver is installed")

    var configuration = Dispatcher.Configuration()
    let dispatcher = try Dispatcher(backends: [backend, Support.portable], configuration)
    let batch = try Support.randomBytes(Support.operation("sha256_pair"), rows: 1_000, seed: 1)
    let results = try dispatcher.execute(batch)
    #expect(results.agrees(with: try Support.expected(batch), in: 0..<1_000))

    configuration.policy = .require("opencl", strict: false)
    let error = #expect(throws: AssayError.self) {
      try Dispatcher(backends: [backend, Support.portable], configuration)
    }
    #expect(error?.kind == .unavailable)
    #expect(error?.message.contains("no OpenCL driver is installed") == true)
  }
}
