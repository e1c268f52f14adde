import Assay
@testable import AssayFormats
@testable import AssayOracle
import Testing

@Suite(.enabled(if: Suites.areThere, "the published suites are not there: set ASSAY_VECTORS"))
struct OracleTests {
  private func entries(_ file: String) throws -> [OracleEntry] {
    try OracleReportFile.entries(Suites.bytes("oracle/\(file)"), name: file)
  }

  private func report(_ file: String, _ index: Int = 0) throws -> OracleReport {
    try entries(file)[index].report.get()
  }

  private func verify(
    _ report: OracleReport, signers: [SignerSet] = [], quorum: Int = 1
  ) throws -> VerifiedReport {
    try #require(try portable.verify([report], signers: signers, quorum: quorum).first)
  }

  /// Pyth's first update, and the guardians that signed it at their places among 19.
  private func pyth() throws -> (update: [UInt8], set: [OracleAddress]) {
    let document = try #require(try Suites.json("oracle/pyth_hermes_updates.json").elements?.first)
    let signed = zip(
      try #require(document["guardianIndex"]?.elements).compactMap { $0.decimal.flatMap { Int($0.text) } },
      try #require(document["recovered"]?.elements).compactMap { OracleReportFile.address($0) })
    var set = (0..<19).compactMap { OracleAddress([UInt8](repeating: UInt8($0 + 1), count: 20)) }
    for (place, address) in signed { set[place] = address }
    return (try OracleReportFile.bytes(document["update"], "update"), set)
  }

  @Test("every shared report verifies, with the signers and prices that its file names")
  func everyReport() throws {
    let files = try [
      "pyth_hermes_updates.json", "chainlink_data_streams_reports.json", "redstone_3sig_ETH_BTC.hex",
      "redstone_ETH_BTC_AVAX_5sig.hex", "redstone_prod_packages_subset.json", "stork_POSITIVE_ASSET_1.json",
      "stork_POSITIVE_ASSET_2.json",
    ].flatMap(entries)
    let results = try portable.verify(files.map { try $0.report.get() })
    #expect(files.count >= 120)
    for (entry, result) in zip(files, results) {
      #expect(result.verdict == .accepted, "\(entry.name): \(result.detail)")
      #expect(!result.hasAuthority)
      for (feed, price) in entry.expectedPrices {
        #expect(result.prices.first { $0.feed == feed }?.integer == price)
      }
    }
  }

  @Test("a flipped byte of a Pyth update is refused, or lies where nothing is signed")
  func flippedPyth() throws {
    let (update, set) = try pyth()
    let signers = [try SignerSet(.pyth, identifier: [0, 0, 0, 4], signers: set)]
    let original = try verify(.pyth(update), signers: signers)
    #expect(original.verdict == .accepted && original.hasAuthority && original.prices.count == 3)
    var survivors: [Int] = []
    var reports: [(place: Int, report: OracleReport)] = []
    for place in update.indices {
      var flipped = update
      flipped[place] ^= 1
      if let report = try? OracleReport.pyth(flipped) { reports.append((place, report)) }
    }
    for (flipped, result) in zip(reports, try portable.verify(reports.map(\.report), signers: signers))
    where result.verdict.isAccepted {
      survivors.append(flipped.place)
      #expect(result.prices == original.prices)
    }
    // The minor version is not signed.
    #expect(survivors == [5])
  }

  @Test("a flipped byte of a Chainlink report changes its signers, or lies where nothing is signed")
  func flippedChainlink() throws {
    let document = try #require(try Suites.json("oracle/chainlink_data_streams_reports.json").elements?.first)
    let report = try OracleReportFile.bytes(document["fullReport"], "fullReport")
    let signers = try #require(document["signers"]?.elements).compactMap { OracleReportFile.address($0) }
    let sets = [try SignerSet(.chainlinkDataStreams, signers: signers, quorum: signers.count)]
    #expect(try verify(.chainlink(report), signers: sets).verdict == .accepted)
    var flips: [OracleReport] = []
    for place in report.indices {
      var flipped = report
      flipped[place] ^= 1
      if let report = try? OracleReport.chainlink(flipped) { flips.append(report) }
    }
    let price = try verify(.chainlink(report), signers: sets).prices
    for result in try portable.verify(flips, signers: sets) where result.verdict.isAccepted {
      #expect(result.prices == price)
    }
  }

  @Test("Pyth: guardian indices ascend, signatures end in 0 or 1, quorum is more than two thirds, nothing trails")
  func pythTraps() throws {
    let (update, set) = try pyth()
    func refusal(_ change: (inout [UInt8]) -> Void) -> Verdict? {
      var changed = update
      change(&changed)
      do throws(OracleRefusal) {
        _ = try OracleReport.pyth(changed)
        return nil
      } catch {
        return error.verdict
      }
    }
    // The VAA begins after PNAU, version, minor, no trailing header, type, length: byte 10; its signatures at 16.
    #expect(refusal { $0[16 + 66] = 0 } == .proofShapeInvalid)
    #expect(refusal { $0[16 + 65] = 27 } == .signatureEncodingInvalid)
    #expect(refusal { $0.append(0) } == .malformedRow)
    #expect(refusal { $0.removeLast() } == .malformedRow)
    #expect(refusal { $0[0] = 0 } == .malformedRow)
    for length in 0..<update.count { #expect((try? OracleReport.pyth(Array(update[..<length]))) == nil) }
    // 13 of 19 are enough, of 20 they are not.
    let larger = set + [try #require(OracleAddress([UInt8](repeating: 99, count: 20)))]
    #expect(try verify(.pyth(update), signers: [SignerSet(.pyth, signers: larger)]).verdict == .quorumNotMet)
    // A guardian at another place.
    var swapped = set
    swapped.swapAt(0, 1)
    #expect(try verify(.pyth(update), signers: [SignerSet(.pyth, signers: swapped)]).verdict == .addressMismatch)
    // Another guardian set, and one whose time is over.
    let other = try SignerSet(.pyth, identifier: [0, 0, 0, 3], signers: set)
    #expect(try verify(.pyth(update), signers: [other]).verdict == .quorumNotMet)
    let expired = try SignerSet(.pyth, signers: set, validUntil: 1_700_000_000)
    #expect(try verify(.pyth(update), signers: [expired]).verdict == .quorumNotMet)
  }

  @Test("Pyth: a message proved under another update's root is refused")
  func otherRoot() throws {
    let first = try report("pyth_hermes_updates.json")
    let mixed = OracleReport(
      .pyth, setIdentifier: first.setIdentifier, observations: first.observations, messages: first.messages,
      branches: first.branches.map { .init(leaf: $0.leaf, siblings: $0.siblings, root: $0.root.map { $0 ^ 1 }) })
    #expect(try verify(mixed).verdict == .rootMismatch)
    // Depth 0: the leaf itself would have to be the root.
    let bare = OracleReport(
      .pyth, setIdentifier: first.setIdentifier, observations: first.observations, messages: first.messages,
      branches: first.branches.map { .init(leaf: $0.leaf, siblings: [], root: $0.root) })
    #expect(try verify(bare).verdict == .rootMismatch)
  }

  @Test("RedStone: signers count once, the median of an even count is the mean of the middle two, others do not count")
  func redstoneQuorum() throws {
    let payload = try report("redstone_ETH_BTC_AVAX_5sig.hex")
    let result = try verify(payload)
    let signers = Set(result.recovered.compactMap(\.self))
    #expect(signers.count == 5)
    let set = [try SignerSet(.redstone, signers: signers.sorted(), quorum: 5)]
    #expect(try verify(payload, signers: set).verdict == .accepted)
    #expect(try verify(payload, signers: set, quorum: 6).verdict == .quorumNotMet)
    // A package twice is one signer.
    let once = try report("redstone_3sig_ETH_BTC.hex")
    let doubled = OracleReport(
      .redstone,
      observations: once.observations
        + once.observations.map {
          OracleObservation(
            feed: $0.feed, price: $0.price, exponent: $0.exponent, confidence: nil, nanoseconds: $0.nanoseconds,
            expiresNanoseconds: nil, message: $0.message + once.messages.count)
        }, messages: once.messages + once.messages)
    let many = Set(try verify(once).recovered.compactMap(\.self)).count
    #expect(try verify(doubled, quorum: many).verdict == .accepted)
    #expect(try verify(doubled, quorum: many + 1).verdict == .quorumNotMet)
    // A stranger's signature does not count.
    let two = [try SignerSet(.redstone, signers: Array(signers.sorted().prefix(2)), quorum: 2)]
    let even = try verify(payload, signers: two)
    #expect(even.verdict == .accepted && even.prices.allSatisfy { $0.signers.count == 2 })
  }

  @Test("RedStone: a binary64 is signed as the half-up integer of its exact value")
  func redstoneValues() {
    func value(_ number: Double, _ decimals: Int = 8) -> String? {
      OracleReport.redstoneValue(number, decimals: decimals).map { Int256(bytes: $0).description }
    }
    #expect(value(63597.972532907195) == "6359797253291")
    #expect(value(0.000000005) == "1")
    // The nearest binary64 of 1.5e-8 lies below it, and JavaScript's toFixed(8) rounds it down too.
    #expect(value(1.5e-8) == "1" && value(2.5e-8) == "2")
    #expect(value(0) == "0" && value(.leastNonzeroMagnitude) == "0")
    #expect(value(1e20) == "10000000000000000000000000000")
    #expect(value(0.1, 18) == "100000000000000006")
    #expect(value(-1) == nil && value(.nan) == nil && value(.infinity) == nil && value(1e21) == nil)
  }

  @Test("Stork: the signer is Stork's key, and the publishers' prices have the signed root")
  func stork() throws {
    let entry = try #require(
      try Suites.json("oracle/stork_POSITIVE_ASSET_1.json").elements?.first?["data"]?.members?.first)
    #expect(try verify(OracleReportFile.storkPrice(entry.value)).verdict == .accepted)
    let original = try OracleReportFile.storkPrice(entry.value)
    let other = OracleReport(
      .stork, observations: original.observations, messages: original.messages,
      publishers: ([], [UInt8](repeating: 7, count: 32)))
    #expect(try verify(other).verdict == .rootMismatch)
    var forged = original.messages
    forged[0].expected = OracleAddress([UInt8](repeating: 1, count: 20))
    #expect(
      try verify(OracleReport(.stork, observations: original.observations, messages: forged)).verdict
        == .addressMismatch)
  }

  @Test("prices may be used when they are fresh, above 0 and sure enough")
  func policy() throws {
    func price(_ value: Int, confidence: UInt64? = nil, at seconds: UInt64 = 1000) -> VerifiedReport.Price {
      VerifiedReport.Price(
        feed: "X", price: Int256(value).bytes, exponent: -8, confidence: confidence,
        nanoseconds: seconds * 1_000_000_000, expiresNanoseconds: nil, signers: [])
    }
    let policy = PricePolicy(now: 1_010_000_000_000, greatestAge: 10_000_000_000, greatestUncertainty: 10_000)
    #expect(policy.refusal(of: price(100)) == nil)
    #expect(policy.refusal(of: price(0))?.verdict == .priceUnusable)
    #expect(policy.refusal(of: price(-1))?.verdict == .priceUnusable)
    #expect(policy.refusal(of: price(100, at: 999))?.verdict == .reportStale)
    #expect(policy.refusal(of: price(100, at: 1016))?.verdict == .reportStale)
    #expect(policy.refusal(of: price(100, at: 1015)) == nil)
    #expect(policy.refusal(of: price(100, confidence: 1)) == nil)
    #expect(policy.refusal(of: price(100, confidence: 2))?.verdict == .priceUnusable)
  }
}
