import AssayCore
import AssayProofs
import AssaySignatures

/// A light client's update with the committee that signed it (consensus specification, `validate_light_client_update`, Altair to
/// Fulu).
///
/// Accepted when the participating members of ``committee`` signed the attested header under the fork's domain, at least
/// ``minimumParticipants`` of them; a finalized header and a next committee, when there, are in the attested state; execution
/// headers are in their blocks' bodies; and slots do not decrease from the finalized to the attested header and increase to the
/// signature's. The result carries `attestedRoot`, `attestedSlot`, `participants` and, when there, `finalizedRoot`, `finalizedSlot`
/// and `nextCommitteeRoot`.
///
/// Acceptance does not say that the committee is the chain's: a bootstrap or an earlier update proves that, by its root. When every
/// member signed, the committee's order does not show in the signature. Finality wants two thirds of the members, which is the
/// caller's to ask for by ``minimumParticipants``.
public struct BeaconUpdate: ChainObject {
  /// The header that was signed.
  public var attested: LightClientHeader
  /// The finalized header; nil when there is none.
  public var finalized: LightClientHeader?
  /// The branch from the finalized header's root to the attested state; all zeros when there is none.
  public var finalityBranch: [[UInt8]]
  /// The committee of the next period; nil when there is none.
  public var nextCommittee: SyncCommittee?
  /// Its branch to the attested state; all zeros when there is none.
  public var nextCommitteeBranch: [[UInt8]]
  /// Who signed: a bit a member, the first in the lowest bit of the first byte.
  public var participation: [UInt8]
  /// The signature, 96 bytes.
  public var signature: [UInt8]
  /// The slot whose block carried the signature.
  public var signatureSlot: UInt64
  /// The committee of the signature slot's period.
  public var committee: SyncCommittee
  /// The fork's version at the slot before the signature's, 4 bytes.
  public var forkVersion: [UInt8]
  /// The root of the chain's first validators, 32 bytes.
  public var genesisValidatorsRoot: [UInt8]
  /// The rules of the attested header's fork.
  public var fork: BeaconFork
  /// How many members must have signed, at least 1.
  public var minimumParticipants: Int

  /// Describes a row.
  public init(
    attested: LightClientHeader, finalized: LightClientHeader?, finalityBranch: [[UInt8]],
    nextCommittee: SyncCommittee?, nextCommitteeBranch: [[UInt8]], participation: [UInt8], signature: [UInt8],
    signatureSlot: UInt64, committee: SyncCommittee, forkVersion: [UInt8], genesisValidatorsRoot: [UInt8],
    fork: BeaconFork, minimumParticipants: Int = 1
  ) {
    self.attested = attested
    self.finalized = finalized
    self.finalityBranch = finalityBranch
    self.nextCommittee = nextCommittee
    self.nextCommitteeBranch = nextCommitteeBranch
    self.participation = participation
    self.signature = signature
    self.signatureSlot = signatureSlot
    self.committee = committee
    self.forkVersion = forkVersion
    self.genesisValidatorsRoot = genesisValidatorsRoot
    self.fork = fork
    self.minimumParticipants = minimumParticipants
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    let signers = try checkForm()
    var roots = BeaconRoots()
    let attestedRoot = roots.add(attested.beacon.root)
    let domain = roots.add(
      HashNode([.bytes(forkVersion + [UInt8](repeating: 0, count: 28)), .bytes(genesisValidatorsRoot)]))
    try roots.addExecution(of: attested, "attested_header", fork: fork)
    let isFinal = !finalityBranch.allSatisfy { $0.allSatisfy { $0 == 0 } }
    var finalizedRoot: Int?
    if let finalized, isFinal {
      // The chain's first block is finalized as the zero root.
      let isGenesis = finalized.beacon.isEmpty
      let index = isGenesis ? nil : roots.add(finalized.beacon.root)
      finalizedRoot = index
      roots.prove(index, "finality_branch", at: fork.finalityIndex, finalityBranch, under: attested.beacon.stateRoot)
      if !isGenesis { try roots.addExecution(of: finalized, "finalized_header", fork: fork) }
    }
    var nextRoot: Int?
    if let nextCommittee, !nextCommitteeBranch.allSatisfy({ $0.allSatisfy { $0 == 0 } }) {
      let index = roots.add(nextCommittee.root)
      nextRoot = index
      roots.prove(
        index, "next_sync_committee_branch", at: fork.nextCommitteeIndex, nextCommitteeBranch,
        under: attested.beacon.stateRoot)
    }
    let (final, next) = (finalizedRoot, nextRoot)
    roots.verify(in: work) { digests, fault in
      if let fault { return finish(.rejected(fault)) }
      let signingDomain: [UInt8] = [0x07, 0, 0, 0] + digests[domain].prefix(28)
      work.digest(.sha256, of: digests[attestedRoot] + signingDomain) { message in
        work.verify([BLSCheck(publicKeys: signers, subject: .message(message), signature: signature)]) { verdicts in
          guard verdicts[0].isAccepted else {
            return finish(.rejected(verdicts[0], "the committee's signature does not match the attested header"))
          }
          var fields: [(String, ObjectOutcome.Value)] = [
            ("attestedRoot", .bytes(digests[attestedRoot])), ("attestedSlot", .number(attested.beacon.slot)),
            ("participants", .number(UInt64(signers.count))),
          ]
          if let final, let finalized {
            fields += [("finalizedRoot", .bytes(digests[final])), ("finalizedSlot", .number(finalized.beacon.slot))]
          }
          if let next { fields.append(("nextCommitteeRoot", .bytes(digests[next]))) }
          finish(.accepted(fields))
        }
      }
    }
  }

  /// The keys of the members who signed.
  private func checkForm() throws(ObjectFault) -> [[UInt8]] {
    guard forkVersion.count == 4 else { throw .malformed("forkVersion is not 4 bytes long") }
    guard genesisValidatorsRoot.count == 32 else { throw .malformed("genesisValidatorsRoot is not 32 bytes long") }
    guard committee.isWellFormed else { throw .malformed("the committee is not 32 or 512 keys of 48 bytes") }
    if let nextCommittee, !nextCommittee.isWellFormed || nextCommittee.publicKeys.count != committee.publicKeys.count {
      throw .malformed("the next committee is not as many keys of 48 bytes as the committee")
    }
    guard attested.beacon.isWellFormed, finalized?.beacon.isWellFormed ?? true else {
      throw .malformed("a header's root is not 32 bytes long")
    }
    guard participation.count * 8 == committee.publicKeys.count else {
      throw .malformed("sync_committee_bits does not have a bit for each member")
    }
    let signers = committee.publicKeys.indices.filter { participation[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
    guard signers.count >= max(1, minimumParticipants) else {
      throw ObjectFault(.valueMismatch, "\(signers.count) members signed, fewer than \(max(1, minimumParticipants))")
    }
    guard signatureSlot > attested.beacon.slot, attested.beacon.slot >= finalized?.beacon.slot ?? 0 else {
      throw ObjectFault(.proofShapeInvalid, "the slots are not finalized <= attested < signature_slot")
    }
    return signers.map { committee.publicKeys[$0] }
  }
}
