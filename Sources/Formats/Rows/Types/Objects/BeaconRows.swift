import Assay
import AssayIO

/// What beacon nodes serve to light clients.
extension RowType {
  private static let fork = RowField.optional(
    "fork", .word(BeaconFork.allCases.map(\.rawValue)),
    "whose rules the header follows; by default the one that the branches' lengths and the execution header's fields fit"
  )

  static let beaconUpdate = RowType(
    "beacon-update",
    [
      .required(
        "update", .json,
        "a light-client update, finality update or optimistic update; also with version and data around it"),
      .required("syncCommittee", .json, "pubkeys and aggregate_pubkey of the signature slot's period"),
      .required("forkVersion", .bytes, "4 bytes, at the slot before the signature's"),
      .required("genesisValidatorsRoot", .bytes, "32 bytes"), fork,
      .optional("minimumParticipants", .whole, "1 by default; two thirds of the committee to finalize"),
    ],
    rule: "The committee signed the attested header; finalized header, next committee and execution headers are in it.",
    results: [
      .required("attestedRoot", .bytes), .required("attestedSlot", .whole), .required("participants", .whole),
      .optional("finalizedRoot", .bytes), .optional("finalizedSlot", .whole), .optional("nextCommitteeRoot", .bytes),
    ],
    operations: [.sha256Message, .sha256Pair, .bls12381MinPkFastAggregate], workload: .objects
  ) { row throws(RowProblem) in
    var update = try row.node("update")
    if let data = update.optional("data") { update = data }
    let attested = try BeaconJSON.header(update.member("attested_header"))
    let finalized = try update.optional("finalized_header").map { node throws(RowProblem) in try BeaconJSON.header(node)
    }
    let finalityBranch = try update.optional("finality_branch")?.byteStrings ?? []
    let nextBranch = try update.optional("next_sync_committee_branch")?.byteStrings ?? []
    let aggregate = try update.member("sync_aggregate")
    return BeaconUpdate(
      attested: attested, finalized: finalized, finalityBranch: finalityBranch,
      nextCommittee: try update.optional("next_sync_committee").map { node throws(RowProblem) in
        try BeaconJSON.committee(node)
      }, nextCommitteeBranch: nextBranch, participation: try aggregate.member("sync_committee_bits").bytes,
      signature: try aggregate.member("sync_committee_signature").bytes,
      signatureSlot: try update.member("signature_slot").whole,
      committee: try BeaconJSON.committee(row.node("syncCommittee")), forkVersion: try row.bytes("forkVersion"),
      genesisValidatorsRoot: try row.bytes("genesisValidatorsRoot"),
      fork: try row.choice("fork", of: BeaconFork.self)
        ?? BeaconJSON.fork(of: attested, isDeep: finalityBranch.count == 7 || nextBranch.count == 6),
      minimumParticipants: Int(clamping: try row.optionalUnsigned("minimumParticipants") ?? 1))
  }

  static let beaconBootstrap = RowType(
    "beacon-bootstrap",
    [
      .required("bootstrap", .json, "header, current_sync_committee and its branch"),
      .required("trustedBlockRoot", .bytes, "32 bytes, the root that the header must have"), fork,
    ],
    rule: "The header has the trusted root, and its period's committee is in its state.",
    results: [.required("headerRoot", .bytes), .required("slot", .whole), .required("committeeRoot", .bytes)],
    operations: [.sha256Message, .sha256Pair], workload: .objects
  ) { row throws(RowProblem) in
    var bootstrap = try row.node("bootstrap")
    if let data = bootstrap.optional("data") { bootstrap = data }
    let header = try BeaconJSON.header(bootstrap.member("header"))
    let branch = try bootstrap.member("current_sync_committee_branch").byteStrings
    return BeaconBootstrap(
      header: header, committee: try BeaconJSON.committee(bootstrap.member("current_sync_committee")),
      committeeBranch: branch, trustedBlockRoot: try row.bytes("trustedBlockRoot"),
      fork: try row.choice("fork", of: BeaconFork.self) ?? BeaconJSON.fork(of: header, isDeep: branch.count == 6))
  }
}

/// The Beacon API's JSON.
private enum BeaconJSON {
  /// A light client's header, or a bare beacon header.
  static func header(_ node: NodeValue) throws(RowProblem) -> LightClientHeader {
    let beacon = node.optional("beacon") ?? node
    return LightClientHeader(
      beacon: BeaconHeader(
        slot: try beacon.member("slot").whole, proposerIndex: try beacon.member("proposer_index").whole,
        parentRoot: try beacon.member("parent_root").bytes, stateRoot: try beacon.member("state_root").bytes,
        bodyRoot: try beacon.member("body_root").bytes),
      execution: try node.optional("execution").map { node throws(RowProblem) in try execution(node) },
      executionBranch: try node.optional("execution_branch")?.byteStrings ?? [])
  }

  private static func execution(_ node: NodeValue) throws(RowProblem) -> BeaconExecutionHeader {
    let names: [StaticString] = [
      "parent_hash", "fee_recipient", "state_root", "receipts_root", "logs_bloom", "prev_randao", "block_number",
      "gas_limit", "gas_used", "timestamp", "extra_data", "base_fee_per_gas", "block_hash", "transactions_root",
      "withdrawals_root", "blob_gas_used", "excess_blob_gas",
    ]
    let isDeneb = node.optional("blob_gas_used") != nil || node.optional("excess_blob_gas") != nil
    var fields: [[UInt8]] = []
    for (index, name) in names.prefix(isDeneb ? names.count : BeaconExecutionHeader.capellaFields).enumerated() {
      let value = try node.member(name)
      switch index {
      case 6...9, 15, 16: fields.append(littleEndian(try value.whole))
      case 11:
        let fee = try value.number.drop { $0 == 0 }
        guard fee.count <= 32 else { throw .malformed("\(value.path) is 2^256 or more") }
        fields.append(fee.reversed() + [UInt8](repeating: 0, count: 32 - fee.count))
      default: fields.append(try value.bytes)
      }
    }
    return BeaconExecutionHeader(fields: fields)
  }

  private static func littleEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  static func committee(_ node: NodeValue) throws(RowProblem) -> SyncCommittee {
    SyncCommittee(
      publicKeys: try node.member("pubkeys").byteStrings, aggregate: try node.member("aggregate_pubkey").bytes)
  }

  /// The fork whose rules fit what the header and the branches look like.
  static func fork(of header: LightClientHeader, isDeep: Bool) -> BeaconFork {
    if isDeep { return .electra }
    guard let execution = header.execution else { return .altair }
    return execution.fields.count == BeaconExecutionHeader.denebFields ? .deneb : .capella
  }
}
