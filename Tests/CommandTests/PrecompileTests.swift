import Foundation
import Testing

/// The EVM's precompiles over pairing-friendly curves through the command line.
@Suite struct PrecompileTests {
  private static let folder = "zk/go-ethereum-precompiles"

  private func verify(_ rows: [[String: Any]]) throws -> [[String: Any]] {
    var text = Data()
    for row in rows { text += try JSONSerialization.data(withJSONObject: row) + Data([0x0A]) }
    let lines = try Run(["verify", "-", "--quiet"], input: text, in: Folder()).lines
    #expect(lines.count == rows.count)
    return try lines.map { try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
  }

  private static func cases(_ name: String) throws -> [[String: Any]] {
    guard Vectors.has("\(folder)/\(name).json") else { return [] }
    return try #require(JSONSerialization.jsonObject(with: Vectors.data("\(folder)/\(name).json")) as? [[String: Any]])
  }

  @Test(
    "go-ethereum's cases: each output, and each failure",
    .enabled(if: Vectors.has(folder), "public vectors are not here: set ASSAY_VECTORS"),
    arguments: [
      ("bn256Add", "0x06"), ("bn256ScalarMul", "0x07"), ("bn256Pairing", "0x08"), ("pointEvaluation", "0x0a"),
      ("blsG1Add", "0x0b"), ("blsG1Mul", "0x0c"), ("blsG1MultiExp", "0x0c"), ("blsG2Add", "0x0d"),
    ])
  func goEthereum(name: String, address: String) throws {
    let cases = try Self.cases(name) + Self.cases("fail-\(name)")
    #expect(!cases.isEmpty)
    let rows: [[String: Any]] = cases.map { test in
      ["type": "evm-precompile", "address": address, "input": test["Input"] ?? ""]
    }
    for (result, test) in zip(try verify(rows), cases) {
      if let expected = test["Expected"] as? String {
        #expect(result["output"] as? String == "0x" + expected, "\(test["Name"] ?? "")")
        #expect(result["accepted"] as? Bool == true, "\(test["Name"] ?? "")")
      } else {
        #expect(result["accepted"] as? Bool == false, "\(test["Name"] ?? "")")
        #expect(result["output"] == nil, "\(test["Name"] ?? "")")
      }
    }
  }

  @Test("an expected output is compared, addresses have several spellings, and others are no precompile")
  func fields() throws {
    // An empty pairing check succeeds with one; a doubled generator.
    let one = String(repeating: "0", count: 63) + "1"
    let two = String(repeating: "0", count: 63) + "2"
    let zeroAddress = "0x" + String(repeating: "0", count: 38) + "08"
    let rows: [[String: Any]] = [
      ["address": "0x8", "input": "", "output": one],
      ["address": zeroAddress, "input": "0x", "output": two],
      ["address": "0x8", "input": "00"],
      ["address": "0x05", "input": ""],
      ["address": "0x0108", "input": ""],
      ["address": "0x06", "input": one + two],
      ["address": "0x06", "input": one + one],
      ["input": ""],
    ].map { $0.merging(["type": "evm-precompile"]) { first, _ in first } }
    let results = try verify(rows)
    #expect(results.map { $0["accepted"] as? Bool } == [true, false, false, false, false, true, false, false])
    let reasons: [String?] = [
      nil, "value-mismatch", "proof-shape-invalid", "unsupported-type", "unsupported-type", nil, "point-not-on-curve",
      "malformed-row",
    ]
    #expect(results.map { $0["reason"] as? String } == reasons)
    #expect(results[1]["output"] as? String == "0x" + one)
    // Missing bytes read as zeros: the point plus infinity.
    #expect(results[5]["output"] as? String == "0x" + one + two)
  }
}
