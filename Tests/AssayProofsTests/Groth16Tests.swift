import Assay
import AssayCore
import AssayProofs
import Foundation
import Testing

/// The margin circuit's key, proofs and public inputs from the shared vectors.
private struct Margin {
  static let folder: String = {
    let vectors =
      ProcessInfo.processInfo.environment["ASSAY_VECTORS"]
      ?? URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/vectors").standardized
      .path
    return vectors + "/zk/groth16-bn254/margin/"
  }()
  static let isThere = FileManager.default.fileExists(atPath: folder)

  static func json(_ name: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: folder + name)))
  }

  static func key() throws -> Groth16Key {
    let key = try #require(try json("verification_key.json") as? [String: Any])
    let parsed = Groth16Key(
      alpha: key["vk_alpha_1"] as? [String] ?? [], beta: key["vk_beta_2"] as? [[String]] ?? [],
      gamma: key["vk_gamma_2"] as? [[String]] ?? [], delta: key["vk_delta_2"] as? [[String]] ?? [],
      inputs: key["IC"] as? [[String]] ?? [])
    return try #require(parsed)
  }

  static func check(_ index: Int) throws -> Groth16Check {
    let number = index < 10 ? "0\(index)" : "\(index)"
    let fields = try #require(try json("proof_\(number).json") as? [String: Any])
    let inputs = try #require(try json("public_\(number).json") as? [String])
    let proof = Groth16Proof(
      a: fields["pi_a"] as? [String] ?? [], b: fields["pi_b"] as? [[String]] ?? [], c: fields["pi_c"] as? [String] ?? []
    )
    let check = Groth16Check(key: try key(), proof: try #require(proof), decimals: inputs)
    return try #require(check)
  }
}

@Suite("Groth16 over BN254")
struct Groth16Tests {
  @Test("snarkjs' proofs are accepted, alone and together", .enabled(if: Margin.isThere, "no shared vectors"))
  func marginProofs() throws {
    let checks = try (0..<16).map(Margin.check)
    #expect(try Groth16Verifier.verify(checks, on: engine) == [Verdict](repeating: .accepted, count: 16))
    #expect(try Groth16Verifier.verify([checks[3]], on: engine) == [.accepted])
  }

  @Test("each broken proof of a batch gets its own reason", .enabled(if: Margin.isThere, "no shared vectors"))
  func brokenProofs() throws {
    var checks = try (0..<16).map(Margin.check)
    checks[1].publicInputs = checks[2].publicInputs
    checks[4].publicInputs.removeLast(32)
    checks[5].publicInputs.replaceSubrange(0..<32, with: [UInt8](repeating: 0xFF, count: 32))
    checks[6].proof = Groth16Proof(bytes: Array(checks[6].proof.bytes.dropLast()))
    checks[7].proof = Groth16Proof(bytes: [UInt8](repeating: 0xFF, count: 256))
    checks[8].key = Groth16Key(bytes: Array(checks[8].key.bytes.dropLast(64)))
    checks[9].proof = Groth16Proof(bytes: [UInt8](repeating: 0, count: 256))
    var expected = [Verdict](repeating: .accepted, count: 16)
    expected[1] = .pairingMismatch
    expected[4] = .proofShapeInvalid
    expected[5] = .scalarOutOfRange
    expected[6] = .proofShapeInvalid
    expected[7] = .nonCanonicalEncoding
    expected[8] = .proofShapeInvalid
    expected[9] = .pairingMismatch
    #expect(try Groth16Verifier.verify(checks, on: engine) == expected)
    for (check, verdict) in zip(checks, expected) {
      #expect(try Groth16Verifier.verify([check], on: engine) == [verdict])
    }
  }

  @Test("decimal numbers that are none, or too large")
  func numbers() throws {
    let one = ["1", "2", "1"]
    let two = [["1", "0"], ["1", "0"], ["1", "0"]]
    #expect(Groth16Proof(a: one, b: two, c: one)?.bytes.count == 256)
    for bad in ["", "-1", "0xg", "1 ", "१", "1e3", String(repeating: "1", count: 4097)] {
      #expect(Groth16Proof(a: [bad, "2", "1"], b: two, c: one) == nil, "\(bad.prefix(8))")
    }
    #expect(Groth16Proof(a: ["1", "2", "2"], b: two, c: one) == nil)
    // Two coordinates are an affine point, as snarkjs takes it; one is not a point.
    #expect(Groth16Proof(a: ["1", "2"], b: two, c: one) == Groth16Proof(a: one, b: two, c: one))
    #expect(Groth16Proof(a: ["1"], b: two, c: one) == nil)
    let key = Groth16Key(bytes: [])
    let proof = Groth16Proof(bytes: [])
    let power = "115792089237316195423570985008687907853269984665640564039457584007913129639936"
    let below = "115792089237316195423570985008687907853269984665640564039457584007913129639935"
    let twoToThe64 = Groth16Check(key: key, proof: proof, decimals: ["18446744073709551616"])
    #expect(twoToThe64?.publicInputs == [UInt8](repeating: 0, count: 23) + [1] + [UInt8](repeating: 0, count: 8))
    for text in [power, below, String(repeating: "9", count: 4096)] {
      let check = Groth16Check(key: key, proof: proof, decimals: [text])
      #expect(check?.publicInputs == [UInt8](repeating: 0xFF, count: 32))
    }
  }
}
