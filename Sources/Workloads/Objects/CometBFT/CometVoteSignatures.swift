import AssayCore
import AssayProofs
import AssaySignatures

/// The signatures of a commit, each by its validator's scheme.
enum CometVoteSignatures {
  /// A vote that is there.
  struct Vote {
    /// Its place in the commit.
    let index: Int
    let validator: CometValidator
    let signature: [UInt8]
    let message: [UInt8]
  }

  /// CometBFT's hash-to-curve tag.
  private static let blsDomain = Array("BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_".utf8)

  /// Asks for every signature's verdict; the first bad one is the fault.
  static func verify(
    _ votes: [Vote], in work: ObjectWork, then receive: @escaping (ObjectFault?) -> Void
  ) throws(ObjectFault) {
    var checks: [SignatureCheck] = []
    checks.reserveCapacity(votes.count)
    var aggregates: [BLSCheck] = []
    for vote in votes {
      switch vote.validator.scheme {
      case .ed25519:
        checks.append(
          .ed25519(
            Ed25519Check(.zip215, publicKey: vote.validator.publicKey, message: vote.message, signature: vote.signature)
          ))
      case .secp256k1:
        checks.append(
          .ecdsa(
            ECDSACheck(
              .secp256k1, semantics: .lowS, subject: .message(vote.message), publicKey: vote.validator.publicKey,
              signature: .compact(vote.signature))))
      case .bls12381:
        aggregates.append(
          BLSCheck(
            publicKeys: [BLSPoint.compressedG1(vote.validator.publicKey)], subject: .message(vote.message),
            signature: vote.signature, domain: blsDomain))
      }
    }
    let blsVotes = aggregates.isEmpty ? [] : votes.filter { $0.validator.scheme == .bls12381 }
    let others = aggregates.isEmpty ? votes : votes.filter { $0.validator.scheme != .bls12381 }
    let calls = blsVotes.map { EVMCall(.bls12381G1Add, input: BLSPoint.additionToInfinity($0.validator.publicKey)) }
    work.call(calls) { returns in
      if let bad = zip(blsVotes, returns).first(where: { !$1.verdict.isAccepted })?.0 {
        return receive(ObjectFault(.publicKeyInvalid, "signature \(bad.index): the validator's key is not a point"))
      }
      work.verify(checks) { outcomes in
        if let (vote, outcome) = zip(others, outcomes).first(where: { !$1.verdict.isAccepted }) {
          return receive(fault(vote, outcome.verdict))
        }
        work.verify(aggregates) { verdicts in
          receive(zip(blsVotes, verdicts).first { !$1.isAccepted }.map { fault($0, $1) })
        }
      }
    }
  }

  private static func fault(_ vote: Vote, _ verdict: Verdict) -> ObjectFault {
    ObjectFault(verdict, "signature \(vote.index): not the validator's signature of this vote")
  }
}

/// A validator's address.
enum CometAddress {
  /// Asks for the addresses: SHA-256 of the key, its first 20 bytes; for secp256k1 RIPEMD-160 of SHA-256.
  static func addresses(
    of validators: [CometValidator], in work: ObjectWork, then receive: @escaping ([[UInt8]]) -> Void
  ) {
    work.digests(.sha256, count: validators.count) {
      $1 += validators[$0].publicKey
    } then: { digests in
      receive(
        validators.indices.map { index in
          validators[index].scheme == .secp256k1
            ? RIPEMD160.digest(digests[index]) : Array(digests[bytesOf: index].prefix(20))
        })
    }
  }
}

/// Points of BLS12-381's G1 in 96 bytes, x and y.
enum BLSPoint {
  /// (p - 1) / 2: a larger y has the sign bit.
  private static let halfModulus: [UInt8] = [
    0x0d, 0x00, 0x88, 0xf5, 0x1c, 0xbf, 0xf3, 0x4d, 0x25, 0x8d, 0xd3, 0xdb, 0x21, 0xa5, 0xd6, 0x6b,
    0xb2, 0x3b, 0xa5, 0xc2, 0x79, 0xc2, 0x89, 0x5f, 0xb3, 0x98, 0x69, 0x50, 0x7b, 0x58, 0x7b, 0x12,
    0x0f, 0x55, 0xff, 0xff, 0x58, 0xa9, 0xff, 0xff, 0xdc, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xd5, 0x55,
  ]

  /// x with the sign of y, 48 bytes. What is not a point is found by whoever decompresses, except for a wrong y: see
  /// ``additionToInfinity(_:)``.
  static func compressedG1(_ point: [UInt8]) -> [UInt8] {
    var x = Array(point.prefix(48))
    guard point.count == 96 else { return x }
    // Flags in an encoding that has none are kept, and so rejected as a coordinate out of range.
    guard x[0] & 0xe0 == 0 else { return [UInt8](repeating: 0xff, count: 48) }
    x[0] |= halfModulus.lexicographicallyPrecedes(point[48...]) ? 0xa0 : 0x80
    return x
  }

  /// The call data of EIP-2537's G1ADD for the point and infinity, which fails unless the point is on the curve.
  static func additionToInfinity(_ point: [UInt8]) -> [UInt8] {
    let zeros = [UInt8](repeating: 0, count: 16)
    return zeros + point.prefix(48) + zeros + point.dropFirst(48) + [UInt8](repeating: 0, count: 128)
  }
}
