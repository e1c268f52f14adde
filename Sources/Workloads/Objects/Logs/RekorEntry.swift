import AssayCore
import AssayProofs
import AssaySignatures

/// An entry of Sigstore's log Rekor, as its API and bundles have it.
///
/// Accepted when the canonical body is a leaf of the tree that the inclusion proof names, the checkpoint states that tree's size and
/// root and carries a good signature of this log (of the lines whose hint is the key's, one is; others' are read over), and the
/// signed entry timestamp, when there, is the log's over body, time, log and index. The result carries `treeSize` and `rootHash`.
///
/// Acceptance does not say that the artifact, the certificate or the signature in the body are good, nor that the log shows
/// everybody the same tree.
public struct RekorEntry: ChainObject {
  /// The log's key as a SubjectPublicKeyInfo.
  public var key: LogKey
  /// The entry's canonical body.
  public var body: [UInt8]
  /// The position in the tree that the proof is of: the shard's, not the global one.
  public var index: UInt64
  /// How many leaves that tree has.
  public var treeSize: UInt64
  /// The siblings from the leaf to the root.
  public var path: [[UInt8]]
  /// The root, 32 bytes.
  public var root: [UInt8]
  /// The checkpoint's text.
  public var checkpoint: [UInt8]
  /// The signed entry timestamp with what it is over; nil when the entry has none.
  public var timestamp: SignedTimestamp?
  /// The log's identifier when the entry names it: SHA-256 of its key, or, as Rekor 2 has it, of what identifies the key in the
  /// checkpoint; nil leaves the check out.
  public var logId: [UInt8]?

  /// A log's promise at the time of entry.
  public struct SignedTimestamp: Sendable {
    /// The signature.
    public var signature: [UInt8]
    /// Seconds since 1970.
    public var integratedTime: UInt64
    /// The position over all shards.
    public var globalIndex: UInt64

    /// A timestamp from its parts.
    public init(signature: [UInt8], integratedTime: UInt64, globalIndex: UInt64) {
      self.signature = signature
      self.integratedTime = integratedTime
      self.globalIndex = globalIndex
    }
  }

  /// Describes a row.
  public init(
    key: LogKey, body: [UInt8], index: UInt64, treeSize: UInt64, path: [[UInt8]], root: [UInt8], checkpoint: [UInt8],
    timestamp: SignedTimestamp?, logId: [UInt8]? = nil
  ) {
    self.key = key
    self.body = body
    self.index = index
    self.treeSize = treeSize
    self.path = path
    self.root = root
    self.checkpoint = checkpoint
    self.timestamp = timestamp
    self.logId = logId
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    let checkpoint = try Checkpoint(checkpoint)
    guard checkpoint.size == treeSize, checkpoint.root == root else {
      throw ObjectFault(.rootMismatch, "the checkpoint is of another size or root than the proof")
    }
    // What identifies the key: for Ed25519 together with each signer's name, for ECDSA alone.
    let hints = checkpoint.signatures.map { line in
      key.key.scheme == .ed25519 ? line.name + [0x0a, 0x01] + key.key.point : key.info
    }
    work.digests(.sha256, of: hints + [key.info]) { digests in
      let own = zip(checkpoint.signatures, digests).filter { $0.hint == Array($1.prefix(4)) }
      let lines = own.map(\.0)
      guard !lines.isEmpty else {
        return finish(.rejected(.signatureMismatch, "the checkpoint has no signature with the log key's hint"))
      }
      var checks = lines.map { key.check(checkpoint.body, signature: $0.bytes) }
      let identifier = digests[hints.count]
      if let logId, logId != identifier, !own.contains(where: { $1 == logId }) {
        return finish(
          .rejected(.valueMismatch, "logId is not SHA-256 of the log's key, nor what identifies it in the checkpoint"))
      }
      if let timestamp {
        checks.append(key.check(signed(by: timestamp, log: identifier), signature: timestamp.signature))
      }
      let proof = RFC6962Inclusion(
        leaf: .data(body), index: index, treeSize: treeSize, path: MerklePath(path), root: root)
      work.verify([.rfc6962Inclusion(proof)]) { verdicts in
        guard verdicts[0].isAccepted else {
          return finish(.rejected(verdicts[0], "the body is not the leaf that the inclusion proof shows"))
        }
        work.verify(checks) { outcomes in
          guard outcomes[..<lines.count].contains(where: { $0.verdict.isAccepted }) else {
            return finish(.rejected(outcomes[0].verdict, "the log's signature of the checkpoint is not good"))
          }
          if timestamp != nil, let outcome = outcomes.last, !outcome.verdict.isAccepted {
            return finish(.rejected(outcome.verdict, "signedEntryTimestamp is not the log's"))
          }
          finish(.accepted([("treeSize", .number(treeSize)), ("rootHash", .bytes(root))]))
        }
      }
    }
  }

  /// The compact JSON that a timestamp signs: members in the alphabet's order.
  private func signed(by timestamp: SignedTimestamp, log identifier: [UInt8]) -> [UInt8] {
    let log = identifier.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
    return Array(
      ("{\"body\":\"\(Base64.text(body))\",\"integratedTime\":\(timestamp.integratedTime),\"logID\":\"\(log)\","
        + "\"logIndex\":\(timestamp.globalIndex)}").utf8)
  }
}
