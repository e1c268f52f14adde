import Assay
import AssayIO

/// Proofs and signatures over pairings: Groth16, KZG, BLS.
enum PairingRows {
  /// The operations that rows may need.
  static let operations: [Operation] =
    [
      .groth16BN254, .groth16BN254Prepare, .kzgProof, .kzgBlob, .kzgCell, .bls12381MinPkFastAggregate,
      .bls12381MinPkAggregate,
    ] + EVMPrecompile.allCases.map(\.operation)

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
      RowFamily<PrecompileRow>([
        ("evm-precompile", { row throws(RowProblem) in try precompile(row) })
      ]) { rows throws(AssayError) in
        zip(rows, try EVMPrecompileRunner.run(rows.map(\.call), on: executor)).map { row, result in
          guard result.verdict.isAccepted else { return RowOutcome(verdict: result.verdict) }
          let isExpected = row.expected.map { $0 == result.output } ?? true
          return RowOutcome(verdict: isExpected ? .accepted : .valueMismatch, details: [("output", result.output)])
        }
      },
    ]
  }

  private static func groth16(_ row: Row, _ files: SnarkjsFiles) throws(RowProblem) -> Groth16Check {
    let key = try files.key(row.value("verificationKey"))
    let publicInputs = try row.value("publicInputs")
    return try files.with(row.value("proof")) { proof throws(RowProblem) in
      try files.with(publicInputs) { inputs throws(RowProblem) in
        try Snarkjs.check(key: key, proof: proof, publicInputs: inputs)
      }
    }
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

  /// A call and the output that its row expects, if it says.
  private struct PrecompileRow {
    let call: EVMCall
    let expected: [UInt8]?
  }

  private static func precompile(_ row: Row) throws(RowProblem) -> PrecompileRow {
    let address = try row.quantity("address").drop { $0 == 0 }
    guard address.count == 1, let precompile = address.first.flatMap(EVMPrecompile.init(rawValue:)) else {
      throw .unsupported("no precompile of this version has this address")
    }
    return PrecompileRow(
      call: EVMCall(precompile, input: try row.bytes("input")), expected: try row.optionalBytes("output"))
  }

  private static func bls(_ row: Row) throws(RowProblem) -> BLSCheck {
    BLSCheck(
      publicKeys: try row.list("publicKeys"),
      subject: row.has("messages") ? .messages(try row.list("messages")) : .message(try row.bytes("message")),
      signature: try row.bytes("signature"),
      domain: row.has("domain") ? Array(try row.text("domain").utf8) : BLSCheck.ethereumDomain)
  }
}
