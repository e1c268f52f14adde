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
    struct SubtreeInclusion: Decodable {
      let leaf: String
      let index: UInt64
      let start: UInt64
      let end: UInt64
      let path: [String]
      let root: String
    }
    struct SubtreeConsistency: Decodable {
      let start: UInt64
      let end: UInt64
      let treeSize: UInt64
      let subtreeRoot: String
      let root: String
      let path: [String]
    }
    struct MerkleBlock: Decodable {
      let message: String
      let root: String
      let txids: [String]
    }
    struct Multiproof: Decodable {
      let leaves: [String]
      let path: [String]
      let flags: [Bool]
      let root: String
    }
    struct OrderedTree: Decodable {
      let tree: String
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
    let rfc6962SubtreeInclusion: [SubtreeInclusion]
    let rfc6962SubtreeConsistency: [SubtreeConsistency]
    let bitcoinMerkleBlocks: [MerkleBlock]
    let keccakMultiproofs: [Multiproof]
    let ics23Ordered: [OrderedTree]
  }

  /// A proof as a function of its byte strings, so that each byte can be flipped.
  struct Case {
    let name: String
    let parts: [[UInt8]]
    /// Nil when the parts are no proof at all.
    let proof: ([[UInt8]]) -> MerkleProof?

    var valid: MerkleProof { get throws { try #require(proof(parts)) } }

    /// The bytes of the first part that may change and leave the proof right.
    var free: [Int] = []

    /// The proof with a bit of each byte flipped, in turn; no proof at all, which is as good as rejected, is left out.
    var mutants: [(part: Int, byte: Int, proof: MerkleProof)] {
      parts.indices.flatMap { index in
        parts[index].indices.compactMap { position in
          var parts = parts
          parts[index][position] ^= 1 << ((position + index) % 8)
          return proof(parts).map { (index, position, $0) }
        }
      }
    }
  }

  static func cases() throws -> [Case] {
    let document = try JSONDecoder().decode(Document.self, from: ownVectors("proofs.json"))
    var cases: [Case] = []
    func add(_ name: String, _ parts: [String], _ proof: @escaping ([[UInt8]]) -> MerkleProof?) {
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
    for row in document.rfc6962SubtreeInclusion {
      add("subtree inclusion", [row.leaf, row.root] + row.path) { parts in
        .rfc6962SubtreeInclusion(
          RFC6962SubtreeInclusion(
            leaf: .data(parts[0]), index: row.index, start: row.start, end: row.end,
            path: MerklePath(Array(parts[2...])), root: parts[1]))
      }
    }
    for row in document.rfc6962SubtreeConsistency {
      add("subtree consistency", [row.subtreeRoot, row.root] + row.path) { parts in
        .rfc6962SubtreeConsistency(
          RFC6962SubtreeConsistency(
            start: row.start, end: row.end, treeSize: row.treeSize, subtreeRoot: parts[0], root: parts[1],
            path: MerklePath(Array(parts[2...]))))
      }
    }
    for row in document.bitcoinMerkleBlocks {
      // The block's header is the caller's to trust: nothing of its 80 bytes is looked at, so they are no part here.
      let header = [UInt8](hex: row.message).prefix(80)
      add("merkleblock", [String(row.message.dropFirst(160)), row.root] + row.txids) { parts in
        BitcoinMerkleBlock(message: header + parts[0], root: parts[1], transactions: Array(parts[2...]))
          .map { .bitcoinMerkleBlock($0) }
      }
      // The root does not commit to the transaction count: another one is as good where it leaves the walk the same. And a flag
      // that makes a given leaf a match only shows one transaction more than is claimed.
      let length = cases[cases.count - 1].parts[0].count
      let flags = length - Int(row.message.count / 2 - 80 - 5) % 32 + 1
      cases[cases.count - 1].free = Array(0..<4) + Array(flags..<length)
    }
    for row in document.keccakMultiproofs {
      let count = row.leaves.count
      add("keccak multiproof", [row.root] + row.leaves + row.path) { parts in
        .sortedKeccakMultiproof(
          SortedKeccakMultiproof(
            leaves: parts[1...count].map { .hash($0) }, path: MerklePath(Array(parts[(count + 1)...])),
            flags: row.flags, root: parts[0]))
      }
    }
    for row in document.ics23Ordered {
      let tree = try #require(ICS23Proof.Tree(rawValue: row.tree))
      add("ics23 \(row.tree)", [row.root, row.key, row.proof] + (row.value.map { [$0] } ?? [])) { parts in
        .ics23(
          ICS23Proof(
            root: parts[0], key: parts[1], value: row.value == nil ? nil : parts[3], proof: parts[2], tree: tree))
      }
    }
    return cases
  }

  @Test("every proof is accepted, all in one batch")
  func accepted() throws {
    let cases = try Self.cases()
    #expect(cases.count > 200)
    for (test, verdict) in zip(cases, try verdicts(try cases.map { try $0.valid })) {
      #expect(verdict == .accepted, "\(test.name)")
    }
  }

  @Test("flipping a bit of any byte of any proof rejects it")
  func mutations() throws {
    for test in try Self.cases() {
      let mutants = test.mutants
      for (mutant, verdict) in zip(mutants, try verdicts(mutants.map(\.proof))) where verdict.isAccepted {
        #expect(
          mutant.part == 0 && test.free.contains(mutant.byte), "\(test.name), \(mutant.part), byte \(mutant.byte)")
      }
    }
  }

  @Test("flipping any flag of a Keccak multiproof rejects it")
  func flags() throws {
    for test in try Self.cases() {
      guard case .sortedKeccakMultiproof(let proof) = try test.valid else { continue }
      let mutants = proof.flags.indices.map { index in
        var mutant = proof
        mutant.flags[index].toggle()
        return MerkleProof.sortedKeccakMultiproof(mutant)
      }
      #expect(try verdicts(mutants).allSatisfy { !$0.isAccepted })
    }
  }

  @Test("a proof's verdict does not depend on its company")
  func company() throws {
    var noise = Noise(state: 61)
    var proofs: [MerkleProof] = []
    for test in try Self.cases() {
      proofs.append(try test.valid)
      var parts = test.parts
      let index = Int.random(in: parts.indices, using: &noise)
      if !parts[index].isEmpty { parts[index][0] ^= 1 }
      if let proof = test.proof(parts) { proofs.append(proof) }
    }
    let together = try verdicts(proofs)
    #expect(together == (try proofs.map { try verdict($0) }))
    let order = proofs.indices.shuffled(using: &noise)
    #expect(try verdicts(order.map { proofs[$0] }) == order.map { together[$0] })
  }
}
