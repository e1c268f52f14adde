import AssayCore
import AssayProofs
import AssaySignatures

/// A header with the commit and the validators that decided it (CometBFT 0.34 to 1.0, `VerifyCommit`).
///
/// Accepted when the header's hash is the commit's block, the validator set's is the header's, heights and chain agree, there is a
/// vote for each validator, every vote that is there (for the block or for none) is well signed by its validator, and votes for
/// the block have strictly more than two thirds of all power. Validators may be listed in any order: they are put into the set's,
/// power descending and addresses ascending, which votes follow. With ``trusted``, votes for the block by its members must have
/// strictly more than ``trustLevel`` of its power (`VerifyCommitLightTrusting`), and none may have two.
///
/// Acceptance does not say that the trusted set is still to be trusted: trusting period, clock drift, monotonic times and heights
/// are between two headers. The result carries `hash`, `height`, `signedPower` and `totalPower`.
public struct CometBFTCommit: ChainObject {
  /// The chain's name.
  public var chainId: String
  /// The header.
  public var header: CometHeader
  /// The commit.
  public var commit: CometCommit
  /// The validators at this height, in any order.
  public var validators: [CometValidator]
  /// A set that is trusted already; nil leaves the check out.
  public var trusted: [CometValidator]?
  /// The part of the trusted power that must have signed.
  public var trustLevel: Fraction

  /// A part of a whole.
  public struct Fraction: Sendable, Hashable {
    /// Above the line.
    public var numerator: UInt32
    /// Below the line, not 0.
    public var denominator: UInt32

    /// A fraction; nil when it is below 1/3, which is never enough to trust (CometBFT's `ValidateTrustLevel`), or above 1.
    public init?(_ numerator: UInt32, _ denominator: UInt32) {
      guard denominator > 0, UInt64(numerator) * 3 >= UInt64(denominator), numerator <= denominator else { return nil }
      self.numerator = numerator
      self.denominator = denominator
    }

    private init(of numerator: UInt32) { (self.numerator, denominator) = (numerator, 3) }

    /// One third, CometBFT's default.
    public static let oneThird = Fraction(of: 1)
    /// What a set's own votes must exceed.
    static let twoThirds = Fraction(of: 2)

    func isExceeded(by part: UInt64, of whole: UInt64) -> Bool {
      let left = part.multipliedFullWidth(by: UInt64(denominator))
      let right = whole.multipliedFullWidth(by: UInt64(numerator))
      return (left.high, left.low) > (right.high, right.low)
    }
  }

  /// Describes a row.
  public init(
    chainId: String, header: CometHeader, commit: CometCommit, validators: [CometValidator],
    trusted: [CometValidator]? = nil, trustLevel: Fraction = .oneThird
  ) {
    self.chainId = chainId
    self.header = header
    self.commit = commit
    self.validators = validators
    self.trusted = trusted
    self.trustLevel = trustLevel
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    try checkForm()
    let power = try Self.totalPower(validators, "validators")
    let trustedPower = try trusted.map { set throws(ObjectFault) in try Self.totalPower(set, "trusted") }
    CometAddress.addresses(of: validators + (trusted ?? []), in: work) { addresses in
      let set = Self.ordered(zip(validators, addresses).map { Member(validator: $0, address: $1) })
      let roots = Gathering<[UInt8]>(2) { roots in
        do throws(ObjectFault) {
          guard roots[0] == header.validatorsHash else {
            throw ObjectFault(.rootMismatch, "the validators are not those of header.validators_hash")
          }
          guard roots[1] == commit.blockId.hash else {
            throw ObjectFault(.rootMismatch, "commit.block_id.hash is not the header's hash")
          }
          let signedPower = try tally(set, total: power)
          if let trustedPower, let trusted {
            let powers = Dictionary(
              zip(addresses.dropFirst(validators.count), trusted.map(\.power)), uniquingKeysWith: { first, _ in first })
            try checkTrust(powers, total: trustedPower)
          }
          try CometVoteSignatures.verify(votes(of: set), in: work) { fault in
            if let fault { return finish(.rejected(fault)) }
            finish(
              .accepted([
                ("hash", .bytes(roots[1])), ("height", .number(UInt64(header.height))),
                ("signedPower", .number(signedPower)),
                ("totalPower", .number(power)),
              ]))
          }
        } catch {
          finish(.rejected(error))
        }
      }
      work.rfc6962Root(count: set.count) {
        set[$0].validator.appendLeaf(to: &$1)
      } then: {
        roots.put($0, at: 0)
      }
      let leaves = header.leaves
      work.rfc6962Root(count: leaves.count) {
        $1 += leaves[$0]
      } then: {
        roots.put($0, at: 1)
      }
      roots.begin()
    }
  }

  private struct Member {
    let validator: CometValidator
    let address: [UInt8]
  }

  /// The set's order: power descending, addresses ascending. Equal members are equal, so their order does not matter. Nodes mostly
  /// list them in it.
  private static func ordered(_ members: [Member]) -> [Member] {
    func isBefore(_ a: Member, _ b: Member) -> Bool {
      a.validator.power != b.validator.power
        ? a.validator.power > b.validator.power : a.address.lexicographicallyPrecedes(b.address)
    }
    let isOrdered = members.indices.dropFirst().allSatisfy { !isBefore(members[$0], members[$0 - 1]) }
    return isOrdered ? members : members.sorted(by: isBefore)
  }

  private func checkForm() throws(ObjectFault) {
    guard header.hashes.count == CometHeader.hashCount else { throw .malformed("the header does not have 9 hashes") }
    guard header.chainId == chainId else { throw ObjectFault(.valueMismatch, "header.chain_id is not chainId") }
    guard header.height > 0, commit.height == header.height else {
      throw ObjectFault(.valueMismatch, "commit.height is not header.height, or not positive")
    }
    guard commit.round >= 0 else { throw .malformed("commit.round is negative") }
    guard !validators.isEmpty, commit.votes.count == validators.count else {
      throw ObjectFault(
        .proofShapeInvalid, "there are \(commit.votes.count) signatures and \(validators.count) validators")
    }
    for (index, validator) in (validators + (trusted ?? [])).enumerated()
    where validator.publicKey.count != validator.scheme.keyBytes {
      throw ObjectFault(.publicKeyInvalid, "validator \(index): the key is not \(validator.scheme.keyBytes) bytes long")
    }
    // Keys that differ mostly do so in their first bytes.
    guard
      Set(validators.map { $0.publicKey[1...8].bigEndian }).count == validators.count
        || Set(validators.map(\.publicKey)).count == validators.count
    else {
      throw ObjectFault(.proofShapeInvalid, "a validator is listed twice")
    }
    for (index, vote) in commit.votes.enumerated() where vote.flag == .absent {
      guard vote.address.isEmpty, vote.signature.isEmpty else {
        throw ObjectFault(.proofShapeInvalid, "signature \(index): an absent validator has an address or a signature")
      }
    }
  }

  private static func totalPower(_ validators: [CometValidator], _ name: String) throws(ObjectFault) -> UInt64 {
    var total: UInt64 = 0
    for validator in validators {
      guard validator.power > 0 else { throw .malformed("\(name): a voting power is not positive") }
      let (sum, overflows) = total.addingReportingOverflow(UInt64(validator.power))
      guard !overflows, sum <= UInt64(Int64.max) else {
        throw .malformed("\(name): the voting powers are more than 2^63 - 1")
      }
      total = sum
    }
    return total
  }

  /// The power of votes for the block, after checking that each vote stands at its validator's place.
  private func tally(_ set: [Member], total: UInt64) throws(ObjectFault) -> UInt64 {
    var signed: UInt64 = 0
    for (index, (member, vote)) in zip(set, commit.votes).enumerated() where vote.flag != .absent {
      guard vote.address == member.address else {
        throw ObjectFault(.addressMismatch, "signature \(index): validator_address is not that of the set's member")
      }
      if vote.flag == .commit { signed += UInt64(member.validator.power) }
    }
    guard Fraction.twoThirds.isExceeded(by: signed, of: total) else {
      throw ObjectFault(
        .valueMismatch, "votes for the block have \(signed) of \(total) power: not more than two thirds")
    }
    return signed
  }

  private func checkTrust(_ powers: [[UInt8]: Int64], total: UInt64) throws(ObjectFault) {
    var signed: UInt64 = 0
    var seen: Set<[UInt8]> = []
    for (index, vote) in commit.votes.enumerated() where vote.flag == .commit {
      guard let power = powers[vote.address] else { continue }
      guard seen.insert(vote.address).inserted else {
        throw ObjectFault(.proofShapeInvalid, "signature \(index): a trusted validator votes twice")
      }
      signed += UInt64(power)
    }
    guard trustLevel.isExceeded(by: signed, of: total) else {
      throw ObjectFault(
        .valueMismatch, "trusted validators signed with \(signed) of \(total) power: not more than the level")
    }
  }

  private func votes(of set: [Member]) -> [CometVoteSignatures.Vote] {
    let form = CometVoteBytes.Form(
      chainId: chainId, height: commit.height, round: commit.round, blockId: commit.blockId)
    let formOfNone = CometVoteBytes.Form(
      chainId: chainId, height: commit.height, round: commit.round, blockId: nil)
    var votes: [CometVoteSignatures.Vote] = []
    votes.reserveCapacity(set.count)
    for (index, vote) in commit.votes.enumerated() where vote.flag != .absent {
      votes.append(
        CometVoteSignatures.Vote(
          index: index, validator: set[index].validator, signature: vote.signature,
          message: (vote.flag == .commit ? form : formOfNone).encode(vote.time)))
    }
    return votes
  }
}
