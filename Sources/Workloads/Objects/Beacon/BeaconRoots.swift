import AssayCore
import AssayProofs

/// Roots that an object needs, and branches that must lead from them to roots it is given.
struct BeaconRoots {
  private struct Claim {
    /// The position of the root that is proven; nil for the zero root.
    let leaf: Int?
    let name: String
    let index: UInt64
    let branch: [[UInt8]]
    let root: [UInt8]
  }

  private var nodes: [HashNode] = []
  private var claims: [Claim] = []

  /// Adds a root to be computed; its position.
  mutating func add(_ node: HashNode) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  /// Demands that `branch` shows the root at position `leaf` at a generalized index under `root`.
  mutating func prove(_ leaf: Int?, _ name: String, at index: UInt64, _ branch: [[UInt8]], under root: [UInt8]) {
    claims.append(Claim(leaf: leaf, name: name, index: index, branch: branch, root: root))
  }

  /// Demands that a header's execution header, when its fork has one, is in its body.
  mutating func addExecution(of header: LightClientHeader, _ name: String, fork: BeaconFork) throws(ObjectFault) {
    guard let execution = header.execution else { return }
    guard execution.isWellFormed, execution.fields.count == fork.executionFields else {
      throw .malformed("\(name).execution does not have the fields of \(fork.rawValue)")
    }
    prove(
      add(execution.root), "\(name).execution_branch", at: BeaconFork.executionIndex, header.executionBranch,
      under: header.beacon.bodyRoot)
  }

  /// Asks for the roots, then for the branches' verdicts.
  func verify(in work: ObjectWork, then receive: @escaping ([[UInt8]], ObjectFault?) -> Void) {
    work.digests(.sha256, of: nodes) { digests in
      let proofs = claims.map { claim in
        MerkleProof.ssz(
          SSZProof(
            leaf: claim.leaf.map { digests[$0] } ?? [UInt8](repeating: 0, count: 32), generalizedIndex: claim.index,
            path: MerklePath(claim.branch), root: claim.root))
      }
      work.verify(proofs) { verdicts in
        let bad = zip(claims, verdicts).first { !$1.isAccepted }
        receive(digests, bad.map { ObjectFault($1, "\($0.name) does not lead to the root") })
      }
    }
  }
}
