/// One thing to verify, of any kind, with everything that its verdict depends on.
public enum Check: Sendable {
  /// An ECDSA, Schnorr or Ed25519 signature, or a recovery.
  case signature(SignatureCheck)
  /// A BLS signature.
  case bls(BLSCheck)
  /// A Merkle proof.
  case merkle(MerkleProof)
  /// A Groth16 proof.
  case groth16(Groth16Check)
  /// A KZG opening.
  case kzg(KZGCheck)

  /// About how many bytes the check holds: what ``QueueLimit/bytes`` counts.
  var bytes: Int {
    switch self {
    case .signature(let check):
      switch check {
      case .ecdsa(let check):
        switch check.subject {
        case .digest(let bytes), .message(let bytes): bytes.count + 200
        }
      case .recovery: 200
      case .schnorr(let check): check.message.count + 200
      case .ed25519(let check): check.message.count + 200
      }
    case .bls(let check):
      switch check.subject {
      case .message(let message): 48 * check.publicKeys.count + message.count + 200
      case .messages(let messages): messages.reduce(48 * check.publicKeys.count + 200) { $0 + $1.count }
      }
    // The tries' nodes are what is large, and few are over this.
    case .merkle: 4_096
    case .groth16(let check): check.key.bytes.count + check.publicInputs.count + 300
    case .kzg(let check):
      switch check {
      case .proof: 200
      case .blob(let blob, _, _): blob.count + 200
      case .cell(let cell, _, _, _): cell.count + 200
      }
    }
  }
}

extension Check {
  /// The verdicts of checks of any kinds, in order: each kind's by its own batch.
  static func verify(_ checks: [Check], on executor: any Executor) throws(AssayError) -> [Verdict] {
    var signatures = Gathered<SignatureCheck>(), bls = Gathered<BLSCheck>(), merkle = Gathered<MerkleProof>()
    var groth16 = Gathered<Groth16Check>(), kzg = Gathered<KZGCheck>()
    for (row, check) in checks.enumerated() {
      switch check {
      case .signature(let check): signatures.append(check, row)
      case .bls(let check): bls.append(check, row)
      case .merkle(let check): merkle.append(check, row)
      case .groth16(let check): groth16.append(check, row)
      case .kzg(let check): kzg.append(check, row)
      }
    }
    var verdicts = [Verdict](repeating: .malformedRow, count: checks.count)
    func settle(_ rows: [Int], _ outcomes: [Verdict]) {
      for (row, verdict) in zip(rows, outcomes) { verdicts[row] = verdict }
    }
    if !signatures.rows.isEmpty {
      settle(signatures.rows, try SignatureVerifier.verify(signatures.checks, on: executor).map(\.verdict))
    }
    if !bls.rows.isEmpty { settle(bls.rows, try BLSVerifier.verify(bls.checks, on: executor)) }
    if !merkle.rows.isEmpty { settle(merkle.rows, try MerkleVerifier.verify(merkle.checks, on: executor)) }
    if !groth16.rows.isEmpty { settle(groth16.rows, try Groth16Verifier.verify(groth16.checks, on: executor)) }
    if !kzg.rows.isEmpty { settle(kzg.rows, try KZGVerifier.verify(kzg.checks, on: executor)) }
    return verdicts
  }

  private struct Gathered<Kind> {
    var checks: [Kind] = []
    var rows: [Int] = []

    mutating func append(_ check: Kind, _ row: Int) {
      checks.append(check)
      rows.append(row)
    }
  }
}
