import Assay
import Foundation
import Testing

@Suite("Merkle-Patricia")
struct PatriciaTests {
  /// The tries of ethereum/tests: maps, or lists of changes. (`trietestnextprev` asks which key comes before or after another one, and
  /// reth's genesis which root an allocation has: neither is a proof check.)
  static func tries() throws -> [(name: String, pairs: [[UInt8]: [UInt8]], root: [UInt8], isSecure: Bool)] {
    var tries: [(String, [[UInt8]: [UInt8]], [UInt8], Bool)] = []
    for file in [
      "trieanyorder", "trietest", "trieanyorder_secureTrie", "trietest_secureTrie", "hex_encoded_securetrie_test",
    ] {
      let json = try JSONSerialization.jsonObject(with: PublicVectors.file("mpt/\(file).json"))
      for (name, test) in try #require(json as? [String: [String: Any]]) {
        func bytes(_ text: String) -> [UInt8] { text.hasPrefix("0x") ? [UInt8](hex: text) : Array(text.utf8) }
        var pairs: [[UInt8]: [UInt8]] = [:]
        if let map = test["in"] as? [String: String] {
          for (key, value) in map { pairs[bytes(key)] = bytes(value) }
        } else {
          for change in try #require(test["in"] as? [[Any]]) {
            let key = bytes(try #require(change[0] as? String))
            pairs[key] = (change[1] as? String).map(bytes)
          }
        }
        let root = [UInt8](hex: try #require(test["root"] as? String))
        tries.append(("\(file)/\(name)", pairs, root, file.lowercased().contains("secure")))
      }
    }
    return tries
  }

  @Test("every key of ethereum/tests' tries, and keys that are not there", .enabled(if: PublicVectors.areThere))
  func ethereumTests() throws {
    for (name, pairs, root, isSecure) in try Self.tries() {
      var stored: [[UInt8]: [UInt8]] = [:]
      for (key, value) in pairs { stored[isSecure ? try keccak256(key) : key] = value }
      let trie = PatriciaOracle(stored)
      #expect(try trie.root() == root, "\(name)")
      var proofs: [MerkleProof] = []
      let absent = pairs.keys.flatMap { [$0 + [0], Array($0.dropLast()), [0xff] + $0] }.filter { pairs[$0] == nil }
      for key in Array(pairs.keys) + absent {
        let nodes = try trie.proof(isSecure ? try keccak256(key) : key)
        proofs.append(
          .patricia(PatriciaProof(root: root, key: key, isSecure: isSecure, value: pairs[key], nodes: nodes)))
      }
      var cases = proofs.map { (proof: $0, isValid: true) }
      for case .patricia(var wrong) in proofs {
        wrong.value = wrong.value == nil ? [1] : nil
        cases.append((.patricia(wrong), false))
        guard wrong.nodes.popLast() != nil else { continue }
        cases.append((.patricia(wrong), false))
      }
      try check(cases, name)
    }
  }

  /// A trie with leaves, extensions, branches with values and embedded nodes.
  static func random(_ noise: inout Noise, count: Int) -> [[UInt8]: [UInt8]] {
    var pairs: [[UInt8]: [UInt8]] = [:]
    for _ in 0..<count {
      let key = noise.bytes(Int.random(in: 1...4, using: &noise)).map { $0 & 0x33 }
      pairs[key] = noise.bytes(Int.random(in: 1...40, using: &noise))
    }
    return pairs
  }

  @Test("random tries: inclusion, exclusion, cut and padded proofs, other values")
  func randomTries() throws {
    var noise = Noise(state: 11)
    for count in [1, 2, 3, 10, 60] {
      let pairs = Self.random(&noise, count: count)
      let trie = PatriciaOracle(pairs)
      let root = try trie.root()
      let absent = (0..<30).map { _ in noise.bytes(Int.random(in: 0...4, using: &noise)).map { $0 & 0x33 } }
      for key in Array(pairs.keys) + absent {
        let nodes = try trie.proof(key)
        let proof = PatriciaProof(root: root, key: key, isSecure: false, value: pairs[key], nodes: nodes)
        #expect(try verdict(.patricia(proof)) == .accepted)
        var other = proof
        other.value = pairs[key] == nil ? [1] : nil
        #expect(try verdict(.patricia(other)) == .valueMismatch)
        other.value = (pairs[key] ?? []) + [7]
        #expect(try verdict(.patricia(other)) == .valueMismatch)
        // A proof cut short hides what follows, also for exclusion (alloy-trie's pull request 134).
        other = proof
        other.nodes.removeLast()
        #expect(try verdict(.patricia(other)) == .proofShapeInvalid)
        other.value = nil
        #expect(try verdict(.patricia(other)) == .proofShapeInvalid)
        // Nodes that the key does not need.
        other = proof
        other.nodes.append(nodes[0])
        #expect(try !verdict(.patricia(other)).isAccepted)
        other.nodes = [nodes[0]] + nodes
        #expect(try !verdict(.patricia(other)).isAccepted)
      }
    }
  }

  @Test("flipping any bit of any node, of the root, or of the key's hash rejects")
  func mutations() throws {
    var noise = Noise(state: 12)
    let pairs = Self.random(&noise, count: 30)
    let trie = PatriciaOracle(pairs)
    let root = try trie.root()
    var mutants: [MerkleProof] = []
    for (key, value) in pairs.prefix(8) {
      let proof = PatriciaProof(root: root, key: key, isSecure: false, value: value, nodes: try trie.proof(key))
      for index in proof.nodes.indices {
        for position in proof.nodes[index].indices {
          var mutant = proof
          mutant.nodes[index][position] ^= 1 << (position % 8)
          mutants.append(.patricia(mutant))
        }
      }
      for position in 0..<32 {
        var mutant = proof
        mutant.root[position] ^= 1
        mutants.append(.patricia(mutant))
      }
    }
    #expect(try verdicts(mutants).allSatisfy { $0 == .rootMismatch })
  }

  @Test("the empty trie excludes every key, with no node or with its own")
  func emptyTrie() throws {
    let root = try PatriciaOracle([:]).root()
    func proof(_ nodes: [[UInt8]], _ value: [UInt8]? = nil) -> MerkleProof {
      .patricia(PatriciaProof(root: root, key: [1], isSecure: true, value: value, nodes: nodes))
    }
    #expect(try verdict(proof([])) == .accepted)
    #expect(try verdict(proof([[0x80]])) == .accepted)
    #expect(try verdict(proof([[0x80]], [1])) == .valueMismatch)
    #expect(try verdict(proof([[0xc0]])) == .proofShapeInvalid)
    #expect(try verdict(proof([[0x80], [0x80]])) == .proofShapeInvalid)
  }

  @Test("encodings that are not canonical are rejected though their hash is right")
  func nonCanonical() throws {
    let good = PatriciaOracle.Item.list([.string([0x20, 1]), .string([5])]).encoding
    #expect(good == [0xc4, 0x82, 0x20, 0x01, 0x05])
    for (bytes, expected) in [
      (good, Verdict.accepted),
      ([0xf8, 0x04, 0x82, 0x20, 0x01, 0x05], .nonCanonicalEncoding),
      ([0xc5, 0x82, 0x20, 0x01, 0x81, 0x05], .nonCanonicalEncoding),
      ([0xc4, 0x82, 0x20, 0x01, 0x05, 0x00], .nonCanonicalEncoding),
      ([0xc4, 0x82, 0x31, 0x01, 0x05], .valueMismatch),
      ([0xc4, 0x82, 0x21, 0x01, 0x05], .nonCanonicalEncoding),
      ([0xc4, 0x82, 0x2f, 0x01, 0x05], .nonCanonicalEncoding),
      ([0xc4, 0x82, 0x40, 0x01, 0x05], .nonCanonicalEncoding),
      ([0xc4, 0x82, 0x00, 0x01, 0x05], .nonCanonicalEncoding),
      ([0xc3, 0x82, 0x20, 0x01], .nonCanonicalEncoding),
      ([0xc5, 0x82, 0x20, 0x01, 0x05, 0x05], .nonCanonicalEncoding),
      ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], .nonCanonicalEncoding),
      ([], .nonCanonicalEncoding),
    ] {
      let bytes: [UInt8] = bytes
      let proof = PatriciaProof(root: try keccak256(bytes), key: [1], isSecure: false, value: [5], nodes: [bytes])
      #expect(try verdict(.patricia(proof)) == expected, "\(bytes.hexadecimal)")
    }
  }

  @Test("a node shorter than 32 bytes must stand inside its parent")
  func shortNodeByHash() throws {
    let leaf = PatriciaOracle.Item.list([.string([0x20]), .string([5])]).encoding
    let parent = PatriciaOracle.Item.list([.string([0x00, 1]), .string(try keccak256(leaf))]).encoding
    let proof = PatriciaProof(
      root: try keccak256(parent), key: [1], isSecure: false, value: [5], nodes: [parent, leaf])
    #expect(try verdict(.patricia(proof)) == .nonCanonicalEncoding)
  }
}
