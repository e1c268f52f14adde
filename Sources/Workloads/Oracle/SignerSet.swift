public import AssayCore

/// Who may sign an oracle's reports, how many have to, and from when until when.
public struct SignerSet: Sendable, Hashable {
  /// The oracle.
  public let format: OracleFormat
  /// Which of the oracle's sets this is: a guardian set's index in four bytes, a configuration's digest; nil for any.
  public let identifier: [UInt8]?
  /// The signers, in the set's order, which Pyth's reports refer to by place.
  public let signers: [OracleAddress]
  /// How many distinct signers a price needs.
  public let quorum: Int
  /// The set signs reports of this time, seconds since 1970, or later; nil for no bound.
  public let validFrom: UInt64?
  /// The set signs reports before this time, seconds since 1970; nil for no bound.
  public let validUntil: UInt64?

  /// A set. Without a quorum it is the oracle's own: more than two thirds for Pyth, 1 for the others.
  ///
  /// - Throws: ``AssayError`` of kind `usage` for a quorum that the set cannot reach, repeated signers or no signer.
  public init(
    _ format: OracleFormat, identifier: [UInt8]? = nil, signers: [OracleAddress], quorum: Int? = nil,
    validFrom: UInt64? = nil, validUntil: UInt64? = nil
  ) throws(AssayError) {
    let quorum = quorum ?? (format == .pyth ? 2 * signers.count / 3 + 1 : 1)
    guard !signers.isEmpty, Set(signers).count == signers.count else {
      throw AssayError(.usage, "A signer set of \(format.rawValue) is empty or names a signer twice.")
    }
    guard (1...signers.count).contains(quorum) else {
      throw AssayError(.usage, "A quorum of \(quorum) cannot be reached by \(signers.count) signers.")
    }
    self.format = format
    self.identifier = identifier
    self.signers = signers
    self.quorum = quorum
    self.validFrom = validFrom
    self.validUntil = validUntil
  }

  /// Whether the set may sign a report of `format` with the set's `identifier`, made at `nanoseconds`.
  func covers(_ report: OracleReport, at nanoseconds: UInt64) -> Bool {
    let seconds = nanoseconds / 1_000_000_000
    return format == report.format && (identifier == nil || identifier == report.setIdentifier)
      && (validFrom ?? 0) <= seconds && seconds < (validUntil ?? .max)
  }
}
