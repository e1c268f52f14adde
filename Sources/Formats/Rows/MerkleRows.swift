import Assay

/// Merkle proofs: Certificate Transparency, Bitcoin, OpenZeppelin, SSZ, Ethereum's tries, Cosmos.
enum MerkleRows {
  /// The operations that rows may need.
  static let operations: [Operation] = [
    .sha256Pair, .sha256RFC6962Node, .sha256Message, .sha256dPair, .sha256dMessage, .keccak256Pair, .keccak256Message,
  ]

  /// The family, which computes on `executor`.
  static func family(on executor: any Executor) -> any AnyRowFamily {
    RowFamily<MerkleProof>([
      ("merkle-rfc6962-inclusion", { row throws(RowProblem) in .rfc6962Inclusion(try inclusion(row)) }),
      ("merkle-rfc6962-consistency", { row throws(RowProblem) in .rfc6962Consistency(try consistency(row)) }),
      ("merkle-rfc6962-subtree-inclusion", { row throws(RowProblem) in .rfc6962SubtreeInclusion(try subtree(row)) }),
      (
        "merkle-rfc6962-subtree-consistency",
        { row throws(RowProblem) in .rfc6962SubtreeConsistency(try subtreeConsistency(row)) }
      ),
      ("merkle-bitcoin", { row throws(RowProblem) in .bitcoinBranch(try bitcoin(row)) }),
      ("merkle-bitcoin-block", { row throws(RowProblem) in .bitcoinMerkleBlock(try bitcoinBlock(row)) }),
      ("merkle-keccak-sorted", { row throws(RowProblem) in try sorted(row) }),
      ("merkle-ssz", { row throws(RowProblem) in try ssz(row) }),
      ("merkle-patricia", { row throws(RowProblem) in .patricia(try patricia(row)) }),
      ("eth-account", { row throws(RowProblem) in .ethereumAccount(try account(row)) }),
      ("ics23", { row throws(RowProblem) in .ics23(try ics23(row)) }),
    ]) { proofs throws(AssayError) in
      try MerkleVerifier.verify(proofs, on: executor).map { RowOutcome(verdict: $0) }
    }
  }

  private static func path(_ row: Row) throws(RowProblem) -> MerklePath { MerklePath(try row.list("path")) }

  private static func inclusion(_ row: Row) throws(RowProblem) -> RFC6962Inclusion {
    RFC6962Inclusion(
      leaf: try leaf(row), index: try row.unsigned("index"), treeSize: try row.unsigned("treeSize"),
      path: try path(row), root: try row.bytes("root"))
  }

  private static func leaf(_ row: Row) throws(RowProblem) -> RFC6962Inclusion.Leaf {
    row.has("leafHash") ? .hash(try row.bytes("leafHash")) : .data(try row.bytes("leaf"))
  }

  private static func subtree(_ row: Row) throws(RowProblem) -> RFC6962SubtreeInclusion {
    RFC6962SubtreeInclusion(
      leaf: try leaf(row), index: try row.unsigned("index"), start: try row.unsigned("start"),
      end: try row.unsigned("end"), path: try path(row), root: try row.bytes("root"))
  }

  private static func subtreeConsistency(_ row: Row) throws(RowProblem) -> RFC6962SubtreeConsistency {
    RFC6962SubtreeConsistency(
      start: try row.unsigned("start"), end: try row.unsigned("end"), treeSize: try row.unsigned("treeSize"),
      subtreeRoot: try row.bytes("subtreeRoot"), root: try row.bytes("root"), path: try path(row))
  }

  private static func consistency(_ row: Row) throws(RowProblem) -> RFC6962Consistency {
    RFC6962Consistency(
      firstSize: try row.unsigned("firstSize"), secondSize: try row.unsigned("secondSize"),
      firstRoot: try row.bytes("firstRoot"), secondRoot: try row.bytes("secondRoot"), path: try path(row))
  }

  private static func bitcoin(_ row: Row) throws(RowProblem) -> BitcoinBranch {
    BitcoinBranch(
      transaction: try row.bytes("txid"), index: try row.unsigned("index"), path: try path(row),
      root: try row.bytes("root"), treeSize: try row.optionalUnsigned("treeSize"))
  }

  /// A `merkleblock` message and the transactions that it is to show.
  private static func bitcoinBlock(_ row: Row) throws(RowProblem) -> BitcoinMerkleBlock {
    guard
      let block = BitcoinMerkleBlock(
        message: try row.bytes("message"), root: try row.bytes("root"), transactions: try row.list("txids"))
    else { throw .malformed("message is no merkleblock") }
    return block
  }

  private static func sorted(_ row: Row) throws(RowProblem) -> MerkleProof {
    guard row.has("leaves") else {
      return .sortedKeccak(
        SortedKeccakProof(
          leaf: row.has("encodedLeaf") ? .encoded(try row.bytes("encodedLeaf")) : .hash(try row.bytes("leaf")),
          path: try path(row), root: try row.bytes("root")))
    }
    return .sortedKeccakMultiproof(
      SortedKeccakMultiproof(
        leaves: try row.list("leaves").map { .hash($0) }, path: try path(row), flags: try row.flags("flags"),
        root: try row.bytes("root")))
  }

  private static func ssz(_ row: Row) throws(RowProblem) -> MerkleProof {
    guard row.has("leaves") else {
      return .ssz(
        SSZProof(
          leaf: try row.bytes("leaf"), generalizedIndex: try row.unsigned("generalizedIndex"), path: try path(row),
          root: try row.bytes("root")))
    }
    return .sszMultiproof(
      SSZMultiproof(
        leaves: try row.list("leaves"), generalizedIndices: try row.unsignedList("generalizedIndices"),
        path: try path(row), root: try row.bytes("root")))
  }

  private static func patricia(_ row: Row) throws(RowProblem) -> PatriciaProof {
    PatriciaProof(
      root: try row.bytes("root"), key: try row.bytes("key"), isSecure: try row.flag("secure"),
      value: try row.bytesOrNull("value"), nodes: try row.list("proof"))
  }

  /// An `eth_getProof` result: numbers are hexadecimal without leading zeros, as Ethereum's JSON-RPC has them.
  private static func account(_ row: Row) throws(RowProblem) -> EthereumAccountProof {
    var slots: [EthereumAccountProof.Slot] = []
    for slot in row.has("storageProof") ? try row.rows("storageProof") : [] {
      slots.append(
        .init(key: try slot.quantity("key"), value: try slot.quantity("value"), nodes: try slot.list("proof")))
    }
    let nonce = try row.quantity("nonce").drop { $0 == 0 }
    guard nonce.count <= 8 else { throw .malformed("nonce is more than 2^64 - 1") }
    return EthereumAccountProof(
      stateRoot: try row.bytes("stateRoot"), address: try row.bytes("address"),
      nonce: nonce.reduce(0) { $0 << 8 | UInt64($1) }, balance: try row.quantity("balance"),
      storageHash: try row.bytes("storageHash"), codeHash: try row.bytes("codeHash"),
      nodes: try row.list("accountProof"), slots: slots)
  }

  private static func ics23(_ row: Row) throws(RowProblem) -> ICS23Proof {
    guard let tree = try row.choice("spec", of: ICS23Proof.Tree.self) else { throw .malformed("spec is missing") }
    return ICS23Proof(
      root: try row.bytes("root"), key: try row.bytes("key"), value: try row.bytesOrNull("value"),
      proof: try row.bytes("proof"), tree: tree)
  }
}
