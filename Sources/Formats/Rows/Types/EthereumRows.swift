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
    .required("key", .quantity), .required("value", .quantity), .required("proof", .list(.bytes), "RLP nodes"),
  ]

  static let ethereumAccount = RowType(
    "eth-account",
    [
      .required("stateRoot", .bytes, "32 bytes"), .required("address", .bytes, "20 bytes"),
      .required("nonce", .quantity), .required("balance", .quantity), .required("storageHash", .bytes, "32 bytes"),
      .required("codeHash", .bytes, "32 bytes"), .required("accountProof", .list(.bytes), "RLP nodes"),
      .optional("storageProof", .list(.object(slot)), "key, value and proof of each slot"),
    ],
    rule: "The account of an eth_getProof result (EIP-1186) and every slot in it, under stateRoot.",
    operations: [.keccak256Message], workload: .merkle
  ) { row throws(RowProblem) in
    var slots: [EthereumAccountProof.Slot] = []
    for slot in row.has("storageProof") ? try row.rows("storageProof") : [] {
      slots.append(
        .init(key: try slot.quantity("key"), value: try slot.quantity("value"), nodes: try slot.list("proof")))
    }
    let nonce = try row.quantity("nonce").drop { $0 == 0 }
    guard nonce.count <= 8 else { throw .malformed("nonce is more than 2^64 - 1") }
    return .ethereumAccount(
      EthereumAccountProof(
        stateRoot: try row.bytes("stateRoot"), address: try row.bytes("address"),
        nonce: nonce.reduce(0) { $0 << 8 | UInt64($1) }, balance: try row.quantity("balance"),
        storageHash: try row.bytes("storageHash"), codeHash: try row.bytes("codeHash"),
        nodes: try row.list("accountProof"), slots: slots))
  }
}
