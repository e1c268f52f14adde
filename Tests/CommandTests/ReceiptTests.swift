import Foundation
import Testing

/// What receipts record, and what `assay replay` finds.
@Suite struct ReceiptTests {
  private static let book = "id,type,spot,strike,years,volatility\na,call,100,90,1,0.2\n\"b,c\",put,100,110,0.5,0.3\n"
  private static let scenarios = #"{"spot": [-0.1, 0.1]}"#

  /// The paths of a receipt's inputs.
  private func inputs(_ folder: Folder, _ name: String) throws -> [String] {
    try #require(folder.json(name)["inputs"] as? [[String: Any]]).compactMap { $0["path"] as? String }
  }

  @Test func everyFileIsAnInput() throws {
    let folder = try Folder(["book.csv": Self.book, "s.json": Self.scenarios, "rows": "{}\n", "keys": ""])
    #expect(
      try Run(["risk", "book.csv", "--scenarios", "s.json", "--quiet", "--receipt", "r.json"], in: folder).status == 0)
    #expect(try Set(inputs(folder, "r.json")) == ["book.csv", "s.json"])
    #expect(
      try Run(["verify", "rows", "--accelerate-keys", "keys", "--quiet", "--receipt", "v.json"], in: folder).status == 1
    )
    #expect(try Set(inputs(folder, "v.json")) == ["rows", "keys"])
    #expect(try Run(["replay", "v.json"], in: folder).status == 0)
    try folder.write("keys", Data("00\n".utf8))
    let changed = try Run(["replay", "v.json"], in: folder)
    #expect(changed.status == 5 && changed.errors.contains("keys is not the file that was read"), "\(changed.errors)")
  }

  @Test func pathsStartFromTheReceipt() throws {
    let folder = try Folder(["book.csv": Self.book])
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "out/deep"), withIntermediateDirectories: true)
    let arguments = ["price", "./book.csv", "--output", "out/o.csv", "--receipt", "out/deep/r.json", "--quiet"]
    #expect(try Run(arguments, in: folder).status == 0)
    #expect(try inputs(folder, "out/deep/r.json") == ["../../book.csv"])
    #expect((try folder.json("out/deep/r.json")["output"] as? [String: Any])?["path"] as? String == "../o.csv")
    // From elsewhere, and after all of it moved.
    let other = try Folder()
    #expect(try Run(["replay", folder.url.appending(path: "out/deep/r.json").path], in: other).status == 0)
    let moved = other.url.appending(path: "moved")
    try FileManager.default.copyItem(at: folder.url, to: moved)
    try folder.write("book.csv", Data())
    #expect(try Run(["replay", "moved/out/deep/r.json"], in: other).status == 0)
  }

  @Test func whatDiffersIsNamed() throws {
    let folder = try Folder(["book.csv": Self.book, "s.json": Self.scenarios])
    let arguments = [
      "risk", "book.csv", "--scenarios", "s.json", "--output", "o.txt", "--receipt", "r.json", "--quiet",
    ]
    #expect(try Run(arguments, in: folder).status == 0)
    let receipt = try folder.read("r.json"), results = try folder.read("o.txt")
    try folder.write("o.txt", Data("other".utf8))
    try folder.write("s.json", Data("broken".utf8))
    let option = "\"price,delta,gamma,vega,theta,rho\""
    let place = try #require(receipt.range(of: option))
    try folder.write("r.json", Data(receipt.replacingCharacters(in: place, with: "\"price\"").utf8))
    let run = try Run(["replay", "r.json"], in: folder)
    #expect(run.status == 5)
    for words in [
      "o.txt is not the file that was written", "s.json is not the file that was read", "--measures is price",
    ] {
      #expect(run.errors.contains(words), "\(run.errors)")
    }
    #expect(!run.errors.contains("book.csv"))
    try folder.write("o.txt", Data(results.utf8))
    try folder.write("s.json", Data(Self.scenarios.utf8))
    try folder.write("r.json", Data(receipt.utf8))
    #expect(try Run(["replay", "r.json"], in: folder).status == 0)
  }

  /// A key of a receipt in another spelling is that key; one that is not known ends the command, at any depth.
  @Test(arguments: [
    ("\"assayVersion\"", "\"assay_version\"", ""), ("\"sha256\"", "\"SHA-256\"", ""),
    ("\"resultRoot\"", "\"resultRoots\"", "'resultRoots' is not known: did you mean resultRoot?"),
    ("\"inputs\"", "\"comment\": 1, \"inputs\"", "'comment' is not known"),
    ("\"bytes\"", "\"size\"", "input 1: 'size' is not known"),
    ("\"accepted\"", "\"acepted\"", "summary: 'acepted' is not known: did you mean accepted?"),
    ("\"simulated\"", "\"simulatd\"", "range 1: 'simulatd' is not known: did you mean simulated?"),
    ("\"compute\"", "\"computing\"", "nanoseconds: 'computing' is not known"),
  ])
  func keysAreKnown(key: String, other: String, words: String) throws {
    let folder = try Folder(["book.csv": Self.book])
    _ = try Run(["price", "book.csv", "--output", "o.csv", "--receipt", "r.json", "--quiet"], in: folder)
    let receipt = try folder.read("r.json")
    try folder.write("r.json", Data(receipt.replacing(key, with: other).utf8))
    let run = try Run(["replay", "r.json"], in: folder)
    #expect(run.status == (words.isEmpty ? 0 : 3) && run.errors.contains(words), "\(run.errors)")
  }

  /// A row is found by what its results call it, whatever they are written in, and is proved against the receipt's root.
  @Test(arguments: [
    (["price", "book.csv", "--output", "o.csv"], "b,c"), (["price", "passed.arrow", "--output", "o.arrow"], "p-3"),
    (["verify", "rows", "--output", "o.jsonl"], "7"), (["verify", "rows", "--output", "o.jsonl"], "x\"y"),
  ])
  func rowsAreProvedById(arguments: [String], identifier: String) throws {
    let rows = "{\"id\":7}\n{\"id\":\"x\\\"y\"}\n{\"id\":\"77\"}\n"
    let folder = try Folder(["book.csv": Self.book, "rows": rows])
    let arrow = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
      path: "../Vectors/arrow/passed.arrow")
    try folder.write("passed.arrow", Data(contentsOf: arrow.standardized))
    _ = try Run(arguments + ["--receipt", "r.json", "--quiet"], in: folder)
    let root = try #require(folder.json("r.json")["resultRoot"] as? String)
    let results = try #require(arguments.last)
    let proof = try Run(["merkle", "prove", results, "--id", identifier, "--quiet", "--output", "p"], in: folder)
    #expect(proof.status == 0, "\(proof.errors)")
    #expect(try Run(["verify", "p", "--root", root, "--quiet"], in: folder).status == 0)
    #expect(try Run(["verify", "p", "--root", "0x" + root.uppercased(), "--quiet"], in: folder).status == 0)
    let other = try Run(["verify", "p", "--root", String(root.reversed()), "--quiet"], in: folder)
    #expect(other.status == 1 && other.output.contains("root-mismatch"))
    #expect(try Run(["merkle", "prove", results, "--id", "nobody"], in: folder).status == 2)
  }

  @Test func arrowHasTheRootOfItsRowsAsText() throws {
    let arrow = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
      path: "../Vectors/arrow/passed.arrow")
    let folder = try Folder()
    try folder.write("book.arrow", Data(contentsOf: arrow.standardized))
    for name in ["o.csv", "o.arrow"] {
      _ = try Run(["price", "book.arrow", "--output", name, "--receipt", name + ".json", "--quiet"], in: folder)
    }
    let roots = try ["o.csv.json", "o.arrow.json"].map { try folder.json($0)["resultRoot"] as? String }
    #expect(roots[0] != nil && roots[0] == roots[1])
    let root = try Run(["merkle", "root", "o.arrow", "--quiet"], in: folder)
    #expect(root.lines == [roots[1]])
    #expect(try Run(["replay", "o.arrow.json"], in: folder).status == 0)
  }

  @Test func twoRowsOfOneIdAreTold() throws {
    let folder = try Folder(["o.csv": "id,price\na,1\nb,2\na,3\n", "none.csv": "price\n1\n"])
    let twice = try Run(["merkle", "prove", "o.csv", "--id", "a"], in: folder)
    #expect(twice.status == 3 && twice.errors.contains("rows 1 and 3 both have the id a"))
    #expect(try Run(["merkle", "prove", "none.csv", "--id", "a"], in: folder).status == 3)
    #expect(try Run(["merkle", "prove", "-", "--id", "a"], in: folder).status == 2)
  }

  /// With `--root`, rows that prove nothing of any root are refused too.
  @Test func rootRefusesWhatHasNone() throws {
    let folder = try Folder(["rows": #"{"type":"ed25519","publicKey":"00","message":"","signature":"00"}"#])
    let run = try Run(["verify", "rows", "--root", "00", "--quiet"], in: folder)
    #expect(run.status == 1 && run.output.contains("unsupported-type"))
    #expect(try Run(["verify", "rows", "--root", "xyz"], in: folder).status == 2)
    #expect(try Run(["verify", "rows", "--root", "00", "--packed", "ed25519"], in: folder).status == 2)
  }

  /// Files that rows name are inputs; a row that names one outside the folder is refused whatever lies there.
  @Test func filesOfRowsAreInputs() throws {
    let folder = try Folder(["key.json": "{}", "big.json": String(repeating: " ", count: 1 << 20) + "{}"])
    try FileManager.default.createDirectory(at: folder.url.appending(path: "d/e"), withIntermediateDirectories: true)
    for name in ["d/key.json", "d/e/key.json"] { try folder.write(name, Data("{}".utf8)) }
    try folder.write("d/big.json", Data((String(repeating: " ", count: 1 << 20) + "{}").utf8))
    try FileManager.default.createSymbolicLink(
      atPath: folder.url.appending(path: "d/link.json").path, withDestinationPath: "key.json")
    #expect(mkfifo(folder.url.appending(path: "d/pipe.json").path, 0o600) == 0)
    let names = [
      "key.json", "e/key.json", "../key.json", "/dev/null", "e", "big.json", "link.json", "pipe.json", "no.json",
    ]
    let rows = names.map {
      #"{"type":"groth16-bn254","verificationKey":"\#($0)","proof":{},"publicInputs":[]}"# + "\n"
    }
    try folder.write("rows", Data(rows.joined().utf8))
    let run = try Run(["verify", "rows", "--files", "d", "--receipt", "r.json", "--quiet"], in: folder)
    #expect(run.status == 1 && run.lines.count == names.count)
    #expect(run.lines.allSatisfy { $0.contains("malformed-row") })
    #expect(try Set(inputs(folder, "r.json")) == ["rows", "d/key.json", "d/e/key.json"])
    #expect(try Run(["replay", "r.json"], in: folder).status == 0)
    try folder.write("d/e/key.json", Data("[]".utf8))
    let changed = try Run(["replay", "r.json"], in: folder)
    #expect(changed.status == 5 && changed.errors.contains("d/e/key.json is not the file that was read"))
    // Without the folder no file is read at all.
    let without = try Run(["verify", "rows", "--receipt", "s.json", "--quiet"], in: folder)
    #expect(without.status == 1 && without.lines.allSatisfy { $0.contains("malformed-row") })
    #expect(try inputs(folder, "s.json") == ["rows"])
  }
}
