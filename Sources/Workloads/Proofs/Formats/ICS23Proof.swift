import AssayCore

/// A key with its value, or without one, in a Cosmos tree (ICS-23).
///
/// The proof is a `CommitmentProof`: existence, non-existence by two neighbours, or a batch of them, compressed or not. It must show
/// the given key; of a batch, every entry must hold under the root. The root is SHA-256 all the way in all three trees.
public struct ICS23Proof: Sendable {
  /// The trees whose specifications are known.
  public enum Tree: String, Sendable, CaseIterable {
    /// Cosmos SDK's IAVL+ tree.
    case iavl
    /// Tendermint's (CometBFT's) tree.
    case tendermint
    /// Celestia's sparse Merkle tree.
    case smt
  }

  /// The root to trust, 32 bytes.
  public var root: [UInt8]
  /// The key.
  public var key: [UInt8]
  /// The value to be shown; nil to show that there is none.
  public var value: [UInt8]?
  /// The `CommitmentProof` in Protocol Buffers.
  public var proof: [UInt8]
  /// Which tree it is.
  public var tree: Tree
  /// Whether a gap shows that every key in it is missing, as ibc-go has it, and not only the one that the proof names. Trees that
  /// compare hashed keys show the named one alone.
  public var showsWholeGap = false

  /// A proof from its parts.
  public init(root: [UInt8], key: [UInt8], value: [UInt8]?, proof: [UInt8], tree: Tree) {
    self.root = root
    self.key = key
    self.value = value
    self.proof = proof
    self.tree = tree
  }

  func add(to plan: HashPlan) {
    let spec: ICS23Spec =
      switch tree {
      case .iavl: .iavl
      case .tendermint: .tendermint
      case .smt: .smt
      }
    guard let root = plan.constant(root), !key.isEmpty, let proof = ICS23.Proof(proof) else {
      return plan.reject(.malformedRow)
    }
    let all = proof.existences + proof.nonExistences.flatMap { [$0.left, $0.right] }.compactMap { $0 }
    guard all.allSatisfy({ spec.admits($0, proof.inners) && !$0.key.isEmpty && !$0.value.isEmpty }),
      all.reduce(0, { $0 + $1.path.count }) <= ICS23.Proof.stepLimit,
      proof.nonExistences.allSatisfy({ spec.hasGap($0, proof.inners) })
    else { return plan.reject(.proofShapeInvalid) }
    guard shows(proof, spec) else { return plan.reject(.valueMismatch) }
    for existence in all {
      plan.require(spec.top(of: existence, proof.inners, in: plan), equals: root, else: .rootMismatch)
    }
    for gap in proof.nonExistences { requireOrder(of: gap, spec, in: plan) }
  }

  /// Whether an entry is about the key, and about its value.
  private func shows(_ proof: ICS23.Proof, _ spec: ICS23Spec) -> Bool {
    guard let value else {
      return proof.nonExistences.contains { gap in
        gap.key.elementsEqual(key)
          || showsWholeGap && !spec.comparesHashedKeys
            && (gap.left.map { $0.key.lexicographicallyPrecedes(key) } ?? true)
            && (gap.right.map { key.lexicographicallyPrecedes($0.key) } ?? true)
      }
    }
    return proof.existences.contains { $0.key.elementsEqual(key) && $0.value.elementsEqual(value) }
  }

  /// Rejects the proof unless the key is right of its left neighbour and left of its right one.
  private func requireOrder(of gap: ICS23.NonExistence, _ spec: ICS23Spec, in plan: HashPlan) {
    guard spec.comparesHashedKeys else {
      let isRight = gap.left.map { $0.key.lexicographicallyPrecedes(gap.key) } ?? true
      let isLeft = gap.right.map { gap.key.lexicographicallyPrecedes($0.key) } ?? true
      return isRight && isLeft ? () : plan.reject(.proofShapeInvalid)
    }
    func hashed(_ key: ArraySlice<UInt8>) -> Reference {
      key.withUnsafeBytes { plan.message(.sha256, level: 0, $0) }
    }
    let (left, key, right) = (gap.left.map { hashed($0.key) }, hashed(gap.key), gap.right.map { hashed($0.key) })
    plan.decide {
      let isRight = left.map { plan.value($0).lexicographicallyPrecedes(plan.value(key)) } ?? true
      let isLeft = right.map { plan.value(key).lexicographicallyPrecedes(plan.value($0)) } ?? true
      return isRight && isLeft ? .accepted : .proofShapeInvalid
    }
  }
}

extension ICS23Spec {
  /// Whether the neighbours of a missing key have nothing between them; one of them may be missing at the tree's edge.
  func hasGap(_ gap: ICS23.NonExistence, _ inners: [ICS23.InnerOp]) -> Bool {
    switch (gap.left?.path.map { inners[$0] }, gap.right?.path.map { inners[$0] }) {
    case (nil, nil): false
    case (nil, let right?): isLeftmost(right)
    case (let left?, nil): isRightmost(left)
    case (let left?, let right?): areNeighbours(left, right)
    }
  }

  /// Adds the leaf and the steps of a proof that the specification admits, and returns the root that they lead to.
  func top(of proof: ICS23.Existence, _ inners: [ICS23.InnerOp], in plan: HashPlan) -> Reference {
    var level = proof.path.count
    let layer = plan.messageLayer(.sha256, level)
    (proof.leaf?.prefix ?? []).withUnsafeBytes { layer.pointee.appendPiece($0) }
    appendPart(proof.key, prehash: leaf.prehashKey, to: layer, level: level, in: plan)
    appendPart(proof.value, prehash: leaf.prehashValue, to: layer, level: level, in: plan)
    var node = Reference(.sha256Message, layer.pointee.finishTemplate())
    for index in proof.path {
      level -= 1
      let layer = plan.messageLayer(.sha256, level)
      inners[index].prefix.withUnsafeBytes { layer.pointee.appendPiece($0) }
      layer.pointee.appendPiece(node)
      inners[index].suffix.withUnsafeBytes { layer.pointee.appendPiece($0) }
      node = Reference(.sha256Message, layer.pointee.finishTemplate())
    }
    return node
  }

  /// Appends a key or value to a leaf, hashed first and with its length in front where the specification says so.
  private func appendPart(
    _ part: ArraySlice<UInt8>, prehash: UInt64, to layer: UnsafeMutablePointer<MessageLayer>, level: Int,
    in plan: HashPlan
  ) {
    if leaf.length == ICS23.variableLength {
      Self.varint(prehash == ICS23.sha256 ? 32 : part.count).withUnsafeBytes { layer.pointee.appendPiece($0) }
    }
    if prehash == ICS23.sha256 {
      layer.pointee.appendPiece(part.withUnsafeBytes { plan.message(.sha256, level: level + 1, $0) })
    } else {
      part.withUnsafeBytes { layer.pointee.appendPiece($0) }
    }
  }

  private static func varint(_ value: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = UInt64(value)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
