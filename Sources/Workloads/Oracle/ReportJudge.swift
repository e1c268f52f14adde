import AssayCore

/// Decides about a report whose hashes and signatures have been computed.
struct ReportJudge {
  let report: OracleReport
  let outcomes: [SignatureOutcome]
  let sets: [SignerSet]
  let quorum: Int
  /// What is wrong with its Merkle parts.
  let failure: String?

  /// The verdict, with prices when it is accepted.
  var judged: VerifiedReport {
    switch decision {
    case .success(let prices): result(.accepted, "", prices)
    case .failure(let refusal): result(refusal.verdict, refusal.detail, [])
    }
  }

  private func result(_ verdict: Verdict, _ detail: String, _ prices: [VerifiedReport.Price]) -> VerifiedReport {
    VerifiedReport(
      verdict: verdict, detail: detail, recovered: outcomes.map(\.signer), hasAuthority: !sets.isEmpty, prices: prices)
  }

  private var decision: Result<[VerifiedReport.Price], OracleRefusal> {
    do throws(OracleRefusal) {
      return .success(try prices())
    } catch {
      return .failure(error)
    }
  }

  private func prices() throws(OracleRefusal) -> [VerifiedReport.Price] {
    if let failure { throw OracleRefusal(.rootMismatch, failure) }
    for (index, outcome) in outcomes.enumerated() {
      guard let signer = outcome.signer else {
        throw OracleRefusal(outcome.verdict, "signature \(index) recovers no signer")
      }
      if let expected = report.messages[outcome.message].expected, expected != signer {
        throw OracleRefusal(
          .addressMismatch,
          "signature \(index) is by 0x\(signer.bytes.hexadecimal), not by 0x\(expected.bytes.hexadecimal)")
      }
    }
    guard !outcomes.isEmpty else { throw OracleRefusal(.quorumNotMet, "the report carries no signature") }
    let time = report.observations.map(\.nanoseconds).min() ?? 0
    let set = sets.first { $0.covers(report, at: time) }
    if set == nil, !sets.isEmpty { throw OracleRefusal(.quorumNotMet, "no signer set covers the report at its time") }
    try checkPlaces(set)
    // A signer counts once per feed, however many signatures bear its key.
    var feeds: [String] = []
    var behind: [String: [(signer: OracleAddress, observation: OracleObservation)]] = [:]
    for observation in report.observations {
      if behind[observation.feed] == nil { feeds.append(observation.feed) }
      behind[observation.feed, default: []] += signers(of: observation.message, set).map { ($0, observation) }
    }
    var prices: [VerifiedReport.Price] = []
    for feed in feeds {
      let votes = try distinct(behind[feed] ?? [], feed)
      let needed = max(set?.quorum ?? 1, quorum)
      guard votes.count >= needed else {
        throw OracleRefusal(
          .quorumNotMet, "\(feed) has \(votes.count) of the \(needed) distinct signers that it needs")
      }
      prices.append(Self.price(feed, votes))
    }
    return prices
  }

  /// Pyth names each guardian's place: the key there has to be the signer's.
  private func checkPlaces(_ set: SignerSet?) throws(OracleRefusal) {
    guard let set else { return }
    for outcome in outcomes {
      let places = report.messages[outcome.message].places
      guard outcome.place < places.count else { continue }
      let place = places[outcome.place]
      guard place < set.signers.count else {
        throw OracleRefusal(.addressMismatch, "there is no guardian \(place) among the set's \(set.signers.count)")
      }
      guard set.signers[place] == outcome.signer else {
        throw OracleRefusal(.addressMismatch, "the signature of guardian \(place) is by another key")
      }
    }
  }

  /// The signers of a message that the set has; for Stork only Stork's own message speaks for the price.
  private func signers(of message: Int, _ set: SignerSet?) -> [OracleAddress] {
    outcomes.filter { $0.message == message }.compactMap(\.signer).filter { set?.signers.contains($0) ?? true }
  }

  /// One vote a signer. A signer that says two different things has no vote that could be believed.
  private func distinct(
    _ votes: [(signer: OracleAddress, observation: OracleObservation)], _ feed: String
  ) throws(OracleRefusal) -> [(signer: OracleAddress, observation: OracleObservation)] {
    var kept: [(signer: OracleAddress, observation: OracleObservation)] = []
    for vote in votes {
      guard let earlier = kept.first(where: { $0.signer == vote.signer }) else {
        kept.append(vote)
        continue
      }
      if earlier.observation.price != vote.observation.price {
        throw OracleRefusal(
          .valueMismatch, "0x\(vote.signer.bytes.hexadecimal) signed two different prices of \(feed)")
      }
    }
    return kept
  }

  /// The median of the signers' values. Of an even count it is the mean of the middle two, rounded down, as RedStone's contracts
  /// have it; only RedStone's reports carry more than one value.
  private static func price(
    _ feed: String, _ votes: [(signer: OracleAddress, observation: OracleObservation)]
  ) -> VerifiedReport.Price {
    // Two's complement, big-endian: with the sign bit turned, order of bytes is order of values.
    func key(_ price: [UInt8]?) -> [UInt8] { price.map { [$0[0] ^ 0x80] + $0.dropFirst() } ?? [] }
    let ordered = votes.map(\.observation).sorted { key($0.price).lexicographicallyPrecedes(key($1.price)) }
    let upper = ordered[ordered.count / 2], lower = ordered[(ordered.count - 1) / 2]
    return VerifiedReport.Price(
      feed: feed, price: mean(lower.price, upper.price), exponent: upper.exponent, confidence: upper.confidence,
      nanoseconds: ordered.map(\.nanoseconds).min() ?? 0,
      expiresNanoseconds: ordered.compactMap(\.expiresNanoseconds).min(), signers: votes.map(\.signer))
  }

  /// The mean of two integers of 32 bytes, rounded down; either where they are equal, whatever its sign.
  private static func mean(_ a: [UInt8]?, _ b: [UInt8]?) -> [UInt8]? {
    guard let a, let b, a != b else { return a }
    var carry = 0
    var sum = [UInt8](repeating: 0, count: 32)
    for index in sum.indices.reversed() {
      carry += Int(a[index]) + Int(b[index])
      sum[index] = UInt8(truncatingIfNeeded: carry)
      carry >>= 8
    }
    var bit = UInt8(carry)
    for index in sum.indices {
      let next = sum[index] & 1
      sum[index] = sum[index] >> 1 | bit << 7
      bit = next
    }
    return sum
  }
}
