import AssayCore
import AssaySignatures

/// A signed round of a drand network.
///
/// The message is SHA-256 of the previous signature, in chained schemes, and the round in eight big-endian bytes; the randomness is
/// SHA-256 of the signature. A chained round without its previous signature is refused, and so is an unchained one with one. The
/// result carries `randomness`. Which network a key belongs to is the caller's to know.
public struct DrandRound: ChainObject {
  /// drand's schemes.
  public enum Scheme: String, Sendable, CaseIterable {
    /// Keys in G1; the message holds the previous signature.
    case chained = "pedersen-bls-chained"
    /// Keys in G1.
    case unchained = "pedersen-bls-unchained"
    /// Keys in G2; signatures in G1, hashed under G2's tag (fastnet).
    case onG1 = "bls-unchained-on-g1"
    /// Keys in G2; signatures in G1 (quicknet).
    case g1RFC9380 = "bls-unchained-g1-rfc9380"
    /// Over BN254, for the EVM: keys in G2, signatures in G1, the message hashed with Keccak-256.
    case bn254OnG1 = "bls-bn254-unchained-on-g1"
  }

  /// The scheme.
  public var scheme: Scheme
  /// The network's key: 48 bytes in G1, 96 in G2.
  public var publicKey: [UInt8]
  /// The round.
  public var round: UInt64
  /// The signature of the round before; nil in unchained schemes.
  public var previousSignature: [UInt8]?
  /// The signature.
  public var signature: [UInt8]
  /// The randomness that it must give; nil asks for none.
  public var randomness: [UInt8]?

  private static let g2Domain = Array("BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_".utf8)

  /// Describes a row.
  public init(
    scheme: Scheme, publicKey: [UInt8], round: UInt64, previousSignature: [UInt8]?, signature: [UInt8],
    randomness: [UInt8]? = nil
  ) {
    self.scheme = scheme
    self.publicKey = publicKey
    self.round = round
    self.previousSignature = previousSignature
    self.signature = signature
    self.randomness = randomness
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    let previous = previousSignature ?? []
    guard (scheme == .chained) != previous.isEmpty else {
      throw ObjectFault(
        .proofShapeInvalid,
        scheme == .chained
          ? "previousSignature is missing in a chained scheme" : "previousSignature is there in an unchained scheme")
    }
    if scheme == .bn254OnG1 { return checkBN254(in: work, finish: finish) }
    work.digests(.sha256, of: [previous + round.bigEndianBytes, signature]) { digests in
      func settle(_ verdict: Verdict) {
        guard verdict.isAccepted else {
          return finish(.rejected(verdict, "the signature is not of this round and key"))
        }
        if let randomness, randomness != digests[1] {
          return finish(.rejected(.valueMismatch, "randomness is not the signature's SHA-256"))
        }
        finish(.accepted([("randomness", .bytes(digests[1]))]))
      }
      switch scheme {
      case .chained, .unchained:
        work.verify([
          BLSCheck(publicKeys: [publicKey], subject: .message(digests[0]), signature: signature, domain: Self.g2Domain)
        ]) { settle($0[0]) }
      case .onG1, .g1RFC9380, .bn254OnG1:
        work.verify([
          BLSMinSigCheck(
            publicKey: publicKey, message: digests[0], signature: signature,
            domain: scheme == .onG1 ? Self.g2Domain : BLSMinSigCheck.basicDomain)
        ]) { settle($0[0]) }
      }
    }
  }

  private func checkBN254(in work: ObjectWork, finish: @escaping ObjectWork.Finish) {
    work.digests(.keccak256, of: [round.bigEndianBytes]) { digests in
      let check = BN254Signature(publicKey: publicKey, message: digests[0], signature: signature)
      do throws(ObjectFault) {
        try check.check(in: work) { outcome in
          guard outcome.verdict.isAccepted else { return finish(outcome) }
          work.digest(.sha256, of: signature) { found in
            if let randomness, randomness != found {
              return finish(.rejected(.valueMismatch, "randomness is not the signature's SHA-256"))
            }
            finish(.accepted([("randomness", .bytes(found))]))
          }
        }
      } catch {
        finish(.rejected(error))
      }
    }
  }
}
