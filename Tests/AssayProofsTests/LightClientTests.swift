import Assay
import Foundation
import Testing

/// What light clients are given of mainnet (ethereum/portal-spec-tests): each claim's leaf is computed here from the decoded object, by
/// the specifications' own words, and its branch is then verified through the library and the command line.
@Suite("Light clients' data", .enabled(if: PublicVectors.areThere))
struct LightClientTests {
  /// The content of a YAML file's `content_value`, a string that may be folded over lines.
  static func content(_ name: String) throws -> ArraySlice<UInt8> {
    let text = try PublicVectors.text("ssz/\(name).yaml")
    let start = try #require(text.range(of: "content_value:"))
    let quoted = text[start.upperBound...].split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
    return [UInt8](hex: String(try #require(quoted.dropFirst().first).filter(\.isHexOrX)))[...]
  }

  /// A proof, which the suite says is right, and two that are wrong: of the node beside it, and of another leaf.
  static func claims(
    _ leaf: [UInt8], at index: UInt64, _ path: ArraySlice<UInt8>, root: [UInt8]
  ) -> [(proof: MerkleProof, isValid: Bool)] {
    let good = SSZProof(leaf: leaf, generalizedIndex: index, path: MerklePath(packed: Array(path)), root: root)
    var (beside, other) = (good, good)
    beside.generalizedIndex ^= 1
    other.leaf[0] ^= 1
    // A slot without a block repeats the root of the block before it.
    return [(.ssz(good), true), (.ssz(beside), path.starts(with: leaf)), (.ssz(other), false)]
  }

  /// A light-client header: the beacon block's header, and what it says of the execution payload's.
  static func header(_ bytes: ArraySlice<UInt8>) -> (beacon: [UInt8], claims: [(proof: MerkleProof, isValid: Bool)]) {
    let beacon = Array(bytes.prefix(112))
    let payload = bytes.dropFirst(SSZObject.offset(bytes, 112))
    // The execution payload in the body: 25.
    let claims = claims(
      SSZObject.executionPayloadHeader(Array(payload)), at: 25, bytes.dropFirst(116).prefix(128),
      root: Array(beacon[80..<112]))
    return (beacon, claims)
  }

  @Test(
    "bootstraps: the current sync committee in the state",
    arguments: ["portal_capella_bootstrap", "portal_deneb_bootstrap"])
  func bootstrap(name: String) throws {
    // Fork digest; then header, committee and the committee's branch.
    let bytes = try Self.content(name).dropFirst(4)
    let (beacon, claims) = Self.header(bytes.dropFirst(SSZObject.offset(bytes, 0)))
    let committee = SSZObject.syncCommittee(Array(bytes.dropFirst(4).prefix(513 * 48)))
    let branch = bytes.dropFirst(4 + 513 * 48).prefix(160)
    try check(claims + Self.claims(committee, at: 54, branch, root: Array(beacon[48..<80])), name)
  }

  @Test("a finality update: the finalized header in the attested state; an optimistic one: its header alone")
  func updates() throws {
    let finality = try Self.content("portal_capella_finality_update").dropFirst(4)
    let (first, second) = (SSZObject.offset(finality, 0), SSZObject.offset(finality, 4))
    let attested = Self.header(finality.dropFirst(first).prefix(second - first))
    let finalized = Self.header(finality.dropFirst(second))
    let claim = Self.claims(
      SSZObject.beaconHeader(finalized.beacon), at: 105, finality.dropFirst(8).prefix(192),
      root: Array(attested.beacon[48..<80]))
    try check(attested.claims + finalized.claims + claim, "finality")
    let optimistic = try Self.content("portal_capella_optimistic_update").dropFirst(4)
    try check(Self.header(optimistic.dropFirst(SSZObject.offset(optimistic, 0))).claims, "optimistic")
  }

  /// Their states are random ones of the consensus specification's tests; the files name the state roots.
  @Test(
    "historical summaries in the state",
    arguments: [("deneb", 32 + 27, 5), ("electra", 64 + 27, 6)] as [(String, UInt64, Int)])
  func historicalSummaries(fork: String, index: UInt64, depth: Int) throws {
    let name = "portal_\(fork)_historical_summaries_with_proof"
    let text = try PublicVectors.text("ssz/\(name).yaml")
    let named = try #require(text.split(separator: "\n").first { $0.hasPrefix("beacon_state_root:") })
    let root = [UInt8](hex: String(named.split(separator: "\"")[1]))
    let bytes = try Self.content(name).dropFirst(4)
    let summaries = Array(bytes.dropFirst(SSZObject.offset(bytes, 8)))
    let leaf = SSZObject.list(
      stride(from: 0, to: summaries.count, by: 64).map { sha256(Array(summaries[$0..<$0 + 64])) }, depth: 24)
    try check(Self.claims(leaf, at: index, bytes.dropFirst(12).prefix(32 * depth), root: root), name)
  }

  /// Block headers with what shows that they are on the chain. The files do not have the accumulators' and summaries' roots, so the
  /// root is where the first header of an epoch leads, by hashing one node after the other; all others must lead there too.
  @Test("headers with proofs: epochs before the Merge")
  func epochs() throws {
    var headers = try [1_000_010, 14_764_013, 15_537_392, 15_537_393].map {
      try Self.blockHeader(Self.content("portal_headers_with_proof_\($0)"))
    }
    let json = try JSONSerialization.jsonObject(
      with: PublicVectors.file("ssz/portal_headers_with_proof_1000001-1000010.json"))
    for row in try #require(json as? [String: [String: String]]).values {
      let (header, key) = (
        [UInt8](hex: try #require(row["content_value"])), [UInt8](hex: try #require(row["content_key"]))
      )
      headers.append(try Self.blockHeader(header[...]))
      #expect(headers.last?.hash == Array(key.dropFirst()))
    }
    var roots: [UInt64: [UInt8]] = [:]
    var cases: [(proof: MerkleProof, isValid: Bool)] = []
    for header in headers {
      // Of the list of 8,192 records the left half of one; the list's length is the right half of the root.
      let index = (2 << 13 | header.number % 8_192) * 2
      let root = roots[header.number / 8_192] ?? SSZObject.top(header.hash, index, header.proof)
      roots[header.number / 8_192] = root
      cases += Self.claims(header.hash, at: index, header.proof, root: root)
    }
    #expect(roots.count == 3 && cases.count == 3 * 14)
    // Epoch 122 of the accumulator that go-ethereum and the Portal clients ship.
    #expect(roots[122]?.hexadecimal == "cddbda3fd6f764602c06803ff083dbfc73f2bb396df17a31e5457329b9a0f38d")
    try check(cases, "epochs")
  }

  @Test("headers with proofs: the execution block in its beacon block, and that in its period")
  func periods() throws {
    var cases: [(proof: MerkleProof, isValid: Bool)] = []
    let blocks = [
      15_537_394, 15_539_558, 15_547_621, 15_555_729, 17_034_869, 17_034_870, 17_042_287, 17_062_257, 19_426_586,
      22_162_263,
    ]
    for block in blocks {
      let header = try Self.blockHeader(Self.content("portal_headers_with_proof_\(block)"))
      // Bellatrix: block roots and state roots in one batch; Deneb: a payload one level deeper.
      let (depth, isDeneb) = (block < 17_034_870 ? 14 : 13, block >= 19_426_587)
      let beaconRoot = Array(header.proof.dropFirst(32 * depth).prefix(32))
      let branch = header.proof.dropFirst(32 * (depth + 1)).dropLast(8)
      #expect(branch.count == 32 * (isDeneb ? 12 : 11))
      cases += Self.claims(header.hash, at: isDeneb ? 6_444 : 3_228, branch, root: beaconRoot)
      let slot = header.proof.suffix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
      let index = 1 << UInt64(depth) | slot % 8_192
      let path = header.proof.prefix(32 * depth)
      cases += Self.claims(beaconRoot, at: index, path, root: SSZObject.top(beaconRoot, index, path))
    }
    try check(cases, "periods")
  }

  /// The hash and number of an execution block's header, and the proof that comes with it.
  static func blockHeader(
    _ bytes: ArraySlice<UInt8>
  ) throws -> (hash: [UInt8], number: UInt64, proof: ArraySlice<UInt8>) {
    let end = SSZObject.offset(bytes, 4)
    let header = Array(bytes.prefix(end).dropFirst(8))
    // The ninth item of the RLP list, after 3 bytes of its header.
    var next = 3
    var number: [UInt8] = []
    for _ in 0..<9 {
      let tag = header[next]
      let longLength = tag >= 0xb8 ? Int(tag - 0xb7) : 0
      let start = next + 1 + longLength
      let length =
        longLength > 0
        ? header[next + 1..<start].reduce(0) { $0 << 8 | Int($1) } : tag < 0x80 ? 0 : Int(tag - 0x80)
      number = Array(header[start..<start + length])
      next = start + length
    }
    return (try keccak256(header), number.reduce(0) { $0 << 8 | UInt64($1) }, bytes.dropFirst(end))
  }
}

extension Character {
  /// A digit of `0x…`.
  fileprivate var isHexOrX: Bool { isHexDigit || self == "x" }
}
