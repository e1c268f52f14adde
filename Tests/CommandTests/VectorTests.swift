import Foundation
import Testing

/// Public suites through the command line: every verdict as the suite says.
@Suite struct VectorTests {
  /// One row and whether its suite accepts it.
  private typealias Case = (row: [String: Any], isValid: Bool)

  /// Runs rows through `assay verify` and compares each verdict.
  private func check(_ cases: [Case]) throws {
    #expect(cases.count > 10)
    var text = Data()
    for item in cases {
      text += try JSONSerialization.data(withJSONObject: item.row)
      text.append(0x0A)
    }
    let run = try Run(["verify", "-", "--quiet"], input: text, in: Folder())
    #expect(run.lines.count == cases.count)
    for (item, line) in zip(cases, run.lines) {
      #expect(line.contains("\"accepted\":\(item.isValid)"), "\(line): \(item.row)")
    }
  }

  @Test(
    .enabled(if: Vectors.has("signatures"), "public vectors are not here: set ASSAY_VECTORS"),
    arguments: [
      ("ecdsa_secp256k1_sha256_bitcoin_test.json", "ecdsa-secp256k1", "low-s"),
      ("ecdsa_secp256k1_sha256_test.json", "ecdsa-secp256k1", "any-s"),
      ("ecdsa_secp256r1_sha256_test.json", "ecdsa-p256", "any-s"),
      ("ed25519_test.json", "ed25519", "rfc8032"),
    ])
  func wycheproof(file: String, type: String, semantics: String) throws {
    let suite = try #require(
      JSONSerialization.jsonObject(with: Vectors.data("signatures/\(file)")) as? [String: Any])
    var cases: [Case] = []
    for group in suite["testGroups"] as? [[String: Any]] ?? [] {
      let key = group["publicKey"] as? [String: Any] ?? [:]
      for test in group["tests"] as? [[String: Any]] ?? [] {
        var row: [String: Any] = [
          "type": type, "semantics": semantics, "message": test["msg"] ?? "", "signature": test["sig"] ?? "",
          "publicKey": key["uncompressed"] ?? key["pk"] ?? "",
        ]
        if type.hasPrefix("ecdsa") { row["encoding"] = "der" }
        cases.append((row, test["result"] as? String == "valid"))
      }
    }
    try check(cases)
  }

  @Test(.enabled(if: Vectors.has("signatures"), "public vectors are not here: set ASSAY_VECTORS"))
  func bip340() throws {
    let text = String(decoding: try Vectors.data("signatures/bip340-test-vectors.csv"), as: UTF8.self)
    let cases: [Case] = text.split(whereSeparator: \.isNewline).dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return (
        ["type": "schnorr-secp256k1", "publicKey": cells[2], "message": cells[4], "signature": cells[5]],
        cells[6] == "TRUE"
      )
    }
    try check(cases)
  }
}
