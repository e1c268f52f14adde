import Assay

/// Ethereum's tries.
extension RowType {
  static let merklePatricia = RowType(
    "merkle-patricia",
    [
      .required("root", .bytes, "32 bytes"), .required("key", .bytes, "hashed already, unless secure"),
      .optional("value", .bytes, "RLP; null: there is none"), .required("proof", .list(.bytes), "RLP nodes"),
      .optional("secure", .flag, "hashes the key"),
    ],
    rule: "Ethereum's Merkle-Patricia trie; value null asks for a proof that the key is absent.",
    operations: [.keccak256Message], workload: .merkle
  ) { row throws(RowProblem) in
    .patricia(
      PatriciaProof(
        root: try row.bytes("root"), key: try row.bytes("key"), isSecure: try row.flag("secure"),
        value: try row.bytesOrNull("value"), nodes: try row.list("proof")))
  }

  /// What a slot of `storageProof` holds.
  private static let slot: [RowField] = [
    .required("key", .quantity), .required("value", .quantity),
    .optional("proof", .list(.bytes), "RLP nodes; null is none"),
  ]

  /// The members of an eth_getProof result.
  private static let account: [RowField] = [
    .optional("address", .bytes, "20 bytes"), .optional("nonce", .quantity), .optional("balance", .quantity),
    .optional("storageHash", .bytes, "32 bytes"), .optional("codeHash", .bytes, "32 bytes"),
    .optional("accountProof", .list(.bytes), "RLP nodes; null is none"),
    .optional("storageProof", .list(.object(slot)), "key, value and proof of each slot"),
  ]

  static let ethereumAccount = RowType(
    "eth-account",
    [.required("stateRoot", .bytes, "32 bytes")] + account + [
      .optional("result", .object(account), "the members of the account, where the row is a whole JSON-RPC response")
    ],
    rule:
      "The account of an eth_getProof result (EIP-1186) and every slot in it, under stateRoot; the members stand in the row or "
      + "in its result.",
    operations: [.keccak256Message], workload: .objects
  ) { row throws(RowProblem) in
    let account = row.has("result") ? try row.row("result") : row
    var slots: [EthereumAccountProof.Slot] = []
    for (index, slot) in (account.has("storageProof") ? try account.rows("storageProof") : []).enumerated() {
      do throws(RowProblem) {
        slots.append(
          .init(
            key: try slot.quantity("key"), value: try slot.quantity("value"),
            nodes: slot.has("proof") ? try slot.list("proof") : []))
      } catch {
        throw RowProblem(verdict: error.verdict, message: "storageProof[\(index)].\(error.message)")
      }
    }
    let nonce = try account.quantity("nonce").drop { $0 == 0 }
    guard nonce.count <= 8 else { throw .malformed("nonce is more than 2^64 - 1") }
    return EthereumAccountState(
      EthereumAccountProof(
        stateRoot: try row.bytes("stateRoot"), address: try account.bytes("address"),
        nonce: nonce.reduce(0) { $0 << 8 | UInt64($1) }, balance: try account.quantity("balance"),
        storageHash: try account.bytes("storageHash"), codeHash: try account.bytes("codeHash"),
        nodes: account.has("accountProof") ? try account.list("accountProof") : [], slots: slots))
  }
}
