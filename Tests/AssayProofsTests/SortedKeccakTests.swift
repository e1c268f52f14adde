import Assay
import Foundation
import Testing

@Suite("OpenZeppelin trees")
struct SortedKeccakTests {
  /// A dump of `@openzeppelin/merkle-tree`: nodes as a heap from index 0.
  struct Dump: Decodable {
    struct Value: Decodable {
      let treeIndex: Int
    }
    let format: String
    let tree: [String]
    let values: [Value]
  }

  struct Tree {
    let nodes: [[UInt8]]
    let leaves: [Int]

    func path(_ index: Int) -> [[UInt8]] {
      var path: [[UInt8]] = []
      var node = index
      while node > 0 {
        path.append(nodes[node % 2 == 1 ? node + 1 : node - 1])
        node = (node - 1) / 2
      }
      return path
    }

    /// `getMultiProof` of `@openzeppelin/merkle-tree`: highest indices first.
    func multiproof(_ indices: [Int]) -> (leaves: [[UInt8]], path: [[UInt8]], flags: [Bool]) {
      var stack = indices.sorted(by: >)
      let leaves = stack.map { nodes[$0] }
      var path: [[UInt8]] = []
      var flags: [Bool] = []
      while let node = stack.first, node > 0 {
        stack.removeFirst()
        let sibling = node % 2 == 1 ? node + 1 : node - 1
        if stack.first == sibling {
          flags.append(true)
          stack.removeFirst()
        } else {
          flags.append(false)
          path.append(nodes[sibling])
        }
        stack.append((node - 1) / 2)
      }
      return (leaves, path, flags)
    }
  }

  static func dumps() throws -> [Tree] {
    try PublicVectors.all("openzeppelin").map { file in
      let dump = try JSONDecoder().decode(Dump.self, from: file.data)
      return Tree(nodes: dump.tree.map { [UInt8](hex: $0) }, leaves: dump.values.map(\.treeIndex))
    }
  }

  /// A tree over random leaves, shaped as the library shapes it.
  static func random(_ count: Int, _ noise: inout Noise) throws -> Tree {
    var nodes = [[UInt8]](repeating: [], count: 2 * count - 1)
    for index in nodes.indices.reversed() {
      guard index < count - 1 else {
        nodes[index] = noise.bytes(32)
        continue
      }
      let (a, b) = (nodes[2 * index + 1], nodes[2 * index + 2])
      nodes[index] = try keccak256(a.lexicographicallyPrecedes(b) ? a + b : b + a)
    }
    return Tree(nodes: nodes, leaves: Array(count - 1..<2 * count - 1))
  }

  static func multiproof(
    _ leaves: [[UInt8]], _ path: [[UInt8]], _ flags: [Bool], _ root: [UInt8]
  ) -> MerkleProof {
    .sortedKeccakMultiproof(
      SortedKeccakMultiproof(
        leaves: leaves.map { .hash($0) }, path: MerklePath(path), flags: flags, root: root))
  }

  @Test("the library's dumps: every leaf alone, and every set of leaves", .enabled(if: PublicVectors.areThere))
  func dumps() throws {
    let trees = try Self.dumps()
    #expect(trees.count == 4)
    for tree in trees {
      var proofs: [MerkleProof] = tree.leaves.map { leaf in
        .sortedKeccak(
          SortedKeccakProof(leaf: .hash(tree.nodes[leaf]), path: MerklePath(tree.path(leaf)), root: tree.nodes[0]))
      }
      for subset in 1..<1 << tree.leaves.count {
        let chosen = tree.leaves.enumerated().filter { subset >> $0.offset & 1 == 1 }.map(\.element)
        let (leaves, path, flags) = tree.multiproof(chosen)
        proofs.append(Self.multiproof(leaves, path, flags, tree.nodes[0]))
      }
      #expect(try verdicts(proofs).allSatisfy(\.isAccepted))
    }
  }

  @Test("a StandardMerkleTree leaf is hashed twice", .enabled(if: PublicVectors.areThere))
  func standardLeaf() throws {
    // The dump's values are abi.encode(["string"], ["a"]) and so on.
    let data = try PublicVectors.file("openzeppelin/standard-v1.sorted.1_0_6.json")
    let tree = try #require(try Self.dumps().first { try $0.nodes[0] == Self.root(data) })
    for (letter, index) in zip("abcdef".utf8, tree.leaves) {
      var encoding = [UInt8](repeating: 0, count: 96)
      encoding[31] = 0x20
      encoding[63] = 1
      encoding[64] = letter
      var proof = SortedKeccakProof(
        leaf: .encoded(encoding), path: MerklePath(tree.path(index)), root: tree.nodes[0])
      #expect(try verdict(.sortedKeccak(proof)) == .accepted)
      proof.leaf = .encoded(Array(encoding.dropLast()))
      #expect(try verdict(.sortedKeccak(proof)) == .rootMismatch)
      let multiproof = SortedKeccakMultiproof(
        leaves: [.encoded(encoding)], path: MerklePath(tree.path(index)),
        flags: tree.path(index).map { _ in false }, root: tree.nodes[0])
      #expect(try verdict(.sortedKeccakMultiproof(multiproof)) == .accepted)
    }
  }

  static func root(_ dump: Data) throws -> [UInt8] {
    [UInt8](hex: try JSONDecoder().decode(Dump.self, from: dump).tree[0])
  }

  @Test("CVE-2023-34459: the root as a given node proves nothing")
  func rootAsGivenNode() throws {
    var noise = Noise(state: 21)
    let tree = try Self.random(8, &noise)
    let root = tree.nodes[0]
    let forged = noise.bytes(32)
    // The published attack: leaves are paired with each other, and the root, as given node, is what remains.
    #expect(try verdict(Self.multiproof([forged, forged], [root], [true, true], root)) == .proofShapeInvalid)
    #expect(try verdict(Self.multiproof([forged], [root], [true], root)) == .proofShapeInvalid)
    #expect(try verdict(Self.multiproof([forged, root], [], [], root)) == .proofShapeInvalid)
    #expect(try verdict(Self.multiproof([], [root], [], root)) == .proofShapeInvalid)
    #expect(try verdict(Self.multiproof([forged, forged], [], [true], root)) == .rootMismatch)
  }

  @Test("flags that read ahead of the queue, and counts that do not add up")
  func flags() throws {
    var noise = Noise(state: 22)
    let tree = try Self.random(5, &noise)
    let (leaves, path, flags) = tree.multiproof([4, 6])
    #expect(try verdict(Self.multiproof(leaves, path, flags, tree.nodes[0])) == .accepted)
    for count in 0...8 {
      for bits in 0..<1 << count {
        let other = (0..<count).map { bits >> $0 & 1 == 1 }
        let result = try verdict(Self.multiproof(leaves, path, other, tree.nodes[0]))
        #expect(result.isAccepted == (other == flags))
      }
    }
    #expect(try !verdict(Self.multiproof(leaves, path + [path[0]], flags, tree.nodes[0])).isAccepted)
    #expect(try !verdict(Self.multiproof(leaves, path.dropLast(), flags, tree.nodes[0])).isAccepted)
    // A chain deeper than any tree.
    let deep = Array(repeating: leaves[0], count: 300)
    #expect(
      try verdict(Self.multiproof([leaves[0]], deep, deep.map { _ in false }, tree.nodes[0])) == .proofShapeInvalid)
  }

  @Test("flipping any bit rejects, in single proofs and multiproofs")
  func mutations() throws {
    var noise = Noise(state: 23)
    let tree = try Self.random(11, &noise)
    let (leaves, path, flags) = tree.multiproof([12, 15, 20])
    var mutants: [MerkleProof] = []
    for position in 0..<32 * (leaves.count + path.count + 1) {
      var parts = leaves + path + [tree.nodes[0]]
      parts[position / 32][position % 32] ^= 1 << (position % 8)
      mutants.append(
        Self.multiproof(
          Array(parts[..<leaves.count]), Array(parts[leaves.count..<parts.count - 1]), flags, parts[parts.count - 1]))
    }
    let single = [tree.nodes[12]] + tree.path(12) + [tree.nodes[0]]
    for position in 0..<32 * single.count {
      var parts = single
      parts[position / 32][position % 32] ^= 1 << (position % 8)
      mutants.append(
        .sortedKeccak(
          SortedKeccakProof(
            leaf: .hash(parts[0]), path: MerklePath(Array(parts[1..<parts.count - 1])), root: parts[parts.count - 1])))
    }
    #expect(try verdicts(mutants).allSatisfy { $0 == .rootMismatch })
  }
}
