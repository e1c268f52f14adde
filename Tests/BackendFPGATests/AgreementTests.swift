import Assay
import ConformanceKit
import Testing

@testable import BackendFPGA

/// The RTL against the portable kernels, byte for byte, and what the board says of itself.
@Suite(.enabled(if: SimulatedBoard.isBuilt, SimulatedBoard.hint)) struct AgreementTests {
  @Test(arguments: SimulatedBoard.operations) func conforms(operation: String) throws {
    let operation = try #require(Operation.named(operation))
    let backend = try SimulatedBoard.open(deadline: .seconds(20))
    let device = try #require(backend.devices.first)
    let kernel = try #require(backend.kernels(for: operation, on: device).first)
    let host = try #require(SimulatedBoard.portable.devices.first)
    let reference = try #require(SimulatedBoard.portable.kernels(for: operation, on: host).first)
    try Conformance.check(kernel, against: reference)
    #expect(try SelfTest.digest(kernel) == operation.digest)
  }

  @Test(arguments: SimulatedBoard.operations) func aHundredThousandRandomRows(operation: String) throws {
    let operation = try #require(Operation.named(operation))
    let backend = try SimulatedBoard.open(deadline: .seconds(20))
    let dispatcher = try SimulatedBoard.dispatcher(backend, for: operation)
    let batch = try Corpus(operation, rows: 100_000, seed: 21).batch
    let results = try dispatcher.execute(batch)
    try SimulatedBoard.checkRightAndOnce(results, batch)
    #expect(results.receipts.map(\.device) == ["fpga:0"])
    #expect(results.receipts.allSatisfy { $0.simulated && $0.fallbacks.isEmpty })
  }

  @Test func severalCallersTakeTurns() async throws {
    let backend = try SimulatedBoard.open(deadline: .seconds(20))
    let dispatcher = try SimulatedBoard.dispatcher(backend, for: .sha256Pair)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for seed in 0..<6 {
        group.addTask {
          let operation = try #require(Operation.named(SimulatedBoard.operations[seed % 4]))
          let batch = try Corpus(operation, rows: 1_000 + seed, seed: UInt64(seed)).batch
          for _ in 0..<3 {
            let results = try dispatcher.execute(batch)
            try SimulatedBoard.checkRightAndOnce(results, batch)
            #expect(results.receipts.allSatisfy { $0.device == "fpga:0" })
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func theBoardSaysThatItIsSimulatedAndWhatItLacks() throws {
    let backend = try SimulatedBoard.open()
    let device = try #require(backend.devices.first)
    #expect(device.isSimulated)
    #expect(device.facts.contains { $0.contains("simulated") })
    let message = try #require(Operation.named("sha256_message"))
    #expect(backend.kernels(for: message, on: device).isEmpty)
    #expect(backend.absence(of: message, on: device) == "the board has no core for it")
    #expect(backend.absence(of: .sha256Pair, on: device) == nil)
  }

  @Test func telemetryTellsWhatIsKnownAndNothingElse() throws {
    let backend = try SimulatedBoard.open(deadline: .seconds(20))
    let device = try #require(backend.devices.first)
    let kernel = try #require(backend.kernels(for: .sha256Pair, on: device).first)
    let batch = try Corpus(.sha256Pair, rows: 1_000, seed: 3).batch
    try kernel.run(batch, rows: 0..<1_000, into: Results(.sha256Pair, rows: 1_000))
    let telemetry = try #require(backend.telemetry(device))
    #expect(telemetry.rows == 1_000 && telemetry.beatsIn == 1_000 && telemetry.beatsOut == 1_000)
    let cycles = try #require(telemetry.cycles)
    let busy = try #require(telemetry.busyCycles)
    #expect(cycles >= busy && busy >= 1_000)
    #expect(telemetry.resets == 0)
    #expect(telemetry.temperature == nil && telemetry.power == nil && telemetry.correctedErrors == nil)
  }
}
