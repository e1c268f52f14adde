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

/// The EVM's precompiled contracts.
extension RowType {
  /// A call and the output that its row expects, if it says.
  private struct PrecompileRow: Sendable {
    let call: EVMCall
    let expected: [UInt8]?
  }

  static let evmPrecompile = RowType(
    "evm-precompile",
    [
      .required("address", .quantity, "0x06 to 0x08, 0x0a to 0x11"), .required("input", .bytes, "call data"),
      .optional("output", .bytes, "what the call must return"),
    ],
    rule: "The EVM's call succeeds and, where output is given, returns it (EIP-196, 197, 4844, 2537).",
    results: [.optional("output", .bytes)], operations: EVMPrecompile.allCases.map(\.operation),
    workload: RowWorkload<PrecompileRow>("evm-precompile") { rows, executor throws(AssayError) in
      zip(rows, try EVMPrecompileRunner.run(rows.map(\.call), on: executor)).map { row, result in
        guard result.verdict.isAccepted else { return RowOutcome(verdict: result.verdict) }
        let isExpected = row.expected.map { $0 == result.output } ?? true
        return RowOutcome(
          verdict: isExpected ? .accepted : .valueMismatch, results: [("output", .bytes(result.output))])
      }
    }
  ) { row throws(RowProblem) in
    let address = try row.quantity("address").drop { $0 == 0 }
    guard address.count == 1, let precompile = address.first.flatMap(EVMPrecompile.init(rawValue:)) else {
      throw .unsupported("no precompile of this version has this address")
    }
    return PrecompileRow(
      call: EVMCall(precompile, input: try row.bytes("input")), expected: try row.optionalBytes("output"))
  }
}
