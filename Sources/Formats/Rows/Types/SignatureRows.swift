import Assay

/// A signature whose message is hashed already or by the scheme itself, or one over a message in another form.
enum SignatureRow: Sendable {
  case plain(SignatureCheck)
  case formed(SignedMessage)
}

extension RowWorkload where Check == SignatureRow {
  /// ECDSA, recovery, Schnorr and Ed25519.
  static var signatures: Self {
    RowWorkload("signatures") { rows, executor throws(AssayError) in
      var plain: [SignatureCheck] = []
      var formed: [any ChainObject] = []
      for row in rows {
        switch row {
        case .plain(let check): plain.append(check)
        case .formed(let message): formed.append(message)
        }
      }
      let outcomes = try SignatureVerifier.verify(plain, on: executor)
      let others = try ObjectVerifier.verify(formed, on: executor)
      var (nextPlain, nextFormed) = (0, 0)
      return rows.map { row in
        switch row {
        case .plain:
          nextPlain += 1
          return RowOutcome(outcomes[nextPlain - 1])
        case .formed:
          nextFormed += 1
          return RowOutcome(others[nextFormed - 1])
        }
      }
    }
  }
}

extension RowOutcome {
  /// What became of a signature.
  fileprivate init(_ outcome: SignatureOutcome) {
    self.init(verdict: outcome.verdict)
    if let key = outcome.recovered {
      results = [("address", .bytes(key.address)), ("publicKey", .bytes(key.publicKey))]
    }
  }
}

extension Row {
  /// The message forms of ECDSA rows: `digest`, `message` with `hash`, or `typedData`, of which one is given.
  fileprivate func messageForm() throws(RowProblem) -> MessageForm {
    let given = [has("digest"), has("message"), has("typedData")].count { $0 }
    guard given == 1 else {
      throw .malformed("\(given == 0 ? "one of" : "only one of") digest, message and typedData must be given")
    }
    if has("hash"), !has("message") { throw .malformed("hash is given without message") }
    if has("digest") { return .digest(try bytes("digest")) }
    if has("typedData") { return .typedData(try typedData()) }
    return .message(try bytes("message"), try choice("hash", of: MessageForm.HashName.self) ?? .sha256)
  }
}

extension RowType {
  private static let messageForms: [RowField] = [
    .optional("digest", .bytes, "32 bytes"), .optional("message", .bytes, "hashed as hash says"),
    .optional("hash", .word(MessageForm.HashName.allCases.map(\.rawValue)), "sha256 by default"),
    .optional("typedData", .json, "an EIP-712 object"),
  ]

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
        .required(
          "publicKey", .bytes, "33 or 65 bytes (SEC 1), or PEM; hybrid keys, which begin with 06 or 07, are refused")
      ] + messageForms + [
        .required("signature", .bytes, "64 bytes r‖s, or DER"),
        .optional("encoding", .word(Encoding.allCases.map(\.rawValue)), "compact by default; der is strict"),
        .optional("semantics", .word(ECDSACheck.Semantics.allCases.map(\.rawValue)), "\(semantics) by default"),
      ],
      rule: "ECDSA (SEC 1, 4.1.4) over digest, message or typedData, of which one is given.",
      operations: operations + ObjectOperations.hashes, workload: .signatures
    ) { row throws(RowProblem) in
      let bytes = try row.bytes("signature")
      let encoding = try row.choice("encoding", of: Encoding.self) ?? .compact
      let signature: ECDSACheck.Signature = encoding == .der ? .der(bytes) : .compact(bytes)
      let semantics = try row.choice("semantics", of: ECDSACheck.Semantics.self)
      let key = try row.publicKey("publicKey", curve == .p256 ? .p256 : .secp256k1)
      func plain(_ subject: ECDSACheck.Subject) -> SignatureRow {
        .plain(.ecdsa(ECDSACheck(curve, semantics: semantics, subject: subject, publicKey: key, signature: signature)))
      }
      switch try row.messageForm() {
      case .digest(let digest): return plain(.digest(digest))
      case .message(let message, .sha256): return plain(.message(message))
      case let form:
        return .formed(
          SignedMessage(
            form, signer: .key(key, curve, semantics ?? (curve == .p256 ? .anyS : .lowS), signature)))
      }
    }
  }

  static let ecdsaSecp256k1Recover = RowType(
    "ecdsa-secp256k1-recover",
    messageForms + [
      .required(
        "signature", .bytes, "65 bytes r‖s‖v, v 0, 1, 27 or 28; or 64, the parity in the highest bit of s (EIP-2098)"),
      .optional("v", .quantity, "the parity, 27 or 28, or EIP-155's v, beside a signature of 64 bytes"),
      .optional("chainId", .quantity, "the chain that a v of EIP-155 must be for"),
      .optional("address", .bytes, "20 bytes"),
      .optional("semantics", .word(ECDSACheck.Semantics.allCases.map(\.rawValue)), "any-s by default"),
    ],
    rule:
      "A public key is recovered (SEC 1, 4.1.6) over digest, message or typedData and, where address is given, has it.",
    results: [.optional("address", .bytes, "20 bytes"), .optional("publicKey", .bytes, "65 bytes")],
    operations: [.ecdsaSecp256k1Recover] + ObjectOperations.hashes, workload: .signatures
  ) { row throws(RowProblem) in
    let v = try row.optionalNode("v").map { node throws(RowProblem) in try node.whole }
    let signature = try row.recoverable(v: v, chainId: try row.chain("chainId"))
    let address = try row.optionalBytes("address")
    let semantics = try row.choice("semantics", of: ECDSACheck.Semantics.self) ?? .anyS
    let form = try row.messageForm()
    if case .digest(let digest) = form, semantics == .anyS {
      return .plain(.recovery(RecoveryCheck(digest: digest, signature: signature, address: address)))
    }
    return .formed(SignedMessage(form, signer: .recovered(signature: signature, address: address, semantics)))
  }

  static let schnorrSecp256k1 = RowType(
    "schnorr-secp256k1",
    [
      .required("publicKey", .bytes, "32 bytes, the x coordinate"), .required("message", .bytes, "any length"),
      .required("signature", .bytes, "64 bytes"),
    ],
    rule: "Schnorr's signature as BIP-340 has it.", operations: [.schnorrSecp256k1], workload: .signatures
  ) { row throws(RowProblem) in
    .plain(
      .schnorr(
        SchnorrCheck(
          publicKey: try row.bytes("publicKey"), message: try row.bytes("message"),
          signature: try row.bytes("signature"))))
  }

  static let ed25519 = RowType(
    "ed25519",
    [
      .required("publicKey", .bytes, "32 bytes, or PEM"), .required("message", .bytes, "any length"),
      .required("signature", .bytes, "64 bytes"),
      .optional("semantics", .word(Ed25519Check.Semantics.allCases.map(\.rawValue)), "rfc8032 by default"),
    ],
    rule: "Ed25519 (RFC 8032) by one of five rules.",
    operations: [.ed25519RFC8032, .ed25519DalekStrict, .ed25519Libsodium, .ed25519SIMD0376, .ed25519ZIP215],
    workload: .signatures
  ) { row throws(RowProblem) in
    .plain(
      .ed25519(
        Ed25519Check(
          try row.choice("semantics", of: Ed25519Check.Semantics.self) ?? .rfc8032,
          publicKey: try row.publicKey("publicKey", .ed25519), message: try row.bytes("message"),
          signature: try row.bytes("signature"))))
  }
}
