import Foundation
import Testing

/// examples/margin-proof: sixteen solvency proofs and the signed prices that they are about, in one run.
@Suite struct MarginProofTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../examples/margin-proof").standardized

  private static func rows() throws -> [[String: Any]] {
    try Data(contentsOf: folder.appending(path: "accounts.jsonl")).split(separator: 0x0A).map {
      try #require(JSONSerialization.jsonObject(with: $0) as? [String: Any])
    }
  }

  private func verify(_ rows: [[String: Any]], _ options: [String] = []) throws -> Run {
    var text = Data()
    for row in rows { text += try JSONSerialization.data(withJSONObject: row) + Data([0x0A]) }
    return try Run(["verify", "-", "--quiet"] + options, input: text, in: Folder())
  }

  @Test func sixteenAccountsInOneRun() throws {
    let folder = try Folder()
    let run = try Run(
      ["verify", Self.folder.appending(path: "accounts.jsonl").path, "--receipt", "receipt.json"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.lines.count == 32)
    #expect(run.lines.allSatisfy { $0.contains("\"accepted\":true") })
    #expect(run.errors.contains("groth16_bn254: 16 rows"), "\(run.errors)")
  }

  @Test func theSignedPricesAreThePublicInputs() throws {
    let rows = try Self.rows()
    #expect(rows.count == 32)
    for index in stride(from: 0, to: rows.count, by: 2) {
      let inputs = try #require(rows[index]["publicInputs"] as? [String])
      let message = try #require(rows[index + 1]["message"] as? String)
      let prices = try inputs.prefix(4).map { input in
        let hexadecimal = String(try #require(UInt64(input)), radix: 16)
        return String(repeating: "0", count: 64 - hexadecimal.count) + hexadecimal
      }
      #expect(inputs.count == 5)
      #expect(message.hasSuffix(prices.joined()))
      #expect(prices.allSatisfy { UInt64($0.suffix(16), radix: 16).map { $0 < 1 << 47 } ?? false })
    }
  }

  @Test func oneForgedProofAndOneForgedPrice() throws {
    var rows = try Self.rows()
    // Account 3 claims a smaller requirement; the prices of account 5 are not those that were signed.
    var inputs = try #require(rows[6]["publicInputs"] as? [String])
    inputs[4] = "1"
    rows[6]["publicInputs"] = inputs
    let message = try #require(rows[11]["message"] as? String)
    rows[11]["message"] = message.dropLast() + (message.hasSuffix("0") ? "1" : "0")
    let run = try verify(rows)
    #expect(run.status == 1)
    for (index, line) in run.lines.enumerated() {
      switch index {
      case 6: #expect(line.contains("pairing-mismatch"))
      case 11: #expect(line.contains("signature-mismatch"))
      default: #expect(line.contains("\"accepted\":true"), "\(line)")
      }
    }
  }

  @Test func rowsThatNameFiles() throws {
    let row: [String: Any] = [
      "type": "groth16-bn254", "verificationKey": "verification_key.json", "proof": "proof.json",
      "publicInputs": "public.json",
    ]
    var rows = [[String: Any]](repeating: row, count: 40)
    rows[7]["proof"] = "-"
    rows[8]["proof"] = "no such file"
    rows[9]["publicInputs"] = "make.py"
    rows[10]["proof"] = "public.json"
    let run = try verify(rows, ["--files", Self.folder.path])
    #expect(run.lines.count == 40)
    for (index, line) in run.lines.enumerated() {
      #expect(line.contains((7...10).contains(index) ? "malformed-row" : "\"accepted\":true"), "\(line)")
    }
  }

  @Test func snarkjsFiles() throws {
    let files = ["verification_key.json", "proof.json", "public.json"].map { Self.folder.appending(path: $0).path }
    let run = try Run(["verify", "--quiet", "--format", "snarkjs"] + files, in: Folder())
    #expect(run.status == 0)
    #expect(run.lines == ["{\"row\":1,\"accepted\":true}"])
  }
}
