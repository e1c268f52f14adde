import Assay
import Testing

@Suite("Bitcoin branches")
struct BitcoinTests {
  /// The rows of Bitcoin's tree over `leaves`, an odd row's last node paired with itself.
  static func rows(_ leaves: [[UInt8]]) -> [[[UInt8]]] {
    var rows = [leaves]
    while let row = rows.last, row.count > 1 {
      rows.append(
        stride(from: 0, to: row.count, by: 2).map { sha256d(row[$0] + row[min($0 + 1, row.count - 1)]) })
    }
    return rows
  }

  static func path(_ rows: [[[UInt8]]], _ index: Int) -> [[UInt8]] {
    rows.dropLast().enumerated().map { level, row in row[min(index >> level ^ 1, row.count - 1)] }
  }

  static func branch(_ leaves: [[UInt8]], _ index: Int, size: Int?) -> BitcoinBranch {
    let rows = rows(leaves)
    return BitcoinBranch(
      transaction: leaves[index].reversed(), index: UInt64(index),
      path: MerklePath(path(rows, index).map { $0.reversed() }), root: rows[rows.count - 1][0].reversed(),
      treeSize: size.map { UInt64($0) })
  }

  @Test("every transaction of blocks of 1 to 33", arguments: [false, true])
  func everyTransaction(knowsSize: Bool) throws {
    var noise = Noise(state: 3)
    var proofs: [MerkleProof] = []
    for size in 1...33 {
      let leaves = (0..<size).map { _ in noise.bytes(32) }
      for index in 0..<size { proofs.append(.bitcoinBranch(Self.branch(leaves, index, size: knowsSize ? size : nil))) }
    }
    #expect(try verdicts(proofs).allSatisfy(\.isAccepted))
  }

  @Test("CVE-2012-2459: a block that repeats its last transactions has the same root and is rejected where it shows")
  func repeatedTransactions() throws {
    var noise = Noise(state: 4)
    let leaves = (0..<6).map { _ in noise.bytes(32) }
    let repeated = leaves + leaves[4...]
    #expect(Self.rows(leaves).last == Self.rows(repeated).last)
    // Index 6 is transaction 4 again: its parent's left sibling equals it.
    #expect(try verdict(.bitcoinBranch(Self.branch(repeated, 6, size: nil))) == .proofShapeInvalid)
    #expect(try verdict(.bitcoinBranch(Self.branch(repeated, 7, size: nil))) == .proofShapeInvalid)
    #expect(try verdict(.bitcoinBranch(Self.branch(repeated, 6, size: 6))) == .proofShapeInvalid)
    #expect(try verdict(.bitcoinBranch(Self.branch(repeated, 6, size: 8))) == .proofShapeInvalid)
    // The honest end of the row, where a node is paired with itself, stays valid.
    #expect(try verdict(.bitcoinBranch(Self.branch(leaves, 5, size: 6))) == .accepted)
    #expect(try verdict(.bitcoinBranch(Self.branch(leaves, 5, size: nil))) == .accepted)
  }

  @Test("a node paired with itself ends its row, so it is never a left child with another sibling above")
  func repetitionInside() throws {
    var noise = Noise(state: 5)
    let (a, b) = (noise.bytes(32), noise.bytes(32))
    let left = sha256d(a + a)
    let branch = BitcoinBranch(
      transaction: a.reversed(), index: 0, path: MerklePath([a.reversed(), b.reversed()]),
      root: sha256d(left + b).reversed())
    #expect(try verdict(.bitcoinBranch(branch)) == .proofShapeInvalid)
  }

  @Test("with the tree's size the depth is exact: an inner node is no transaction")
  func innerNode() throws {
    var noise = Noise(state: 6)
    let leaves = (0..<8).map { _ in noise.bytes(32) }
    let rows = Self.rows(leaves)
    var branch = Self.branch(leaves, 2, size: nil)
    branch.transaction = rows[1][1].reversed()
    branch.index = 1
    branch.path = MerklePath(Self.path(rows, 2).dropFirst().map { $0.reversed() })
    #expect(try verdict(.bitcoinBranch(branch)) == .accepted)
    branch.treeSize = 8
    #expect(try verdict(.bitcoinBranch(branch)) == .proofShapeInvalid)
  }

  @Test("indices and depths that no block has")
  func shapes() throws {
    let hash = [UInt8](repeating: 1, count: 32)
    func proof(_ index: UInt64, _ depth: Int, size: UInt64? = nil) -> MerkleProof {
      .bitcoinBranch(
        BitcoinBranch(
          transaction: hash, index: index, path: MerklePath(packed: [UInt8](repeating: 2, count: 32 * depth)),
          root: hash, treeSize: size))
    }
    #expect(try verdict(proof(0, 0)) == .accepted)
    #expect(try verdict(proof(1, 0)) == .proofShapeInvalid)
    #expect(try verdict(proof(0, 33)) == .proofShapeInvalid)
    #expect(try verdict(proof(.max, 32)) == .proofShapeInvalid)
    #expect(try verdict(proof(0, 0, size: 0)) == .proofShapeInvalid)
    #expect(try verdict(proof(0, 32, size: .max)) == .proofShapeInvalid)
  }
}
