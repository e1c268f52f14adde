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
    let needed = max(set?.quorum ?? 1, quorum)
    var prices: [VerifiedReport.Price] = []
    for (feed, places) in feeds() {
      // A signer counts once per feed, however many signatures bear its key.
      var votes: [Vote] = []
      for place in places {
        for signer in signers(of: report.observations[place].message, set) {
          try add(Vote(signer: signer, observation: place), to: &votes, feed)
        }
      }
      guard votes.count >= needed else {
        throw OracleRefusal(
          .quorumNotMet, "\(feed) has \(votes.count) of the \(needed) distinct signers that it needs")
      }
      prices.append(price(feed, votes))
    }
    return prices
  }

  /// That a signer stands behind an observation, by its place.
  private struct Vote {
    let signer: OracleAddress
    let observation: Int
  }

  /// The feeds in the order in which they are first observed, each with its observations.
  private func feeds() -> [(feed: String, places: [Int])] {
    guard report.observations.count != 1 else { return [(report.observations[0].feed, [0])] }
    var feeds: [(feed: String, places: [Int])] = []
    var known: [String: Int] = [:]
    for (place, observation) in report.observations.enumerated() {
      if let index = known[observation.feed] {
        feeds[index].places.append(place)
      } else {
        known[observation.feed] = feeds.count
        feeds.append((observation.feed, [place]))
      }
    }
    return feeds
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
    // Where the format names places, they have been held against the set.
    let isChecked = set == nil || !report.messages[message].places.isEmpty
    var signers: [OracleAddress] = []
    signers.reserveCapacity(report.messages[message].signatures.count)
    for outcome in outcomes where outcome.message == message {
      if let signer = outcome.signer, isChecked || set?.signers.contains(signer) ?? true { signers.append(signer) }
    }
    return signers
  }

  /// One vote a signer. A signer that says two different things has no vote that could be believed.
  private func add(_ vote: Vote, to votes: inout [Vote], _ feed: String) throws(OracleRefusal) {
    guard let earlier = votes.first(where: { $0.signer == vote.signer }) else { return votes.append(vote) }
    if report.observations[earlier.observation].price != report.observations[vote.observation].price {
      throw OracleRefusal(
        .valueMismatch, "0x\(vote.signer.bytes.hexadecimal) signed two different prices of \(feed)")
    }
  }

  /// The median of the signers' values. Of an even count it is the mean of the middle two, rounded down, as RedStone's contracts
  /// have it; only RedStone's reports carry more than one value.
  private func price(_ feed: String, _ votes: [Vote]) -> VerifiedReport.Price {
    // Two's complement, big-endian: with the sign bit turned, order of bytes is order of values.
    func key(_ price: [UInt8]?) -> [UInt8] { price.map { [$0[0] ^ 0x80] + $0.dropFirst() } ?? [] }
    let isOne = votes.allSatisfy { $0.observation == votes[0].observation }
    let ordered =
      isOne
      ? [report.observations[votes[0].observation]]
      : votes.map { report.observations[$0.observation] }.sorted {
        key($0.price).lexicographicallyPrecedes(key($1.price))
      }
    let upper = ordered[ordered.count / 2], lower = ordered[(ordered.count - 1) / 2]
    return VerifiedReport.Price(
      feed: feed, price: Self.mean(lower.price, upper.price), exponent: upper.exponent, confidence: upper.confidence,
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
