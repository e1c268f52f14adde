import Assay
import AssayIO

/// Ethereum's transactions, and what its wallets sign.
extension RowType {
  static let ethereumTransaction = RowType(
    "eth-transaction",
    [
      .required("raw", .bytes, "the signed transaction; a blob transaction with or without its blobs"),
      .optional("chainId", .quantity, "the chain that it must be for"),
      .optional("from", .bytes, "20 bytes, who must have signed it"),
    ],
    rule:
      "The canonical encoding of a signed transaction (legacy, EIP-155, 2930, 1559, 4844, 7702) with low s and a sender.",
    results: [
      .required("from", .bytes, "20 bytes"), .required("hash", .bytes, "32 bytes"),
      .required("transactionType", .whole, "0 to 4"),
      .optional("authorities", .list(.bytes), "of type 4: who signed authorizations"),
    ],
    operations: ObjectOperations.recovery + [.sha256Message, .kzgBlob], workload: .objects
  ) { row throws(RowProblem) in
    EthereumTransaction(
      raw: try row.bytes("raw"), chainId: try row.chain("chainId"), from: try row.optionalBytes("from"))
  }

  static let ethereumTransactions = RowType(
    "eth-transactions",
    [
      .required("transactions", .list(.bytes), "the block's raw transactions in order, without blobs"),
      .required("transactionsRoot", .bytes, "32 bytes, of the block's header"),
      .optional("chainId", .quantity, "the chain that they must be for"),
    ],
    rule: "Every transaction is good as in eth-transaction, and together, in this order, they have the root.",
    results: [.required("senders", .list(.bytes)), .required("hashes", .list(.bytes))],
    operations: ObjectOperations.recovery, workload: .objects
  ) { row throws(RowProblem) in
    EthereumTransactions(
      transactions: try row.list("transactions"), transactionsRoot: try row.bytes("transactionsRoot"),
      chainId: try row.chain("chainId"))
  }

  static let ethereumAuthorization = RowType(
    "eth-authorization",
    [
      .required("chainId", .quantity, "0 for any chain"), .required("address", .bytes, "20 bytes, the code's"),
      .required("nonce", .quantity), .required("signature", .bytes, "65 bytes r‖s‖v, or 64 (EIP-2098)"),
      .optional("authority", .bytes, "20 bytes, who must have signed"),
      .optional("hash", .bytes, "32 bytes, what must have been signed"),
    ],
    rule: "An authorization tuple of EIP-7702 with low s, signed by its authority.",
    results: [.required("authority", .bytes, "20 bytes"), .required("hash", .bytes, "32 bytes")],
    operations: ObjectOperations.recovery, workload: .objects
  ) { row throws(RowProblem) in
    EthereumAuthorization(
      chainId: try row.quantity("chainId"), address: try row.bytes("address"), nonce: try row.quantity("nonce"),
      signature: try row.recoverable(), authority: try row.optionalBytes("authority"),
      hash: try row.optionalBytes("hash"))
  }

  static let typedData = RowType(
    "typed-data",
    [
      .required("typedData", .json, "types, primaryType, domain and message as EIP-712 has them"),
      .required("digest", .bytes, "32 bytes, what a wallet signs"),
    ],
    rule: "The typed data have this digest (EIP-712), values taken strictly.",
    operations: [.keccak256Message], workload: .objects
  ) { row throws(RowProblem) in
    SignedMessage(.typedData(try row.typedData()), signer: .none(digest: try row.bytes("digest")))
  }

  static let optimismOutput = RowType(
    "op-output-root",
    [
      .optional("version", .bytes, "32 zero bytes"), .required("stateRoot", .bytes, "32 bytes"),
      .required("messagePasserStorageRoot", .bytes, "32 bytes"), .required("latestBlockhash", .bytes, "32 bytes"),
      .required("outputRoot", .bytes, "32 bytes"),
      .optional("withdrawalHash", .bytes, "32 bytes, of a withdrawal in it"),
      .optional("storageProof", .list(.bytes), "RLP nodes that show the withdrawal"),
    ],
    rule: "The parts have the output root (OP Stack), and the storage proof, when there, shows the withdrawal.",
    results: [.optional("withdrawalHash", .bytes), .optional("slot", .bytes)], operations: [.keccak256Message],
    workload: .objects
  ) { row throws(RowProblem) in
    OptimismOutput(
      output: .init(
        version: try row.optionalBytes("version") ?? [UInt8](repeating: 0, count: 32),
        stateRoot: try row.bytes("stateRoot"), messagePasserStorageRoot: try row.bytes("messagePasserStorageRoot"),
        blockHash: try row.bytes("latestBlockhash"), root: try row.bytes("outputRoot")),
      withdrawalHash: try row.optionalBytes("withdrawalHash"),
      storageProof: row.has("storageProof") ? try row.list("storageProof") : nil)
  }

  static let optimismWithdrawal = RowType(
    "op-withdrawal",
    [
      .required("nonce", .json, "a whole number"), .required("sender", .bytes, "20 bytes"),
      .required("target", .bytes, "20 bytes"), .required("value", .json, "a whole number, wei"),
      .required("gasLimit", .json, "a whole number"), .required("data", .bytes, "call data"),
      .required("withdrawalHash", .bytes, "32 bytes"),
      .optional("sentMessagesSlot", .bytes, "32 bytes, the slot in the message passer"),
    ],
    rule: "The withdrawal's fields have its hash (OP Stack), which is stored in the slot.",
    results: [.required("withdrawalHash", .bytes), .required("slot", .bytes)], operations: [.keccak256Message],
    workload: .objects
  ) { row throws(RowProblem) in
    OptimismOutput(
      output: nil,
      withdrawal: .init(
        nonce: try row.node("nonce").number, sender: try row.bytes("sender"), target: try row.bytes("target"),
        value: try row.node("value").number, gasLimit: try row.node("gasLimit").number, data: try row.bytes("data")),
      withdrawalHash: try row.bytes("withdrawalHash"), slot: try row.optionalBytes("sentMessagesSlot"))
  }
}

extension Row {
  /// A chain's identifier; nil when there is none.
  func chain(_ name: StaticString) throws(RowProblem) -> UInt64? {
    try optionalNode(name).map { node throws(RowProblem) in try node.whole }
  }

  /// r, s and a parity from `signature`, and from `v` and `chainId` where the type has them.
  func recoverable(v: UInt64? = nil, chainId: UInt64? = nil) throws(RowProblem) -> [UInt8] {
    do throws(ObjectFault) {
      let signature: [UInt8]
      do throws(RowProblem) { signature = try bytes("signature") } catch {
        throw ObjectFault(error.verdict, error.message)
      }
      return try RecoverableSignature.normalized(signature, v: v, chainId: chainId)
    } catch {
      throw RowProblem(error)
    }
  }

  /// The field `typedData`: an object, or its JSON in a string.
  func typedData() throws(RowProblem) -> TypedData { try TypedDataJSON.data(node("typedData")) }
}

/// Typed data as wallets take them: `eth_signTypedData_v4`.
enum TypedDataJSON {
  static func data(_ node: NodeValue) throws(RowProblem) -> TypedData {
    var types: [String: [TypedData.Member]] = [:]
    let declared = try node.member("types")
    guard let declarations = declared.members else { throw .malformed("\(declared.path) is not an object") }
    for (name, value) in declarations {
      var members: [TypedData.Member] = []
      for member in try value.elements {
        members.append(.init(name: try member.member("name").text, type: try member.member("type").text))
      }
      guard types.updateValue(members, forKey: name) == nil else {
        throw .malformed("\(declared.path).\(name) is there twice")
      }
    }
    return TypedData(
      types: types, primaryType: try node.member("primaryType").text,
      domain: try members(node.member("domain")), message: try members(node.member("message")))
  }

  static func members(_ node: NodeValue) throws(RowProblem) -> [String: TypedValue] {
    guard case .object(let members) = try value(node) else { throw .malformed("\(node.path) is not an object") }
    return members
  }

  private static func value(_ node: NodeValue) throws(RowProblem) -> TypedValue {
    let json = node.json
    if json.isNull { return .null }
    if let flag = json.bool { return .bool(flag) }
    if let text = json.string { return .text(text) }
    if json.isArray {
      var list: [TypedValue] = []
      for element in try node.elements { list.append(try value(element)) }
      return .list(list)
    }
    if let members = node.members {
      var object: [String: TypedValue] = [:]
      for (name, member) in members {
        guard try object.updateValue(value(member), forKey: name) == nil else {
          throw .malformed("\(node.path).\(name) is there twice")
        }
      }
      return .object(object)
    }
    if let number = json.unsigned { return .number(String(number)) }
    if let numeral = json.numeral { return .number(numeral) }
    // A whole number that binary64 holds exactly is what it says; others are not whole, or not what was written.
    guard let number = json.double, number.rounded() == number, abs(number) <= 9_007_199_254_740_992 else {
      throw .malformed("\(node.path) is not a whole number")
    }
    return .number(String(Int64(number)))
  }
}
