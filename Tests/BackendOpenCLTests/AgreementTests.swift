import AssayCore
import AssayRuntime
import BackendOpenCL
import ConformanceKit
import Testing

/// Every operation with OpenCL text gives the portable kernel's bytes.
@Suite(.enabled(if: Support.hasDevice, "no OpenCL device here")) struct AgreementTests {
  @Test func hashesAndPricesHaveText() throws {
    let names = [
      "sha256_pair", "sha256d_pair", "sha256_rfc6962_node", "keccak256_pair", "sha256_message", "black_scholes",
    ]
    for name in names { #expect(ProgramSource.provides(try Support.operation(name)), "\(name)") }
  }

  @Test(arguments: Support.operations) func conformsOverBorrowedMemory(_ operation: Operation) throws {
    try Conformance.check(Support.kernel(operation), against: Support.reference(operation))
  }

  @Test(arguments: Support.operations) func conformsOverCopiedMemory(_ operation: Operation) throws {
    try Conformance.check(Support.kernel(operation, copies: true), against: Support.reference(operation))
  }

  @Test(arguments: ["sha256_pair", "sha256d_pair", "keccak256_pair"], [false, true])
  func hundredThousandRandomPairs(_ name: String, _ copies: Bool) throws {
    let batch = try Support.randomBytes(Support.operation(name), rows: 100_003, seed: 77)
    let results = Results(batch.operation, rows: batch.rows)
    try Support.kernel(batch.operation, copies: copies).run(batch, rows: 0..<batch.rows, into: results)
    #expect(results.agrees(with: try Support.expected(batch), in: 0..<batch.rows))
  }

  /// Messages that do not start at offset 0, empty ones among them, split over several launches.
  @Test(arguments: [false, true]) func messagesInTheMiddle(_ copies: Bool) throws {
    var random = SplitMix64(state: 5)
    let messages = (0..<40_000).map { _ in
      (0..<Int(random.next() % 23)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
    let batch = try Batch(Support.operation("keccak256_message"), [Column(messages: messages)])
    let rows = 1_234..<batch.rows - 7
    let results = Results(batch.operation, rows: batch.rows)
    try Support.kernel(batch.operation, copies: copies).run(batch, rows: rows, into: results)
    #expect(results.agrees(with: try Support.expected(batch), in: rows))
  }

  @Test func onlyEmptyMessages() throws {
    let batch = try Batch(Support.operation("sha256_message"), [Column(messages: [[], [], []])])
    let results = Results(batch.operation, rows: 3)
    try Support.kernel(batch.operation).run(batch, rows: 0..<3, into: results)
    #expect(results.agrees(with: try Support.expected(batch), in: 0..<3))
  }

  /// Threads that use one device at once wait for each other and get their own rows.
  @Test func severalThreadsAtOnce() async throws {
    let kernel = try Support.kernel(Support.operation("sha256_pair"))
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for seed in 0..<6 {
        group.addTask {
          let batch = try Support.randomBytes(kernel.operation, rows: 3_000 + seed, seed: UInt64(seed))
          let results = Results(batch.operation, rows: batch.rows)
          try kernel.run(batch, rows: 0..<batch.rows, into: results)
          return results.agrees(with: try Support.expected(batch), in: 0..<batch.rows)
        }
      }
      for try await agrees in group { #expect(agrees) }
    }
  }
}
