import Assay
import Testing

@Suite("Trees")
struct TreeTests {
  @Test("RFC 6962 trees of 0 to 40 leaves: root as defined, every proof accepted")
  func rfc6962() throws {
    for size in 0...40 {
      let leaves = (0..<size).map { Array("row \($0)".utf8) }
      let tree = try MerkleTree(.rfc6962, leaves: leaves, on: engine)
      #expect(tree.root == (size == 0 ? sha256([]) : RFC6962Tests.root(leaves[...])))
      let proofs = try leaves.indices.map { try #require(tree.proof($0)) }
      #expect(try verdicts(proofs).allSatisfy(\.isAccepted))
      #expect(tree.proof(size) == nil && tree.proof(-1) == nil)
    }
  }

  @Test("a stream of rows has the same root wherever it is cut")
  func rootBuilder() throws {
    var noise = Noise(state: 51)
    for size in [0, 1, 2, 3, 7, 64, 100] {
      let rows = (0..<size).map { _ in noise.bytes(Int.random(in: 0...90, using: &noise)) }
      let expected = try MerkleTree(.rfc6962, leaves: rows, on: engine).root
      for cut in [1, 3, 16, 1000] {
        var builder = RFC6962RootBuilder(on: engine)
        for start in stride(from: 0, to: size, by: cut) { try builder.append(rows[start..<min(size, start + cut)]) }
        #expect(try builder.root() == expected)
        #expect(builder.count == size)
      }
    }
  }

  @Test("a stream of rows gives the path of any row, wherever it is cut")
  func streamedPath() throws {
    for size in [1, 2, 3, 6, 7, 13, 64, 65] {
      let rows = (0..<size).map { Array("row \($0)".utf8) }
      let tree = try MerkleTree(.rfc6962, leaves: rows, on: engine)
      for cut in [1, 5, 1000] {
        for index in 0..<size {
          var builder = RFC6962RootBuilder(on: engine, proving: index)
          for start in stride(from: 0, to: size, by: cut) { try builder.append(rows[start..<min(size, start + cut)]) }
          #expect(try builder.path() == tree.path(index))
          #expect(try builder.root() == tree.root)
        }
      }
      for index in [-1, size, Int.max] {
        var builder = RFC6962RootBuilder(on: engine, proving: index)
        try builder.append(rows)
        #expect(try builder.path() == nil)
        #expect(try builder.root() == tree.root)
      }
    }
  }

  @Test("SSZ trees: padding, limits and lengths", arguments: [false, true])
  func ssz(mixesLength: Bool) throws {
    var noise = Noise(state: 52)
    for (size, depth) in [
      (0, nil), (1, nil), (2, nil), (3, nil), (5, nil), (8, nil), (0, 4), (5, 10), (3, 40), (9, 61),
    ] as [(Int, Int?)] {
      let leaves = (0..<size).map { _ in noise.bytes(32) }
      let tree = try MerkleTree(.ssz(depth: depth, mixesLength: mixesLength), leaves: leaves, on: engine)
      if (depth ?? 0) <= 10 {
        var width = 1
        while width < size || width < 1 << (depth ?? 0) { width *= 2 }
        var row = leaves + Array(repeating: [UInt8](repeating: 0, count: 32), count: width - size)
        while row.count > 1 { row = stride(from: 0, to: row.count, by: 2).map { sha256(row[$0] + row[$0 + 1]) } }
        let root = mixesLength ? sha256(row[0] + [UInt8(size)] + [UInt8](repeating: 0, count: 31)) : row[0]
        #expect(tree.root == root)
      }
      let proofs = try leaves.indices.map { try #require(tree.proof($0)) }
      #expect(try verdicts(proofs).allSatisfy(\.isAccepted))
    }
    #expect(throws: AssayError.self) {
      try MerkleTree(
        .ssz(depth: 1, mixesLength: mixesLength), leaves: Array(repeating: noise.bytes(32), count: 3), on: engine)
    }
    #expect(throws: AssayError.self) {
      try MerkleTree(.ssz(depth: 62, mixesLength: mixesLength), leaves: [], on: engine)
    }
    #expect(throws: AssayError.self) {
      try MerkleTree(.ssz(depth: nil, mixesLength: mixesLength), leaves: [[1]], on: engine)
    }
  }

  @Test("EIP-4881's deposit roots, and a proof of every deposit", .enabled(if: PublicVectors.areThere))
  func deposits() throws {
    func values(_ key: String, _ lines: [Substring]) -> [[UInt8]] {
      lines.filter { $0.hasPrefix("  \(key): ") }.map { [UInt8](hex: String($0.split(separator: "\"")[1])) }
    }
    let lines = try PublicVectors.text("deposit/teku_eip4881_test_cases.yml").split(separator: "\n")
    let leaves = values("deposit_data_root", lines)
    let roots = values("  deposit_root", lines)
    // Each case names the root twice: in the block's data and in the snapshot.
    #expect(roots.count == 2 * leaves.count && leaves.count > 1)
    for size in leaves.indices.map({ $0 + 1 }) where size % 5 == 1 || size == leaves.count {
      let tree = try MerkleTree(.ssz(depth: 32, mixesLength: true), leaves: Array(leaves[..<size]), on: engine)
      #expect(tree.root == roots[2 * size - 1])
      #expect(try verdicts(try (0..<size).map { try #require(tree.proof($0)) }).allSatisfy(\.isAccepted))
    }
  }

  @Test("OpenZeppelin's dumps: the same roots and paths", .enabled(if: PublicVectors.areThere))
  func openZeppelin() throws {
    for tree in try SortedKeccakTests.dumps() {
      let leaves = tree.leaves.map { tree.nodes[$0] }
      let isSorted =
        tree.leaves.map { tree.nodes[$0].hexadecimal }.sorted()
        == tree.nodes.suffix(leaves.count).reversed().map(\.hexadecimal)
      let built = try MerkleTree(.sortedKeccak(sorted: isSorted), leaves: leaves, on: engine)
      #expect(built.root == tree.nodes[0])
      for (index, position) in tree.leaves.enumerated() {
        #expect(built.path(index) == MerklePath(tree.path(position)))
      }
    }
  }

  @Test("StandardMerkleTree: leaves are hashed twice; every proof accepted")
  func standard() throws {
    var noise = Noise(state: 53)
    for size in [1, 2, 3, 6, 17] {
      let leaves = (0..<size).map { _ in noise.bytes(64) }
      for sorted in [false, true] {
        let tree = try MerkleTree(.standardKeccak(sorted: sorted), leaves: leaves, on: engine)
        #expect(try verdicts(try leaves.indices.map { try #require(tree.proof($0)) }).allSatisfy(\.isAccepted))
        let hashed = try leaves.map { try keccak256(try keccak256($0)) }
        #expect(try MerkleTree(.sortedKeccak(sorted: sorted), leaves: hashed, on: engine).root == tree.root)
      }
    }
    #expect(throws: AssayError.self) { try MerkleTree(.sortedKeccak(sorted: true), leaves: [], on: engine) }
  }
}
