import Assay

extension RowWorkload where Check == SignatureCheck {
  /// ECDSA, recovery, Schnorr and Ed25519.
  static var signatures: Self {
    RowWorkload("signatures") { checks, executor throws(AssayError) in
      try SignatureVerifier.verify(checks, on: executor).map { outcome in
        guard let key = outcome.recovered else { return RowOutcome(verdict: outcome.verdict) }
        return RowOutcome(
          verdict: outcome.verdict,
          results: [("address", .bytes(key.address)), ("publicKey", .bytes(key.publicKey))])
      }
    }
  }
}

extension RowType {
  static let ecdsaSecp256k1 = ecdsa(
    "ecdsa-secp256k1", .secp256k1, default: "low-s", operations: [.ecdsaSecp256k1LowS, .ecdsaSecp256k1AnyS])

  static let ecdsaP256 = ecdsa("ecdsa-p256", .p256, default: "any-s", operations: [.ecdsaP256LowS, .ecdsaP256AnyS])

  private enum Encoding: String, CaseIterable { case compact, der }

  private static func ecdsa(
    _ name: String, _ curve: ECDSACheck.Curve, default semantics: String, operations: [Operation]
  ) -> RowType {
    RowType(
      name,
      [
        .required("publicKey", .bytes, "33 or 65 bytes (SEC 1); hybrid keys, which begin with 06 or 07, are refused"),
        .optional("digest", .bytes, "32 bytes"), .optional("message", .bytes, "hashed with SHA-256"),
        .required("signature", .bytes, "64 bytes r‖s, or DER"),
        .optional("encoding", .word(Encoding.allCases.map(\.rawValue)), "compact by default; der is strict"),
        .optional("semantics", .word(ECDSACheck.Semantics.allCases.map(\.rawValue)), "\(semantics) by default"),
      ],
      rule: "ECDSA (SEC 1, 4.1.4) over digest or message, of which one is given.", operations: operations,
      workload: .signatures
    ) { row throws(RowProblem) in
      let signature = try row.bytes("signature")
      let encoding = try row.choice("encoding", of: Encoding.self) ?? .compact
      let hasDigest = try row.one(of: "digest", or: "message")
      return .ecdsa(
        ECDSACheck(
          curve, semantics: try row.choice("semantics", of: ECDSACheck.Semantics.self),
          subject: hasDigest ? .digest(try row.bytes("digest")) : .message(try row.bytes("message")),
          publicKey: try row.bytes("publicKey"), signature: encoding == .der ? .der(signature) : .compact(signature)))
    }
  }

  static let ecdsaSecp256k1Recover = RowType(
    "ecdsa-secp256k1-recover",
    [
      .required("digest", .bytes, "32 bytes"), .required("signature", .bytes, "65 bytes r‖s‖v, v 0, 1, 27 or 28"),
      .optional("address", .bytes, "20 bytes"),
    ],
    rule: "A public key is recovered (SEC 1, 4.1.6) and, where address is given, has that address.",
    results: [.optional("address", .bytes, "20 bytes"), .optional("publicKey", .bytes, "65 bytes")],
    operations: [.ecdsaSecp256k1Recover], workload: .signatures
  ) { row throws(RowProblem) in
    .recovery(
      RecoveryCheck(
        digest: try row.bytes("digest"), signature: try row.bytes("signature"),
        address: try row.optionalBytes("address")))
  }

  static let schnorrSecp256k1 = RowType(
    "schnorr-secp256k1",
    [
      .required("publicKey", .bytes, "32 bytes, the x coordinate"), .required("message", .bytes, "any length"),
      .required("signature", .bytes, "64 bytes"),
    ],
    rule: "Schnorr's signature as BIP-340 has it.", operations: [.schnorrSecp256k1], workload: .signatures
  ) { row throws(RowProblem) in
    .schnorr(
      SchnorrCheck(
        publicKey: try row.bytes("publicKey"), message: try row.bytes("message"),
        signature: try row.bytes("signature")))
  }

  static let ed25519 = RowType(
    "ed25519",
    [
      .required("publicKey", .bytes, "32 bytes"), .required("message", .bytes, "any length"),
      .required("signature", .bytes, "64 bytes"),
      .optional("semantics", .word(Ed25519Check.Semantics.allCases.map(\.rawValue)), "rfc8032 by default"),
    ],
    rule: "Ed25519 (RFC 8032) by one of five rules.",
    operations: [.ed25519RFC8032, .ed25519DalekStrict, .ed25519Libsodium, .ed25519SIMD0376, .ed25519ZIP215],
    workload: .signatures
  ) { row throws(RowProblem) in
    .ed25519(
      Ed25519Check(
        try row.choice("semantics", of: Ed25519Check.Semantics.self) ?? .rfc8032,
        publicKey: try row.bytes("publicKey"), message: try row.bytes("message"),
        signature: try row.bytes("signature")))
  }
}
