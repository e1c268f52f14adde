public import AssayCore

/// A BLS signature with keys in G1 and signatures in G2 (draft-irtf-cfrg-bls-signature-05), with everything that its verdict
/// depends on.
///
/// Any bytes are allowed here, whatever their number. The reasons, in the order in which a row is checked:
/// `proof-shape-invalid` (no key, or as many messages as keys where each key has its own), `public-key-invalid` (not 48 bytes,
/// not a point, or infinity), `point-not-in-subgroup`, `signature-encoding-invalid`, `signature-mismatch`.
public struct BLSCheck: Sendable, Hashable {
  /// What was signed.
  public enum Subject: Sendable, Hashable {
    /// One message by every key (FastAggregateVerify). The keys' proofs of possession must have been checked before.
    case message([UInt8])
    /// A message of its own by each key (AggregateVerify).
    case messages([[UInt8]])
  }

  /// Ethereum's hash-to-curve tag: the proof-of-possession suite.
  public static let ethereumDomain = Array("BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_".utf8)

  /// The keys, 48 compressed bytes each.
  public var publicKeys: [[UInt8]]
  /// What was signed.
  public var subject: Subject
  /// The signature, 96 compressed bytes.
  public var signature: [UInt8]
  /// The hash-to-curve tag; the suite is part of what is signed.
  public var domain: [UInt8]

  /// A check from its parts.
  public init(
    publicKeys: [[UInt8]], subject: Subject, signature: [UInt8], domain: [UInt8] = BLSCheck.ethereumDomain
  ) {
    self.publicKeys = publicKeys
    self.subject = subject
    self.signature = signature
    self.domain = domain
  }
}

/// Verifies BLS signatures in batches, grouped by tag; equal messages of a block are hashed once.
public enum BLSVerifier {
  /// One verdict a check, in order; each is that of the check verified alone (see docs/pairings.md).
  ///
  /// - Throws: ``AssayError`` when `executor` cannot run an operation at all. No check, however malformed, throws.
  public static func verify(
    _ checks: some Collection<BLSCheck>, on executor: any Executor
  ) throws(AssayError) -> [Verdict] {
    var verdicts = [Verdict](repeating: .proofShapeInvalid, count: checks.count)
    var groups: [Group: [(row: Int, check: BLSCheck)]] = [:]
    for (row, check) in checks.enumerated() {
      if let verdict = check.structuralVerdict {
        verdicts[row] = verdict
      } else {
        groups[Group(operation: check.operation, domain: check.domain), default: []].append((row, check))
      }
    }
    // In the order of their first rows, lest receipts tell of them in another order every time.
    for (group, members) in groups.sorted(by: { $0.value[0].row < $1.value[0].row }) {
      var domain = ColumnBuilder(.message, capacity: 1)
      var keys = ColumnBuilder(.message, capacity: members.count)
      var messages = ColumnBuilder(.message, capacity: members.count)
      var signatures = ColumnBuilder(.bytes(96), capacity: members.count)
      domain.append(group.domain)
      for (_, check) in members {
        keys.append(Array(check.publicKeys.joined()))
        messages.append(check.encodedMessages)
        signatures.append(check.signature)
      }
      let columns = try [domain.finish(), keys.finish(), messages.finish(), signatures.finish()]
      let results = try executor.execute(Batch(group.operation, columns, rows: members.count))
      for (index, member) in members.enumerated() { verdicts[member.row] = results.verdict(index) }
    }
    return verdicts
  }

  /// What rows of one batch have in common.
  private struct Group: Hashable {
    let operation: Operation
    let domain: [UInt8]
  }
}

extension BLSCheck {
  fileprivate var operation: Operation {
    switch subject {
    case .message: .bls12381MinPkFastAggregate
    case .messages: .bls12381MinPkAggregate
    }
  }

  /// The verdict of a row whose parts do not have the lengths that columns need; nil for the others.
  fileprivate var structuralVerdict: Verdict? {
    if publicKeys.isEmpty { return .proofShapeInvalid }
    if case .messages(let messages) = subject {
      guard messages.count == publicKeys.count, messages.allSatisfy({ $0.count <= UInt32.max }) else {
        return .proofShapeInvalid
      }
    }
    if !publicKeys.allSatisfy({ $0.count == 48 }) { return .publicKeyInvalid }
    return signature.count == 96 ? nil : .signatureEncodingInvalid
  }

  /// The message column's value: the message, or each message after its length in four little-endian bytes.
  fileprivate var encodedMessages: [UInt8] {
    switch subject {
    case .message(let message): return message
    case .messages(let messages):
      var bytes: [UInt8] = []
      for message in messages {
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: message.count >> (8 * $0)) }
        bytes += message
      }
      return bytes
    }
  }
}
