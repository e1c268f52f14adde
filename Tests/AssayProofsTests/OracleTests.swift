import Assay
import Foundation
import Testing

/// Proofs that pymerkle, py-trie, remerkleable, hashlib and pycryptodome made; see Tests/Vectors/merkle/generate.py.
@Suite("Proofs from independent implementations")
struct OracleTests {
  struct Document: Decodable {
    struct Inclusion: Decodable {
      let leaf: String
      let index: UInt64
      let treeSize: UInt64
      let path: [String]
      let root: String
    }
    struct Consistency: Decodable {
      let firstSize: UInt64
      let secondSize: UInt64
      let firstRoot: String
      let secondRoot: String
      let path: [String]
    }
    struct Branch: Decodable {
      let txid: String
      let index: UInt64
      let treeSize: UInt64
      let path: [String]
      let root: String
    }
    struct Sorted: Decodable {
      let leaf: String
      let path: [String]
      let root: String
    }
    struct SSZ: Decodable {
      let leaf: String
      let generalizedIndex: UInt64
      let path: [String]
      let root: String
    }
    struct SSZMulti: Decodable {
      let leaves: [String]
      let generalizedIndices: [UInt64]
      let path: [String]
      let root: String
    }
    struct Patricia: Decodable {
      let root: String
      let key: String
      let secure: Bool
      let value: String?
      let proof: [String]
    }
    struct SparseTree: Decodable {
      let root: String
      let key: String
      let value: String?
      let proof: String
    }
    let rfc6962Inclusion: [Inclusion]
    let rfc6962Consistency: [Consistency]
    let bitcoin: [Branch]
    let keccakSorted: [Sorted]
    let ssz: [SSZ]
    let sszMultiproof: [SSZMulti]
    let patricia: [Patricia]
    let ics23Smt: [SparseTree]
  }

  /// A proof as a function of its byte strings, so that each byte can be flipped.
  struct Case {
    let name: String
    let parts: [[UInt8]]
    let proof: ([[UInt8]]) -> MerkleProof
  }

  static func cases() throws -> [Case] {
    let document = try JSONDecoder().decode(Document.self, from: ownVectors("proofs.json"))
    var cases: [Case] = []
    func add(_ name: String, _ parts: [String], _ proof: @escaping ([[UInt8]]) -> MerkleProof) {
      cases.append(Case(name: name, parts: parts.map { [UInt8](hex: $0) }, proof: proof))
    }
    for row in document.rfc6962Inclusion {
      add("inclusion", [row.leaf, row.root] + row.path) { parts in
        .rfc6962Inclusion(
          RFC6962Inclusion(
            leaf: .data(parts[0]), index: row.index, treeSize: row.treeSize, path: MerklePath(Array(parts[2...])),
            root: parts[1]))
      }
    }
    for row in document.rfc6962Consistency {
      add("consistency", [row.firstRoot, row.secondRoot] + row.path) { parts in
        .rfc6962Consistency(
          RFC6962Consistency(
            firstSize: row.firstSize, secondSize: row.secondSize, firstRoot: parts[0], secondRoot: parts[1],
            path: MerklePath(Array(parts[2...]))))
      }
    }
    for row in document.bitcoin {
      for size in [nil, row.treeSize] {
        add("bitcoin", [row.txid, row.root] + row.path) { parts in
          .bitcoinBranch(
            BitcoinBranch(
              transaction: parts[0], index: row.index, path: MerklePath(Array(parts[2...])), root: parts[1],
              treeSize: size))
        }
      }
    }
    for row in document.keccakSorted {
      add("keccak", [row.leaf, row.root] + row.path) { parts in
        .sortedKeccak(
          SortedKeccakProof(leaf: .hash(parts[0]), path: MerklePath(Array(parts[2...])), root: parts[1]))
      }
    }
    for row in document.ssz {
      add("ssz", [row.leaf, row.root] + row.path) { parts in
        .ssz(
          SSZProof(
            leaf: parts[0], generalizedIndex: row.generalizedIndex, path: MerklePath(Array(parts[2...])), root: parts[1]
          )
        )
      }
    }
    for row in document.sszMultiproof {
      let count = row.leaves.count
      add("ssz multiproof", [row.root] + row.leaves + row.path) { parts in
        .sszMultiproof(
          SSZMultiproof(
            leaves: Array(parts[1...count]), generalizedIndices: row.generalizedIndices,
            path: MerklePath(Array(parts[(count + 1)...])), root: parts[0]))
      }
    }
    for row in document.patricia {
      // The last part is the value, which exclusion lacks.
      add("patricia", [row.root] + row.proof + (row.value.map { [$0] } ?? [])) { parts in
        .patricia(
          PatriciaProof(
            root: parts[0], key: [UInt8](hex: row.key), isSecure: row.secure,
            value: row.value == nil ? nil : parts.last,
            nodes: Array(parts[1...row.proof.count])))
      }
    }
    for row in document.ics23Smt {
      add("ics23 smt", [row.root, row.key, row.proof] + (row.value.map { [$0] } ?? [])) { parts in
        .ics23(
          ICS23Proof(
            root: parts[0], key: parts[1], value: row.value == nil ? nil : parts[3], proof: parts[2], tree: .smt))
      }
    }
    return cases
  }

  @Test("every proof is accepted, all in one batch")
  func accepted() throws {
    let cases = try Self.cases()
    #expect(cases.count > 90)
    for (test, verdict) in zip(cases, try verdicts(cases.map { $0.proof($0.parts) })) {
      #expect(verdict == .accepted, "\(test.name)")
    }
  }

  @Test("flipping a bit of any byte of any proof rejects it")
  func mutations() throws {
    for test in try Self.cases() {
      var mutants: [MerkleProof] = []
      for index in test.parts.indices {
        for position in test.parts[index].indices {
          var parts = test.parts
          parts[index][position] ^= 1 << ((position + index) % 8)
          mutants.append(test.proof(parts))
        }
      }
      for (position, verdict) in try verdicts(mutants).enumerated() {
        #expect(!verdict.isAccepted, "\(test.name), byte \(position)")
      }
    }
  }

  @Test("a proof's verdict does not depend on its company")
  func company() throws {
    var noise = Noise(state: 61)
    var proofs: [MerkleProof] = []
    for test in try Self.cases() {
      proofs.append(test.proof(test.parts))
      var parts = test.parts
      let index = Int.random(in: parts.indices, using: &noise)
      if !parts[index].isEmpty { parts[index][0] ^= 1 }
      proofs.append(test.proof(parts))
    }
    let together = try verdicts(proofs)
    #expect(together == (try proofs.map { try verdict($0) }))
    let order = proofs.indices.shuffled(using: &noise)
    #expect(try verdicts(order.map { proofs[$0] }) == order.map { together[$0] })
  }
}
