import Assay
import Foundation
import Testing

@testable import BackendFPGA

/// Plugins are loaded from explicit paths only, and refused by name.
@Suite struct LoaderTests {
  /// The gate of the continuous integration: there, a board that is missing is a failure and not a skipped test.
  @Test func aBoardIsThereWhereOneIsRequired() {
    guard ProcessInfo.processInfo.environment["ASSAY_REQUIRE_FPGA"] == "1" else { return }
    let backend = FPGABackend(plugins: [SimulatedBoard.path])
    #expect(backend.absence == nil)
    #expect(SimulatedBoard.hasWrongVersion)
  }

  @Test func noPluginIsNamed() {
    let backend = FPGABackend(plugins: [])
    #expect(backend.devices.isEmpty && backend.warnings.isEmpty)
    #expect(backend.absence?.contains("ASSAY_FPGA_PLUGIN") == true)
  }

  @Test func aMissingPluginIsNamed() {
    let backend = FPGABackend(plugins: ["/nowhere/libboard.so"])
    #expect(backend.devices.isEmpty)
    #expect(backend.absence?.contains("/nowhere/libboard.so cannot be loaded") == true)
  }

  @Test func aBareNameIsNotSearchedFor() {
    #expect(FPGABackend(plugins: ["libc.so.6"]).absence?.contains("./libc.so.6") == true)
  }

  @Test func aFileThatIsNoLibraryIsRefused() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString).so").path
    try Data("not a library".utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(FPGABackend(plugins: [path]).absence?.contains("cannot be loaded") == true)
  }

  @Test func aBrokenPluginAmongThemStopsNobodyButTheDispatcherThatRequiresIt() throws {
    let backend = FPGABackend(plugins: ["/nowhere/libboard.so"])
    var configuration = Dispatcher.Configuration()
    configuration.policy = .require("fpga", strict: false)
    let error = #expect(throws: AssayError.self) {
      try Dispatcher(backends: [backend, SimulatedBoard.portable], configuration)
    }
    #expect(error?.kind == .unavailable)
    #expect(error?.message.contains("/nowhere/libboard.so") == true)
    let batch = try Corpus(.sha256Pair, rows: 10, seed: 1).batch
    let results = try Dispatcher(backends: [backend, SimulatedBoard.portable]).execute(batch)
    try SimulatedBoard.checkRightAndOnce(results, batch)
  }

  @Test(.enabled(if: SimulatedBoard.hasWrongVersion, SimulatedBoard.hint))
  func anotherVersionIsRefusedByName() {
    let absence = FPGABackend(plugins: [SimulatedBoard.wrongVersion]).absence
    #expect(
      absence?.hasSuffix(
        "(assay-of-tomorrow 7.1) speaks version 2.0 of the FPGA interface; this build speaks 1.x") == true)
  }

  @Test(.enabled(if: SimulatedBoard.isBuilt, SimulatedBoard.hint))
  func aRefusedPluginDoesNotHideTheOthers() {
    let backend = FPGABackend(plugins: ["/nowhere/libboard.so", SimulatedBoard.path])
    #expect(backend.devices.map(\.id) == ["fpga:0"])
    #expect(backend.warnings.first?.hasPrefix("/nowhere/libboard.so") == true)
  }

  @Test(.enabled(if: SimulatedBoard.isBuilt, SimulatedBoard.hint))
  func anUnknownOptionIsRefused() {
    let backend = FPGABackend(plugins: [SimulatedBoard.path], options: "colour=red")
    #expect(backend.absence?.contains("does not open with options colour=red") == true)
  }
}
