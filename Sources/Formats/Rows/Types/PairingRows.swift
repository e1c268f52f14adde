import Assay

extension RowType {
  static let groth16BN254 = RowType(
    "groth16-bn254",
    [
      .required("verificationKey", .document, "as snarkjs writes it"),
      .required("proof", .document, "as snarkjs writes it"),
      .required("publicInputs", .document, "decimal numbers, as snarkjs writes them"),
    ],
    rule: "Groth16's pairing check, with subgroup checks; every input is below the group order.",
    operations: [.groth16BN254, .groth16BN254Prepare],
    workload: RowWorkload<Groth16Check>("groth16-bn254") { checks, executor throws(AssayError) in
      try Groth16Verifier.verify(checks, on: executor).map { RowOutcome(verdict: $0) }
    }
  ) { row throws(RowProblem) in
    let key = try row.document("verificationKey", Snarkjs.key)
    return try row.document("proof") { proof throws(RowProblem) in
      try row.document("publicInputs") { inputs throws(RowProblem) in
        try Snarkjs.check(key: key, proof: proof, publicInputs: inputs)
      }
    }
  }

  static let bls12381MinPk = RowType(
    "bls12381-min-pk",
    [
      .required("publicKeys", .list(.bytes), "48 bytes each"),
      .optional("message", .bytes, "signed by every key"), .optional("messages", .list(.bytes), "one per key"),
      .required("signature", .bytes, "96 bytes"),
      .optional("domain", .text, "the hash-to-curve tag, text or 0x; Ethereum's suite by default"),
      .optional(
        "semantics", .word(BLSSignature.Semantics.allCases.map(\.rawValue)),
        "draft by default; eth-fast-aggregate also accepts no keys and the signature at infinity"),
    ],
    rule:
      "A BLS signature (draft-irtf-cfrg-bls-signature-05) over message or messages, of which one is given, by the rules of the "
      + "suite in domain: ..._NUL_ refuses repeated messages, ..._AUG_ puts each key in front of its message.",
    operations: [.bls12381MinPkFastAggregate, .bls12381MinPkAggregate], workload: .objects
  ) { row throws(RowProblem) in
    let hasMessages = try row.one(of: "messages", or: "message")
    return BLSSignature(
      BLSCheck(
        publicKeys: try row.list("publicKeys"),
        subject: hasMessages ? .messages(try row.list("messages")) : .message(try row.bytes("message")),
        signature: try row.bytes("signature"),
        domain: row.has("domain") ? try row.textOrBytes("domain") : BLSCheck.ethereumDomain),
      semantics: try row.choice("semantics", of: BLSSignature.Semantics.self) ?? .draft)
  }
}

/// Blobs and cells (EIP-4844, EIP-7594).
extension RowType {
  private static let commitment = RowField.required("commitment", .bytes, "48 bytes")
  private static let proof = RowField.required("proof", .bytes, "48 bytes")

  static let kzgProof = RowType(
    "kzg-proof",
    [commitment, .required("z", .bytes, "32 bytes"), .required("y", .bytes, "32 bytes"), proof],
    rule: "verify_kzg_proof of EIP-4844.", operations: [.kzgProof], workload: .kzg
  ) { row throws(RowProblem) in
    .proof(
      commitment: try row.bytes("commitment"), z: try row.bytes("z"), y: try row.bytes("y"),
      proof: try row.bytes("proof"))
  }

  static let kzgBlob = RowType(
    "kzg-blob", [.required("blob", .bytes, "131,072 bytes"), commitment, proof],
    rule: "verify_blob_kzg_proof of EIP-4844.", operations: [.kzgBlob], workload: .kzg
  ) { row throws(RowProblem) in
    .blob(try row.bytes("blob"), commitment: try row.bytes("commitment"), proof: try row.bytes("proof"))
  }

  static let kzgCell = RowType(
    "kzg-cell",
    [commitment, .required("cellIndex", .whole, "0 to 127"), .required("cell", .bytes, "2,048 bytes"), proof],
    rule: "verify_cell_kzg_proof of EIP-7594.", operations: [.kzgCell], workload: .kzg
  ) { row throws(RowProblem) in
    .cell(
      try row.bytes("cell"), index: try row.unsigned("cellIndex"), commitment: try row.bytes("commitment"),
      proof: try row.bytes("proof"))
  }
}

extension RowWorkload where Check == KZGCheck {
  /// Openings of blobs.
  static var kzg: Self {
    RowWorkload("kzg") { checks, executor throws(AssayError) in
      try KZGVerifier.verify(checks, on: executor).map { RowOutcome(verdict: $0) }
    }
  }
}
