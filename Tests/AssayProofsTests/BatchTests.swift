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

  @Test("paths of any length, order, tree and fault keep their own verdicts, and share all else")
  func paths() throws {
    var noise = Noise(state: 3)
    let depth = 11
    let trees = [Self.tree(depth: depth, &noise), Self.tree(depth: depth, &noise)]
    var proofs: [MerkleProof] = []
    var expected: [Verdict] = []
    var distinct: Set<Int> = []
    // More than one block of paths; the same nodes again and again, some the ancestors of others.
    for row in 0..<6000 {
      let tree = Int.random(in: 0...1, using: &noise)
      let nodes = trees[tree]
      var index = Int.random(in: 2..<2 << depth, using: &noise)
      var path = Self.path(nodes, index)
      var (leaf, root) = (nodes[index], nodes[1])
      switch row % 30 {
      case 3: leaf[row % 32] ^= 4
      case 9: path[Int.random(in: path.indices, using: &noise)][row % 32] ^= 64
      case 17: root = trees[1 - tree][1]
      case 25: index ^= 1
      default:
        distinct.formUnion(sequence(first: index / 2) { $0 > 1 ? $0 / 2 : nil }.map { $0 * 2 + tree })
        expected.append(.accepted)
      }
      if expected.count == row { expected.append(.rootMismatch) }
      proofs.append(
        .ssz(SSZProof(leaf: leaf, generalizedIndex: UInt64(index), path: MerklePath(path), root: root)))
    }
    let counter = CountingExecutor()
    #expect(try MerkleVerifier.verify(proofs, on: counter) == expected)
    // Good proofs need each node once, and a block's first path all of its own.
    counter.rows = 0
    let good = zip(proofs, expected).filter { $1.isAccepted }.map(\.0)
    #expect(try MerkleVerifier.verify(good, on: counter).allSatisfy(\.isAccepted))
    #expect(counter.rows >= distinct.count && counter.rows <= distinct.count + 200, "\(distinct.count)")
    // A wrong proof costs two paths at most: its own, and what its neighbours do again.
    counter.rows = 0
    _ = try MerkleVerifier.verify(proofs, on: counter)
    #expect(counter.rows <= distinct.count + 200 + (proofs.count - good.count) * 4 * depth)
  }

  @Test("sorted paths longer than 64 levels are shared from the top")
  func longPaths() throws {
    var noise = Noise(state: 4)
    let path = (0..<100).map { _ in noise.bytes(32) }
    let leaves = [noise.bytes(32), noise.bytes(32)]
    func parent(_ a: [UInt8], _ b: [UInt8]) throws -> [UInt8] {
      try keccak256(a.lexicographicallyPrecedes(b) ? a + b : b + a)
    }
    let root = try path.reduce(parent(leaves[0], leaves[1]), parent)
    var proofs: [MerkleProof] = []
    for (leaf, sibling) in [(0, 1), (1, 0), (0, 1), (1, 1)] {
      proofs.append(
        .sortedKeccak(
          SortedKeccakProof(leaf: .hash(leaves[leaf]), path: MerklePath([leaves[sibling]] + path), root: root)))
    }
    let counter = CountingExecutor()
    #expect(
      try MerkleVerifier.verify(proofs, on: counter) == [.accepted, .accepted, .accepted, .rootMismatch])
    #expect(counter.rows == 2 * 101)
  }

  /// `path` with a bit of one sibling flipped, by `row`.
  private static func damaged(_ path: MerklePath, _ row: Int) -> MerklePath {
    var bytes = path.bytes
    bytes[row * 37 % bytes.count] ^= 1 << UInt8(row % 8)
    return MerklePath(packed: bytes)
  }

  @Test(
    "thousands of trees of their own and of proofs of one tree, under every rule that has paths, with faults anywhere")
  func crowns() throws {
    var noise = Noise(state: 5)
    var proofs: [MerkleProof] = []
    for _ in 0..<3_000 {
      let (leaf, siblings) = (noise.bytes(32), (0..<5).map { _ in noise.bytes(32) })
      let index = UInt64.random(in: 32..<64, using: &noise)
      let root = siblings.enumerated().reduce(leaf) { node, sibling in
        index >> UInt64(sibling.offset) & 1 == 1 ? sha256(sibling.element + node) : sha256(node + sibling.element)
      }
      proofs.append(.ssz(SSZProof(leaf: leaf, generalizedIndex: index, path: MerklePath(siblings), root: root)))
    }
    let engine = try Engine(threads: 1)
    let leaves = (0..<8_192).map { _ in noise.bytes(32) }
    for rule in [MerkleTree.Rule.rfc6962, .sortedKeccak(sorted: true), .ssz(depth: nil, mixesLength: false)] {
      let tree = try MerkleTree(rule, leaves: leaves, on: engine)
      for _ in 0..<5_000 {
        proofs.append(try #require(tree.proof(Int.random(in: leaves.indices, using: &noise))))
      }
    }
    proofs.shuffle(using: &noise)
    for row in proofs.indices where row % 13 == 5 {
      switch proofs[row] {
      case .ssz(var proof):
        proof.path = Self.damaged(proof.path, row)
        proofs[row] = .ssz(proof)
      case .rfc6962Inclusion(var proof):
        proof.path = Self.damaged(proof.path, row)
        proofs[row] = .rfc6962Inclusion(proof)
      case .sortedKeccak(var proof):
        proof.path = Self.damaged(proof.path, row)
        proofs[row] = .sortedKeccak(proof)
      default: Issue.record("another format")
      }
    }
    let verdicts = try MerkleVerifier.verify(proofs, on: engine)
    for (row, verdict) in verdicts.enumerated() {
      #expect(verdict == (row % 13 == 5 ? .rootMismatch : .accepted), "row \(row)")
    }
  }

  @Test("a verifier whose executor failed half way starts afresh")
  func failedExecutor() throws {
    var noise = Noise(state: 6)
    let nodes = Self.tree(depth: 6, &noise)
    let proofs: [MerkleProof] = (64..<128).map { index in
      .ssz(
        SSZProof(
          leaf: nodes[index], generalizedIndex: UInt64(index), path: MerklePath(Self.path(nodes, index)),
          root: nodes[1]))
    }
    for calls in 0..<6 {
      let verifier = MerkleVerifier(on: FailingExecutor(calls: calls))
      #expect(throws: AssayError.self) { try verifier.verify(proofs) }
      #expect(try verifier.verify(proofs).allSatisfy(\.isAccepted))
    }
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

/// Throws once, after some calls.
private final class FailingExecutor: Executor, @unchecked Sendable {
  private var calls: Int

  init(calls: Int) { self.calls = calls }

  func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
    calls -= 1
    if calls == -1 { throw AssayError(.unavailable, "gone") }
    return try engine.execute(batch, wanted: wanted)
  }
}
