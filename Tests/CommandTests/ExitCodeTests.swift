import Foundation
import Testing

/// Every exit code of the contract, and that messages never mix with data.
@Suite struct ExitCodeTests {
  private let good = "type,spot,strike,years,volatility\ncall,100,100,1,0.2\n"

  @Test func acceptedIsZero() throws {
    let run = try Run(["price", "book.csv"], in: Folder(["book.csv": good]))
    #expect(run.status == 0)
    #expect(run.lines.count == 2)
    #expect(run.errors.contains("accepted"))
  }

  @Test func rejectedIsOne() throws {
    let run = try Run(["price", "-", "--quiet"], input: Data((good + "put,-1,1,1,1\n").utf8), in: Folder())
    #expect(run.status == 1)
    #expect(run.lines.last == "2,,,,,,,invalid-spot")
    #expect(run.errors.isEmpty)
  }

  @Test(arguments: [
    [], ["nonsense"], ["price"], ["price", "book.csv", "--nonsense"], ["price", "book.csv", "--measures", "alpha"],
    ["price", "book.csv", "--measures", ""], ["price", "book.csv", "--threads", "0"],
    ["price", "book.csv", "--model", "x"],
    ["price", "book.csv", "--as-of", "yesterday"], ["price", "book.csv", "--strict"], ["verify"],
    ["verify", "x", "--packed", "nonsense"], ["price", "book.csv", "--output", "/nonexistent/x"],
  ])
  func wrongUsageIsTwo(arguments: [String]) throws {
    let run = try Run(arguments, in: Folder(["book.csv": good]))
    // Without a subcommand the argument parser prints help, as for --help.
    #expect(run.status == (arguments.isEmpty ? 0 : 2), "\(run.errors)")
    #expect(arguments.isEmpty || run.output.isEmpty)
  }

  @Test(arguments: [
    ("missing.csv", "missing.csv: cannot be read"), (".", ".: is a directory"), ("empty.csv", "empty.csv:1:1:"),
    ("twice.csv", "twice.csv:1:6: column spot is there twice"),
    ("column.csv", "column.csv:1:1: the header has no column strike"),
  ])
  func unreadableInputIsThree(file: String, message: String) throws {
    let folder = try Folder(["empty.csv": "", "twice.csv": "spot,spot\n", "column.csv": "type,spot,years,volatility\n"])
    let run = try Run(["price", file], in: folder)
    #expect(run.status == 3)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test func absentBackendIsFour() throws {
    let folder = try Folder(["book.csv": good])
    for (option, status) in [("--backend", 2), ("--device", 4)] {
      let run = try Run(["price", "book.csv", option, "nonsense"], in: folder)
      #expect(run.status == status)
      #expect(run.errors.contains("nonsense"))
      #expect(run.output.isEmpty)
    }
  }

  @Test func mismatchIsFive() throws {
    let folder = try Folder(["book.csv": good])
    #expect(try Run(["price", "book.csv", "--quiet", "--receipt", "r.json"], in: folder).status == 0)
    #expect(try Run(["replay", "r.json"], in: folder).status == 0)
    #expect(try Run(["replay", "r.json", "--backend", "portable"], in: folder).status == 0)
    try folder.write("book.csv", Data((good + "put,1,1,1,1\n").utf8))
    let changed = try Run(["replay", "r.json"], in: folder)
    #expect(changed.status == 5)
    #expect(changed.errors.contains("book.csv is not the file that was read"))
    try folder.write("book.csv", Data(good.utf8))
    let receipt = try folder.read("r.json")
    let digest = try #require((folder.json("r.json")["output"] as? [String: Any])?["sha256"] as? String)
    try folder.write("r.json", Data(receipt.replacing(digest, with: String(digest.reversed())).utf8))
    #expect(try Run(["replay", "r.json"], in: folder).status == 5)
    try folder.write("r.json", Data("{}".utf8))
    #expect(try Run(["replay", "r.json"], in: folder).status == 3)
  }

  @Test func informationIsZero() throws {
    let folder = try Folder()
    for arguments in [["--version"], ["--help"], ["verify", "--help"], ["reasons"], ["devices"], ["help", "price"]] {
      let run = try Run(arguments, in: folder)
      #expect(run.status == 0, "\(arguments)")
      #expect(!run.output.isEmpty && run.errors.isEmpty, "\(arguments)")
    }
    for arguments in [["reasons", "--json"], ["devices", "--json"]] {
      let run = try Run(arguments, in: folder)
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(run.output.utf8)) }
    }
  }

  @Test func reasonsAreListed() throws {
    let run = try Run(["reasons"], in: Folder())
    for reason in [
      "signature-mismatch", "malformed-row", "unsupported-type", "invalid-spot", "price-above-bound", "high-s",
    ] {
      #expect(run.lines.contains { $0.hasPrefix(reason + " ") })
    }
  }
}
