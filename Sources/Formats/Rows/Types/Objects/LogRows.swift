import Assay
import AssayIO

/// Transparency logs and guardians.
extension RowType {
  static let rekorEntry = RowType(
    "rekor-entry",
    [
      .required("body", .text, "the canonical body, base64"),
      .required("publicKey", .text, "the log's SubjectPublicKeyInfo: PEM or base64"),
      .optional("logId", .text, "base64 or 64 hexadecimal digits; which the key must have"),
      .optional("logIndexGlobal", .whole, "the index over all shards; with signedEntryTimestamp"),
      .optional("integratedTime", .whole, "seconds since 1970; with signedEntryTimestamp"),
      .optional("signedEntryTimestamp", .text, "base64"),
      .required(
        "inclusionProof", .json, "logIndex (the shard's), treeSize, rootHash and hashes in base64 or hexadecimal"),
      .optional("checkpoint", .text, "the signed note; by default that of inclusionProof"),
    ],
    rule:
      "The log signed the checkpoint of the tree in which the body is a leaf, and the entry's timestamp when there.",
    results: [.required("treeSize", .whole), .required("rootHash", .bytes)],
    operations: [.sha256Message, .sha256RFC6962Node, .ecdsaP256AnyS, .ed25519RFC8032], workload: .objects
  ) { row throws(RowProblem) in
    let proof = try row.node("inclusionProof")
    let key = try row.logKey("publicKey")
    var hashes: [[UInt8]] = []
    for hash in try proof.member("hashes").elements { hashes.append(try hash.hash) }
    let own = try row.optionalNode("checkpoint")
    let checkpoint = if let own { own } else { try proof.member("checkpoint") }
    let envelope = checkpoint.json.isObject ? try checkpoint.member("envelope") : checkpoint
    var timestamp: RekorEntry.SignedTimestamp?
    if let signature = try row.optionalNode("signedEntryTimestamp") {
      timestamp = .init(
        signature: try signature.base64, integratedTime: try row.unsigned("integratedTime"),
        globalIndex: try row.unsigned("logIndexGlobal"))
    }
    return RekorEntry(
      key: key, body: try row.node("body").base64, index: try proof.member("logIndex").whole,
      treeSize: try proof.member("treeSize").whole, path: hashes, root: try proof.member("rootHash").hash,
      checkpoint: Array(try envelope.text.utf8), timestamp: timestamp,
      logId: try row.optionalNode("logId").map { node throws(RowProblem) in try node.hash })
  }

  static let certificateTimestamp = RowType(
    "sct",
    [
      .required("sct", .bytes, "a SignedCertificateTimestamp"),
      .required("publicKey", .text, "the log's: PEM, DER or 65 bytes"),
      .optional("certificate", .bytes, "DER"), .optional("precertificate", .bytes, "DER, the certificate to be"),
      .optional("issuerKeyHash", .bytes, "32 bytes, with precertificate"),
      .optional("now", .whole, "milliseconds since 1970; the timestamp must not be after it"),
      .optional("inclusionProof", .json, "logIndex, treeSize, rootHash and hashes"),
    ],
    rule: "The log promised to include the certificate (RFC 6962, 3.2), and did when there is a proof.",
    results: [.required("timestamp", .whole, "milliseconds since 1970")],
    operations: [.sha256Message, .sha256RFC6962Node, .ecdsaP256AnyS], workload: .objects
  ) { row throws(RowProblem) in
    let key = try row.logKey("publicKey")
    let isFinal = try row.one(of: "certificate", or: "precertificate")
    var inclusion: SignedCertificateTimestamp.Inclusion?
    if let proof = try row.optionalNode("inclusionProof") {
      var hashes: [[UInt8]] = []
      for hash in try proof.member("hashes").elements { hashes.append(try hash.hash) }
      inclusion = .init(
        index: try proof.member("logIndex").whole, treeSize: try proof.member("treeSize").whole, path: hashes,
        root: try proof.member("rootHash").hash)
    }
    return SignedCertificateTimestamp(
      key: key, bytes: try row.bytes("sct"),
      entry: isFinal
        ? .certificate(try row.bytes("certificate"))
        : .precertificate(issuerKeyHash: try row.bytes("issuerKeyHash"), try row.bytes("precertificate")),
      now: try row.optionalUnsigned("now"), inclusion: inclusion)
  }

  static let vaa = RowType(
    "vaa",
    [
      .required("vaa", .bytes, "the message; base64: as Wormhole's API gives it"),
      .required("guardians", .list(.bytes), "the set's addresses by index, 20 bytes each"),
      .optional("guardianSetIndex", .whole, "the set that the message must name"),
    ],
    rule: "More than two thirds of the guardians signed the message, indices ascending (Wormhole, version 1).",
    results: [
      .required("hash", .bytes), .required("guardianSetIndex", .whole), .required("timestamp", .whole),
      .required("nonce", .whole), .required("emitterChain", .whole), .required("emitter", .bytes),
      .required("sequence", .whole), .required("consistency", .whole), .required("payload", .bytes),
    ],
    operations: ObjectOperations.recovery, workload: .objects
  ) { row throws(RowProblem) in
    WormholeVAA(
      vaa: try row.bytes("vaa"), guardians: try row.list("guardians"),
      guardianSetIndex: try row.optionalUnsigned("guardianSetIndex"))
  }
}

extension NodeValue {
  /// A hash in hexadecimal, or in base64 as Sigstore's bundles have it: a hash in base64 has 44 characters.
  fileprivate var hash: [UInt8] {
    get throws(RowProblem) { json.utf8?.count == 44 ? try base64 : try bytes }
  }
}

extension Row {
  /// A log's key: PEM, a SubjectPublicKeyInfo in base64 or hexadecimal, or a P-256 point.
  fileprivate func logKey(_ name: StaticString) throws(RowProblem) -> LogKey {
    let node = try node(name)
    let key: LogKey?
    if let text = node.json.string, text.hasPrefix("-----BEGIN") {
      key = SubjectPublicKey(pem: text).flatMap { LogKey($0.der) }
    } else {
      let bytes = if let bytes = node.json.encodedBytes { bytes } else { try node.base64 }
      key = LogKey(bytes)
    }
    guard let key else { throw .unsupported("\(name) is not a P-256 or Ed25519 key") }
    return key
  }
}
