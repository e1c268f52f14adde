public import AssayCore

/// Verifies Merkle proofs of any mix of formats in batches.
///
/// All hashes of about 16 thousand proofs at a time are brought into levels and run as a few large batches of hash operations;
/// nodes that proofs have in common are hashed once. A verdict is a function of its own proof alone, whatever else is in the
/// batch and whatever device hashes.
public enum MerkleVerifier {
  /// How many proofs are flattened together: enough for full levels near the root, few enough for the cache.
  static let blockProofs = 16_384
  /// About how many bytes of hash input are flattened together.
  static let blockBytes = 64 << 20

  /// One verdict a proof, in order.
  ///
  /// - Throws: ``AssayError`` when `executor` cannot run a hash operation at all. No proof, however malformed, throws.
  public static func verify(
    _ proofs: some Sequence<MerkleProof>, on executor: any Executor
  ) throws(AssayError) -> [Verdict] {
    let plan = HashPlan()
    var verdicts: [Verdict] = []
    verdicts.reserveCapacity(proofs.underestimatedCount)
    for proof in proofs {
      plan.beginProof()
      proof.add(to: plan)
      if plan.proofs == blockProofs || plan.weight > blockBytes {
        try plan.hash(on: executor)
        verdicts += plan.verdicts
        plan.removeAll()
      }
    }
    try plan.hash(on: executor)
    verdicts += plan.verdicts
    return verdicts
  }
}
