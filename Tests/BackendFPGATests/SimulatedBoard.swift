import Assay
import BackendCPU
import CAssayFPGA
import CAssayOperations
import Foundation
import Testing

@testable import BackendFPGA

/// The simulated board that `make -C kernels/fpga sim` builds, or the plugin that `ASSAY_FPGA_PLUGIN` names.
enum SimulatedBoard {
  private static let build = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("kernels/fpga/build").path

  static let path: String = {
    let named = ProcessInfo.processInfo.environment["ASSAY_FPGA_PLUGIN"] ?? ""
    return named.split(separator: ":").first.map(String.init) ?? build + "/libassay_fpga_sim.so"
  }()
  static let wrongVersion = build + "/libassay_fpga_wrong_version.so"

  static let example = build + "/libassay_board_example.so"

  static let hasExample = FileManager.default.fileExists(atPath: example)
  static let isBuilt = FileManager.default.fileExists(atPath: path)
  static let hasWrongVersion = FileManager.default.fileExists(atPath: wrongVersion)
  static let hint: Comment = "no simulated board: run `make -C kernels/fpga sim`"

  static let portable = CPUBackend(.portable, pool: ThreadPool(threads: 1))

  /// Fixed-width hashes: what the simulated board must compute.
  static let operations = ["sha256_pair", "sha256_rfc6962_node", "sha256d_pair", "keccak256_pair"]

  /// A board of the test's own; nothing that happens to it is seen by others. Descriptors of 256 rows, so that a few thousand
  /// rows make a batch of many.
  static func open(deadline: Duration = .seconds(1), options: String? = nil) throws -> FPGABackend {
    var configuration = Board.Configuration()
    configuration.deadline = deadline
    configuration.slotBytes = 256 * 64
    let backend = FPGABackend(plugins: [path], options: options, configuration)
    try #require(backend.absence == nil)
    return backend
  }

  /// A dispatcher that must use the board, and has tested its kernel of `operation` already.
  static func dispatcher(
    _ backend: FPGABackend, for operation: AssayCore.Operation, audit: Audit = .none
  ) throws -> Dispatcher {
    var configuration = Dispatcher.Configuration()
    configuration.policy = .require("fpga", strict: false)
    configuration.audit = audit
    let dispatcher = try Dispatcher(backends: [backend, portable], configuration)
    _ = try dispatcher.plan(operation, rows: 1)
    return dispatcher
  }

  static func arm(_ backend: FPGABackend, _ fault: UInt32, _ argument: UInt64) throws {
    let board = try #require(backend.devices.first.flatMap { backend.board($0) })
    let inject = try #require(board.plugin.table.inject_fault)
    #expect(inject(board.device, fault, argument) == ASSAY_FPGA_OK)
  }

  /// What the portable kernel makes of a batch.
  static func expected(_ batch: Batch) throws -> Results {
    let device = try #require(portable.devices.first)
    let kernel = try #require(portable.kernels(for: batch.operation, on: device).first)
    let results = Results(batch.operation, rows: batch.rows)
    try kernel.run(batch, rows: 0..<batch.rows, into: results)
    return results
  }

  /// Every byte is the portable kernel's, and the receipts cover each row once.
  static func checkRightAndOnce(_ results: Results, _ batch: Batch) throws {
    #expect(try expected(batch).firstDifference(from: results) == nil)
    var next = 0
    for receipt in results.receipts.sorted(by: { $0.first < $1.first }) {
      #expect(receipt.first == next)
      next = receipt.first + receipt.rows
    }
    #expect(next == batch.rows)
  }
}

/// Foundation has one too.
typealias Operation = AssayCore.Operation

extension AssayCore.Operation {
  /// SHA-256 of 64-byte pairs.
  static let sha256Pair = AssayCore.Operation(ASSAY_OPERATION_sha256_pair)
}
