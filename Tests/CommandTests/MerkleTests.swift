import Foundation
import Testing

/// `assay merkle`, and the root in a price run's receipt.
@Suite struct MerkleTests {
  /// The leaves of Certificate Transparency's reference tree; roots below are those of transparency-dev/merkle's tests.
  private static let reference = [
    "0x", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696A6b6c6d6e6f",
  ]

  private func chunks(_ count: Int) -> String {
    (0..<count).map { String(repeating: String(format: "%02x", 7 * $0 + 1), count: 32) + "\n" }.joined()
  }

  @Test(arguments: [
    (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
    (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
    (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
  ])
  func rootsOfCertificateTransparency(size: Int, root: String) throws {
    let folder = try Folder(["leaves": Self.reference.prefix(size).map { $0 + "\n" }.joined()])
    #expect(try Run(["merkle", "root", "leaves", "--quiet"], in: folder).output == root + "\n")
    let json = try Run(["merkle", "root", "leaves", "--json", "--quiet"], in: folder).output
    let document = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(document["root"] as? String == root && document["leaves"] as? Int == size)
  }

  @Test(arguments: [
    ["--rule", "rfc6962"], ["--rule", "ssz"], ["--rule", "ssz", "--list", "--depth", "9"], ["--rule", "keccak-sorted"],
    ["--rule", "keccak-standard"],
  ])
  func everyProofIsAccepted(rule: [String]) throws {
    for size in [1, 2, 7, 12] {
      let folder = try Folder(["leaves": chunks(size)])
      var rows = Data()
      for index in 0..<size {
        let run = try Run(["merkle", "prove", "leaves", "--index", "\(index)", "--quiet"] + rule, in: folder)
        #expect(run.status == 0 && run.lines.count == 1, "\(run.errors)")
        rows += Data(run.output.utf8)
      }
      let root = try Run(["merkle", "root", "leaves", "--quiet"] + rule, in: folder).lines.first ?? "?"
      #expect(String(decoding: rows, as: UTF8.self).components(separatedBy: "\"root\":\"0x\(root)\"").count == size + 1)
      let verdicts = try Run(["verify", "-", "--quiet"], input: rows, in: folder)
      #expect(verdicts.status == 0 && verdicts.lines.count == size, "\(verdicts.output)")
    }
  }

  /// A book of several chunks whose output has rows with line ends inside.
  private func book(rows: Int) -> String {
    var book = "id,type,spot,strike,years,volatility,note\n"
    for row in 0..<rows {
      let note = row % 5 == 0 ? "\"two\n\nlines, \"\"quoted\"\"\"" : row % 7 == 0 ? "\"never closed" : "plain"
      book += "\(row),\(row % 2 == 0 ? "call" : "put"),\(50 + row % 100),100,\(row % 77 + 1),0.\(row % 31),\(note)\n"
    }
    return book
  }

  @Test func receiptProvesEveryRow() throws {
    let folder = try Folder(["book.csv": book(rows: 23)])
    #expect(
      try Run(["price", "book.csv", "--output", "out.csv", "--receipt", "receipt.json", "--quiet"], in: folder).status
        == 1)
    let receipt = try folder.json("receipt.json")
    let root = try #require(receipt["resultRoot"] as? String)
    let count = try #require(receipt["resultRows"] as? Int)
    #expect(count == (receipt["summary"] as? [String: Any])?["rows"] as? Int)
    let leaves = ["out.csv", "--text", "--skip-header", "--quiet"]
    #expect(try Run(["merkle", "root"] + leaves, in: folder).lines == [root])
    var rows = ""
    for row in 1...count {
      rows += try Run(["merkle", "prove", "--row", "\(row)"] + leaves, in: folder).output
    }
    #expect(try Run(["verify", "-", "--quiet"], input: Data(rows.utf8), in: folder).status == 0)
    let line = try #require(folder.read("out.csv").split(separator: "\n").first { $0.hasPrefix("2,") })
    let leaf = line.utf8.map { String(format: "%02x", $0) }.joined()
    let forged = rows.replacing(leaf, with: String(leaf.dropLast()) + "0")
    #expect(forged != rows)
    let verdicts = try Run(["verify", "-", "--quiet"], input: Data(forged.utf8), in: folder)
    #expect(verdicts.lines.filter { $0.contains("root-mismatch") }.count == 1)
  }

  @Test func rootDoesNotDependOnThreads() throws {
    let folder = try Folder(["book.csv": book(rows: 30_000)])
    var roots: Set<String> = []
    for arguments in [["--threads", "1"], ["--threads", "3"], ["--backend", "portable"], ["--backend", "simd"]] {
      _ = try Run(
        ["price", "book.csv", "--output", "out.csv", "--receipt", "receipt.json", "--quiet"] + arguments, in: folder)
      roots.insert(try #require(folder.json("receipt.json")["resultRoot"] as? String))
    }
    let whole = try Run(["merkle", "root", "out.csv", "--text", "--skip-header", "--quiet"], in: folder)
    #expect(roots == Set(whole.lines))
    #expect(try Run(["replay", "receipt.json"], in: folder).status == 0)
    let forged = try folder.read("receipt.json").replacing(whole.lines[0], with: String(repeating: "0", count: 64))
    try folder.write("receipt.json", Data(forged.utf8))
    #expect(try Run(["replay", "receipt.json"], in: folder).status == 5)
  }

  @Test func examplesAreAccepted() throws {
    let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../examples/merkle")
      .standardized.path
    let folder = try Folder()
    for (name, rows) in [("ethereum-accounts", 5), ("bitcoin-block", 4), ("transparency-log", 3)] {
      let run = try Run(["verify", "\(examples)/\(name).jsonl", "--quiet"], in: folder)
      #expect(run.status == 0 && run.lines.count == rows, "\(run.output)\(run.errors)")
    }
    let log = try Run(["merkle", "root", "--text", "\(examples)/transparency-log.txt", "--quiet"], in: folder)
    let proofs = try String(contentsOfFile: "\(examples)/transparency-log.jsonl", encoding: .utf8)
    #expect(proofs.components(separatedBy: log.lines.first ?? "?").count == 4)
  }

  @Test func subtreesAndMerkleBlocks() throws {
    let leaves = chunks(4).split(separator: "\n").map(String.init)
    func root(_ range: Range<Int>) throws -> String {
      let folder = try Folder(["leaves": leaves[range].map { $0 + "\n" }.joined()])
      return try #require(Run(["merkle", "root", "leaves", "--quiet"], in: folder).lines.first)
    }
    let subtree = try root(2..<4)
    // Block 100,000 of Bitcoin, filtered for its second transaction: flags 1, 1, 0, 1, 0.
    let hashes = [
      "876dd0a3ef4a2816ffd1c12ab649825a958b0ff3bb3d6f3e1250f13ddbf0148c",
      "c40297f730dd7b5a99567eb8d27b78758f607507c52292d02d4031895b52f2ff",
      "49aef42d78e3e9999c9e6ec9e1dddd6cb880bf3b076a03be1318ca789089308e",
    ]
    // A header whose own root is the block's, in the order of its bytes.
    let header =
      String(repeating: "00", count: 36) + "6657a9252aacd5c0b2940996ecff952228c3067cc38d4885efb5a4ac4247e9f3"
      + String(repeating: "00", count: 12)
    let message = header + "0400000003" + hashes.joined() + "010b"
    let block = "\"root\":\"f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766\""
    let rows = try [
      """
      {"type":"merkle-rfc6962-subtree-inclusion","leaf":"\(leaves[3])","index":3,"start":2,"end":4,\
      "path":["\(root(2..<3))"],"root":"\(subtree)"}
      """,
      """
      {"type":"merkle-rfc6962-subtree-consistency","start":2,"end":4,"treeSize":4,"subtreeRoot":"\(subtree)",\
      "path":["\(root(0..<2))"],"root":"\(root(0..<4))"}
      """,
      """
      {"type":"merkle-bitcoin-block","message":"\(message)",\(block),\
      "txids":["fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4"]}
      """,
      """
      {"type":"merkle-bitcoin-block","message":"\(message)",\(block),\
      "txids":["8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87"]}
      """,
      "{\"type\":\"merkle-bitcoin-block\",\"message\":\"\(message)00\",\(block),\"txids\":[]}",
    ]
    let run = try Run(
      ["verify", "-", "--quiet"], input: Data((rows.joined(separator: "\n") + "\n").utf8), in: Folder())
    #expect(
      run.lines.map { $0.contains("\"accepted\":true") } == [true, true, true, false, false], "\(run.output)")
    #expect(run.lines[3].contains("value-mismatch") && run.lines[4].contains("malformed-row"))
  }

  @Test func errorsNameTheirPlace() throws {
    let folder = try Folder(["bad": "00\n\n0x12z4\n", "odd": "001\n", "short": chunks(1) + "00\n", "empty": ""])
    for (arguments, status, words) in [
      (["root", "bad"], 3, "bad:3:5: is not hexadecimal"),
      (["root", "odd"], 3, "odd:1:4: is not hexadecimal"),
      (["root", "short", "--rule", "ssz"], 3, "short:2:1: the leaf has 1 bytes where ssz needs 32"),
      (["root", "empty", "--rule", "keccak-sorted"], 3, "empty:1:1: "),
      (["root", "empty", "--text", "--skip-header"], 3, "empty:1:1: "),
      (["root", "missing"], 3, "missing: cannot be read"),
      (["prove", "short", "--index", "2"], 2, "short has 2 leaves"),
      (["prove", "short", "--index", "\(Int.max)"], 2, "short has 2 leaves"),
      (["prove", "short", "--index", "-1"], 2, "--index"),
      (["prove", "short"], 2, "--index, --row or --id"),
      (["prove", "short", "--row", "0"], 2, "--row counts from 1"),
      (["root", "bad", "--rule", "md5"], 2, "md5"),
      (["root", "bad", "--skip-header"], 2, "--text"),
      (["root", "bad", "--depth", "3"], 2, "--rule ssz"),
    ] as [([String], Int32, String)] {
      let run = try Run(["merkle"] + arguments, in: folder)
      #expect(run.status == status && run.errors.contains(words) && run.output.isEmpty, "\(arguments): \(run.errors)")
    }
  }
}
