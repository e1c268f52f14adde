import Assay
import CAssayFPGA
import Testing

@testable import BackendFPGA

/// A board that fails in every way that the simulated one can: each row is committed once and right, the receipts say what
/// happened, and the board is used again only where that is safe.
@Suite(.serialized, .enabled(if: SimulatedBoard.isBuilt, SimulatedBoard.hint)) struct DrillTests {
  struct Drill: Sendable, CustomTestStringConvertible {
    let name: String
    let fault: UInt32
    let argument: UInt64
    /// A part of the receipt's sentence.
    let reason: String
    /// Whether the board computes some of the rows nevertheless.
    let deliversRows: Bool
    /// Whether it is used again once the fault is gone.
    let comesBack: Bool
    var testDescription: String { name }
  }

  static let drills = [
    Drill(
      name: "hang", fault: ASSAY_FPGA_FAULT_HANG, argument: 1_300, reason: "hangs", deliversRows: true, comesBack: true),
    Drill(
      name: "dropped completion", fault: ASSAY_FPGA_FAULT_DROP, argument: 0, reason: "completed nothing",
      deliversRows: true, comesBack: true),
    Drill(
      name: "duplicated completion", fault: ASSAY_FPGA_FAULT_DUPLICATE, argument: 0, reason: "not in flight",
      deliversRows: false, comesBack: true),
    Drill(
      name: "stale completion", fault: ASSAY_FPGA_FAULT_STALE, argument: 0, reason: "generation", deliversRows: false,
      comesBack: true),
    Drill(
      name: "flipped bit", fault: ASSAY_FPGA_FAULT_FLIP, argument: 256 * 2_345 + 77, reason: "audit mismatch: 1 of",
      deliversRows: false, comesBack: false),
    Drill(
      name: "results not written", fault: ASSAY_FPGA_FAULT_SHORT, argument: 3, reason: "without writing",
      deliversRows: false, comesBack: true),
    Drill(
      name: "damaged data", fault: ASSAY_FPGA_FAULT_DATA, argument: 0, reason: "damaged data", deliversRows: true,
      comesBack: true),
    Drill(
      name: "link down", fault: ASSAY_FPGA_FAULT_LINK_DOWN, argument: 1_300, reason: "cannot be stopped",
      deliversRows: false, comesBack: false),
  ]

  @Test(arguments: drills, ["sha256_pair", "keccak256_pair"])
  func everyRowIsCommittedOnceAndRight(drill: Drill, operation: String) throws {
    let operation = try #require(Operation.named(operation))
    let backend = try SimulatedBoard.open()
    let dispatcher = try SimulatedBoard.dispatcher(backend, for: operation, audit: .full)
    let batch = try Corpus(operation, rows: 3_000, seed: 11).batch

    try SimulatedBoard.arm(backend, drill.fault, drill.argument)
    let results = try dispatcher.execute(batch)
    try SimulatedBoard.checkRightAndOnce(results, batch)
    let reasons = results.receipts.flatMap(\.fallbacks).map(\.reason)
    #expect(reasons.contains { $0.contains(drill.reason) }, "the receipts say \(reasons)")
    #expect(results.receipts.contains { $0.device == "cpu:portable" })
    #expect(results.receipts.contains { $0.device == "fpga:0" && $0.simulated } == drill.deliversRows)

    try SimulatedBoard.arm(backend, ASSAY_FPGA_FAULT_NONE, 0)
    let again = try dispatcher.execute(batch)
    try SimulatedBoard.checkRightAndOnce(again, batch)
    #expect(again.receipts.allSatisfy { $0.device == (drill.comesBack ? "fpga:0" : "cpu:portable") })
  }

  @Test func aDuplicateOfTheLastCompletionIsHeard() throws {
    let backend = try SimulatedBoard.open()
    let dispatcher = try SimulatedBoard.dispatcher(backend, for: .sha256Pair)
    let batch = try Corpus(.sha256Pair, rows: 100, seed: 12).batch
    try SimulatedBoard.arm(backend, ASSAY_FPGA_FAULT_DUPLICATE, 0)
    let results = try dispatcher.execute(batch)
    try SimulatedBoard.checkRightAndOnce(results, batch)
    #expect(results.receipts.allSatisfy { $0.device == "cpu:portable" })
  }

  @Test func aHangingBoardLosesNoRowWithoutAnAudit() throws {
    let batch = try Corpus(.sha256Pair, rows: 4_000, seed: 13).batch
    for start: UInt64 in [0, 1, 255, 256, 3_999] {
      let backend = try SimulatedBoard.open(options: "fault=hang,argument=\(start)")
      let kernel = try #require(backend.devices.first.flatMap { backend.kernels(for: .sha256Pair, on: $0).first })
      let results = Results(batch.operation, rows: batch.rows)
      let failure = #expect(throws: KernelFailure.self) {
        try kernel.run(batch, rows: 0..<batch.rows, into: results)
      }
      // Rows that the failure does not name must be right already.
      let expected = try SimulatedBoard.expected(batch)
      let missing = try #require(failure?.uncommitted)
      let computed = (0..<batch.rows).filter { row in !missing.contains { $0.contains(row) } }
      let (want, have) = (try #require(expected.bytes("digest")), try #require(results.bytes("digest")))
      #expect(computed.count == Int(start) / 256 * 256)
      #expect(computed.allSatisfy { want[32 * $0..<32 * $0 + 32].elementsEqual(have[32 * $0..<32 * $0 + 32]) })
    }
  }

  @Test func aBoardThatFailsThreeTimesIsRetired() throws {
    let backend = try SimulatedBoard.open()
    let dispatcher = try SimulatedBoard.dispatcher(backend, for: .sha256Pair)
    let batch = try Corpus(.sha256Pair, rows: 200, seed: 14).batch
    var reasons: [String] = []
    for _ in 0..<4 {
      try SimulatedBoard.arm(backend, ASSAY_FPGA_FAULT_DROP, 0)
      let results = try dispatcher.execute(batch)
      try SimulatedBoard.checkRightAndOnce(results, batch)
      reasons.append(results.receipts.flatMap(\.fallbacks).first?.reason ?? "")
    }
    #expect(reasons[0] == "it completed nothing for 1.0 seconds")
    #expect(reasons[1].hasPrefix("it failed before, and again when it was tried"))
    #expect(reasons[2].contains("it failed 3 times and is not used again"))
    #expect(reasons[3] == reasons[2])
  }

  @Test func aBoardThatComputesWronglyAfterAFailureIsNotTrusted() throws {
    let backend = try SimulatedBoard.open()
    let dispatcher = try SimulatedBoard.dispatcher(backend, for: .sha256Pair)
    let batch = try Corpus(.sha256Pair, rows: 5_000, seed: 15).batch
    try SimulatedBoard.arm(backend, ASSAY_FPGA_FAULT_STALE, 0)
    try SimulatedBoard.checkRightAndOnce(try dispatcher.execute(batch), batch)
    try SimulatedBoard.arm(backend, ASSAY_FPGA_FAULT_FLIP, 256 * 20)
    let results = try dispatcher.execute(batch)
    try SimulatedBoard.checkRightAndOnce(results, batch)
    #expect(results.receipts.flatMap(\.fallbacks).contains { $0.reason.contains("computed wrongly when it was tried") })
  }
}
