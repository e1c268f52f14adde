import Foundation
import Testing

/// The public suites of Merkle proofs through the command line.
@Suite(.enabled(if: Vectors.has("merkle"), "public vectors are not here: set ASSAY_VECTORS"))
struct MerkleVectorTests {
  private typealias Case = (row: [String: Any], isValid: Bool)

  private static func check(_ cases: [Case], atLeast count: Int) throws {
    #expect(cases.count >= count && cases.contains { $0.isValid })
    var text = Data()
    for item in cases {
      text += try JSONSerialization.data(withJSONObject: item.row)
      text.append(0x0A)
    }
    let run = try Run(["verify", "-", "--quiet"], input: text, in: Folder())
    #expect(run.lines.count == cases.count)
    for (item, line) in zip(cases, run.lines) {
      #expect(line.contains("\"accepted\":\(item.isValid)"), "\(line): \(item.row)")
    }
  }

  /// Every JSON object below a folder of the vectors, in the order of names.
  private static func objects(_ folder: String) throws -> [[String: Any]] {
    let root = Vectors.folder.appending(path: "merkle/\(folder)")
    let names = try #require(FileManager.default.subpaths(atPath: root.path)).filter { $0.hasSuffix(".json") }.sorted()
    return try names.compactMap {
      try JSONSerialization.jsonObject(with: Data(contentsOf: root.appending(path: $0))) as? [String: Any]
    }
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try Vectors.data("merkle/\(path)"), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func hex(_ base64: Any?) -> String {
    (Data(base64Encoded: base64 as? String ?? "") ?? Data()).map { String(format: "%02x", $0) }.joined()
  }

  /// transparency-dev's names for our fields, folder by folder; hashes are base64.
  @Test(arguments: [
    (
      "inclusion", ["leafIdx": "index", "treeSize": "treeSize"],
      ["leafHash": "leafHash", "root": "root"]
    ),
    (
      "consistency", ["size1": "firstSize", "size2": "secondSize"],
      ["root1": "firstRoot", "root2": "secondRoot"]
    ),
    (
      "subtreeinclusion", ["leafIdx": "index", "start": "start", "end": "end"],
      ["leafHash": "leafHash", "root": "root"]
    ),
    (
      "subtreeconsistency", ["start": "start", "end": "end", "size": "treeSize"],
      ["root1": "subtreeRoot", "root2": "root"]
    ),
  ])
  func transparency(folder: String, numbers: [String: String], hashes: [String: String]) throws {
    let type = "merkle-rfc6962-" + folder.replacing("subtree", with: "subtree-")
    let cases: [Case] = try Self.objects("rfc6962/\(folder)").map { vector in
      var row: [String: Any] = ["type": type, "path": (vector["proof"] as? [Any] ?? []).map(Self.hex)]
      for (theirs, ours) in numbers { row[ours] = vector[theirs] }
      for (theirs, ours) in hashes { row[ours] = Self.hex(vector[theirs]) }
      return (row, vector["wantErr"] as? Bool == false)
    }
    try Self.check(cases, atLeast: 50)
  }

  @Test func cosmos() throws {
    var cases: [Case] = []
    for spec in ["iavl", "tendermint"] {
      for vector in try Self.objects("ics23/\(spec)") {
        let value = vector["value"] as? String ?? ""
        var row: [String: Any] = [
          "type": "ics23", "spec": spec, "root": vector["root"] ?? "", "key": vector["key"] ?? "",
          "value": value.isEmpty ? NSNull() : value, "proof": vector["proof"] ?? "",
        ]
        cases.append((row, true))
        row["spec"] = spec == "iavl" ? "tendermint" : "iavl"
        cases.append((row, false))
      }
    }
    try Self.check(cases, atLeast: 24)
  }

  @Test func openZeppelin() throws {
    var cases: [Case] = []
    for dump in try Self.objects("openzeppelin") {
      let nodes = dump["tree"] as? [String] ?? []
      for value in dump["values"] as? [[String: Any]] ?? [] {
        let leaf = try #require(value["treeIndex"] as? Int)
        var path: [String] = []
        var place = leaf
        while place > 0 {
          path.append(nodes[place % 2 == 0 ? place - 1 : place + 1])
          place = (place - 1) / 2
        }
        let row: [String: Any] = ["type": "merkle-keccak-sorted", "leaf": nodes[leaf], "path": path, "root": nodes[0]]
        cases.append((row, true))
        cases.append((row.merging(["path": Array(path.dropLast())]) { $1 }, false))
      }
    }
    try Self.check(cases, atLeast: 48)
  }

  @Test func mainnetAccount() throws {
    var row = try #require(
      JSONSerialization.jsonObject(with: Vectors.data("merkle/mpt/helios_proof.json")) as? [String: Any])
    row["type"] = "eth-account"
    // The state root of the block, which the file's source names.
    row["stateRoot"] = "7b3d5a01f69b7d2ea7479fd7ae35f4bac2700ab6d6d7b4807a7fedf53ced710e"
    try Self.check([(row, true), (row.merging(["nonce": "0x77"]) { $1 }, false)], atLeast: 2)
  }

  @Test func beaconBlocks() throws {
    let folder = Vectors.folder.appending(path: "merkle/ssz")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.contains("beacon_block_proof-")
    }
    var cases: [Case] = []
    for name in names.sorted() {
      var fields: [String: [String]] = [:]
      var key = ""
      for line in try Self.text("ssz/\(name)").split(separator: "\n") {
        if let colon = line.firstIndex(of: ":"), line.first != " " { key = String(line[..<colon]) }
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        if parts.count == 3 { fields[key, default: []].append(String(parts[1])) }
      }
      // The block hash in the execution payload in the body; Deneb's payload is a level deeper.
      let index = name.contains("deneb") ? 6444 : 3228
      let row: [String: Any] = [
        "type": "merkle-ssz", "generalizedIndex": index, "leaf": fields["execution_block_header"]?.first ?? "",
        "path": fields["execution_block_proof"] ?? [], "root": fields["beacon_block_root"]?.first ?? "",
      ]
      cases.append((row, true))
      cases.append((row.merging(["generalizedIndex": index ^ 1]) { $1 }, false))
    }
    try Self.check(cases, atLeast: 22)
  }

  @Test func bitcoinBlock() throws {
    let message = try Self.text("bitcoin/rust-bitcoin_merkle_block.hex")
    let header = Array(message)
    // Bytes 36 to 67, reversed: the root as displayed.
    let root = stride(from: 134, through: 72, by: -2).map { String(header[$0...$0 + 1]) }.joined()
    let row: [String: Any] = ["type": "merkle-bitcoin-block", "message": message, "root": root, "txids": [String]()]
    try Self.check([(row, true), (row.merging(["message": message + "00"]) { $1 }, false)], atLeast: 2)
  }
}
