import AssayCore
import AssayProofs

/// A BLS signature over BN254 with its key in G2 and itself in G1, hashed with Keccak-256 (RFC 9380's expand_message_xmd and its Shallue-van
/// de Woestijne map), as drand's EVM networks and randa-mu's contracts have it.
///
/// Accepted when e(signature, -G2) e(H(message), key) = 1, both in EIP-197's encoding, the key in its subgroup and neither infinity.
public struct BN254Signature: ChainObject {
  /// drand's hash-to-curve tag.
  public static let drandDomain = Array("BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_NUL_".utf8)

  /// The key in G2, 128 bytes, the coefficient of the square root first.
  public var publicKey: [UInt8]
  /// What was signed.
  public var message: [UInt8]
  /// The signature in G1, 64 bytes.
  public var signature: [UInt8]
  /// The hash-to-curve tag, at most 255 bytes.
  public var domain: [UInt8]

  /// Describes a row.
  public init(
    publicKey: [UInt8], message: [UInt8], signature: [UInt8], domain: [UInt8] = BN254Signature.drandDomain
  ) {
    self.publicKey = publicKey
    self.message = message
    self.signature = signature
    self.domain = domain
  }

  /// The generator of G2 with its y negated (EIP-197).
  private static let negatedGenerator =
    Hex.bytes(
      ("198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
        + "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
        + "275dc4a288d1afb3cbb1ac09187524c7db36395df7be3b99e673b13a075a65ec"
        + "1d9befcd05a5323e6da4d435f3b617cdb3af83285c2df711ef39c01571827f9d").utf8) ?? []

  /// Keccak-256's block, which expand_message_xmd puts in front as zeros.
  private static let blockBytes = 136

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    guard publicKey.count == 128, !publicKey.allSatisfy({ $0 == 0 }) else {
      throw ObjectFault(.publicKeyInvalid, "publicKey is not a point of G2 in 128 bytes, or infinity")
    }
    guard signature.count == 64, !signature.allSatisfy({ $0 == 0 }) else {
      throw ObjectFault(.signatureEncodingInvalid, "signature is not a point of G1 in 64 bytes, or infinity")
    }
    guard domain.count <= 255 else { throw .malformed("domain is longer than 255 bytes") }
    let tag = domain + [UInt8(domain.count)]
    let zeros = [UInt8](repeating: 0, count: Self.blockBytes)
    work.digest(.keccak256, of: zeros + message + [0, 96, 0] + tag) { first in
      expand(first, tag, block: [UInt8](repeating: 0, count: 32), number: 1, uniform: [], in: work) { uniform in
        work.mapToBN254([uniform]) { points in
          let input = signature + Self.negatedGenerator + points[0] + publicKey
          work.call([EVMCall(.bn254Pairing, input: input)]) { returns in
            guard returns[0].verdict.isAccepted else {
              return finish(.rejected(returns[0].verdict, "key or signature is not a point of its group"))
            }
            finish(
              returns[0].output.last == 1
                ? .accepted()
                : .rejected(.signatureMismatch, "the signature was not made by this key over this message"))
          }
        }
      }
    }
  }

  /// The blocks of expand_message_xmd after the first, each a hash of the one before.
  private func expand(
    _ first: [UInt8], _ tag: [UInt8], block: [UInt8], number: UInt8, uniform: [UInt8], in work: ObjectWork,
    then receive: @escaping ([UInt8]) -> Void
  ) {
    guard number <= 3 else { return receive(uniform) }
    work.digest(.keccak256, of: zip(first, block).map { $0 ^ $1 } + [number] + tag) { next in
      expand(first, tag, block: next, number: number + 1, uniform: uniform + next, in: work, then: receive)
    }
  }
}
