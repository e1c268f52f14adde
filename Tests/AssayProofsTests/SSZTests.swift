import Assay
import Testing

@Suite("SSZ")
struct SSZTests {
  /// Lists and scalars of a small YAML file, by key.
  static func yaml(_ path: String) throws -> [String: [String]] {
    var fields: [String: [String]] = [:]
    var key = ""
    for line in try PublicVectors.text(path).split(separator: "\n") where !line.hasPrefix("#") {
      if let colon = line.firstIndex(of: ":"), line.first != " " {
        key = String(line[..<colon])
        fields[key] = []
      }
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      if parts.count == 3 { fields[key, default: []].append(String(parts[1])) }
    }
    return fields
  }

  @Test(
    "mainnet execution block hashes in their beacon blocks (portal-spec-tests)", .enabled(if: PublicVectors.areThere))
  func executionBlockProofs() throws {
    // body of the block: 12; execution payload of the body: 12 * 16 + 9; block hash of the payload: number 12 of at most 16
    // fields, in Deneb of at most 32.
    let files: [(String, UInt64)] =
      ["15537394", "15539558", "15547621", "15555729", "17034869"].map { ("bellatrix_beacon_block_proof-\($0)", 3228) }
      + ["17034870", "17042287", "17062257", "19426586"].map { ("capella_beacon_block_proof-\($0)", 3228) }
      + ["19426587", "22162263"].map { ("deneb_beacon_block_proof-\($0)", 6444) }
    for (name, index) in files {
      let fields = try Self.yaml("ssz/portal_block_proofs_\(name).yaml")
      let proof = SSZProof(
        leaf: [UInt8](hex: try #require(fields["execution_block_header"]?.first)), generalizedIndex: index,
        path: MerklePath((fields["execution_block_proof"] ?? []).map { [UInt8](hex: $0) }),
        root: [UInt8](hex: try #require(fields["beacon_block_root"]?.first)))
      #expect(try verdict(.ssz(proof)) == .accepted, "\(name)")
      for wrong in [index ^ 1, index + 16, index * 2, index / 2, 0, 1, .max] {
        var other = proof
        other.generalizedIndex = wrong
        #expect(try !verdict(.ssz(other)).isAccepted)
      }
    }
  }

  /// A tree of mixed depth: nodes by generalized index, leaves missing below some.
  static func multiproof(_ nodes: [[UInt8]], _ indices: [UInt64]) -> SSZMultiproof {
    // The specification's get_helper_indices, as sets.
    var helpers: Set<UInt64> = []
    var paths: Set<UInt64> = []
    for index in indices {
      for ancestor in sequence(first: index, next: { $0 > 3 ? $0 / 2 : nil }) where index > 1 {
        paths.insert(ancestor)
        helpers.insert(ancestor ^ 1)
      }
    }
    let path = helpers.subtracting(paths).sorted(by: >).map { nodes[Int($0)] }
    return SSZMultiproof(
      leaves: indices.map { nodes[Int($0)] }, generalizedIndices: indices, path: MerklePath(path), root: nodes[1])
  }

  static func hasOverlap(_ indices: [UInt64]) -> Bool {
    for (position, first) in indices.enumerated() {
      for second in indices[(position + 1)...] {
        let (high, low) = (min(first, second), max(first, second))
        let difference = high.leadingZeroBitCount - low.leadingZeroBitCount
        if low >> UInt64(difference) == high { return true }
      }
    }
    return false
  }

  @Test("multiproofs of random sets of nodes; overlapping sets are rejected")
  func multiproofs() throws {
    var noise = Noise(state: 31)
    let nodes = BatchTests.tree(depth: 6, &noise)
    var good: [MerkleProof] = []
    var bad: [MerkleProof] = []
    while good.count < 300 || bad.count < 100 {
      let indices = (0..<Int.random(in: 1...6, using: &noise)).map { _ in UInt64.random(in: 1..<128, using: &noise) }
      let proof = MerkleProof.sszMultiproof(Self.multiproof(nodes, indices))
      if Self.hasOverlap(indices) { bad.append(proof) } else { good.append(proof) }
    }
    #expect(try verdicts(good).allSatisfy(\.isAccepted))
    #expect(try verdicts(bad).allSatisfy { $0 == .proofShapeInvalid })
  }

  @Test("a forged leaf above or beside a real one: the specification's calculate_multi_merkle_root would take it")
  func forgedAncestor() throws {
    var noise = Noise(state: 32)
    let nodes = BatchTests.tree(depth: 3, &noise)
    let forged = noise.bytes(32)
    // Index 2 is above 9: the node computed from 8 and 9 replaces the forged one.
    for (indices, leaves, path) in [
      ([2, 9], [forged, nodes[9]], [nodes[8], nodes[5], nodes[3]]),
      ([9, 2], [nodes[9], forged], [nodes[8], nodes[5], nodes[3]]),
      ([9, 9], [forged, nodes[9]], [nodes[8], nodes[5], nodes[3]]),
      ([1, 9], [forged, nodes[9]], [nodes[8], nodes[5], nodes[3]]),
    ] as [([UInt64], [[UInt8]], [[UInt8]])] {
      let proof = SSZMultiproof(
        leaves: leaves, generalizedIndices: indices, path: MerklePath(path), root: nodes[1])
      #expect(try verdict(.sszMultiproof(proof)) == .proofShapeInvalid)
    }
  }

  @Test("counts that do not match, index 0, no leaf")
  func shapes() throws {
    var noise = Noise(state: 33)
    let nodes = BatchTests.tree(depth: 3, &noise)
    let good = Self.multiproof(nodes, [8, 11, 6])
    #expect(try verdict(.sszMultiproof(good)) == .accepted)
    var other = good
    other.path = MerklePath(packed: Array(good.path.bytes.dropLast(32)))
    #expect(try verdict(.sszMultiproof(other)) == .proofShapeInvalid)
    other.path = MerklePath(packed: good.path.bytes + nodes[8])
    #expect(try verdict(.sszMultiproof(other)) == .proofShapeInvalid)
    other.path = MerklePath([[1]])
    #expect(try verdict(.sszMultiproof(other)) == .proofShapeInvalid)
    other = good
    other.generalizedIndices[0] = 0
    #expect(try verdict(.sszMultiproof(other)) == .proofShapeInvalid)
    other.generalizedIndices = [.max, .max - 2, 1 << 63]
    #expect(try verdict(.sszMultiproof(other)) == .proofShapeInvalid)
    other = good
    other.leaves.removeLast()
    #expect(try verdict(.sszMultiproof(other)) == .proofShapeInvalid)
    other = SSZMultiproof(leaves: [], generalizedIndices: [], path: MerklePath([nodes[1]]), root: nodes[1])
    #expect(try verdict(.sszMultiproof(other)) == .proofShapeInvalid)
    other = SSZMultiproof(leaves: [nodes[1]], generalizedIndices: [1], path: MerklePath([]), root: nodes[1])
    #expect(try verdict(.sszMultiproof(other)) == .accepted)
  }

  @Test("flipping any bit of leaves, helpers or root rejects")
  func mutations() throws {
    var noise = Noise(state: 34)
    let nodes = BatchTests.tree(depth: 5, &noise)
    let good = Self.multiproof(nodes, [33, 40, 9, 61])
    let parts = good.leaves + (0..<good.path.count).map { Array(good.path.bytes[32 * $0..<32 * $0 + 32]) } + [good.root]
    var mutants: [MerkleProof] = []
    for position in 0..<32 * parts.count {
      var changed = parts
      changed[position / 32][position % 32] ^= 1 << (position % 8)
      mutants.append(
        .sszMultiproof(
          SSZMultiproof(
            leaves: Array(changed[..<4]), generalizedIndices: good.generalizedIndices,
            path: MerklePath(Array(changed[4..<changed.count - 1])), root: changed[changed.count - 1])))
    }
    #expect(try verdicts(mutants).allSatisfy { $0 == .rootMismatch })
  }
}
