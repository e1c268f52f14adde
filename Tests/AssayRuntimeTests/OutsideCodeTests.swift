import AssayCore
import BackendCPU
import Testing

@testable import AssayRuntime

/// Backends that open code from outside are asked for nothing that the policy cannot choose.
@Suite struct OutsideCodeTests {
  /// A backend that remembers whether it was asked.
  private final class Driver: Backend {
    let name = "abacus"
    let asked = Guarded(false)
    var loadsOutsideCode: Bool { true }
    var devices: [Device] {
      asked.withLock { $0 = true }
      return [Device(id: "abacus:0", backend: "abacus", name: "An abacus")]
    }
    var absence: String? {
      asked.withLock { $0 = true }
      return nil
    }
    func kernels(for operation: Operation, on device: Device) -> [any Kernel] { [] }
  }

  /// A profile with a rate of `device`.
  private func profile(_ device: String) -> HardwareProfile {
    let machine = HardwareProfile.Machine(processor: "", architecture: "", threads: 1, system: "", devices: [:])
    let curve = HardwareProfile.Curve(
      operation: "sha256_pair", version: 1, device: device, kernel: "k", origin: "measured", selfTestDigest: "",
      points: [.init(rows: 1, medianNanoseconds: 1, p99Nanoseconds: 1)])
    return HardwareProfile(schemaVersion: 1, assayVersion: "", measuredAt: "", machine: machine, curves: [curve])
  }

  @Test(
    arguments: [
      (Policy.automatic, nil, false), (.automatic, "cpu:simd", false), (.automatic, "abacus:0", true),
      (.require("portable", strict: false), "abacus:0", false), (.require("cpu:portable", strict: false), nil, false),
      (.require("abacus", strict: false), nil, true), (.require("abacus:0", strict: false), nil, true),
      (.prefer(["portable"]), nil, false), (.prefer(["portable", "abacus"]), nil, true),
      (.prefer(["abacus2"]), nil, false),
    ] as [(Policy, String?, Bool)]) func onlyWhatMayBeChosenIsAsked(_ policy: Policy, _ rated: String?, _ isAsked: Bool)
    throws
  {
    let driver = Driver()
    let host = CPUBackend(.portable, pool: ThreadPool(threads: 1))
    var configuration = Dispatcher.Configuration()
    configuration.policy = policy
    configuration.profile = rated.map(profile)
    let dispatcher = try Dispatcher(backends: [driver, host], configuration)
    let operation = try #require(Operation.named("sha256_pair"))
    _ = try dispatcher.plan(operation, rows: 1_000)
    #expect(driver.asked.withLock(\.self) == isAsked)
    #expect(dispatcher.backends.count == (isAsked ? 2 : 1))
  }
}
