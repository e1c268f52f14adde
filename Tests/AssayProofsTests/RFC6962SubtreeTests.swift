import Assay
import Foundation
import Testing

@Suite("RFC 6962 consistency and subtrees")
struct RFC6962SubtreeTests {
  struct ConsistencyVector: Decodable {
    let size1: UInt64
    let size2: UInt64
    let root1: Data?
    let root2: Data?
    let proof: [Data]?
    let wantErr: Bool
  }

  struct SubtreeInclusionVector: Decodable {
    let leafIdx: UInt64
    let start: UInt64
    let end: UInt64
    let root: Data?
    let leafHash: Data?
    let proof: [Data]?
    let wantErr: Bool
  }

  struct SubtreeConsistencyVector: Decodable {
    let start: UInt64
    let end: UInt64
    let size: UInt64
    let root1: Data?
    let root2: Data?
    let proof: [Data]?
    let wantErr: Bool
  }

  /// Verifies a folder of vectors, each by `proof`, and compares with `wantErr`.
  static func check<Vector: Decodable>(
    _ folder: String, _ type: Vector.Type, wantErr: (Vector) -> Bool, _ proof: (Vector) -> MerkleProof
  ) throws {
    let vectors = try PublicVectors.all(folder).map { ($0.name, try JSONDecoder().decode(type, from: $0.data)) }
    let verdicts = try verdicts(vectors.map { proof($0.1) })
    #expect(vectors.contains { !wantErr($0.1) })
    for ((name, vector), verdict) in zip(vectors, verdicts) {
      #expect(verdict.isAccepted == !wantErr(vector), "\(folder)/\(name): \(verdict.reason ?? "accepted")")
    }
  }

  static func path(_ nodes: [Data]?) -> MerklePath { MerklePath((nodes ?? []).map { Array($0) }) }

  @Test("transparency-dev's consistency vectors", .enabled(if: PublicVectors.areThere))
  func consistencyVectors() throws {
    try Self.check("rfc6962/consistency", ConsistencyVector.self, wantErr: \.wantErr) { vector in
      .rfc6962Consistency(
        RFC6962Consistency(
          firstSize: vector.size1, secondSize: vector.size2, firstRoot: Array(vector.root1 ?? Data()),
          secondRoot: Array(vector.root2 ?? Data()), path: Self.path(vector.proof)))
    }
  }

  @Test("transparency-dev's subtree inclusion vectors", .enabled(if: PublicVectors.areThere))
  func subtreeInclusionVectors() throws {
    try Self.check("rfc6962/subtreeinclusion", SubtreeInclusionVector.self, wantErr: \.wantErr) { vector in
      .rfc6962SubtreeInclusion(
        RFC6962SubtreeInclusion(
          leaf: .hash(Array(vector.leafHash ?? Data())), index: vector.leafIdx, start: vector.start, end: vector.end,
          path: Self.path(vector.proof), root: Array(vector.root ?? Data())))
    }
  }

  @Test("transparency-dev's subtree consistency vectors", .enabled(if: PublicVectors.areThere))
  func subtreeConsistencyVectors() throws {
    try Self.check("rfc6962/subtreeconsistency", SubtreeConsistencyVector.self, wantErr: \.wantErr) { vector in
      .rfc6962SubtreeConsistency(
        RFC6962SubtreeConsistency(
          start: vector.start, end: vector.end, treeSize: vector.size, subtreeRoot: Array(vector.root1 ?? Data()),
          root: Array(vector.root2 ?? Data()), path: Self.path(vector.proof)))
    }
  }

  @Test("every subtree of logs of 1 to 20 leaves, and no other range")
  func everySubtree() throws {
    var proofs: [MerkleProof] = []
    for size in 1...20 {
      let leaves = (0..<size).map { Array("entry \($0)".utf8) }
      let root = RFC6962Tests.root(leaves[...])
      for start in 0..<size {
        for end in start + 1...size where start % Self.powerOfTwo(atLeast: end - start) == 0 {
          proofs.append(
            .rfc6962SubtreeConsistency(
              RFC6962SubtreeConsistency(
                start: UInt64(start), end: UInt64(end), treeSize: UInt64(size),
                subtreeRoot: RFC6962Tests.root(leaves[start..<end]), root: root,
                path: MerklePath(Self.prove(start, end, leaves[...], true)))))
        }
      }
    }
    #expect(try verdicts(proofs).allSatisfy(\.isAccepted))
  }

  @Test("sizes at the limits of 64 bits are reasons")
  func limits() throws {
    let hash = [UInt8](repeating: 1, count: 32)
    for (start, end, size): (UInt64, UInt64, UInt64) in [
      (0, .max, .max), (1, .max, .max), (1 << 63, .max, .max), (.max - 1, .max, .max), (0, 1 << 63, .max), (2, 1, 5),
      (0, 6, 5),
    ] {
      for length in [0, 1, 63, 64, 65] {
        let verdict = try verdict(
          .rfc6962SubtreeConsistency(
            RFC6962SubtreeConsistency(
              start: start, end: end, treeSize: size, subtreeRoot: hash, root: hash,
              path: MerklePath(packed: [UInt8](repeating: 2, count: 32 * length)))))
        #expect(!verdict.isAccepted || (start, end, length) == (0, .max, 0))
      }
    }
  }

  static func powerOfTwo(atLeast count: Int) -> Int {
    var size = 1
    while size < count { size *= 2 }
    return size
  }

  /// SUBTREE_SUBPROOF of draft-ietf-plants-merkle-tree-certs, written down as the recursion that it is; `whole` tells whether the
  /// subtree's root is known to the verifier.
  static func prove(_ start: Int, _ end: Int, _ leaves: ArraySlice<[UInt8]>, _ whole: Bool) -> [[UInt8]] {
    let (first, last) = (leaves.startIndex, leaves.endIndex)
    if start == first, end == last { return whole ? [] : [RFC6962Tests.root(leaves)] }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = first + split
    if end <= middle {
      return prove(start, end, leaves[..<middle], whole) + [RFC6962Tests.root(leaves[middle...])]
    }
    if middle <= start {
      return prove(start, end, leaves[middle...], whole) + [RFC6962Tests.root(leaves[..<middle])]
    }
    return prove(middle, end, leaves[middle...], false) + [RFC6962Tests.root(leaves[..<middle])]
  }
}
