import Assay

/// Signatures: ECDSA, recovery, Schnorr, Ed25519.
enum SignatureRows {
  /// The operations that rows may need.
  static let operations: [Operation] = [
    .ecdsaSecp256k1LowS, .ecdsaSecp256k1AnyS, .ecdsaP256LowS, .ecdsaP256AnyS, .ecdsaSecp256k1Recover, .schnorrSecp256k1,
    .ed25519RFC8032, .ed25519DalekStrict, .ed25519ZIP215,
  ]

  /// The family, which computes on `executor`.
  static func family(on executor: any Executor) -> any AnyRowFamily {
    RowFamily<SignatureCheck>([
      ("ecdsa-secp256k1", { row throws(RowProblem) in .ecdsa(try ecdsa(.secp256k1, row)) }),
      ("ecdsa-p256", { row throws(RowProblem) in .ecdsa(try ecdsa(.p256, row)) }),
      ("ecdsa-secp256k1-recover", { row throws(RowProblem) in .recovery(try recovery(row)) }),
      ("schnorr-secp256k1", { row throws(RowProblem) in .schnorr(try schnorr(row)) }),
      ("ed25519", { row throws(RowProblem) in .ed25519(try ed25519(row)) }),
    ]) { checks throws(AssayError) in
      try SignatureVerifier.verify(checks, on: executor).map { outcome in
        guard let key = outcome.recovered else { return RowOutcome(verdict: outcome.verdict) }
        return RowOutcome(
          verdict: outcome.verdict, details: [("address", key.address), ("publicKey", key.publicKey)])
      }
    }
  }

  private enum Encoding: String { case compact, der }

  private static func ecdsa(_ curve: ECDSACheck.Curve, _ row: Row) throws(RowProblem) -> ECDSACheck {
    let signature = try row.bytes("signature")
    let encoding = try row.choice("encoding", of: Encoding.self) ?? .compact
    return ECDSACheck(
      curve, semantics: try row.choice("semantics", of: ECDSACheck.Semantics.self),
      subject: row.has("digest") ? .digest(try row.bytes("digest")) : .message(try row.bytes("message")),
      publicKey: try row.bytes("publicKey"), signature: encoding == .der ? .der(signature) : .compact(signature))
  }

  private static func recovery(_ row: Row) throws(RowProblem) -> RecoveryCheck {
    RecoveryCheck(
      digest: try row.bytes("digest"), signature: try row.bytes("signature"), address: try row.optionalBytes("address"))
  }

  private static func schnorr(_ row: Row) throws(RowProblem) -> SchnorrCheck {
    SchnorrCheck(
      publicKey: try row.bytes("publicKey"), message: try row.bytes("message"), signature: try row.bytes("signature"))
  }

  private static func ed25519(_ row: Row) throws(RowProblem) -> Ed25519Check {
    Ed25519Check(
      try row.choice("semantics", of: Ed25519Check.Semantics.self) ?? .rfc8032, publicKey: try row.bytes("publicKey"),
      message: try row.bytes("message"), signature: try row.bytes("signature"))
  }
}
