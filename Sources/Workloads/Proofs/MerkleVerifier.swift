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

  /// One verdict per proof, in order, from a verifier of its own.
  ///
  /// - Throws: ``AssayError`` when `executor` cannot run a hash operation at all. No proof, however malformed, throws.
  public static func verify(_ proofs: [MerkleProof], on executor: any Executor) throws(AssayError) -> [Verdict] {
    try MerkleVerifier(on: executor).verify(proofs)
  }

  /// One verdict per proof, in order.
  ///
  /// - Throws: ``AssayError`` when the executor cannot run a hash operation at all. No proof, however malformed, throws.
  public func verify(_ proofs: [MerkleProof]) throws(AssayError) -> [Verdict] {
    var verdicts: [Verdict] = []
    verdicts.reserveCapacity(proofs.count)
    var next = 0
    repeat {
      next = try verify(proofs.span, from: next)
      verdicts += plan.verdicts
    } while next < proofs.count
    try confirmRejections(of: proofs, in: &verdicts)
    return verdicts
  }

  /// Verifies rejected proofs again with the host's hashes, where another device's may have been used: one bit that flips on a device
  /// must not become a proof's fault.
  private func confirmRejections(of proofs: [MerkleProof], in verdicts: inout [Verdict]) throws(AssayError) {
    guard let host = executor.host else { return }
    let rejected = verdicts.indices.filter { !verdicts[$0].isAccepted }
    guard !rejected.isEmpty else { return }
    let again = try MerkleVerifier.verify(rejected.map { proofs[$0] }, on: host)
    for (index, verdict) in zip(rejected, again) { verdicts[index] = verdict }
  }

  /// Verifies as many proofs from `first` on as go into one plan, and returns which is next. The plan points into the proofs.
  private func verify(_ proofs: Span<MerkleProof>, from first: Int) throws(AssayError) -> Int {
    plan.removeAll()
    var next = first
    proofs.withUnsafeBufferPointer { proofs in
      proofs.withMemoryRebound(to: LentProof.self) { proofs in
        while next < proofs.count, plan.proofs < Self.blockProofs, plan.weight < Self.blockBytes {
          plan.beginProof()
          let ahead = proofs.baseAddress.unsafelyUnwrapped + min(next + Self.lookahead, proofs.count - 1)
          assay_prefetch_referents(ahead, MemoryLayout<LentProof>.size)
          proofs[next].add(to: plan)
          next += 1
        }
      }
    }
    try plan.hash(on: executor)
    return next
  }
}

/// A proof where it lies in the caller's array. It cannot be copied, so that looking at it counts no reference to its byte strings:
/// for thousands of proofs that lie all over memory, counting takes longer than all other checks of their structure.
private struct LentProof: ~Copyable {
  private let proof: MerkleProof

  func add(to plan: HashPlan) { proof.add(to: plan) }
}
