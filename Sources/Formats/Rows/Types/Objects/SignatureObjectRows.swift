import Assay

/// BLS signatures with keys in G2, drand's rounds, and WebAuthn's assertions.
extension RowType {
  static let bls12381MinSig = RowType(
    "bls12381-min-sig",
    [
      .required("publicKey", .bytes, "96 bytes, in G2"), .required("message", .bytes, "any length"),
      .required("signature", .bytes, "48 bytes, in G1"),
      .optional("domain", .text, "the hash-to-curve tag, text or 0x; the basic scheme's for G1 by default"),
    ],
    rule: "A BLS signature with its key in G2 (draft-irtf-cfrg-bls-signature-05, minimal-signature-size).",
    operations: [.bls12381MinSig], workload: .objects
  ) { row throws(RowProblem) in
    MinSigSignature(
      BLSMinSigCheck(
        publicKey: try row.bytes("publicKey"), message: try row.bytes("message"), signature: try row.bytes("signature"),
        domain: row.has("domain") ? try row.textOrBytes("domain") : BLSMinSigCheck.basicDomain))
  }

  static let bn254MinSig = RowType(
    "bn254-min-sig",
    [
      .required("publicKey", .bytes, "128 bytes, in G2 as EIP-197 has it"), .required("message", .bytes, "any length"),
      .required("signature", .bytes, "64 bytes, in G1"),
      .optional("domain", .text, "the hash-to-curve tag, text or 0x; drand's by default"),
    ],
    rule:
      "A BLS signature over BN254 with its key in G2, hashed with Keccak-256 and RFC 9380's Shallue-van de Woestijne map.",
    operations: [.keccak256Message, .bn254MapUniformToG1, .bn254Pairing], workload: .objects
  ) { row throws(RowProblem) in
    BN254Signature(
      publicKey: try row.bytes("publicKey"), message: try row.bytes("message"), signature: try row.bytes("signature"),
      domain: row.has("domain") ? try row.textOrBytes("domain") : BN254Signature.drandDomain)
  }

  static let drandRound = RowType(
    "drand-round",
    [
      .required("scheme", .word(DrandRound.Scheme.allCases.map(\.rawValue))),
      .required("publicKey", .bytes, "the network's: 48 or 96 bytes"), .required("round", .whole),
      .optional("previousSignature", .bytes, "in chained schemes"), .required("signature", .bytes, "96 or 48 bytes"),
      .optional("randomness", .bytes, "32 bytes, which the signature must give"),
    ],
    rule: "The network signed the round (drand), with the previous signature in chained schemes only.",
    results: [.required("randomness", .bytes, "32 bytes")],
    operations: [
      .sha256Message, .bls12381MinPkFastAggregate, .bls12381MinSig, .keccak256Message, .bn254MapUniformToG1,
      .bn254Pairing,
    ], workload: .objects
  ) { row throws(RowProblem) in
    guard let scheme = try row.choice("scheme", of: DrandRound.Scheme.self) else {
      throw .malformed("scheme is missing")
    }
    return DrandRound(
      scheme: scheme, publicKey: try row.bytes("publicKey"), round: try row.unsigned("round"),
      previousSignature: try row.optionalBytes("previousSignature"), signature: try row.bytes("signature"),
      randomness: try row.optionalBytes("randomness"))
  }

  static let webAuthn = RowType(
    "webauthn",
    [
      .required("publicKey", .text, "33 or 65 bytes, or a P-256 SubjectPublicKeyInfo in PEM"),
      .required("authenticatorData", .bytes), .required("clientDataJSON", .bytes, "byte for byte"),
      .required("challenge", .bytes, "what was sent"), .required("signature", .bytes, "DER, or 64 bytes r‖s"),
      .optional("origin", .text, "which the client must have seen"),
      .optional("rpId", .text, "the relying party that it must be for"),
      .optional("requireUserVerification", .flag, "the user must have been verified"),
    ],
    rule:
      "A P-256 assertion (Web Authentication, 7.2): type, challenge, origin, relying party and flags, then the signature.",
    results: [.required("signatureCounter", .whole)], operations: [.sha256Message, .ecdsaP256AnyS], workload: .objects
  ) { row throws(RowProblem) in
    WebAuthnAssertion(
      publicKey: try row.publicKey("publicKey", .p256), authenticatorData: try row.bytes("authenticatorData"),
      clientDataJSON: try row.bytes("clientDataJSON"), challenge: try row.bytes("challenge"),
      signature: try row.bytes("signature"), origin: row.has("origin") ? try row.text("origin") : nil,
      relyingParty: row.has("rpId") ? try row.text("rpId") : nil,
      requiresVerification: try row.flag("requireUserVerification"))
  }
}

extension Row {
  /// Text as its bytes, or the bytes that hexadecimal digits after `0x` spell.
  func textOrBytes(_ name: StaticString) throws(RowProblem) -> [UInt8] {
    let text = try text(name)
    return text.hasPrefix("0x") ? try bytes(name) : Array(text.utf8)
  }
}
