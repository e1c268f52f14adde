import Assay
import AssayIO

/// CometBFT's commits, votes and transactions, and proofs of Cosmos stores.
extension RowType {
  static let cometBFTCommit = RowType(
    "cometbft-commit",
    [
      .optional("chainId", .text, "the chain's name; that of the header by default"),
      .optional("header", .json, "as CometBFT's RPC prints it"), .optional("commit", .json, "likewise"),
      .optional("rpcResponse", .json, "a whole answer to /commit, in place of header and commit"),
      .optional("clientMessage", .bytes, "an IBC header in protobuf, in place of all of them"),
      .optional("validators", .json, "a list, or a whole answer to /validators"),
      .optional("trusted", .json, "a trusted set: a list of validators, or an object with validators and level"),
      .optional("trustLevel", .json, "the part of the trusted power that must have signed: 1/3 by default"),
    ],
    rule:
      "More than two thirds of the power of the header's validators voted for it; every vote that is there is good.",
    results: [
      .required("hash", .bytes, "32 bytes"), .required("height", .whole), .required("signedPower", .whole),
      .required("totalPower", .whole),
    ],
    operations: [
      .sha256Message, .ed25519ZIP215, .ecdsaSecp256k1LowS, .bls12381MinPkFastAggregate, .bls12381G1Add,
    ], workload: .objects
  ) { row throws(RowProblem) in
    if row.has("clientMessage") {
      guard let update = CometLightUpdate(protobuf: try row.bytes("clientMessage")) else {
        throw .malformed("clientMessage is not a header of 07-tendermint")
      }
      return CometBFTCommit(
        chainId: row.has("chainId") ? try row.text("chainId") : update.header.chainId, header: update.header,
        commit: update.commit, validators: update.validators, trusted: update.trusted)
    }
    let signed = try row.optionalNode("rpcResponse").map { node throws(RowProblem) in
      try (node.optional("result") ?? node).member("signed_header")
    }
    let headerNode = if let signed { try signed.member("header") } else { try row.node("header") }
    let commitNode = if let signed { try signed.member("commit") } else { try row.node("commit") }
    let header = try CometJSON.header(headerNode)
    let commit = try CometJSON.commit(commitNode)
    let trusted = try row.optionalNode("trusted")
    let level = try row.optionalNode("trustLevel") ?? trusted?.optional("level")
    return CometBFTCommit(
      chainId: row.has("chainId") ? try row.text("chainId") : header.chainId, header: header, commit: commit,
      validators: try CometJSON.validators(row.node("validators")),
      trusted: try trusted.map { node throws(RowProblem) in try CometJSON.validators(node) },
      trustLevel: try level.map { node throws(RowProblem) in try CometJSON.fraction(node) } ?? .oneThird)
  }

  static let cometBFTVote = RowType(
    "cometbft-vote",
    [
      .required("chainId", .text), .required("voteType", .whole, "1 prevote, 2 precommit, 0 none"),
      .required("height", .whole), .required("round", .whole), .optional("blockId", .json, "none for a vote for none"),
      .required("timestamp", .text, "RFC 3339"), .required("signBytes", .bytes, "what the vote's signature is over"),
    ],
    rule: "The vote's fields give these bytes to sign (CometBFT's canonical vote).", operations: [], workload: .objects
  ) { row throws(RowProblem) in
    guard let time = CometTime(try row.text("timestamp")) else { throw .malformed("timestamp is not RFC 3339 in UTC") }
    guard let type = Int64(exactly: try row.unsigned("voteType")),
      let height = Int64(exactly: try row.unsigned("height")),
      let round = Int32(exactly: try row.unsigned("round"))
    else { throw .malformed("voteType, height or round is too large") }
    return CometVoteBytes(
      chainId: try row.text("chainId"), type: type, height: height, round: round,
      blockId: try row.optionalNode("blockId").map { node throws(RowProblem) in try CometJSON.blockId(node) },
      time: time,
      signBytes: try row.bytes("signBytes"))
  }

  static let cometBFTTransaction = RowType(
    "cometbft-transaction",
    [
      .required("tx", .bytes, "the transaction"), .required("index", .whole), .required("total", .whole),
      .required("aunts", .list(.text), "the siblings in base64, that of the leaf first"),
      .required("dataHash", .bytes, "32 bytes, the header's data_hash"), .optional("leafHash", .text, "in base64"),
    ],
    rule: "The transaction is at its place under the header's data_hash.", results: [.required("hash", .bytes)],
    operations: [.sha256Message, .sha256RFC6962Node], workload: .objects
  ) { row throws(RowProblem) in
    CometTransaction(
      transaction: try row.bytes("tx"), index: try row.unsigned("index"), total: try row.unsigned("total"),
      aunts: try row.node("aunts").base64Strings, dataHash: try row.bytes("dataHash"),
      leafHash: try row.optionalNode("leafHash").map { node throws(RowProblem) in try node.base64 })
  }

  static let ics23Chain = RowType(
    "ics23-chain",
    [
      .required("root", .bytes, "32 bytes, the app hash of the next header"), .required("key", .bytes),
      .optional("value", .bytes, "null: there is none"),
      .optional("proofs", .list(.bytes), "CommitmentProofs, the store's first"),
      .optional("proof", .bytes, "a MerkleProof in protobuf, in place of proofs"),
      .optional("specs", .list(.text), "iavl, tendermint or smt, one per proof; iavl, tendermint by default"),
      .optional("path", .list(.text), "the key of each root in the next tree, such as [\"ibc\"]"),
    ],
    rule:
      "The store's tree shows key and value, and each tree's root is the value under its store's key in the next (IBC).",
    operations: [.sha256Message], workload: .objects
  ) { row throws(RowProblem) in
    let proofs: [[UInt8]]
    if try row.one(of: "proof", or: "proofs") {
      guard let all = ICS23Chain.proofs(ofMerkleProof: try row.bytes("proof")) else {
        throw .malformed("proof is not a MerkleProof")
      }
      proofs = all
    } else {
      proofs = try row.list("proofs")
    }
    var trees: [ICS23Proof.Tree] = [.iavl, .tendermint]
    if let specs = try row.optionalNode("specs") {
      trees = []
      for spec in try specs.elements {
        guard let tree = ICS23Proof.Tree(rawValue: try spec.text) else {
          throw .unsupported("\(spec.path) is not a specification that this version knows")
        }
        trees.append(tree)
      }
    }
    let key = try row.bytes("key")
    var path: [[UInt8]] = []
    for step in try row.optionalNode("path")?.elements ?? [] { path.append(try Array(step.text.utf8)) }
    // IBC's path ends with the key itself.
    if path.count == proofs.count, path.last == key { path.removeLast() }
    return ICS23Chain(
      root: try row.bytes("root"), key: key, value: try row.bytesOrNull("value"), proofs: proofs, trees: trees,
      path: path)
  }
}

/// CometBFT's JSON.
private enum CometJSON {
  static func header(_ node: NodeValue) throws(RowProblem) -> CometHeader {
    let names: [StaticString] = [
      "last_commit_hash", "data_hash", "validators_hash", "next_validators_hash", "consensus_hash", "app_hash",
      "last_results_hash", "evidence_hash", "proposer_address",
    ]
    var hashes: [[UInt8]] = []
    for name in names { hashes.append(try node.optional(name)?.bytes ?? []) }
    let version = try node.member("version")
    return CometHeader(
      blockVersion: try version.optional("block")?.whole ?? 0, appVersion: try version.optional("app")?.whole ?? 0,
      chainId: try node.member("chain_id").text, height: try node.member("height").positive,
      time: try time(node.member("time")),
      lastBlockId: try node.optional("last_block_id").map { node throws(RowProblem) in try blockId(node) }
        ?? CometBlockID(),
      hashes: hashes)
  }

  static func commit(_ node: NodeValue) throws(RowProblem) -> CometCommit {
    var votes: [CometVote] = []
    for entry in try node.member("signatures").elements {
      guard let flag = CometVote.Flag(rawValue: try entry.member("block_id_flag").whole) else {
        throw .malformed("\(entry.path).block_id_flag is not 1, 2 or 3")
      }
      let address = try entry.optional("validator_address")?.bytes ?? []
      let signature = try entry.optional("signature")?.base64 ?? []
      // An absent validator has no time: CometBFT writes the zero one, other programs others.
      let time = flag == .absent ? CometTime(seconds: 0, nanoseconds: 0) : try time(entry.member("timestamp"))
      votes.append(CometVote(flag: flag, address: address, time: time, signature: signature))
    }
    return CometCommit(
      height: try node.member("height").positive, round: try node.member("round").small,
      blockId: try blockId(node.member("block_id")), votes: votes)
  }

  static func blockId(_ node: NodeValue) throws(RowProblem) -> CometBlockID {
    let parts = node.optional("parts") ?? node.optional("part_set_header")
    guard let total = UInt32(exactly: try parts?.optional("total")?.whole ?? 0) else {
      throw .malformed("\(node.path).parts.total is more than 2^32 - 1")
    }
    return CometBlockID(
      hash: try node.optional("hash")?.bytes ?? [], partsTotal: total,
      partsHash: try parts?.optional("hash")?.bytes ?? [])
  }

  /// A list of validators, or an object that has one: an answer to /validators, a set, a trusted state.
  static func validators(_ node: NodeValue) throws(RowProblem) -> [CometValidator] {
    if node.json.isObject {
      if let result = node.optional("result") { return try validators(result) }
      return try validators(node.member("validators", or: "next_validators"))
    }
    var list: [CometValidator] = []
    for entry in try node.elements {
      let key = try entry.member("pub_key")
      let type = try key.member("type").text
      let scheme: CometValidator.Scheme
      switch type {
      case "tendermint/PubKeyEd25519", "ed25519": scheme = .ed25519
      case "tendermint/PubKeySecp256k1", "secp256k1": scheme = .secp256k1
      case "cometbft/PubKeyBls12_381", "tendermint/PubKeyBls12_381", "bls12_381": scheme = .bls12381
      default: throw .unsupported("\(key.path).type '\(type.prefix(40))' is not known")
      }
      list.append(
        CometValidator(
          scheme: scheme, publicKey: try key.member("value").base64,
          power: try entry.member("voting_power", or: "power").positive))
    }
    return list
  }

  /// `"1/3"`, or an object with numerator and denominator.
  static func fraction(_ node: NodeValue) throws(RowProblem) -> CometBFTCommit.Fraction {
    var parts: [UInt32?] = []
    if node.json.isObject {
      parts = [
        UInt32(exactly: try node.member("numerator").whole), UInt32(exactly: try node.member("denominator").whole),
      ]
    } else {
      parts = try node.text.split(separator: "/", omittingEmptySubsequences: false).map { UInt32($0) }
    }
    guard parts.count == 2, let numerator = parts[0], let denominator = parts[1],
      let fraction = CometBFTCommit.Fraction(numerator, denominator)
    else { throw .malformed("\(node.path) is not a fraction from 1/3 to 1") }
    return fraction
  }

  private static func time(_ node: NodeValue) throws(RowProblem) -> CometTime {
    guard let text = node.json.utf8 else { throw .malformed("\(node.path) is not a string") }
    guard let time = CometTime(utf8: text) else { throw .malformed("\(node.path) is not RFC 3339 in UTC") }
    return time
  }
}
