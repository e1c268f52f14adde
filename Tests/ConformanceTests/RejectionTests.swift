import Assay
import ConformanceKit
import Testing

/// Verdicts that several operations' results lead to: what a device's flipped bits would reject is computed again on the host.
@Suite struct RejectionTests {
  /// An engine whose device flips a bit in every row once it has passed its self-tests, and is not audited.
  static func engine() throws -> Engine {
    var configuration = Dispatcher.Configuration()
    configuration.policy = .require("faulty", strict: false)
    configuration.audit = .none
    let backends = Backends.all(threads: 1).filter { $0.name == "portable" }
    return try Engine(
      backends: backends + [FaultyBackend(.flipsBits, backing: try #require(backends.first))], configuration)
  }

  @Test func aProofIsNotRejectedForADevicesBits() throws {
    let host = try Engine(threads: 1)
    let tree = try MerkleTree(.rfc6962, leaves: (0..<20).map { [UInt8($0)] }, on: host)
    var proofs = try (0..<20).map { try #require(tree.proof($0)) }
    proofs.append(
      .rfc6962Inclusion(
        RFC6962Inclusion(
          leaf: .data([99]), index: 3, treeSize: 20, path: try #require(tree.path(3)), root: tree.root)))
    let verdicts = try MerkleVerifier.verify(proofs, on: Self.engine())
    #expect(verdicts == [Verdict](repeating: .accepted, count: 20) + [.rootMismatch])
  }
}
