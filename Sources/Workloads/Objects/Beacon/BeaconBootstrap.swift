import AssayCore

/// What a light client starts from: a header that is trusted by its root, with the committee of its period (consensus
/// specification, `initialize_light_client_store`).
///
/// Accepted when the header has the trusted root, the committee is in its state, and its execution header, when there, is in its
/// body. The result carries `slot` and `committeeRoot`. Whether the root is to be trusted is the caller's to know.
public struct BeaconBootstrap: ChainObject {
  /// The header.
  public var header: LightClientHeader
  /// The committee of the header's period.
  public var committee: SyncCommittee
  /// Its branch to the header's state.
  public var committeeBranch: [[UInt8]]
  /// The trusted root of the header, 32 bytes; nil leaves the check out, and says nothing of the header.
  public var trustedBlockRoot: [UInt8]?
  /// The rules of the header's fork.
  public var fork: BeaconFork

  /// Describes a row.
  public init(
    header: LightClientHeader, committee: SyncCommittee, committeeBranch: [[UInt8]], trustedBlockRoot: [UInt8]?,
    fork: BeaconFork
  ) {
    self.header = header
    self.committee = committee
    self.committeeBranch = committeeBranch
    self.trustedBlockRoot = trustedBlockRoot
    self.fork = fork
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    guard header.beacon.isWellFormed else { throw .malformed("a header's root is not 32 bytes long") }
    guard committee.isWellFormed else { throw .malformed("the committee is not 32 or 512 keys of 48 bytes") }
    var roots = BeaconRoots()
    let headerRoot = roots.add(header.beacon.root)
    let committeeRoot = roots.add(committee.root)
    roots.prove(
      committeeRoot, "current_sync_committee_branch", at: fork.currentCommitteeIndex, committeeBranch,
      under: header.beacon.stateRoot)
    try roots.addExecution(of: header, "header", fork: fork)
    roots.verify(in: work) { digests, fault in
      if let fault { return finish(.rejected(fault)) }
      if let trustedBlockRoot, digests[headerRoot] != trustedBlockRoot {
        return finish(.rejected(.rootMismatch, "the header's root is not trustedBlockRoot"))
      }
      finish(
        .accepted([
          ("headerRoot", .bytes(digests[headerRoot])), ("slot", .number(header.beacon.slot)),
          ("committeeRoot", .bytes(digests[committeeRoot])),
        ]))
    }
  }
}
