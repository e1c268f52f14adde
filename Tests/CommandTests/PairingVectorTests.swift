import Foundation
import Testing

/// Proofs and aggregate signatures by pairings through the command line: every verdict as its suite says.
@Suite struct PairingVectorTests {
  private static let margin = "zk/groth16-bn254/margin"
  private static let bls = "signatures/bls12-381-tests"

  private func json(_ path: String) throws -> Any { try JSONSerialization.jsonObject(with: Vectors.data(path)) }

  private func verify(_ rows: [[String: Any]]) throws -> [String] {
    var text = Data()
    for row in rows { text += try JSONSerialization.data(withJSONObject: row) + Data([0x0A]) }
    let lines = try Run(["verify", "-", "--quiet"], input: text, in: Folder()).lines
    #expect(lines.count == rows.count)
    return lines
  }

  @Test(.enabled(if: Vectors.has(margin), "public vectors are not here: set ASSAY_VECTORS"))
  func groth16() throws {
    let key = try json("\(Self.margin)/verification_key.json")
    var rows: [[String: Any]] = try (0..<16).map { index in
      let number = index < 10 ? "0\(index)" : "\(index)"
      return [
        "type": "groth16-bn254", "verificationKey": key, "proof": try json("\(Self.margin)/proof_\(number).json"),
        "publicInputs": try json("\(Self.margin)/public_\(number).json"),
      ]
    }
    let foreign = rows[4]["publicInputs"] as? [String] ?? []
    rows[3]["publicInputs"] = foreign
    // The input plus the group order: the classic forgery.
    let order = "21888242871839275222246405745257275088548364400416034343698204186575808495617"
    rows[5]["publicInputs"] = [order] + (rows[5]["publicInputs"] as? [String] ?? []).dropFirst()
    rows[6]["publicInputs"] = Array((rows[6]["publicInputs"] as? [String] ?? []).dropLast())
    let lines = try verify(rows)
    for (index, line) in lines.enumerated() where ![3, 5, 6].contains(index) {
      #expect(line.contains("\"accepted\":true"), "\(line)")
    }
    #expect(lines[3].contains("pairing-mismatch"))
    #expect(lines[5].contains("scalar-out-of-range"))
    #expect(lines[6].contains("proof-shape-invalid"))
  }

  @Test(.enabled(if: Vectors.has(margin), "public vectors are not here: set ASSAY_VECTORS"))
  func snarkjsFiles() throws {
    func path(_ name: String) -> String { Vectors.folder.appending(path: "\(Self.margin)/\(name)").path }
    let good = try Run(
      ["verify", "--quiet", "--format", "snarkjs"]
        + ["verification_key", "proof_07", "public_07"].map { path("\($0).json") },
      in: Folder())
    #expect(good.status == 0)
    let bad = try Run(
      ["verify", "--quiet", "--format", "snarkjs"]
        + ["verification_key", "proof_07", "public_08"].map { path("\($0).json") },
      in: Folder())
    #expect(bad.status == 1)
    #expect(bad.output.contains("pairing-mismatch"))
  }

  @Test(
    .enabled(if: Vectors.has(bls), "public vectors are not here: set ASSAY_VECTORS"),
    arguments: ["verify", "fast_aggregate_verify", "aggregate_verify"])
  func blsSignatures(handler: String) throws {
    let folder = Vectors.folder.appending(path: "\(Self.bls)/\(handler)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
      .sorted()
    #expect(names.count >= 5)
    var rows: [[String: Any]] = []
    var valid: [Bool] = []
    for name in names {
      let test = try #require(try json("\(Self.bls)/\(handler)/\(name)") as? [String: Any])
      let input = try #require(test["input"] as? [String: Any])
      var row: [String: Any] = ["type": "bls12381-min-pk", "id": name, "signature": input["signature"] ?? ""]
      row["publicKeys"] = input["pubkeys"] ?? [input["pubkey"] ?? ""]
      if let messages = input["messages"] { row["messages"] = messages } else { row["message"] = input["message"] }
      rows.append(row)
      valid.append(test["output"] as? Bool ?? false)
    }
    for (line, isValid) in zip(try verify(rows), valid) {
      #expect(line.contains("\"accepted\":\(isValid)"), "\(line)")
    }
  }
}
