import Assay
import Testing

@Suite("Batches of proofs")
struct BatchTests {
  /// A perfect tree of 2^depth leaves whose nodes are SHA-256 of pairs, as a heap from index 1.
  static func tree(depth: Int, _ noise: inout Noise, _ hash: ([UInt8]) -> [UInt8] = sha256) -> [[UInt8]] {
    var nodes = [[UInt8]](repeating: [], count: 2 << depth)
    for index in (1..<2 << depth).reversed() {
      nodes[index] = index >= 1 << depth ? noise.bytes(32) : hash(nodes[2 * index] + nodes[2 * index + 1])
    }
    return nodes
  }

  static func path(_ nodes: [[UInt8]], _ index: Int) -> [[UInt8]] {
    sequence(first: index) { $0 > 3 ? $0 / 2 : nil }.map { nodes[$0 ^ 1] }
  }

  @Test("a bad proof changes nobody else's verdict, and every sibling matters")
  func badProofsAreIsolated() throws {
    var noise = Noise(state: 1)
    let depth = 8
    let nodes = Self.tree(depth: depth, &noise)
    var proofs: [MerkleProof] = []
    var bad: Set<Int> = []
    for row in 0..<1000 {
      let index = Int.random(in: 1 << depth..<2 << depth, using: &noise)
      var path = Self.path(nodes, index)
      var leaf = nodes[index]
      if row % 20 == 7 {
        bad.insert(row)
        let level = Int.random(in: -1..<depth, using: &noise)
        let bit = Int.random(in: 0..<256, using: &noise)
        if level < 0 { leaf[bit / 8] ^= 1 << (bit % 8) } else { path[level][bit / 8] ^= 1 << (bit % 8) }
      }
      proofs.append(
        .ssz(SSZProof(leaf: leaf, generalizedIndex: UInt64(index), path: MerklePath(path), root: nodes[1])))
    }
    let verdicts = try verdicts(proofs)
    for (row, verdict) in verdicts.enumerated() {
      #expect(verdict == (bad.contains(row) ? .rootMismatch : .accepted), "row \(row)")
    }
  }

  @Test("nodes that proofs share are hashed once")
  func sharedNodesAreHashedOnce() throws {
    var noise = Noise(state: 2)
    let depth = 6
    let nodes = Self.tree(depth: depth, &noise)
    let proofs: [MerkleProof] = (1 << depth..<2 << depth).map { index in
      .ssz(
        SSZProof(
          leaf: nodes[index], generalizedIndex: UInt64(index), path: MerklePath(Self.path(nodes, index)),
          root: nodes[1]))
    }
    let counter = CountingExecutor()
    #expect(try MerkleVerifier.verify(proofs, on: counter).allSatisfy(\.isAccepted))
    #expect(counter.rows == (1 << depth) - 1)
  }

  @Test("blocks join without a seam")
  func manyBlocks() throws {
    let leaf = [UInt8](repeating: 3, count: 32)
    let proofs: [MerkleProof] = (0..<40_000).map { row in
      .ssz(
        SSZProof(
          leaf: leaf, generalizedIndex: 1, path: MerklePath(packed: []),
          root: [UInt8](repeating: row % 1000 == 999 ? 4 : 3, count: 32)))
    }
    let verdicts = try verdicts(proofs)
    #expect(verdicts.count == proofs.count)
    #expect(verdicts.enumerated().allSatisfy { $1.isAccepted == ($0 % 1000 != 999) })
  }

  @Test("an empty batch has no verdicts")
  func empty() throws {
    #expect(try verdicts([]).isEmpty)
  }
}

/// Counts the rows that it passes on.
final class CountingExecutor: Executor, @unchecked Sendable {
  var rows = 0
  func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
    rows += batch.rows
    return try engine.execute(batch, wanted: wanted)
  }
}
