public import AssayCore
import CAssayOperations

/// Verifies Merkle proofs of any mix of formats in batches.
///
/// All hashes of about 16 thousand proofs at a time are brought into levels and run as a few large batches of hash operations;
/// nodes that proofs have in common are hashed once. A verdict is a function of its own proof alone, whatever else is in the
/// batch and whatever device hashes. A verifier keeps its working memory from call to call; it serves one call at a time.
public final class MerkleVerifier {
  /// How many proofs are flattened together: enough for full levels near the root, few enough for the cache.
  static let blockProofs = 16_384
  /// About how many bytes of hash input are flattened together.
  static let blockBytes = 64 << 20

  /// How many proofs ahead the memory that they refer to is called for.
  private static let lookahead = 8

  private let executor: any Executor
  private let plan = HashPlan()

  /// A verifier whose hashes `executor` computes.
  public init(on executor: any Executor) {
    self.executor = executor
  }

  /// One verdict a proof, in order, from a verifier of its own.
  ///
  /// - Throws: ``AssayError`` when `executor` cannot run a hash operation at all. No proof, however malformed, throws.
  public static func verify(_ proofs: [MerkleProof], on executor: any Executor) throws(AssayError) -> [Verdict] {
    try MerkleVerifier(on: executor).verify(proofs)
  }

  /// One verdict a proof, in order.
  ///
  /// - Throws: ``AssayError`` when the executor cannot run a hash operation at all. No proof, however malformed, throws.
  public func verify(_ proofs: [MerkleProof]) throws(AssayError) -> [Verdict] {
    var verdicts: [Verdict] = []
    verdicts.reserveCapacity(proofs.count)
    var next = 0
    repeat {
      plan.removeAll()
      while next < proofs.count, plan.proofs < Self.blockProofs, plan.weight < Self.blockBytes {
        plan.beginProof()
        proofs.prefetch(next + Self.lookahead)
        proofs[next].add(to: plan)
        next += 1
      }
      // The plan points into the proofs.
      defer { withExtendedLifetime(proofs) {} }
      try plan.hash(on: executor)
      verdicts += plan.verdicts
    } while next < proofs.count
    return verdicts
  }
}

extension [MerkleProof] {
  /// Begins to load the byte strings of the proof at `index`, if there is one.
  fileprivate func prefetch(_ index: Int) {
    guard index < count else { return }
    withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      assay_prefetch_referents(
        start + index * MemoryLayout<MerkleProof>.stride, MemoryLayout<MerkleProof>.size)
    }
  }
}
