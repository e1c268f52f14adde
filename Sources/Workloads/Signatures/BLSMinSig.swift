public import AssayCore

/// A BLS signature with its key in G2 and itself in G1 (draft-irtf-cfrg-bls-signature-05, minimal-signature-size), with everything
/// that its verdict depends on.
///
/// Any bytes are allowed here, whatever their number. The reasons, in the order in which a row is checked: `public-key-invalid` (not
/// 96 bytes, not a point, or infinity), `point-not-in-subgroup`, `signature-encoding-invalid`, `signature-mismatch`.
public struct BLSMinSigCheck: Sendable, Hashable {
  /// The basic scheme's hash-to-curve tag for points in G1.
  public static let basicDomain = Array("BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_".utf8)

  /// The key, 96 compressed bytes.
  public var publicKey: [UInt8]
  /// What was signed, of any length.
  public var message: [UInt8]
  /// The signature, 48 compressed bytes.
  public var signature: [UInt8]
  /// The hash-to-curve tag; the suite is part of what is signed.
  public var domain: [UInt8]

  /// A check from its parts.
  public init(
    publicKey: [UInt8], message: [UInt8], signature: [UInt8], domain: [UInt8] = BLSMinSigCheck.basicDomain
  ) {
    self.publicKey = publicKey
    self.message = message
    self.signature = signature
    self.domain = domain
  }
}

/// Verifies BLS signatures with keys in G2 in batches, grouped by tag; signatures of one key share a pairing.
public enum BLSMinSigVerifier {
  /// One verdict a check, in order; each is that of the check verified alone (see docs/pairings.md).
  ///
  /// - Throws: ``AssayError`` when `executor` cannot run the operation at all. No check, however malformed, throws.
  public static func verify(
    _ checks: some Collection<BLSMinSigCheck>, on executor: any Executor
  ) throws(AssayError) -> [Verdict] {
    var verdicts = [Verdict](repeating: .publicKeyInvalid, count: checks.count)
    var groups: [[UInt8]: [(row: Int, check: BLSMinSigCheck)]] = [:]
    for (row, check) in checks.enumerated() where check.publicKey.count == 96 {
      if check.signature.count == 48 {
        groups[check.domain, default: []].append((row, check))
      } else {
        verdicts[row] = .signatureEncodingInvalid
      }
    }
    // In the order of their first rows, lest receipts tell of them in another order every time.
    for (domain, members) in groups.sorted(by: { $0.value[0].row < $1.value[0].row }) {
      var domains = ColumnBuilder(.message, capacity: 1)
      var keys = ColumnBuilder(.bytes(96), capacity: members.count)
      var messages = ColumnBuilder(.message, capacity: members.count)
      var signatures = ColumnBuilder(.bytes(48), capacity: members.count)
      domains.append(domain)
      for (_, check) in members {
        keys.append(check.publicKey)
        messages.append(check.message)
        signatures.append(check.signature)
      }
      let columns = [domains.made(), keys.made(), messages.made(), signatures.made()]
      let results = try executor.execute(Batch(.bls12381MinSig, columns, rows: members.count))
      for (index, member) in members.enumerated() { verdicts[member.row] = results.verdict(index) }
    }
    return verdicts
  }
}
