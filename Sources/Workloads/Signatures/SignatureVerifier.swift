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
    // Rows whose verdict comes of two operations' results, where a device other than the host may compute them.
    var hashed: [(row: Int, check: SignatureCheck)] = []
    let host = executor.host
    var row = 0
    for check in checks {
      plan.append(check)
      if host != nil, check.isHashedFirst { hashed.append((row, check)) }
      row += 1
      if plan.rows == blockRows || plan.messageBytes > blockBytes {
        outcomes += try plan.outcomes(on: executor)
        plan = SignaturePlan()
        try confirm(&hashed, in: &outcomes, on: host)
      }
    }
    outcomes += try plan.outcomes(on: executor)
    try confirm(&hashed, in: &outcomes, on: host)
    return outcomes
  }

  /// Verifies those of `hashed` that were rejected again on the host, and forgets them all: a bit that flips in a device's digest must
  /// not become a signature's fault.
  private static func confirm(
    _ hashed: inout [(row: Int, check: SignatureCheck)], in outcomes: inout [SignatureOutcome], on host: (any Executor)?
  ) throws(AssayError) {
    defer { hashed.removeAll() }
    let rejected = hashed.filter { !outcomes[$0.row].verdict.isAccepted }
    guard let host, !rejected.isEmpty else { return }
    let again = try verify(rejected.map(\.check), on: host)
    for (item, outcome) in zip(rejected, again) { outcomes[item.row] = outcome }
  }
}

extension SignatureCheck {
  /// Whether a message is hashed by an operation of its own before the signature is verified.
  fileprivate var isHashedFirst: Bool {
    guard case .ecdsa(let check) = self, case .message = check.subject else { return false }
    return true
  }
}
