import Assay
import AssayIO

/// Proofs and signatures over pairings: Groth16, KZG, BLS.
enum PairingRows {
  /// The operations that rows may need.
  static let operations: [Operation] = [
    .groth16BN254, .kzgProof, .kzgBlob, .kzgCell, .bls12381MinPkFastAggregate, .bls12381MinPkAggregate,
  ]

  /// The families, which compute on `executor`.
  static func families(on executor: any Executor) -> [any AnyRowFamily] {
    let files = SnarkjsFiles()
    return [
      RowFamily<Groth16Check>([
        ("groth16-bn254", { row throws(RowProblem) in try groth16(row, files) })
      ]) { checks throws(AssayError) in
        try Groth16Verifier.verify(checks, on: executor).map { RowOutcome(verdict: $0) }
      },
      RowFamily<KZGCheck>([
        ("kzg-proof", { row throws(RowProblem) in try kzgProof(row) }),
        ("kzg-blob", { row throws(RowProblem) in try kzgBlob(row) }),
        ("kzg-cell", { row throws(RowProblem) in try kzgCell(row) }),
      ]) { checks throws(AssayError) in
        try KZGVerifier.verify(checks, on: executor).map { RowOutcome(verdict: $0) }
      },
      RowFamily<BLSCheck>([
        ("bls12381-min-pk", { row throws(RowProblem) in try bls(row) })
      ]) { checks throws(AssayError) in
        try BLSVerifier.verify(checks, on: executor).map { RowOutcome(verdict: $0) }
      },
    ]
  }

  private static func groth16(_ row: Row, _ files: SnarkjsFiles) throws(RowProblem) -> Groth16Check {
    try Snarkjs.check(
      key: try files.key(row.value("verificationKey")), proof: try files.document(row.value("proof")).value,
      publicInputs: try files.document(row.value("publicInputs")).value)
  }

  private static func kzgProof(_ row: Row) throws(RowProblem) -> KZGCheck {
    .proof(
      commitment: try row.bytes("commitment"), z: try row.bytes("z"), y: try row.bytes("y"),
      proof: try row.bytes("proof"))
  }

  private static func kzgBlob(_ row: Row) throws(RowProblem) -> KZGCheck {
    .blob(try row.bytes("blob"), commitment: try row.bytes("commitment"), proof: try row.bytes("proof"))
  }

  private static func kzgCell(_ row: Row) throws(RowProblem) -> KZGCheck {
    .cell(
      try row.bytes("cell"), index: try row.unsigned("cellIndex"), commitment: try row.bytes("commitment"),
      proof: try row.bytes("proof"))
  }

  private static func bls(_ row: Row) throws(RowProblem) -> BLSCheck {
    BLSCheck(
      publicKeys: try row.list("publicKeys"),
      subject: row.has("messages") ? .messages(try row.list("messages")) : .message(try row.bytes("message")),
      signature: try row.bytes("signature"),
      domain: row.has("domain") ? Array(try row.text("domain").utf8) : BLSCheck.ethereumDomain)
  }
}
