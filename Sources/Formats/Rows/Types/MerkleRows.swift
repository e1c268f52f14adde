import Assay

extension RowWorkload where Check == MerkleProof {
  /// Merkle proofs of any format, whose hashes are computed together.
  static var merkle: Self {
    RowWorkload("merkle") { proofs, executor throws(AssayError) in
      try MerkleVerifier.verify(proofs, on: executor).map { RowOutcome(verdict: $0) }
    }
  }
}

extension Row {
  /// The path of a proof: its field `path`.
  func path() throws(RowProblem) -> MerklePath { MerklePath(try list("path")) }
}

extension RowField {
  static let path = RowField.required("path", .list(.bytes), "32 bytes each, from the leaf up")
  static let root = RowField.required("root", .bytes, "32 bytes")
}

/// Certificate Transparency's trees and their successors (RFC 6962, RFC 9162, draft-ietf-plants-merkle-tree-certs).
extension RowType {
  private static let rfc6962: [Operation] = [.sha256Pair, .sha256RFC6962Node, .sha256Message]
  private static let leafFields: [RowField] = [
    .optional("leaf", .bytes, "the leaf's data"), .optional("leafHash", .bytes, "32 bytes"),
  ]

  private static func leaf(_ row: Row) throws(RowProblem) -> RFC6962Inclusion.Leaf {
    try row.one(of: "leafHash", or: "leaf") ? .hash(try row.bytes("leafHash")) : .data(try row.bytes("leaf"))
  }

  static let merkleRFC6962Inclusion = RowType(
    "merkle-rfc6962-inclusion",
    leafFields + [.required("index", .whole), .required("treeSize", .whole), .path, .root],
    rule: "RFC 6962 and 9162, SHA-256; leaf or leafHash is given.", operations: rfc6962, workload: .merkle
  ) { row throws(RowProblem) in
    .rfc6962Inclusion(
      RFC6962Inclusion(
        leaf: try leaf(row), index: try row.unsigned("index"), treeSize: try row.unsigned("treeSize"),
        path: try row.path(), root: try row.bytes("root")))
  }

  static let merkleRFC6962Consistency = RowType(
    "merkle-rfc6962-consistency",
    [
      .required("firstSize", .whole), .required("secondSize", .whole), .required("firstRoot", .bytes, "32 bytes"),
      .required("secondRoot", .bytes, "32 bytes"), .path,
    ],
    rule: "RFC 6962 and 9162: the first tree is the beginning of the second.", operations: rfc6962, workload: .merkle
  ) { row throws(RowProblem) in
    .rfc6962Consistency(
      RFC6962Consistency(
        firstSize: try row.unsigned("firstSize"), secondSize: try row.unsigned("secondSize"),
        firstRoot: try row.bytes("firstRoot"), secondRoot: try row.bytes("secondRoot"), path: try row.path()))
  }

  static let merkleRFC6962SubtreeInclusion = RowType(
    "merkle-rfc6962-subtree-inclusion",
    leafFields + [
      .required("index", .whole), .required("start", .whole), .required("end", .whole), .path,
      .required("root", .bytes, "32 bytes, the subtree's"),
    ],
    rule: "draft-ietf-plants-merkle-tree-certs; leaf or leafHash is given.", operations: rfc6962, workload: .merkle
  ) { row throws(RowProblem) in
    .rfc6962SubtreeInclusion(
      RFC6962SubtreeInclusion(
        leaf: try leaf(row), index: try row.unsigned("index"), start: try row.unsigned("start"),
        end: try row.unsigned("end"), path: try row.path(), root: try row.bytes("root")))
  }

  static let merkleRFC6962SubtreeConsistency = RowType(
    "merkle-rfc6962-subtree-consistency",
    [
      .required("start", .whole), .required("end", .whole), .required("treeSize", .whole),
      .required("subtreeRoot", .bytes, "32 bytes"), .root, .path,
    ],
    rule: "draft-ietf-plants-merkle-tree-certs: the subtree is part of the tree.", operations: rfc6962,
    workload: .merkle
  ) { row throws(RowProblem) in
    .rfc6962SubtreeConsistency(
      RFC6962SubtreeConsistency(
        start: try row.unsigned("start"), end: try row.unsigned("end"), treeSize: try row.unsigned("treeSize"),
        subtreeRoot: try row.bytes("subtreeRoot"), root: try row.bytes("root"), path: try row.path()))
  }
}

/// Bitcoin's trees.
extension RowType {
  private static let bitcoin: [Operation] = [.sha256dPair, .sha256dMessage]

  static let merkleBitcoin = RowType(
    "merkle-bitcoin",
    [
      .required("txid", .bytes, "32 bytes, as displayed"), .required("index", .whole),
      .required("path", .list(.bytes), "as displayed"), .required("root", .bytes, "as displayed"),
      .optional("treeSize", .whole, "how many transactions the block has"),
    ],
    rule: "Double SHA-256; all hashes in the displayed, reversed byte order. Shapes of CVE-2012-2459 are rejected.",
    operations: bitcoin, workload: .merkle
  ) { row throws(RowProblem) in
    .bitcoinBranch(
      BitcoinBranch(
        transaction: try row.bytes("txid"), index: try row.unsigned("index"), path: try row.path(),
        root: try row.bytes("root"), treeSize: try row.optionalUnsigned("treeSize")))
  }

  static let merkleBitcoinBlock = RowType(
    "merkle-bitcoin-block",
    [
      .required("message", .bytes, "the payload of a merkleblock message"),
      .optional("root", .bytes, "32 bytes, as displayed; the header's own root must equal it"),
      .required("txids", .list(.bytes), "as displayed"),
    ],
    rule: "BIP 37: each of txids is among the matches, under the root in the message's own block header.",
    operations: bitcoin, workload: .merkle
  ) { row throws(RowProblem) in
    guard
      let block = BitcoinMerkleBlock(
        message: try row.bytes("message"), root: try row.optionalBytes("root"), transactions: try row.list("txids"))
    else { throw .malformed("message is not a merkleblock") }
    return .bitcoinMerkleBlock(block)
  }
}

/// OpenZeppelin's sorted pairs, SSZ's generalized indices, ICS-23's commitments.
extension RowType {
  static let merkleKeccak = RowType(
    "merkle-keccak",
    [
      .required("leaf", .bytes, "32 bytes, as the tree holds it"), .required("index", .whole, "from 0"),
      .required("path", .list(.bytes), "32 bytes each, that of the leaf first"), .required("root", .bytes, "32 bytes"),
    ],
    rule:
      "A binary tree over Keccak-256, pairs in order: bit i of index is 1 when the path's i-th node is a right child.",
    operations: [.keccak256Pair], workload: .merkle
  ) { row throws(RowProblem) in
    .positionalKeccak(
      PositionalKeccakProof(
        leaf: try row.bytes("leaf"), index: try row.unsigned("index"), path: MerklePath(try row.list("path")),
        root: try row.bytes("root")))
  }

  static let merkleKeccakSorted = RowType(
    "merkle-keccak-sorted",
    [
      .optional("leaf", .bytes, "32 bytes"),
      .optional("encodedLeaf", .bytes, "the ABI encoding that StandardMerkleTree hashes twice"),
      .optional("leaves", .list(.bytes), "32 bytes each, of a multiproof"), .path,
      .optional("flags", .list(.flag), "of a multiproof"), .root,
    ],
    rule: "OpenZeppelin's MerkleProof: leaf, encodedLeaf, or leaves with flags. Shapes of CVE-2023-34459 are rejected.",
    operations: [.keccak256Pair, .keccak256Message], workload: .merkle
  ) { row throws(RowProblem) in
    guard row.has("leaves") else {
      let isEncoded = try row.one(of: "encodedLeaf", or: "leaf")
      return .sortedKeccak(
        SortedKeccakProof(
          leaf: isEncoded ? .encoded(try row.bytes("encodedLeaf")) : .hash(try row.bytes("leaf")),
          path: try row.path(), root: try row.bytes("root")))
    }
    return .sortedKeccakMultiproof(
      SortedKeccakMultiproof(
        leaves: try row.list("leaves").map { .hash($0) }, path: try row.path(), flags: try row.flags("flags"),
        root: try row.bytes("root")))
  }

  static let merkleSSZ = RowType(
    "merkle-ssz",
    [
      .optional("leaf", .bytes, "32 bytes"), .optional("generalizedIndex", .whole),
      .optional("leaves", .list(.bytes), "32 bytes each, of a multiproof"),
      .optional("generalizedIndices", .list(.whole), "of a multiproof"), .path, .root,
    ],
    rule: "The consensus specification's Merkle proofs, SHA-256: leaf with generalizedIndex, or leaves with "
      + "generalizedIndices.",
    operations: [.sha256Pair], workload: .merkle
  ) { row throws(RowProblem) in
    guard row.has("leaves") else {
      return .ssz(
        SSZProof(
          leaf: try row.bytes("leaf"), generalizedIndex: try row.unsigned("generalizedIndex"),
          path: try row.path(), root: try row.bytes("root")))
    }
    return .sszMultiproof(
      SSZMultiproof(
        leaves: try row.list("leaves"), generalizedIndices: try row.unsignedList("generalizedIndices"),
        path: try row.path(), root: try row.bytes("root")))
  }

  static let ics23 = RowType(
    "ics23",
    [
      .required("root", .bytes), .required("key", .bytes), .optional("value", .bytes, "null: there is none"),
      .required("proof", .bytes, "a CommitmentProof in Protocol Buffers"),
      .required("spec", .word(ICS23Proof.Tree.allCases.map(\.rawValue))),
    ],
    rule: "ICS-23; value null asks for a proof that the key is absent.",
    operations: [.sha256Message], workload: .merkle
  ) { row throws(RowProblem) in
    guard let tree = try row.choice("spec", of: ICS23Proof.Tree.self) else { throw .malformed("spec is missing") }
    return .ics23(
      ICS23Proof(
        root: try row.bytes("root"), key: try row.bytes("key"), value: try row.bytesOrNull("value"),
        proof: try row.bytes("proof"), tree: tree))
  }
}
