import Assay
import Foundation
import Testing

/// EIP-4881's snapshots of the deposit tree: the roots of its finished subtrees stand for all deposits. Each is a multiproof of those
/// roots and of the deposit count, whose helpers are the roots of what is still empty.
@Suite("Deposit snapshots", .enabled(if: PublicVectors.areThere))
struct DepositSnapshotTests {
  struct Snapshot {
    var finalized: [[UInt8]] = []
    var root: [UInt8] = []
    var count = 0
  }

  static func snapshots() throws -> [Snapshot] {
    var snapshots: [Snapshot] = []
    for line in try PublicVectors.text("deposit/teku_eip4881_test_cases.yml").split(separator: "\n") {
      if line == "  snapshot:" { snapshots.append(Snapshot()) }
      let quoted = line.split(separator: "\"", omittingEmptySubsequences: false).dropFirst().first.map(String.init)
      guard let last = snapshots.indices.last else { continue }
      if let quoted, line.hasPrefix("      - ") { snapshots[last].finalized.append([UInt8](hex: quoted)) }
      // The next case's block names a root too.
      if let quoted, snapshots[last].root.isEmpty, line.hasPrefix("    deposit_root: ") {
        snapshots[last].root = [UInt8](hex: quoted)
      }
      if line.hasPrefix("    deposit_count: "), quoted == nil {
        snapshots[last].count = try #require(Int(line.split(separator: " ")[1]))
      }
    }
    return snapshots
  }

  /// The tree has 32 levels, and its root stands beside the count.
  static func proof(_ snapshot: Snapshot) -> SSZMultiproof {
    var zeros = [[UInt8](repeating: 0, count: 32)]
    for level in 0..<32 { zeros.append(sha256(zeros[level] + zeros[level])) }
    var indices: [UInt64] = [3]
    var start: UInt64 = 0
    for height in (0..<32).reversed() where snapshot.count >> height & 1 == 1 {
      indices.append(2 << UInt64(32 - height) | start >> UInt64(height))
      start += 1 << UInt64(height)
    }
    // Every sibling on the way from the last subtree that no subtree leads to.
    let onPaths = Set(indices.flatMap { sequence(first: $0) { $0 > 1 ? $0 / 2 : nil } })
    let helpers = Set(onPaths.filter { $0 > 1 }.map { $0 ^ 1 }).subtracting(onPaths).sorted(by: >)
    return SSZMultiproof(
      leaves: [SSZObject.padded(SSZObject.littleEndian(snapshot.count))] + snapshot.finalized,
      generalizedIndices: indices,
      path: MerklePath(helpers.map { zeros[33 - (UInt64.bitWidth - 1 - $0.leadingZeroBitCount)] }), root: snapshot.root)
  }

  @Test("all 512, and each with another count or subtree")
  func snapshots() throws {
    let snapshots = try Self.snapshots()
    #expect(snapshots.count == 512)
    var cases: [(proof: MerkleProof, isValid: Bool)] = []
    for (index, snapshot) in snapshots.enumerated() {
      let proof = Self.proof(snapshot)
      cases.append((.sszMultiproof(proof), true))
      var wrong = proof
      wrong.leaves[index % wrong.leaves.count][index % 32] ^= 0x40
      cases.append((.sszMultiproof(wrong), false))
      guard snapshot.count > 1 else { continue }
      var other = snapshot
      other.count -= 1
      cases.append((.sszMultiproof(Self.proof(other)), false))
    }
    try check(cases, "snapshots")
  }
}
