import Assay

/// Merkle proofs: Certificate Transparency, Bitcoin, OpenZeppelin, SSZ.
enum MerkleRows {
  /// The family, which computes on `executor`.
  static func family(on executor: any Executor) -> any AnyRowFamily {
    RowFamily<MerkleProof>([
      ("merkle-rfc6962-inclusion", { row throws(RowProblem) in .rfc6962Inclusion(try inclusion(row)) }),
      ("merkle-bitcoin", { row throws(RowProblem) in .bitcoinBranch(try bitcoin(row)) }),
      ("merkle-keccak-sorted", { row throws(RowProblem) in .sortedKeccak(try sorted(row)) }),
      ("merkle-ssz", { row throws(RowProblem) in .ssz(try ssz(row)) }),
    ]) { proofs throws(AssayError) in
      try MerkleVerifier.verify(proofs, on: executor).map { RowOutcome(verdict: $0) }
    }
  }

  private static func path(_ row: Row) throws(RowProblem) -> MerklePath { MerklePath(try row.list("path")) }

  private static func inclusion(_ row: Row) throws(RowProblem) -> RFC6962Inclusion {
    RFC6962Inclusion(
      leaf: row.has("leafHash") ? .hash(try row.bytes("leafHash")) : .data(try row.bytes("leaf")),
      index: try row.unsigned("index"), treeSize: try row.unsigned("treeSize"), path: try path(row),
      root: try row.bytes("root"))
  }

  private static func bitcoin(_ row: Row) throws(RowProblem) -> BitcoinBranch {
    BitcoinBranch(
      transaction: try row.bytes("txid"), index: try row.unsigned("index"), path: try path(row),
      root: try row.bytes("root"), treeSize: try row.optionalUnsigned("treeSize"))
  }

  private static func sorted(_ row: Row) throws(RowProblem) -> SortedKeccakProof {
    guard !row.has("leaves") else { throw .unsupported("multiproofs are not verified by this version") }
    return SortedKeccakProof(
      leaf: row.has("encodedLeaf") ? .encoded(try row.bytes("encodedLeaf")) : .hash(try row.bytes("leaf")),
      path: try path(row), root: try row.bytes("root"))
  }

  private static func ssz(_ row: Row) throws(RowProblem) -> SSZProof {
    guard !row.has("leaves") else { throw .unsupported("multiproofs are not verified by this version") }
    return SSZProof(
      leaf: try row.bytes("leaf"), generalizedIndex: try row.unsigned("generalizedIndex"), path: try path(row),
      root: try row.bytes("root"))
  }
}
