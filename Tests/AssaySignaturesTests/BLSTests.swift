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

  /// Accepted checks of one key each, over several keys and messages.
  private static func accepted() throws -> [BLSCheck] {
    let checks = try cases("verify").filter(\.accepted).map(\.check)
    try #require(Set(checks.map(\.publicKeys)).count > 1 && Set(checks.map(\.signature)).count > 2)
    return checks
  }

  @Test(
    "errors that cancel under equal factors: rows with each other's signatures, keys of one message swapped",
    .enabled(if: Vectors.arePresent, Comment(rawValue: Vectors.absence)))
  func cancelling() throws {
    let good = try Self.accepted()
    for (first, second) in zip(good, good.dropFirst()) {
      var (one, two) = (first, second)
      swap(&one.signature, &two.signature)
      let expected: [Verdict] = [.accepted, .signatureMismatch, .signatureMismatch, .accepted]
      #expect(try BLSVerifier.verify([first, one, two, second], on: PortableExecutor()) == expected)
    }
    // Keys that signed the same message: the sum of both keys and that of both signatures stay what they were.
    let pairs = good.indices.flatMap { i in good.indices.filter { $0 > i }.map { (good[i], good[$0]) } }
    let (first, second) = try #require(
      pairs.first { $0.0.subject == $0.1.subject && $0.0.publicKeys != $0.1.publicKeys })
    var (one, two) = (first, second)
    swap(&one.publicKeys, &two.publicKeys)
    #expect(
      try BLSVerifier.verify([one, first, two], on: PortableExecutor())
        == [.signatureMismatch, .accepted, .signatureMismatch])
  }

  @Test(
    "one bad signature among many, every other one, and all",
    .enabled(if: Vectors.arePresent, Comment(rawValue: Vectors.absence)), arguments: [1, 2, 3, 16, 150])
  func bad(step: Int) throws {
    let good = try Self.accepted()
    // More than one block of 128. A bad row's signature is another row's, or its own negated.
    var checks: [BLSCheck] = []
    for index in 0..<150 {
      var check = good[index % good.count]
      if step == 150 ? index == 131 : index % step == 0 {
        if index % 2 == 0 {
          check.signature[0] ^= 0x20
        } else {
          check.signature = good[(index + 1) % good.count].signature
        }
      }
      checks.append(check)
    }
    let alone = try checks.map { try BLSVerifier.verify([$0], on: PortableExecutor())[0] }
    #expect(alone.indices.allSatisfy { alone[$0].isAccepted == (checks[$0] == good[$0 % good.count]) })
    #expect(try BLSVerifier.verify(checks, on: PortableExecutor()) == alone)
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
