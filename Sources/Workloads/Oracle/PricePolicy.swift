/// When a verified price may be used.
public struct PricePolicy: Sendable {
  /// The time that ages are measured from, nanoseconds since 1970.
  public var now: UInt64
  /// The greatest age in nanoseconds; nil for any.
  public var greatestAge: UInt64?
  /// How far a publish time may lie in the future, nanoseconds.
  public var greatestLead: UInt64
  /// The greatest uncertainty as a share of the price in millionths; nil for any.
  public var greatestUncertainty: UInt64?

  /// A policy.
  public init(
    now: UInt64, greatestAge: UInt64? = nil, greatestLead: UInt64 = 5_000_000_000, greatestUncertainty: UInt64? = nil
  ) {
    self.now = now
    self.greatestAge = greatestAge
    self.greatestLead = greatestLead
    self.greatestUncertainty = greatestUncertainty
  }

  /// Why `price` may not be used; nil when it may.
  public func refusal(of price: VerifiedReport.Price) -> OracleRefusal? {
    guard let bytes = price.price else {
      return OracleRefusal(.unsupportedType, "\(price.feed): the schema is not known")
    }
    guard bytes[0] < 0x80, bytes.contains(where: { $0 != 0 }) else {
      return OracleRefusal(.priceUnusable, "\(price.feed): the price is not above 0")
    }
    if price.nanoseconds > now, price.nanoseconds - now > greatestLead {
      return OracleRefusal(.reportStale, "\(price.feed): it was published in the future")
    }
    if let greatestAge, price.nanoseconds < now, now - price.nanoseconds > greatestAge {
      return OracleRefusal(
        .reportStale, "\(price.feed): it is \((now - price.nanoseconds) / 1_000_000_000) seconds old")
    }
    if let expires = price.expiresNanoseconds, expires < now {
      return OracleRefusal(.reportStale, "\(price.feed): it has expired")
    }
    if let greatestUncertainty, let confidence = price.confidence {
      // confidence / price > limit, in integers; a price of more than 128 bits is larger than any confidence.
      let isSmall = bytes.prefix(16).allSatisfy { $0 == 0 }
      let value = bytes.suffix(16).reduce(0 as UInt128) { $0 << 8 | UInt128($1) }
      let (allowed, overflow) = value.multipliedReportingOverflow(by: UInt128(greatestUncertainty))
      if isSmall, !overflow, UInt128(confidence) * 1_000_000 > allowed {
        return OracleRefusal(.priceUnusable, "\(price.feed): its confidence is wider than the limit")
      }
    }
    return nil
  }
}
