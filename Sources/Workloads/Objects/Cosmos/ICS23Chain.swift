import AssayCore
public import AssayProofs

/// A key of a Cosmos application's store under its app hash: a chain of ICS-23 proofs, each tree's root being the value under the
/// store's key in the next (IBC's `MerkleProof`, ICS-23).
///
/// Usually two: the store's IAVL tree, then the tree of all stores. The app hash of a block is in the header of the **next** one.
/// Absence is shown in the first tree; a store that is not there is no absence of its keys.
public struct ICS23Chain: ChainObject {
  /// The app hash, 32 bytes.
  public var root: [UInt8]
  /// The key in the store.
  public var key: [UInt8]
  /// The value to be shown; nil to show that there is none.
  public var value: [UInt8]?
  /// The `CommitmentProof` of each tree, the store's first.
  public var proofs: [[UInt8]]
  /// The specification of each tree.
  public var trees: [ICS23Proof.Tree]
  /// The key of each tree's root in the next: one less than there are trees.
  public var path: [[UInt8]]

  /// Describes a row. Without trees they are those of IBC: `iavl`, then `tendermint`.
  public init(
    root: [UInt8], key: [UInt8], value: [UInt8]?, proofs: [[UInt8]], trees: [ICS23Proof.Tree] = [.iavl, .tendermint],
    path: [[UInt8]]
  ) {
    self.root = root
    self.key = key
    self.value = value
    self.proofs = proofs
    self.trees = trees
    self.path = path
  }

  private static let mostProofs = 16

  /// The proofs of a protobuf `MerkleProof` (`ibc.core.commitment.v1`); nil when it is not one.
  public static func proofs(ofMerkleProof bytes: [UInt8]) -> [[UInt8]]? {
    var proofs: [[UInt8]] = []
    let isWellFormed = ProtobufReader.read(bytes[...], repeated: [1]) { number, value in
      guard number == 1, case .bytes(let proof) = value else { return false }
      proofs.append(Array(proof))
      return true
    }
    return isWellFormed && !proofs.isEmpty ? proofs : nil
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    guard root.count == 32 else { throw .malformed("root is not 32 bytes long") }
    guard !proofs.isEmpty, proofs.count <= Self.mostProofs, trees.count == proofs.count, path.count == proofs.count - 1
    else {
      throw ObjectFault(
        .proofShapeInvalid,
        "\(proofs.count) proofs need as many specs and \(max(0, proofs.count - 1)) store keys in path")
    }
    // Each tree's root is the value that the next proof shows; what it shows is then verified like any other.
    var roots: [[UInt8]] = []
    for proof in proofs.dropFirst() {
      guard let value = Self.value(ofExistence: proof) else {
        throw ObjectFault(.proofShapeInvalid, "a proof above the first is not one of existence")
      }
      guard value.count == 32 else { throw ObjectFault(.valueMismatch, "a proof above the first does not show a root") }
      roots.append(value)
    }
    roots.append(root)
    let checks = proofs.indices.map { index in
      var check = ICS23Proof(
        root: roots[index], key: index == 0 ? key : path[index - 1], value: index == 0 ? value : roots[index - 1],
        proof: proofs[index], tree: trees[index])
      check.showsWholeGap = true
      return MerkleProof.ics23(check)
    }
    work.verify(checks) { verdicts in
      if let index = verdicts.firstIndex(where: { !$0.isAccepted }) {
        return finish(.rejected(verdicts[index], "proof \(index) does not show its key and value under its root"))
      }
      finish(.accepted())
    }
  }

  /// The value in a `CommitmentProof` of existence.
  private static func value(ofExistence bytes: [UInt8]) -> [UInt8]? {
    var found: [UInt8]?
    let isWellFormed = ProtobufReader.read(bytes[...]) { number, value in
      guard number == 1, case .bytes(let existence) = value else { return false }
      return ProtobufReader.read(existence, repeated: [4]) { number, value in
        if number == 2, case .bytes(let bytes) = value { found = Array(bytes) }
        return true
      }
    }
    return isWellFormed ? found : nil
  }
}

/// A transaction under the data hash of a CometBFT block: the leaf is the transaction's SHA-256.
public struct CometTransaction: ChainObject {
  /// The transaction's bytes.
  public var transaction: [UInt8]
  /// Its place.
  public var index: UInt64
  /// How many transactions the block has.
  public var total: UInt64
  /// The siblings from the leaf to the root.
  public var aunts: [[UInt8]]
  /// The header's `data_hash`, 32 bytes.
  public var dataHash: [UInt8]
  /// The leaf's hash, when it is given too.
  public var leafHash: [UInt8]?

  /// Describes a row.
  public init(
    transaction: [UInt8], index: UInt64, total: UInt64, aunts: [[UInt8]], dataHash: [UInt8], leafHash: [UInt8]? = nil
  ) {
    self.transaction = transaction
    self.index = index
    self.total = total
    self.aunts = aunts
    self.dataHash = dataHash
    self.leafHash = leafHash
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    work.digest(.sha256, of: transaction) { hash in
      work.digest(.sha256, of: [0x00] + hash) { leaf in
        if let leafHash, leafHash != leaf {
          return finish(.rejected(.valueMismatch, "the transaction has another leaf hash"))
        }
        let proof = RFC6962Inclusion(
          leaf: .hash(leaf), index: index, treeSize: total, path: MerklePath(aunts), root: dataHash)
        work.verify([.rfc6962Inclusion(proof)]) { verdicts in
          finish(
            verdicts[0].isAccepted
              ? .accepted([("hash", .bytes(hash))])
              : .rejected(verdicts[0], "the transaction is not at its place under the data hash"))
        }
      }
    }
  }
}
