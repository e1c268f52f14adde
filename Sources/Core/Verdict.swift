import CAssayOperations

/// One byte a row: accepted, or one reason of the closed list in `kernels/operations/reasons.def`.
public struct Verdict: RawRepresentable, Sendable, Hashable {
  /// The byte as kernels store it. 0 and 0xFF are never verdicts.
  public let rawValue: UInt8

  /// Wraps a stored byte; see ``isValid``.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The row was verified, or computed.
  public static let accepted = Verdict(rawValue: UInt8(ASSAY_ACCEPTED))

  /// Whether the row was accepted.
  public var isAccepted: Bool { self == .accepted }

  /// Whether the byte is `accepted` or a code of the closed list; false for unwritten or corrupted memory.
  public var isValid: Bool { Self.validity[Int(rawValue)] }

  /// The reason's name, such as `signature-mismatch`; nil when accepted.
  public var reason: String? {
    isAccepted ? nil : Self.names[Int(rawValue)] ?? "unwritten"
  }

  /// Every reason with its sentence, in the order of reasons.def.
  public static let reasons: [(verdict: Verdict, name: String, sentence: String)] = {
    var count: Int32 = 0
    let list = assay_reasons(&count)
    return UnsafeBufferPointer(start: list, count: Int(count)).map {
      (Verdict(rawValue: $0.code), String(cString: $0.name), String(cString: $0.sentence))
    }
  }()

  private static let names: [String?] = {
    var names = [String?](repeating: nil, count: 256)
    for reason in reasons { names[Int(reason.verdict.rawValue)] = reason.name }
    return names
  }()

  private static let validity: [Bool] = {
    var validity = names.map { $0 != nil }
    validity[Int(Verdict.accepted.rawValue)] = true
    return validity
  }()
}

/// The reasons that Swift code gives itself; kernels use the same codes from reasons.def.
extension Verdict {
  private init(_ code: Int) { self.init(rawValue: UInt8(truncatingIfNeeded: code)) }

  /// The signature is well formed but does not match.
  public static let signatureMismatch = Verdict(ASSAY_REASON_signatureMismatch)
  /// The public key is not a valid encoding.
  public static let publicKeyInvalid = Verdict(ASSAY_REASON_publicKeyInvalid)
  /// The signature is not in the encoding asked for.
  public static let signatureEncodingInvalid = Verdict(ASSAY_REASON_signatureEncodingInvalid)
  /// A scalar is outside its range.
  public static let scalarOutOfRange = Verdict(ASSAY_REASON_scalarOutOfRange)
  /// A point is outside the prime-order subgroup.
  public static let pointNotInSubgroup = Verdict(ASSAY_REASON_pointNotInSubgroup)
  /// A point has small order.
  public static let smallOrderPoint = Verdict(ASSAY_REASON_smallOrderPoint)
  /// An encoding is not the canonical one.
  public static let nonCanonicalEncoding = Verdict(ASSAY_REASON_nonCanonicalEncoding)
  /// s is above half the group order.
  public static let highS = Verdict(ASSAY_REASON_highS)
  /// The proof leads to another root.
  public static let rootMismatch = Verdict(ASSAY_REASON_rootMismatch)
  /// The proof has the wrong length, depth, order or number of parts.
  public static let proofShapeInvalid = Verdict(ASSAY_REASON_proofShapeInvalid)
  /// The proof holds for another value.
  public static let valueMismatch = Verdict(ASSAY_REASON_valueMismatch)
  /// The pairing equation does not hold.
  public static let pairingMismatch = Verdict(ASSAY_REASON_pairingMismatch)
  /// The row cannot be parsed or lacks a field.
  public static let malformedRow = Verdict(ASSAY_REASON_malformedRow)
  /// The option's expiry lies before its valuation time.
  public static let expired = Verdict(ASSAY_REASON_expired)
  /// The type or semantics is not one that this version verifies.
  public static let unsupportedType = Verdict(ASSAY_REASON_unsupportedType)
  /// No public key can be recovered.
  public static let recoveryFailed = Verdict(ASSAY_REASON_recoveryFailed)
  /// The recovered key has another address.
  public static let addressMismatch = Verdict(ASSAY_REASON_addressMismatch)
  /// The coordinates do not satisfy the curve equation.
  public static let pointNotOnCurve = Verdict(ASSAY_REASON_pointNotOnCurve)
  /// Spot or forward is unusable.
  public static let invalidSpot = Verdict(ASSAY_REASON_invalidSpot)
  /// Strike is unusable.
  public static let invalidStrike = Verdict(ASSAY_REASON_invalidStrike)
  /// Time to expiry is unusable.
  public static let invalidYears = Verdict(ASSAY_REASON_invalidYears)
  /// Volatility is unusable.
  public static let invalidVolatility = Verdict(ASSAY_REASON_invalidVolatility)
  /// Another number is unusable.
  public static let invalidNumber = Verdict(ASSAY_REASON_invalidNumber)
  /// The price is below the discounted intrinsic value.
  public static let priceBelowIntrinsic = Verdict(ASSAY_REASON_priceBelowIntrinsic)
  /// The price is at or above its upper bound.
  public static let priceAboveBound = Verdict(ASSAY_REASON_priceAboveBound)
  /// Too few distinct signers.
  public static let quorumNotMet = Verdict(ASSAY_REASON_quorumNotMet)
  /// The report is too old or in the future.
  public static let reportStale = Verdict(ASSAY_REASON_reportStale)
  /// The price is not above 0, too uncertain, or disagrees with its sources.
  public static let priceUnusable = Verdict(ASSAY_REASON_priceUnusable)
}
