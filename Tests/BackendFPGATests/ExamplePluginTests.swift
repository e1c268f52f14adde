import Assay
import Foundation
import Testing

@testable import BackendFPGA

/// The smallest plugin, of `examples/plugin`: options of its own, an id by its serial, what is told of it, and being given back. One after
/// the other, as it has one board.
@Suite(.serialized, .enabled(if: SimulatedBoard.hasExample, SimulatedBoard.hint)) struct ExamplePluginTests {
  @Test func itsBoardIsNamedByItsSerialAndDescribed() throws {
    let backend = FPGABackend(plugins: [SimulatedBoard.example])
    let device = try #require(backend.devices.first)
    #expect(device.id == "fpga:example-0" && device.sharesHostCores && !device.isSimulated)
    let facts = backend.facts(of: device)
    #expect(facts.contains("serial: example-0"))
    #expect(facts.contains { $0.hasPrefix("plugin digest: SHA-256 ") && $0.count == 23 + 64 })
    #expect(facts.contains("rows computed: 0"))
    let batch = try Corpus(.sha256Pair, rows: 1_000, seed: 1).batch
    let results = Results(batch.operation, rows: batch.rows)
    let kernel = try #require(backend.kernels(for: batch.operation, on: device).first)
    try kernel.run(batch, rows: 0..<batch.rows, into: results)
    #expect(try SimulatedBoard.expected(batch).firstDifference(from: results) == nil)
    #expect(backend.facts(of: device).contains("rows computed: 1000"))
    backend.shutDown()
  }

  @Test func aBoardThatWasGivenBackComputesNothingAndOpensAgain() throws {
    let backend = FPGABackend(plugins: [SimulatedBoard.example])
    let device = try #require(backend.devices.first)
    let batch = try Corpus(.sha256Pair, rows: 10, seed: 1).batch
    let kernel = try #require(backend.kernels(for: batch.operation, on: device).first)
    backend.shutDown()
    backend.shutDown()
    let failure = #expect(throws: KernelFailure.self) {
      try kernel.run(batch, rows: 0..<10, into: Results(batch.operation, rows: 10))
    }
    #expect(failure?.retiresDevice == true && failure?.reason.contains("shut down") == true)
    let again = FPGABackend(plugins: [SimulatedBoard.example])
    #expect(again.devices.count == 1)
    again.shutDown()
  }

  /// Each plugin has its own options; those of all go to the ones without.
  @Test(.enabled(if: SimulatedBoard.isBuilt, SimulatedBoard.hint)) func pluginsHaveOptionsOfTheirOwn() {
    let both = FPGABackend(plugins: [SimulatedBoard.path + "?fault=none", SimulatedBoard.example + "?"])
    #expect(both.devices.map(\.id) == ["fpga:0", "fpga:example-0"] && both.warnings.isEmpty)
    both.shutDown()
    let one = FPGABackend(
      plugins: [SimulatedBoard.path + "?fault=none", SimulatedBoard.example], options: "colour=red")
    #expect(one.devices.map(\.id) == ["fpga:0"])
    #expect(one.warnings.contains { $0.contains("does not open with options colour=red") })
    one.shutDown()
  }
}
