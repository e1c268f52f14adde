import AssayCore
import AssaySignatures
import Testing

/// Wycheproof's ECDSA suites: every verdict as the suite says.
@Suite(.enabled(if: Vectors.arePresent, "\(Vectors.absence)")) struct ECDSASuiteTests {
  struct Suite: Decodable {
    let testGroups: [Group]
  }
  struct Group: Decodable {
    let publicKey: Key
    let tests: [Row]
  }
  struct Key: Decodable {
    let uncompressed: String
  }
  struct Row: Decodable {
    let tcId: Int
    let comment: String
    let msg: String
    let sig: String
    let result: String
  }
  struct Case: Sendable, CustomTestStringConvertible {
    let file: String
    let curve: ECDSACheck.Curve
    let semantics: ECDSACheck.Semantics
    let rows: Int
    var testDescription: String { file }
  }

  static let cases = [
    Case(file: "ecdsa_secp256k1_sha256_test.json", curve: .secp256k1, semantics: .anyS, rows: 476),
    Case(file: "ecdsa_secp256k1_sha256_bitcoin_test.json", curve: .secp256k1, semantics: .lowS, rows: 463),
    Case(file: "ecdsa_secp256r1_sha256_test.json", curve: .p256, semantics: .anyS, rows: 484),
  ]

  @Test(arguments: cases, [false, true]) func everyVerdict(_ suite: Case, compressed: Bool) throws {
    var checks: [SignatureCheck] = []
    var rows: [Row] = []
    for group in try Vectors.json(suite.file, as: Suite.self).testGroups {
      var key = try bytes(group.publicKey.uncompressed)
      if compressed { key = [2 + key[64] % 2] + key[1...32] }
      for row in group.tests {
        rows.append(row)
        checks.append(
          .ecdsa(
            ECDSACheck(
              suite.curve, semantics: suite.semantics, subject: .message(try bytes(row.msg)), publicKey: key,
              signature: .der(try bytes(row.sig)))))
      }
    }
    #expect(rows.count == suite.rows)
    let outcomes = try SignatureVerifier.verify(checks, on: PortableExecutor())
    for (row, outcome) in zip(rows, outcomes) {
      #expect(
        outcome.verdict.isAccepted == (row.result == "valid"),
        "\(row.tcId) \(row.comment): \(outcome.verdict.reason ?? "accepted")")
    }
  }

  /// A signature that both rules refuse is refused for the same reason, and low-s refuses nothing but high s beyond that.
  @Test(arguments: [ECDSACheck.Curve.secp256k1, .p256]) func semanticsDifferInHighSOnly(_ curve: ECDSACheck.Curve)
    throws
  {
    let file = curve == .p256 ? Self.cases[2].file : Self.cases[0].file
    var checks: [[SignatureCheck]] = [[], []]
    for group in try Vectors.json(file, as: Suite.self).testGroups {
      for row in group.tests {
        for (index, semantics) in [ECDSACheck.Semantics.anyS, .lowS].enumerated() {
          checks[index].append(
            .ecdsa(
              ECDSACheck(
                curve, semantics: semantics, subject: .message(try bytes(row.msg)),
                publicKey: try bytes(group.publicKey.uncompressed), signature: .der(try bytes(row.sig)))))
        }
      }
    }
    let any = try SignatureVerifier.verify(checks[0], on: PortableExecutor()).map(\.verdict)
    let low = try SignatureVerifier.verify(checks[1], on: PortableExecutor()).map(\.verdict)
    #expect(low.contains(.highS) && !any.contains(.highS))
    for (any, low) in zip(any, low) {
      #expect(any == low || (low == .highS && (any.isAccepted || any == .signatureMismatch)))
    }
  }
}
