public import AssayCore

/// What became of one row.
public struct SignatureOutcome: Sendable, Hashable {
  /// Accepted, or the reason why not.
  public var verdict: Verdict
  /// For a recovery row, the key that was recovered, also when its address is not the one asked for.
  public var recovered: RecoveredKey?

  /// Pairs a verdict with a key.
  public init(_ verdict: Verdict, recovered: RecoveredKey? = nil) {
    self.verdict = verdict
    self.recovered = recovered
  }
}

/// A public key recovered from a signature.
public struct RecoveredKey: Sendable, Hashable {
  /// The key in 65 bytes: 04, x, y.
  public let publicKey: [UInt8]
  /// Its Ethereum address: the last 20 bytes of Keccak-256 of x and y.
  public let address: [UInt8]
}

/// Verifies signatures of any mix of schemes in batches, each routed by its own scheme and rule.
///
/// A verdict is a function of its own row alone, whatever else is in the batch and whatever device computes it.
public enum SignatureVerifier {
  /// How many rows are gathered before they are sent.
  static let blockRows = 65_536
  /// About how many message bytes are gathered before they are sent.
  static let blockBytes = 64 << 20

  /// One outcome a row, in order.
  ///
  /// - Throws: ``AssayError`` when `executor` cannot run an operation at all. No row, however malformed, throws.
  public static func verify(
    _ checks: some Sequence<SignatureCheck>, on executor: any Executor
  ) throws(AssayError) -> [SignatureOutcome] {
    var outcomes: [SignatureOutcome] = []
    outcomes.reserveCapacity(checks.underestimatedCount)
    var plan = SignaturePlan()
    for check in checks {
      plan.append(check)
      if plan.rows == blockRows || plan.messageBytes > blockBytes {
        outcomes += try plan.outcomes(on: executor)
        plan = SignaturePlan()
      }
    }
    outcomes += try plan.outcomes(on: executor)
    return outcomes
  }
}
