import AssayCore
import AssaySignatures
import Testing

/// Ed25519 suites: Wycheproof, "Taming the many EdDSAs" (speccheck) and C2SP's CCTV, under every rule set that is verified.
@Suite(.enabled(if: Vectors.arePresent, "\(Vectors.absence)")) struct Ed25519SuiteTests {
  typealias Semantics = Ed25519Check.Semantics

  private func verdicts(_ checks: [Ed25519Check]) throws -> [Verdict] {
    try SignatureVerifier.verify(checks.map { .ed25519($0) }, on: PortableExecutor()).map(\.verdict)
  }

  @Test func wycheproof() throws {
    struct Suite: Decodable {
      let testGroups: [Group]
    }
    struct Group: Decodable {
      let publicKey: Key
      let tests: [Row]
    }
    struct Key: Decodable {
      let pk: String
    }
    struct Row: Decodable {
      let tcId: Int
      let comment: String
      let msg: String
      let sig: String
      let result: String
    }
    var checks: [Ed25519Check] = []
    var rows: [Row] = []
    for group in try Vectors.json("ed25519_test.json", as: Suite.self).testGroups {
      for row in group.tests {
        rows.append(row)
        checks.append(
          Ed25519Check(
            publicKey: try bytes(group.publicKey.pk), message: try bytes(row.msg), signature: try bytes(row.sig)))
      }
    }
    #expect(rows.count == 151)
    for (row, verdict) in zip(rows, try verdicts(checks)) {
      #expect(
        verdict.isAccepted == (row.result == "valid"), "\(row.tcId) \(row.comment): \(verdict.reason ?? "accepted")")
    }
  }

  /// Table 5 of the paper: which of the 12 cases a rule set accepts.
  static let taming: [(Semantics, [Bool])] = [
    (.rfc8032, [true, true, true, true, false, false, false, false, false, false, false, true]),
    (.dalekStrict, [false, false, false, true, false, false, false, false, false, false, false, false]),
    (.libsodium, [false, false, false, true, false, false, false, false, false, false, false, false]),
    (.simd0376, [false, false, false, true, true, true, false, false, false, false, false, false]),
    (.zip215, [true, true, true, true, true, true, false, false, false, true, true, true]),
  ]

  @Test(arguments: taming) func speccheck(_ semantics: Semantics, accepted: [Bool]) throws {
    struct Row: Decodable {
      let message: String
      let publicKey: String
      let signature: String

      enum CodingKeys: String, CodingKey {
        case message, signature
        case publicKey = "pub_key"
      }
    }
    let rows = try Vectors.json("ed25519-speccheck-cases.json", as: [Row].self)
    let found = try verdicts(
      rows.map {
        Ed25519Check(
          semantics, publicKey: try bytes($0.publicKey), message: try bytes($0.message),
          signature: try bytes($0.signature))
      })
    #expect(found.map(\.isAccepted) == accepted)
    // Cases 6 and 7 have S of L and above.
    #expect(found[6] == .scalarOutOfRange && found[7] == .scalarOutOfRange)
  }

  /// What the flags of a CCTV row say about it, by that project's README. The exception: a row signed with k of re-encoded
  /// points is no signature, unless A has small order, when S does not depend on k.
  private static func isAccepted(_ semantics: Semantics, _ flags: Set<String>) -> Bool {
    switch semantics {
    case .rfc8032: flags.isDisjoint(with: ["low_order_residue", "non_canonical_R"])
    case .dalekStrict:
      flags.isDisjoint(with: ["low_order_A", "low_order_R", "low_order_residue", "non_canonical_R"])
    case .libsodium:
      flags.isDisjoint(with: [
        "low_order_A", "low_order_R", "low_order_residue", "non_canonical_A", "non_canonical_R",
      ])
    case .simd0376: flags.isDisjoint(with: ["low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R"])
    case .zip215: !flags.contains("reencoded_k") || flags.contains("low_order_A")
    }
  }

  @Test(arguments: Semantics.allCases) func cctv(_ semantics: Semantics) throws {
    struct Row: Decodable {
      let number: Int
      let key: String
      let sig: String
      let msg: String
      let flags: [String]?
    }
    let rows = try Vectors.json("cctv-ed25519vectors.json", as: [Row].self)
    #expect(rows.count == 914)
    let found = try verdicts(
      rows.map {
        Ed25519Check(semantics, publicKey: try bytes($0.key), message: Array($0.msg.utf8), signature: try bytes($0.sig))
      })
    for (row, verdict) in zip(rows, found) {
      #expect(
        verdict.isAccepted == Self.isAccepted(semantics, Set(row.flags ?? [])),
        "\(row.number) \(row.flags ?? []): \(verdict.reason ?? "accepted")")
    }
  }
}
