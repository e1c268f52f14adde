import Assay
import Foundation
import Testing

@testable import AssayProofs

@Suite("ICS-23")
struct ICS23Tests {
  struct Vector: Decodable {
    let root: String
    let proof: String
    let key: String
    let value: String

    func proof(_ tree: ICS23Proof.Tree) -> ICS23Proof {
      ICS23Proof(
        root: [UInt8](hex: root), key: [UInt8](hex: key), value: value.isEmpty ? nil : [UInt8](hex: value),
        proof: [UInt8](hex: proof), tree: tree)
    }
  }

  static func vectors(_ tree: ICS23Proof.Tree) throws -> [ICS23Proof] {
    try PublicVectors.all("ics23/\(tree.rawValue)").map {
      try JSONDecoder().decode(Vector.self, from: $0.data).proof(tree)
    }
  }

  @Test("the suite's proofs", .enabled(if: PublicVectors.areThere), arguments: [ICS23Proof.Tree.iavl, .tendermint])
  func suite(tree: ICS23Proof.Tree) throws {
    let proofs = try Self.vectors(tree)
    #expect(proofs.count == 6)
    for proof in proofs {
      #expect(try verdict(.ics23(proof)) == .accepted)
      var wrong = proof
      wrong.root[7] ^= 1
      #expect(try verdict(.ics23(wrong)) == .rootMismatch)
      wrong = proof
      wrong.key.append(1)
      #expect(try verdict(.ics23(wrong)) == .valueMismatch)
      wrong = proof
      wrong.value = proof.value == nil ? [1] : nil
      #expect(try verdict(.ics23(wrong)) == .valueMismatch)
      wrong = proof
      wrong.tree = tree == .iavl ? .tendermint : .iavl
      #expect(try verdict(.ics23(wrong)) == .proofShapeInvalid)
    }
  }

  @Test(
    "flipping any bit of a proof rejects it", .enabled(if: PublicVectors.areThere),
    arguments: [ICS23Proof.Tree.iavl, .tendermint])
  func mutations(tree: ICS23Proof.Tree) throws {
    for proof in try Self.vectors(tree) {
      var mutants: [MerkleProof] = []
      for position in proof.proof.indices {
        var mutant = proof
        mutant.proof[position] ^= 1 << (position % 8)
        mutants.append(.ics23(mutant))
      }
      let verdicts = try verdicts(mutants)
      for (position, verdict) in verdicts.enumerated() {
        #expect(!verdict.isAccepted, "byte \(position) of \(proof.proof.count)")
      }
    }
  }

  @Test(
    "a batch, compressed or not, shows each of its keys and no other", .enabled(if: PublicVectors.areThere),
    arguments: [ICS23Proof.Tree.iavl, .tendermint])
  func batches(tree: ICS23Proof.Tree) throws {
    // Proofs of one root: those whose left and right neighbours come from the same tree.
    let all = try Self.vectors(tree)
    let roots = Dictionary(grouping: all, by: \.root)
    for (root, proofs) in roots {
      for bytes in [Self.batch(proofs), try Self.compressed(proofs)] {
        for proof in proofs {
          var batched = proof
          batched.proof = bytes
          #expect(try verdict(.ics23(batched)) == .accepted)
          batched.key.append(0)
          #expect(try verdict(.ics23(batched)) == .valueMismatch)
        }
      }
      // One entry of another tree spoils the batch.
      if let stranger = all.first(where: { $0.root != root }), var first = proofs.first {
        first.proof = Self.batch([stranger] + proofs)
        #expect(try verdict(.ics23(first)) == .rootMismatch)
      }
    }
  }

  // MARK: - Rules, by the suite's operation vectors

  struct LeafJSON: Decodable {
    let hash: UInt64?
    let prehashKey: UInt64?
    let prehashValue: UInt64?
    let length: UInt64?
    let prefix: Data?
    enum CodingKeys: String, CodingKey {
      case hash, length, prefix
      case prehashKey = "prehash_key"
      case prehashValue = "prehash_value"
    }
    var op: ICS23.LeafOp {
      ICS23.LeafOp(
        hash: hash ?? 0, prehashKey: prehashKey ?? 0, prehashValue: prehashValue ?? 0, length: length ?? 0,
        prefix: Array(prefix ?? Data())[...])
    }
  }

  struct InnerJSON: Decodable {
    let hash: UInt64?
    let prefix: Data?
    let suffix: Data?
    var op: ICS23.InnerOp {
      ICS23.InnerOp(hash: hash ?? 0, prefix: Array(prefix ?? Data())[...], suffix: Array(suffix ?? Data())[...])
    }
  }

  struct SpecJSON: Decodable {
    struct Inner: Decodable {
      let childOrder: [Int]
      let childSize: Int
      let minPrefixLength: Int
      let maxPrefixLength: Int
      let emptyChild: Data?
      let hash: UInt64
      enum CodingKeys: String, CodingKey {
        case hash
        case childOrder = "child_order"
        case childSize = "child_size"
        case minPrefixLength = "min_prefix_length"
        case maxPrefixLength = "max_prefix_length"
        case emptyChild = "empty_child"
      }
    }
    let leafSpec: LeafJSON
    let innerSpec: Inner
    let maxDepth: Int?
    let minDepth: Int?
    enum CodingKeys: String, CodingKey {
      case leafSpec = "leaf_spec"
      case innerSpec = "inner_spec"
      case maxDepth = "max_depth"
      case minDepth = "min_depth"
    }
    var spec: ICS23Spec {
      var spec = ICS23Spec(
        leaf: leafSpec.op, childSize: innerSpec.childSize, minimumPrefix: innerSpec.minPrefixLength,
        maximumPrefix: innerSpec.maxPrefixLength, emptyChild: Array(innerSpec.emptyChild ?? Data()),
        innerHash: innerSpec.hash, minimumDepth: minDepth ?? 0)
      if let maxDepth, maxDepth > 0 { spec.maximumDepth = maxDepth }
      // ics23-go knows IAVL by its specification, whatever the depths.
      if innerSpec.childSize == 33 { spec.rules = .iavl }
      return spec
    }
  }

  @Test("TestCheckAgainstSpecData", .enabled(if: PublicVectors.areThere))
  func checkAgainstSpec() throws {
    struct Case: Decodable {
      struct Proof: Decodable {
        let key: Data?
        let value: Data?
        let leaf: LeafJSON?
        let path: [InnerJSON]?
      }
      let proof: Proof
      let spec: SpecJSON
      let err: String
      enum CodingKeys: String, CodingKey {
        case proof = "Proof", spec = "Spec", err = "Err"
      }
    }
    let cases = try JSONDecoder().decode(
      [String: Case].self, from: PublicVectors.file("ics23/TestCheckAgainstSpecData.json"))
    for (name, test) in cases {
      let inners = (test.proof.path ?? []).map(\.op)
      let proof = ICS23.Existence(leaf: test.proof.leaf?.op, path: Array(inners.indices))
      #expect(test.spec.spec.admits(proof, inners) == test.err.isEmpty, "\(name)")
    }
  }

  @Test("TestCheckLeafData", .enabled(if: PublicVectors.areThere))
  func checkLeaf() throws {
    struct Case: Decodable {
      let leaf: LeafJSON
      let spec: LeafJSON
      let isErr: Bool
      enum CodingKeys: String, CodingKey {
        case leaf = "Leaf", spec = "Spec", isErr = "IsErr"
      }
    }
    let cases = try JSONDecoder().decode([String: Case].self, from: PublicVectors.file("ics23/TestCheckLeafData.json"))
    for (name, test) in cases {
      #expect(ICS23Spec(leaf: test.spec.op).admits(test.leaf.op) == !test.isErr, "\(name)")
    }
  }

  @Test("TestEmptyBranchData", .enabled(if: PublicVectors.areThere))
  func emptyBranches() throws {
    struct Case: Decodable {
      let op: InnerJSON
      let spec: SpecJSON
      let isLeft: Bool
      let isRight: Bool
      enum CodingKeys: String, CodingKey {
        case op = "Op", spec = "Spec", isLeft = "IsLeft", isRight = "IsRight"
      }
    }
    let cases = try JSONDecoder().decode([Case].self, from: PublicVectors.file("ics23/TestEmptyBranchData.json"))
    for (index, test) in cases.enumerated() {
      let spec = test.spec.spec
      #expect(!spec.emptyChild.isEmpty || !test.isLeft && !test.isRight)
      #expect(spec.hasEmptyLeft(test.op.op) == test.isLeft, "case \(index)")
      #expect(spec.hasEmptyRight(test.op.op) == test.isRight, "case \(index)")
    }
  }

  @Test("TestExistenceProofData and TestLeafOpData, where SHA-256 is the hash", .enabled(if: PublicVectors.areThere))
  func existence() throws {
    struct Case: Decodable {
      struct Proof: Decodable {
        let key: Data?
        let value: Data?
        let leaf: LeafJSON?
        let path: [InnerJSON]?
      }
      let proof: Proof
      let isErr: Bool
      let expected: Data?
      enum CodingKeys: String, CodingKey {
        case proof = "Proof", isErr = "IsErr", expected = "Expected"
      }
    }
    let cases = try JSONDecoder().decode(
      [String: Case].self, from: PublicVectors.file("ics23/TestExistenceProofData.json"))
    for (name, test) in cases where !test.isErr {
      let plan = HashPlan()
      plan.beginProof()
      let inners = (test.proof.path ?? []).map(\.op)
      let proof = ICS23.Existence(
        key: Array(test.proof.key ?? Data())[...], value: Array(test.proof.value ?? Data())[...],
        leaf: test.proof.leaf?.op,
        path: Array(inners.indices))
      let leaf = try #require(proof.leaf)
      let top = ICS23Spec(leaf: leaf).top(of: proof, inners, in: plan)
      try plan.hash(on: engine)
      let expected = try #require(test.expected)
      #expect(Array(plan.value(top)) == Array(expected), "\(name)")
    }
  }

  /// Hashes and steps alone, without a root: no proof that the command line could be given.
  @Test(
    "TestDoHashData and TestInnerOpData: SHA-256 as they have it, and no other hash is admitted",
    .enabled(if: PublicVectors.areThere))
  func operations() throws {
    let hashes = try JSONSerialization.jsonObject(with: PublicVectors.file("ics23/TestDoHashData.json"))
    var digests: [(message: [UInt8], expected: [UInt8])] = []
    for (name, row) in try #require(hashes as? [String: [String: Any]]) {
      let code = try #require(row["HashOp"] as? UInt64)
      let message = Array(try #require(row["Preimage"] as? String ?? row["PreImage"] as? String).utf8)
      if code == ICS23.sha256 {
        digests.append((message, [UInt8](hex: try #require(row["ExpectedHash"] as? String))))
      }
      for spec in [ICS23Spec.iavl, .tendermint, .smt] {
        var leaf = spec.leaf
        if spec.rules == .iavl { leaf.prefix = [0, 2, 2] }
        #expect(spec.admits(leaf))
        leaf.hash = code
        #expect(spec.admits(leaf) == (code == ICS23.sha256), "\(name)")
      }
    }
    let steps = try JSONSerialization.jsonObject(with: PublicVectors.file("ics23/TestInnerOpData.json"))
    for (name, row) in try #require(steps as? [String: [String: Any]]) {
      func bytes(_ value: Any?) -> [UInt8]? { (value as? String).flatMap { Data(base64Encoded: $0) }.map { Array($0) } }
      let op = try #require(row["Op"] as? [String: Any])
      guard let child = bytes(row["Child"]) else {
        // Here a step always has a child: the digest of the step before it.
        #expect(row["IsErr"] as? Bool == true, "\(name)")
        continue
      }
      let message = (bytes(op["prefix"]) ?? []) + child + (bytes(op["suffix"]) ?? [])
      digests.append((message, try #require(bytes(row["Expected"]))))
    }
    #expect(digests.count == 4)
    let results = try engine.execute(Batch(.sha256Message, [Column(messages: digests.map(\.message))]))
    withExtendedLifetime(results) {
      #expect(results.bytes("digest").map { Array($0) } == digests.flatMap(\.expected))
    }
  }

  // MARK: - Writing Protocol Buffers

  static func field(_ number: UInt8, _ bytes: some Collection<UInt8>) -> [UInt8] {
    var length: [UInt8] = []
    var rest = bytes.count
    repeat {
      length.append(UInt8(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return [number << 3 | 2] + length + bytes
  }

  static func batch(_ proofs: [ICS23Proof]) -> [UInt8] {
    field(3, proofs.flatMap { field(1, $0.proof) })
  }

  static func compressed(_ proofs: [ICS23Proof]) throws -> [UInt8] {
    var inners: [ICS23.InnerOp] = []
    func existence(_ proof: ICS23.Existence, _ own: [ICS23.InnerOp]) throws -> [UInt8] {
      let leaf = try #require(proof.leaf)
      var op: [UInt8] = []
      for (number, code) in [(1, leaf.hash), (2, leaf.prehashKey), (3, leaf.prehashValue), (4, leaf.length)]
      where code != 0 {
        op += [UInt8(number << 3), UInt8(code)]
      }
      var path: [UInt8] = []
      for position in proof.path {
        let index = inners.firstIndex(of: own[position]) ?? inners.count
        if index == inners.count { inners.append(own[position]) }
        path.append(UInt8(index))
      }
      return field(1, proof.key) + field(2, proof.value) + field(3, op + field(5, leaf.prefix)) + field(4, path)
    }
    var entries: [UInt8] = []
    for proof in proofs {
      let decoded = try #require(ICS23.Proof(proof.proof))
      for exist in decoded.existences { entries += field(1, field(1, try existence(exist, decoded.inners))) }
      for gap in decoded.nonExistences {
        let left = try gap.left.map { field(2, try existence($0, decoded.inners)) } ?? []
        let right = try gap.right.map { field(3, try existence($0, decoded.inners)) } ?? []
        entries += field(1, field(2, field(1, gap.key) + left + right))
      }
    }
    for inner in inners {
      entries += field(2, [8, UInt8(inner.hash)] + field(2, inner.prefix) + field(3, inner.suffix))
    }
    return field(4, entries)
  }
}
