import Assay
import AssayIO

/// The JSON of snarkjs: `verification_key.json`, `proof.json`, `public.json`.
enum Snarkjs {
  /// What becomes of one proof in three documents: key, proof, public inputs.
  static func outcome(_ documents: [JSONFile], on executor: any Executor) throws(AssayError) -> RowOutcome {
    let check: Groth16Check
    // Roots live as long as their documents, which the optimiser would else release after the last `root`.
    defer { withExtendedLifetime(documents) {} }
    do throws(RowProblem) {
      check = try Self.check(
        key: try key(documents[0].root), proof: documents[1].root, publicInputs: documents[2].root)
    } catch {
      return RowOutcome(error)
    }
    return RowOutcome(verdict: try Groth16Verifier.verify([check], on: executor).first ?? .malformedRow)
  }

  /// A check from its three documents.
  static func check(
    key: Groth16Key, proof: JSONValue, publicInputs: JSONValue
  ) throws(RowProblem) -> Groth16Check {
    try expectGroth16(proof)
    guard let a = strings(proof["pi_a"]), let b = pairs(proof["pi_b"]), let c = strings(proof["pi_c"]),
      let proof = Groth16Proof(a: a, b: b, c: c)
    else { throw .malformed("the proof is not one of snarkjs") }
    guard let decimals = strings(publicInputs), let check = Groth16Check(key: key, proof: proof, decimals: decimals)
    else {
      throw .malformed("the public inputs are not decimal numbers")
    }
    return check
  }

  /// A verification key from its document.
  static func key(_ document: JSONValue) throws(RowProblem) -> Groth16Key {
    try expectGroth16(document)
    guard let alpha = strings(document["vk_alpha_1"]), let beta = pairs(document["vk_beta_2"]),
      let gamma = pairs(document["vk_gamma_2"]), let delta = pairs(document["vk_delta_2"]),
      let inputs = pairs(document["IC"]),
      let key = Groth16Key(alpha: alpha, beta: beta, gamma: gamma, delta: delta, inputs: inputs)
    else { throw .malformed("the verification key is not one of snarkjs") }
    return key
  }

  /// snarkjs names protocol and curve; other ones are not verified.
  private static func expectGroth16(_ document: JSONValue) throws(RowProblem) {
    if let name = document["protocol"]?.string, name != "groth16" {
      throw .unsupported("the protocol is \(name.prefix(40))")
    }
    if let name = document["curve"]?.string, !["bn128", "bn254", "altbn128"].contains(name.lowercased()) {
      throw .unsupported("the curve is \(name.prefix(40))")
    }
  }

  private static func strings(_ value: JSONValue?) -> [String]? {
    guard let elements = value?.elements else { return nil }
    let strings = elements.compactMap { $0.string ?? $0.unsigned.map { String($0) } ?? $0.numeral }
    return strings.count == elements.count ? strings : nil
  }

  private static func pairs(_ value: JSONValue?) -> [[String]]? {
    guard let elements = value?.elements else { return nil }
    let pairs = elements.compactMap { strings($0) }
    return pairs.count == elements.count ? pairs : nil
  }
}
