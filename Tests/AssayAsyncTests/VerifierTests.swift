import Assay
import Testing

/// Calls become batches, wait for room, obey priorities, deadlines and cancellation, and keep their order.
@Suite struct VerifierTests {
  /// Row `index` of a tree's inclusion proofs; every third one is of another leaf.
  private static func checks(_ count: Int) throws -> [(check: Check, isGood: Bool)] {
    let engine = try Engine(threads: 1)
    let tree = try MerkleTree(.rfc6962, leaves: (0..<64).map { [UInt8($0)] }, on: engine)
    return try (0..<count).map { index in
      let leaf = index % 3 == 0 ? (index + 1) % 64 : index % 64
      let proof = RFC6962Inclusion(
        leaf: .data([UInt8(leaf)]), index: UInt64(index % 64), treeSize: 64,
        path: try #require(tree.path(index % 64)), root: tree.root)
      return (.merkle(.rfc6962Inclusion(proof)), leaf == index % 64)
    }
  }

  @Test func everyCallHasItsOwnVerdict() async throws {
    let verifier = try await Verifier(warm: [.sha256Message], batching: .upTo(64, within: .milliseconds(5)))
    let checks = try Self.checks(500)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for (check, isGood) in checks {
        group.addTask { try await verifier.verify(check).isAccepted == isGood }
      }
      for try await isRight in group { #expect(isRight) }
    }
    let statistics = verifier.statistics
    #expect(statistics.rows == 500 && statistics.batches < 500 && statistics.rowsPerBatch > 1)
    #expect(statistics.pendingRows == 0 && statistics.pendingBytes == 0)
  }

  @Test(arguments: [1, 7, 1_000]) func verdictsComeInTheOrderOfTheirChecks(ahead: Int) async throws {
    let verifier = try await Verifier(batching: .upTo(16, within: .milliseconds(1)), limit: QueueLimit(rows: 20))
    let checks = try Self.checks(200)
    let source = AsyncStream { continuation in
      for index in checks.indices { continuation.yield(index) }
      continuation.finish()
    }
    var next = 0
    for try await (index, verdict) in verifier.verdicts(for: source, ahead: ahead, of: { checks[$0].check }) {
      #expect(index == next && verdict.isAccepted == checks[index].isGood)
      next += 1
    }
    #expect(next == 200)
    #expect(verifier.statistics.mostPendingRows <= 20)
  }

  /// An outcome waits for no element after its own.
  @Test func aSlowSourceDelaysNobody() async throws {
    let verifier = try await Verifier(batching: .upTo(16, within: .milliseconds(1)))
    let check = try Self.checks(2)[1].check
    let (source, continuation) = AsyncStream<Check>.makeStream()
    continuation.yield(check)
    var iterator = verifier.verdicts(for: source).makeAsyncIterator()
    #expect(try await iterator.next()?.1 == .accepted)
    continuation.finish()
    #expect(try await iterator.next() == nil)
  }

  @Test func aFailingSourceSaysSo() async throws {
    struct Broken: Error {}
    let verifier = try await Verifier(batching: .upTo(16, within: .milliseconds(1)))
    let check = try Self.checks(2)[1].check
    let source = AsyncThrowingStream<Check, any Error> { continuation in
      continuation.yield(check)
      continuation.finish(throwing: Broken())
    }
    var iterator = verifier.verdicts(for: source).makeAsyncIterator()
    #expect(try await iterator.next()?.1 == .accepted)
    await #expect(throws: Broken.self) { try await iterator.next() }
  }

  /// A batch that never fills and hardly starts: calls leave it when they are cancelled or late.
  @Test func callsAreCancelledAndExpire() async throws {
    let verifier = try await Verifier(batching: .upTo(1_000, within: .seconds(600)))
    let check = try Self.checks(2)[1].check
    await #expect(throws: DeadlinePassed.self) { try await verifier.verify(check, deadline: .milliseconds(20)) }
    let task = Task { try await verifier.verify(check) }
    while verifier.statistics.pendingRows == 0 { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let cancelled = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await verifier.verify(check)
    }
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    let statistics = verifier.statistics
    #expect(statistics.cancelled == 2 && statistics.expired == 1 && statistics.pendingRows == 0)
  }

  /// The queue's limit suspends callers; they come in when a call ahead of them leaves.
  @Test func aFullQueueSuspendsItsCallers() async throws {
    let verifier = try await Verifier(batching: .upTo(1_000, within: .seconds(600)), limit: QueueLimit(rows: 3))
    let check = try Self.checks(2)[1].check
    let tasks = (0..<5).map { _ in Task { try await verifier.verify(check) } }
    while verifier.statistics.delayed < 2 { await Task.yield() }
    #expect(verifier.statistics.pendingRows == 3)
    for task in tasks { task.cancel() }
    for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
    #expect(verifier.statistics.mostPendingRows == 3 && verifier.statistics.pendingRows == 0)
  }

  @Test func rowsAreReadWhereTheyLie() async throws {
    let verifier = try await Verifier()
    let layout = PackedSignatures(.ed25519)
    let rows = [UInt8](repeating: 1, count: 3 * layout.rowBytes)
    var verdicts = [Verdict](repeating: .accepted, count: 3)
    var span = verdicts.mutableSpan
    try verifier.verify(rows: rows.span.bytes, layout: layout, into: &span)
    #expect(verdicts.allSatisfy { !$0.isAccepted })
    var tooFew = [Verdict](repeating: .accepted, count: 2)
    #expect(throws: AssayError.self) {
      var span = tooFew.mutableSpan
      try verifier.verify(rows: rows.span.bytes, layout: layout, into: &span)
    }
  }
}
