import Assay
import AssayRuntime
import ConformanceKit
import Testing

/// What the corpora of self-tests, conformance tests and measurements consist of: a kernel that only rejects, or only accepts, must
/// not get by, and a measurement must not be one of rejections.
@Suite struct CorpusTests {
  static let portable = ConformanceTests.backends.first { $0.name == "portable" }

  static func kernel(_ operation: AssayCore.Operation) throws -> any Kernel {
    let portable = try #require(portable)
    let device = try #require(portable.devices.first)
    return try #require(portable.kernels(for: operation, on: device).first)
  }

  static let judged = AssayCore.Operation.all.filter { $0.outputs.contains { $0.kind == .verdict } }

  /// Rows that the operation accepts whatever they hold: it has no rejections to show.
  static let neverRejecting: Set<String> = ["evm18_normal_cdf"]

  /// It rejects what is not finite and nothing else, which one row in seventy of the corpus is.
  static let rarelyRejecting: Set<String> = ["exponential"]

  private func accepted(of batch: Batch) throws -> Double {
    let results = Results(batch.operation, rows: batch.rows)
    try Self.kernel(batch.operation).run(batch, rows: 0..<batch.rows, into: results)
    return Double(results.verdicts.count(where: \.isAccepted)) / Double(max(batch.rows, 1))
  }

  @Test(arguments: judged) func selfTestsHaveBothKindsOfRows(_ operation: AssayCore.Operation) throws {
    let share = try accepted(of: Corpus.selfTest(operation).batch)
    #expect(share >= 0.1, "\(operation)")
    guard !Self.neverRejecting.contains(operation.name) else { return #expect(share == 1, "\(operation)") }
    #expect(share <= (Self.rarelyRejecting.contains(operation.name) ? 0.99 : 0.9), "\(operation)")
  }

  @Test(arguments: judged) func measurementsAreOfAcceptedRows(_ operation: AssayCore.Operation) throws {
    for rows in [1, 16, 100] {
      #expect(
        try accepted(of: Corpus(operation, rows: rows, seed: 1).typical(acceptedBy: Self.kernel(operation))) >= 0.9,
        "\(operation) \(rows)")
    }
  }

  /// A device that writes nothing but one rejection fails the self-test and the comparison of every operation.
  @Test(arguments: judged) func aDeviceThatOnlyRejectsIsFound(_ operation: AssayCore.Operation) throws {
    let liar = FaultyBackend(.rejectsAll, backing: try #require(Self.portable))
    let device = try #require(liar.devices.first)
    let kernel = try #require(liar.kernels(for: operation, on: device).first)
    #expect(SelfTest.refusal(kernel) != nil)
    #expect(throws: Conformance.Failure.self) {
      try Conformance.check(kernel, against: Self.kernel(operation), sizes: [17])
    }
    #expect(throws: Profiler.Omission.self) { try Profiler(quick: true).curve(kernel, on: device) }
  }
}
