import AssayCore
import AssayRuntime
import BackendCPU
import ConformanceKit
import Testing

/// Plans follow the policy and the measurements, and nothing else.
@Suite struct PlannerTests {
  private let portable = CPUBackend(.portable, pool: ThreadPool(threads: 1))

  private func profile(_ curves: [(device: String, kernel: String, rowsPerSecond: [Int: Double])]) -> HardwareProfile {
    HardwareProfile(
      schemaVersion: 1, assayVersion: "test", measuredAt: "2026-01-01T00:00:00Z",
      machine: .init(processor: "", architecture: "", threads: 1, system: "", devices: [:]),
      curves: curves.map { curve in
        .init(
          operation: "sha256_pair", version: 1, device: curve.device, kernel: curve.kernel, origin: "measured",
          selfTestDigest: "",
          points: curve.rowsPerSecond.sorted { $0.key < $1.key }.map { rows, rate in
            let time = Int64(Double(rows) / rate * 1e9)
            return .init(rows: rows, medianNanoseconds: time, p99Nanoseconds: time)
          })
      })
  }

  @Test func everyRowIsPlannedOnceAndEndsOnPortable() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    let plan = try Doubles.dispatcher(threads: 1).plan(operation, rows: 1_000)
    #expect(plan.assignments.map(\.rows) == [0..<1_000])
    #expect(plan.assignments.allSatisfy { $0.candidates.last?.device.id == "cpu:portable" })
    #expect(plan.description.contains("sha256_pair/1 rows 0..<1000"))
  }

  @Test func aSimulatedDeviceIsNeverChosenByItself() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    var configuration = Dispatcher.Configuration()
    configuration.profile = profile([
      ("faulty:0", "faulty", [1_000: 1e12]), ("cpu:portable", "portable", [1_000: 1e6]),
    ])
    let dispatcher = try Dispatcher(backends: [FaultyBackend(.none, backing: portable), portable], configuration)
    let plan = try dispatcher.plan(operation, rows: 1_000)
    #expect(plan.assignments.flatMap(\.candidates).allSatisfy { $0.device.id == "cpu:portable" })
  }

  /// A processor behind an OpenCL driver is the host once more: it adds nothing to it.
  @Test func aDeviceOnTheHostsCoresIsOnlyUsedWhenNamed() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    var configuration = Dispatcher.Configuration()
    configuration.profile = .rated(operation, [("faulty:0", "faulty", 3e6), ("cpu:portable", "portable", 1e6)])
    let backend = FaultyBackend(.none, backing: portable, isSimulated: false, sharesHostCores: true)
    let automatic = try Dispatcher(backends: [backend, portable], configuration).plan(operation, rows: 10_000)
    #expect(automatic.assignments.flatMap(\.candidates).allSatisfy { $0.device.id == "cpu:portable" })
    configuration.policy = .require("faulty", strict: true)
    let named = try Dispatcher(backends: [backend, portable], configuration).plan(operation, rows: 10_000)
    #expect(named.assignments.map { $0.candidates.first?.device.id } == ["faulty:0"])
  }

  @Test func namedDevicesShareByTheirRates() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    var configuration = Dispatcher.Configuration()
    configuration.policy = .require("faulty", strict: false)
    configuration.profile = .rated(operation, [("faulty:0", "faulty", 3e6), ("faulty:1", "faulty", 1e6)])
    let backend = FaultyBackend(.none, backing: portable, count: 2)
    let plan = try Dispatcher(backends: [backend, portable], configuration).plan(operation, rows: 8_000)
    #expect(plan.assignments.map(\.rows) == [0..<6_000, 6_000..<8_000])
  }

  @Test func measurementsDecideBetweenKernelsOfTheHost() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    let backends = Doubles.host(threads: 1)
    let kernels = backends.flatMap { backend in
      backend.devices.filter(\.isHost).flatMap { device in
        backend.kernels(for: operation, on: device).map { (device.id, $0.id) }
      }
    }
    var configuration = Dispatcher.Configuration()
    configuration.profile = profile(
      kernels.map { device, kernel in
        // Portable wins for one row, everything else for many.
        (device, kernel, kernel == "portable" ? [1: 9e6, 4_096: 1e6] : [1: 1e6, 4_096: 9e6])
      })
    let dispatcher = try Dispatcher(backends: backends, configuration)
    #expect(try dispatcher.plan(operation, rows: 1).assignments.first?.candidates.first?.kernel.id == "portable")
    if kernels.count > 1 {
      #expect(try dispatcher.plan(operation, rows: 5_000).assignments.first?.candidates.first?.kernel.id != "portable")
    }
  }

  /// A profile is a file: whatever its numbers are, every row is planned once.
  @Test(arguments: [
    (0.0, 0.0), (0, 1e6), (-1e6, 1e6), (1e308, 1e308), (.infinity, 1e6), (.nan, 1e6), (1e6, .nan), (3e6, 1e6),
    (1e-300, 1),
  ])
  func ratesThatCannotBeAreNoRates(accelerator: Double, host: Double) throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    var configuration = Dispatcher.Configuration()
    configuration.profile = .rated(
      operation, [("faulty:0", "faulty", accelerator), ("cpu:portable", "portable", host)])
    let backend = FaultyBackend(.none, backing: portable, isSimulated: false)
    let dispatcher = try Dispatcher(backends: [backend, portable], configuration)
    for rows in [0, 1, 999] {
      var next = 0
      for assignment in try dispatcher.plan(operation, rows: rows).assignments {
        #expect(assignment.rows.lowerBound == next)
        next = assignment.rows.upperBound
      }
      #expect(next == rows)
    }
  }

  @Test func aPreferredNameThatHasNothingIsTold() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    var configuration = Dispatcher.Configuration()
    configuration.policy = .prefer(["abacus"])
    configuration.profile = .rated(
      operation, [("faulty:0", "faulty", 3e6), ("cpu:portable", "portable", 1e6)])
    let backend = FaultyBackend(.none, backing: portable, isSimulated: false)
    let plan = try Dispatcher(backends: [backend, portable], configuration).plan(operation, rows: 1_000)
    #expect(plan.refusals.map(\.device) == ["abacus"])
    // Nobody preferred is there: as automatic.
    #expect(plan.assignments.map { $0.candidates.first?.device.id } == ["faulty:0", "cpu:portable"])
  }

  /// `.nanoseconds(.max)` is how one writes "for ever".
  @Test func aDeadlineBeyondAnyClockIsNoDeadline() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    var configuration = Dispatcher.Configuration()
    configuration.policy = .require("faulty", strict: true)
    configuration.deadline = .nanoseconds(Int64.max)
    configuration.selfTestDeadline = .seconds(Int64.max)
    let dispatcher = try Dispatcher(backends: [FaultyBackend(.none, backing: portable), portable], configuration)
    let results = try dispatcher.execute(Corpus(operation, rows: 10, seed: 1).batch)
    #expect(results.receipts.map(\.device) == ["faulty:0"])
  }
}
