import Assay
import Foundation
import Testing

@Suite("RFC 6962")
struct RFC6962Tests {
  struct InclusionVector: Decodable {
    let leafIdx: UInt64
    let treeSize: UInt64
    let root: Data
    let leafHash: Data?
    let proof: [Data]?
    let desc: String
    let wantErr: Bool
  }

  @Test("transparency-dev's inclusion vectors", .enabled(if: PublicVectors.areThere))
  func inclusionVectors() throws {
    let vectors = try PublicVectors.all("rfc6962/inclusion").map { file in
      (file.name, try JSONDecoder().decode(InclusionVector.self, from: file.data))
    }
    let verdicts = try verdicts(
      vectors.map { _, vector in
        .rfc6962Inclusion(
          RFC6962Inclusion(
            leaf: .hash(Array(vector.leafHash ?? Data())), index: vector.leafIdx, treeSize: vector.treeSize,
            path: MerklePath((vector.proof ?? []).map { Array($0) }), root: Array(vector.root)))
      })
    #expect(vectors.count >= 80)
    #expect(verdicts.contains { $0.isAccepted })
    for ((name, vector), verdict) in zip(vectors, verdicts) {
      #expect(verdict.isAccepted == !vector.wantErr, "\(name): \(verdict.reason ?? "accepted")")
    }
  }

  @Test("every leaf of trees of 1 to 33 leaves, by data")
  func everyLeaf() throws {
    var proofs: [MerkleProof] = []
    for size in 1...33 {
      let leaves = (0..<size).map { Array("leaf \($0)".utf8) }
      for index in 0..<size {
        let (root, path) = Self.prove(leaves, index)
        proofs.append(
          .rfc6962Inclusion(
            RFC6962Inclusion(
              leaf: .data(leaves[index]), index: UInt64(index), treeSize: UInt64(size), path: MerklePath(path),
              root: root)))
      }
    }
    #expect(try verdicts(proofs).allSatisfy(\.isAccepted))
  }

  @Test("sizes and indices at the limits of 64 bits are reasons")
  func limits() throws {
    let hash = [UInt8](repeating: 7, count: 32)
    func proof(_ index: UInt64, _ size: UInt64, _ length: Int) -> MerkleProof {
      .rfc6962Inclusion(
        RFC6962Inclusion(
          leaf: .hash(hash), index: index, treeSize: size,
          path: MerklePath(packed: [UInt8](repeating: 1, count: 32 * length)), root: hash))
    }
    #expect(try verdict(proof(.max, .max, 0)) == .proofShapeInvalid)
    #expect(try verdict(proof(.max - 1, .max, 63)) == .rootMismatch)
    #expect(try verdict(proof(0, .max, 64)) == .rootMismatch)
    #expect(try verdict(proof(0, 0, 0)) == .proofShapeInvalid)
    #expect(try verdict(proof(0, 1 << 63, 1 << 20)) == .proofShapeInvalid)
    #expect(try verdict(proof(0, 1, 0)) == .accepted)
  }

  /// RFC 6962 section 2.1, written down as the recursion that it is.
  static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
    guard leaves.count > 1, let first = leaves.indices.first else { return sha256([0] + (leaves.first ?? [])) }
    let middle = first + split(leaves.count)
    return sha256([1] + root(leaves[first..<middle]) + root(leaves[middle...]))
  }

  static func path(_ leaves: ArraySlice<[UInt8]>, _ index: Int) -> [[UInt8]] {
    guard leaves.count > 1, let first = leaves.indices.first else { return [] }
    let middle = first + split(leaves.count)
    return index < middle
      ? path(leaves[first..<middle], index) + [root(leaves[middle...])]
      : path(leaves[middle...], index) + [root(leaves[first..<middle])]
  }

  static func prove(_ leaves: [[UInt8]], _ index: Int) -> (root: [UInt8], path: [[UInt8]]) {
    (root(leaves[...]), path(leaves[...], index))
  }

  /// The largest power of two below `count`.
  private static func split(_ count: Int) -> Int {
    var size = 1
    while size * 2 < count { size *= 2 }
    return size
  }
}
