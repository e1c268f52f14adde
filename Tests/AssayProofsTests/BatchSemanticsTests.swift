import Assay
import AssayCore
import Foundation
import Testing

@testable import AssayProofs

/// The example's sixteen proofs (examples/margin-proof), which need no vectors from outside.
private func marginChecks() throws -> [Groth16Check] {
  let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../examples/margin-proof/accounts.jsonl").standardized
  return try Data(contentsOf: file).split(separator: 0x0A).compactMap { line in
    let row = try #require(JSONSerialization.jsonObject(with: line) as? [String: Any])
    guard let key = row["verificationKey"] as? [String: Any], let proof = row["proof"] as? [String: Any] else {
      return nil as Groth16Check?
    }
    let parsedKey = Groth16Key(
      alpha: key["vk_alpha_1"] as? [String] ?? [], beta: key["vk_beta_2"] as? [[String]] ?? [],
      gamma: key["vk_gamma_2"] as? [[String]] ?? [], delta: key["vk_delta_2"] as? [[String]] ?? [],
      inputs: key["IC"] as? [[String]] ?? [])
    let parsedProof = Groth16Proof(
      a: proof["pi_a"] as? [String] ?? [], b: proof["pi_b"] as? [[String]] ?? [], c: proof["pi_c"] as? [String] ?? [])
    return Groth16Check(
      key: try #require(parsedKey), proof: try #require(parsedProof), decimals: row["publicInputs"] as? [String] ?? [])
  }
}

private func word(_ value: UInt8) -> [UInt8] { [UInt8](repeating: 0, count: 31) + [value] }

/// BN254's generator and its negative: y = 2 and y = p - 2.
private let generator = word(1) + word(2)
private let negativeGenerator =
  word(1) + [
    0x30, 0x64, 0x4E, 0x72, 0xE1, 0x31, 0xA0, 0x29, 0xB8, 0x50, 0x45, 0xB6, 0x81, 0x81, 0x58, 0x5D,
    0x97, 0x81, 0x6A, 0x91, 0x68, 0x71, 0xCA, 0x8D, 0x3C, 0x20, 0x8C, 0x16, 0xD8, 0x7C, 0xFD, 0x45,
  ]

/// A verdict in a batch is the verdict alone, whatever stands beside it.
@Suite("Batches that somebody chose")
struct BatchSemanticsTests {
  /// The proof with `error` added to its C.
  private func shifted(_ check: Groth16Check, by error: [UInt8]) throws -> Groth16Check {
    let sum = try EVMPrecompileRunner.run(
      [EVMCall(.bn254Add, input: check.proof.bytes.suffix(64) + error)], on: engine)
    #expect(sum.first?.verdict == .accepted)
    var check = check
    check.proof = Groth16Proof(bytes: check.proof.bytes.dropLast(64) + (sum.first?.output ?? []))
    return check
  }

  @Test("Groth16: two proofs whose errors cancel under equal factors")
  func groth16Cancelling() throws {
    var checks = try marginChecks()
    checks[4] = try shifted(checks[4], by: generator)
    checks[9] = try shifted(checks[9], by: negativeGenerator)
    var expected = [Verdict](repeating: .accepted, count: 16)
    (expected[4], expected[9]) = (.pairingMismatch, .pairingMismatch)
    #expect(try Groth16Verifier.verify(checks, on: engine) == expected)
    #expect(try Groth16Verifier.verify([checks[4], checks[9]], on: engine) == [.pairingMismatch, .pairingMismatch])
  }

  @Test("Groth16: one bad proof among many, every other one, and all", arguments: [1, 2, 3, 16, 80])
  func groth16Bad(step: Int) throws {
    let good = try marginChecks()
    // More than one block of 64; a bad row has another account's inputs.
    var checks: [Groth16Check] = []
    var expected: [Verdict] = []
    for index in 0..<80 {
      var check = good[index % 16]
      let isBad = step == 80 ? index == 71 : index % step == 0
      if isBad { check.publicInputs = good[(index + 1) % 16].publicInputs }
      checks.append(check)
      expected.append(isBad ? .pairingMismatch : .accepted)
    }
    #expect(try Groth16Verifier.verify(checks, on: engine) == expected)
  }

  private static let infinity = [UInt8](arrayLiteral: 0xC0) + [UInt8](repeating: 0, count: 47)
  /// BLS12-381's group order less one: minus one as a value.
  private static let minusOne: [UInt8] = [
    0x73, 0xED, 0xA7, 0x53, 0x29, 0x9D, 0x7D, 0x48, 0x33, 0x39, 0xD8, 0x08, 0x09, 0xA1, 0xD8, 0x05,
    0x53, 0xBD, 0xA4, 0x02, 0xFF, 0xFE, 0x5B, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00,
  ]

  @Test("KZG: claims of the zero polynomial whose errors cancel under equal factors, one bad, all bad")
  func kzgProofs() throws {
    func claim(_ y: [UInt8]) -> KZGCheck {
      .proof(commitment: Self.infinity, z: word(7), y: y, proof: Self.infinity)
    }
    let good = claim(word(0))
    #expect(
      try KZGVerifier.verify([claim(word(1)), good, claim(Self.minusOne), good], on: engine)
        == [.pairingMismatch, .accepted, .pairingMismatch, .accepted])
    for bad in [1, 12, 70] {
      let checks = (0..<70).map { $0 * 31 % 70 < bad ? claim(word(1)) : good }
      #expect(
        try KZGVerifier.verify(checks, on: engine) == checks.map { $0 == good ? .accepted : .pairingMismatch })
    }
  }

  @Test("KZG: blobs and cells whose errors cancel under equal factors")
  func kzgBlobsAndCells() throws {
    let rest = [UInt8](repeating: 0, count: 2048 - 32)
    func cell(_ value: [UInt8]) -> KZGCheck {
      .cell(value + rest, index: 5, commitment: Self.infinity, proof: Self.infinity)
    }
    #expect(
      try KZGVerifier.verify([cell(word(1)), cell(word(0)), cell(Self.minusOne)], on: engine)
        == [.pairingMismatch, .accepted, .pairingMismatch])
    let blobRest = [UInt8](repeating: 0, count: 131_072 - 32)
    func blob(_ value: [UInt8]) -> KZGCheck {
      .blob(value + blobRest, commitment: Self.infinity, proof: Self.infinity)
    }
    #expect(
      try KZGVerifier.verify([blob(word(1)), blob(word(0)), blob(Self.minusOne)], on: engine)
        == [.pairingMismatch, .accepted, .pairingMismatch])
  }
}

@Suite("Prepared Groth16 keys")
struct Groth16KeyCacheTests {
  @Test("the cache is bounded, keeps the keys used last, and refuses malformed and very long ones")
  func bounded() throws {
    let key = try #require(try marginChecks().first?.key)
    let cache = Groth16KeyCache(capacity: 3)
    // Keys with more and more inputs, all well formed: the last point is repeated.
    let keys = (0..<5).map { Groth16Key(bytes: key.bytes + (0..<$0).flatMap { _ in key.bytes.suffix(64) }) }
    for key in keys[..<3] { #expect(try cache.prepared(key, on: engine).count == 51_104) }
    let first = try cache.prepared(keys[0], on: engine)
    _ = try cache.prepared(keys[3], on: engine)
    #expect(cache.count == 3)
    #expect(cache.holds(keys[0]))
    #expect(!cache.holds(keys[1]))
    #expect(try cache.prepared(keys[0], on: engine) == first)
    #expect(try cache.prepared(Groth16Key(bytes: key.bytes.dropLast()), on: engine) == [])
    let long = Groth16Key(bytes: key.bytes + [UInt8](repeating: 0, count: Groth16KeyCache.longestKey))
    #expect(try cache.prepared(long, on: engine) == [])
    #expect(cache.count == 3)
  }

  @Test("many threads, few places: every verdict stays that of its own key")
  func threads() async throws {
    let checks = try marginChecks()
    // Another key for the same proofs: without the last input's point it has another length, with another one it is wrong.
    let other = Groth16Key(bytes: checks[0].key.bytes.dropLast(64) + checks[0].key.bytes.prefix(64))
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for index in 0..<24 {
        group.addTask {
          var check = checks[index % 16]
          if index % 3 == 0 { check.key = other }
          let cache = Groth16KeyCache(capacity: 1)
          let alone = try cache.prepared(check.key, on: engine)
          let shared = try Groth16KeyCache.shared.prepared(check.key, on: engine)
          let verdicts = try Groth16Verifier.verify([check], on: engine)
          return alone == shared && verdicts == [index % 3 == 0 ? .pairingMismatch : .accepted]
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }
}
