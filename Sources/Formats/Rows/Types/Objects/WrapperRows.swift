import Assay
import AssayIO

/// Proofs of virtual machines wrapped into Groth16.
extension RowType {
  static let sp1 = RowType(
    "sp1",
    [
      .required("proof", .bytes, "selector, from version 6 on exit code, root and nonce, then A, B and C"),
      .required("programVKey", .bytes, "32 bytes"), .required("publicValues", .bytes, "any length"),
      .optional(
        "verificationKey", .json, "of a version that the table lacks: snarkjs' JSON, or alpha, beta, gamma, delta, ic"),
      .optional("vkRoot", .bytes, "32 bytes, likewise, from version 6 on"),
    ],
    rule: "SP1's Groth16 proof that the program gave these public values, under its version's whole key.",
    results: [.required("version", .text)], operations: [.sha256Message, .groth16BN254, .groth16BN254Prepare],
    workload: .objects
  ) { row throws(RowProblem) in
    SP1Proof(
      proof: try row.bytes("proof"), programKey: try row.bytes("programVKey"),
      publicValues: try row.bytes("publicValues"), key: try row.inlineKey("verificationKey"),
      keyRoot: try row.optionalBytes("vkRoot"))
  }

  static let risc0 = RowType(
    "risc0",
    [
      .required("seal", .bytes, "selector, A, B and C: 260 bytes"), .required("imageId", .bytes, "32 bytes"),
      .optional("journal", .bytes, "what the program wrote"), .optional("journalDigest", .bytes, "its SHA-256"),
      .optional("controlRoot", .bytes, "32 bytes, of a version that the table lacks"),
      .optional("bn254ControlId", .bytes, "32 bytes, likewise"),
      .optional("verificationKey", .json, "another key than RISC Zero's, as for sp1"),
    ],
    rule:
      "RISC Zero's Groth16 seal that the image ran to its end and wrote journal or journalDigest, of which one is given.",
    results: [.required("claimDigest", .bytes), .required("version", .text)],
    operations: [.sha256Message, .groth16BN254, .groth16BN254Prepare], workload: .objects
  ) { row throws(RowProblem) in
    let hasJournal = try row.one(of: "journal", or: "journalDigest")
    return RISCZeroProof(
      seal: try row.bytes("seal"), imageId: try row.bytes("imageId"),
      journal: hasJournal ? .bytes(try row.bytes("journal")) : .digest(try row.bytes("journalDigest")),
      controlRoot: try row.optionalBytes("controlRoot"), controlId: try row.optionalBytes("bn254ControlId"),
      key: try row.inlineKey("verificationKey"))
  }
}

extension Row {
  /// A Groth16 key: snarkjs' JSON, or lists of coordinates as verifier contracts name them, alpha, beta, gamma, delta and ic. Of
  /// G2 the coefficient of 1 stands before that of the square root, and no point is negated.
  fileprivate func inlineKey(_ name: StaticString) throws(RowProblem) -> Groth16Key? {
    guard let node = try optionalNode(name) else { return nil }
    guard node.optional("vk_alpha_1") == nil else { return try Snarkjs.key(node.json) }
    var bytes = try coordinates(node.member("alpha"), [0, 1])
    for part in [try node.member("beta"), try node.member("gamma"), try node.member("delta")] {
      bytes += try coordinates(part, [1, 0, 3, 2])
    }
    for point in try node.member("ic", or: "IC").elements { bytes += try coordinates(point, [0, 1]) }
    return Groth16Key(bytes: bytes)
  }

  /// A point's coordinates in the order of EIP-197, 32 bytes each.
  private func coordinates(_ node: NodeValue, _ order: [Int]) throws(RowProblem) -> [UInt8] {
    let elements = try node.elements
    guard elements.count == order.count else {
      throw .malformed("\(node.path) does not have \(order.count) coordinates")
    }
    var bytes: [UInt8] = []
    for index in order {
      let number = try elements[index].number.drop { $0 == 0 }
      guard number.count <= 32 else { throw .malformed("\(elements[index].path) is 2^256 or more") }
      bytes += [UInt8](repeating: 0, count: 32 - number.count) + number
    }
    return bytes
  }
}
