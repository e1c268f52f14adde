import Assay
import Foundation
import Testing

/// Nodes of mainnet's state and storage tries, each with the nodes above it (ethereum/portal-spec-tests, tests/mainnet/state).
@Suite("Portal network's state proofs", .enabled(if: PublicVectors.areThere))
struct PortalStateTests {
  /// The hexadecimal strings of a YAML list of mappings, by key; those of a list under their list's key.
  static func fields(_ path: String) throws -> [[String: [[UInt8]]]] {
    var rows: [[String: [[UInt8]]]] = [[:]]
    var key = ""
    for line in try PublicVectors.text(path).split(separator: "\n") where !line.hasPrefix("#") {
      if line.hasPrefix("- block_header") { rows.append([:]) }
      if let colon = line.firstIndex(of: ":") {
        key = line[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "- "))
      }
      let parts = line.split(separator: "'", omittingEmptySubsequences: false)
      if parts.count == 3 { rows[rows.count - 1][key, default: []].append([UInt8](hex: String(parts[1]))) }
    }
    return rows.filter { !$0.isEmpty }
  }

  /// The byte strings of an SSZ list of byte lists: offsets, then contents.
  static func list(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
    let bytes = Array(bytes)
    func offset(_ at: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
    guard bytes.count >= 4 else { return [] }
    let starts = stride(from: 0, to: offset(0), by: 4).map(offset) + [bytes.count]
    return zip(starts, starts.dropFirst()).map { Array(bytes[$0..<$1]) }
  }

  /// The state root that a block header names: its fourth field, after 3 bytes of list header and two hashes and an address.
  static func stateRoot(_ header: [UInt8]) -> [UInt8] { Array(header[91..<123]) }

  /// The value that a leaf node holds: its second item.
  static func value(_ leaf: [UInt8]) -> [UInt8] {
    let start = leaf[0] == 0xf8 ? 2 : 1
    let pathEnd = start + 1 + Int(leaf[start] - 0x80)
    let header = leaf[pathEnd] == 0xb8 ? 2 : 1
    return leaf[pathEnd] < 0x80 ? [leaf[pathEnd]] : Array(leaf[(pathEnd + header)...])
  }

  /// Also through the command line.
  static func check(root: [UInt8], key: [UInt8], nodes: [[UInt8]]) throws {
    let leaf = try #require(nodes.last)
    let proof = PatriciaProof(root: root, key: key, isSecure: true, value: value(leaf), nodes: nodes)
    var cases: [(proof: MerkleProof, isValid: Bool)] = [(.patricia(proof), true)]
    var wrong = proof
    wrong.nodes.removeLast()
    #expect(try verdict(.patricia(wrong)) == .proofShapeInvalid)
    cases.append((.patricia(wrong), false))
    wrong.value = nil
    #expect(try verdict(.patricia(wrong)) == .proofShapeInvalid)
    cases.append((.patricia(wrong), false))
    wrong = proof
    wrong.value = nil
    #expect(try verdict(.patricia(wrong)) == .valueMismatch)
    cases.append((.patricia(wrong), false))
    for index in nodes.indices {
      wrong = proof
      wrong.nodes[index][nodes[index].count / 2] ^= 1
      cases.append((.patricia(wrong), false))
    }
    try AssayProofsTests.check(cases, "portal")
  }

  @Test("accounts in mainnet blocks, and the inner nodes above them")
  func accounts() throws {
    let rows = try Self.fields("mpt/portal_state_validation_account_trie_node.yaml")
    let addresses = ["c02aaa39b223fe8d0a0e5c4f27ead9083c756cc2", "1584a2c066b7a455dbd6ae2807a7334e83c35fa5"]
      .map { [UInt8](hex: $0) }
    var leaves = 0
    #expect(rows.count == 5)
    for (position, row) in rows.enumerated() {
      let offer = try #require(row["content_value_offer"]?.first)
      let header = try #require(row["block_header"]?.first)
      // An offset, the block's hash, the nodes from the root down.
      #expect(try keccak256(header) == Array(offer[4..<36]))
      let nodes = Self.list(offer[36...])
      let address = addresses[position < 3 ? 0 : 1]
      if nodes.last?.first == 0xf8, try #require(nodes.last)[2] == 0x9d + UInt8(position < 3 ? 0 : 1) {
        leaves += 1
        try Self.check(root: Self.stateRoot(header), key: address, nodes: nodes)
      } else {
        // A proof that ends in a branch says nothing of the account, neither that it is there nor that it is not.
        for value in [nil, [1]] as [[UInt8]?] {
          let proof = PatriciaProof(
            root: Self.stateRoot(header), key: address, isSecure: true, value: value, nodes: nodes)
          #expect(try verdict(.patricia(proof)) == .proofShapeInvalid)
        }
      }
    }
    #expect(leaves == 2)
  }

  @Test("a storage slot of WETH under its account under the block's root")
  func storage() throws {
    let rows = try Self.fields("mpt/portal_state_serialization_contract_storage_trie_node_with_proof.yaml")
    let row = try #require(rows.first)
    let headers = try Self.fields("mpt/portal_state_validation_contract_storage_trie_node.yaml")
    let header = try #require(headers.first?["block_header"]?.first)
    let (storage, account) = (try #require(row["storage_proof"]), try #require(row["account_proof"]))
    try Self.check(
      root: Self.stateRoot(header), key: [UInt8](hex: "c02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"), nodes: account)
    // Slot 2 holds the number of decimals.
    let slot = [UInt8](repeating: 0, count: 31) + [2]
    let state = Self.value(try #require(account.last))
    let storageHash = Array(state[(state.count - 65)..<(state.count - 33)])
    try Self.check(root: storageHash, key: slot, nodes: storage)
  }

  @Test("WETH's code, whose hash its account holds")
  func bytecode() throws {
    let row = try #require(try Self.fields("mpt/portal_state_validation_contract_bytecode.yaml").first)
    let offer = try #require(row["content_value_offer"]?.first)
    let header = try #require(row["block_header"]?.first)
    // Two offsets, the block's hash; the code, the account's nodes.
    let (code, nodes) = (SSZObject.offset(offer[...], 0), SSZObject.offset(offer[...], 4))
    #expect(code == 40)
    #expect(try keccak256(header) == Array(offer[8..<40]))
    let account = Self.list(offer[nodes...])
    let key = [UInt8](hex: "c02aaa39b223fe8d0a0e5c4f27ead9083c756cc2")
    try Self.check(root: Self.stateRoot(header), key: key, nodes: account)
    #expect(Self.value(try #require(account.last)).suffix(32).elementsEqual(try keccak256(Array(offer[code..<nodes]))))
  }
}
