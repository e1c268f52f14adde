import AssayCore
import AssaySignatures
import Foundation
import Testing

@Suite("BLS signatures of the Ethereum suite")
struct BLSTests {
  /// A case of bls12-381-tests; a suite uses some of the fields.
  private struct Case: Decodable {
    struct Input: Decodable {
      let pubkey: String?
      let pubkeys: [String]?
      let message: String?
      let messages: [String]?
      let signature: String?
    }
    let input: Input
    let output: Bool?
  }

  private static func unhex(_ text: String) throws -> [UInt8] {
    try bytes(text.hasPrefix("0x") ? String(text.dropFirst(2)) : text)
  }

  private static func cases(_ suite: String) throws -> [(name: String, check: BLSCheck, accepted: Bool)] {
    let folder = Vectors.folder.appendingPathComponent("signatures/bls12-381-tests/\(suite)")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
      let row: Case = try Vectors.json("bls12-381-tests/\(suite)/\(name)")
      let keys = try (row.input.pubkeys ?? [row.input.pubkey ?? ""]).map(unhex)
      let subject: BLSCheck.Subject =
        if let messages = row.input.messages {
          .messages(try messages.map(unhex))
        } else {
          .message(try unhex(row.input.message ?? ""))
        }
      let signature = try unhex(row.input.signature ?? "")
      return (name, BLSCheck(publicKeys: keys, subject: subject, signature: signature), row.output ?? false)
    }
  }

  @Test(
    "each case has the suite's verdict, all in one batch",
    .enabled(if: Vectors.arePresent, Comment(rawValue: Vectors.absence)),
    arguments: ["verify", "fast_aggregate_verify", "aggregate_verify"])
  func suite(_ suite: String) throws {
    let cases = try Self.cases(suite)
    #expect(!cases.isEmpty)
    let verdicts = try BLSVerifier.verify(cases.map(\.check), on: PortableExecutor())
    for (verdict, row) in zip(verdicts, cases) {
      #expect(verdict.isAccepted == row.accepted, "\(row.name): \(verdict.reason ?? "accepted")")
    }
  }

  @Test("shapes that are none get their reason without a kernel")
  func shapes() throws {
    let key = [UInt8](repeating: 0, count: 48)
    let signature = [UInt8](repeating: 0, count: 96)
    let checks = [
      BLSCheck(publicKeys: [], subject: .message([]), signature: signature),
      BLSCheck(publicKeys: [key], subject: .messages([]), signature: signature),
      BLSCheck(publicKeys: [Array(key.dropLast())], subject: .message([]), signature: signature),
      BLSCheck(publicKeys: [key], subject: .message([]), signature: []),
      BLSCheck(publicKeys: [key], subject: .message([]), signature: signature),
    ]
    #expect(
      try BLSVerifier.verify(checks, on: PortableExecutor()) == [
        .proofShapeInvalid, .proofShapeInvalid, .publicKeyInvalid, .signatureEncodingInvalid, .publicKeyInvalid,
      ])
  }
}
