import Foundation
import Testing

/// `assay price` on the Arrow books of Tests/Vectors/arrow, which all say what book.csv or dates.csv says.
@Suite struct ArrowBookTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../Vectors/arrow").standardized
  private static func names(_ prefix: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasPrefix(prefix) }.sorted()
  }

  private func path(_ name: String) -> String { Self.folder.appending(path: name).path }

  @Test(arguments: names("good-"))
  func everyKindGivesTheResultsOfText(name: String) throws {
    // Not `all`: a book with a column `model` has the measures of every model.
    let measures =
      "price,delta,gamma,vega,theta,rho,dividendRho,vanna,volga,charm,speed,zomma,color,veta,ultima,dualDelta"
    let expected = try Run(["price", path("book.csv"), "--quiet", "--measures", measures], in: Folder())
    let run = try Run(["price", path(name), "--quiet", "--measures", measures], in: Folder())
    #expect(expected.status == 0 && expected.lines.count == 12)
    #expect(run.status == 0 && run.output == expected.output, "\(run.errors)")
  }

  @Test(arguments: names("dates-"))
  func everyKindOfDateGivesTheResultsOfText(name: String) throws {
    let arguments = ["--quiet", "--as-of", "2026-11-01T00:00:00Z"]
    let expected = try Run(["price", path("dates.csv")] + arguments, in: Folder())
    let run = try Run(["price", path(name)] + arguments, in: Folder())
    #expect(expected.status == 0 && expected.lines.count == 12)
    #expect(run.status == 0 && run.output == expected.output, "\(run.errors)")
    #expect(try Run(["price", path(name)], in: Folder()).status == 2)
  }

  @Test(arguments: [

    ("bad-text-strike.arrow", "column strike"), ("bad-bool-type.arrow", "column type"),
    ("bad-null-strike.arrow", "column strike"),
    ("bad-column.arrow", "no column strike"), ("bad-twice.arrow", "the same name"),
  ])
  func otherKindsAreRefusedByName(name: String, message: String) throws {
    let folder = try Folder(["out.arrow": "before"])
    let run = try Run(["price", path(name), "--output", "out.arrow"], in: folder)
    #expect(run.status == 3 && run.errors.contains(name) && run.errors.contains(message), "\(run.errors)")
    #expect(try folder.read("out.arrow") == "before")
  }

  /// A column that is not needed may be of any type; one that the output cannot hold is named in the summary.
  @Test(arguments: [("left-nested.arrow", "list"), ("left-binary.arrow", "note")])
  func columnsThatAreNotNeededAreLeftOut(name: String, column: String) throws {
    let expected = try Run(["price", path("book.csv"), "--measures", "price"], in: Folder())
    let run = try Run(["price", path(name), "--measures", "price"], in: Folder())
    #expect(run.status == 0 && run.errors.contains("\(column) (of a type that is not passed through)"), "\(run.errors)")
    let prices = { (run: Run) in run.lines.map { $0.split(separator: ",").prefix(2) } }
    #expect(prices(run) == prices(expected))
  }

  @Test func unknownColumnsOfEveryTypePassThrough() throws {
    let run = try Run(["price", path("passed.arrow"), "--quiet", "--measures", "delta"], in: Folder())
    let rows = run.lines.map {
      $0.split(separator: ",", omittingEmptySubsequences: false).dropFirst(2).joined(separator: ",")
    }
    #expect(
      rows.prefix(4) == [
        "reason,truth,whole,single,day,midnight,second,nanosecond,label",
        ",true,-5,0,1967-04-07,1970-01-01,1970-01-01T00:00:00Z,1969-12-31T00:00:00.000000000,a",
        ",false,-4,0.25,1970-01-01,1970-01-02,1970-01-01T00:00:01Z,1970-01-01T00:00:00.123456789,b",
        ",true,-3,0.5,1972-09-27,1970-01-03,1970-01-01T00:00:02Z,,a",
      ])
    // Nulls are empty cells.
    #expect(rows[4].hasPrefix(",,-2,") && rows[5].hasPrefix(",true,,1,") && rows[7].hasSuffix(","))
  }

  /// The same bytes for any number of threads; a result is no book.
  @Test func arrowOutIsTheSameForAnyThreads() throws {
    let folder = try Folder()
    for source in ["good-batches.arrow", "good-stream-batches.arrow", "passed.arrow"] {
      #expect(try Run(["price", path(source), "--quiet", "--output", "a.arrow"], in: folder).status == 0)
      let again = try Run(["price", "a.arrow"], in: folder)
      #expect(again.status == 3 && again.errors.contains("no column type"))
      #expect(
        try Run(["price", path(source), "--quiet", "--threads", "3", "--output", "b.arrow"], in: folder).status == 0)
      #expect(
        try Data(contentsOf: folder.url.appending(path: "a.arrow"))
          == Data(contentsOf: folder.url.appending(path: "b.arrow")))
    }
  }

  @Test func streamsComeThroughPipes() throws {
    let expected = try Run(["price", path("book.csv"), "--quiet"], in: Folder())
    for name in ["good-stream.arrow", "good-polars.arrow"] {
      let folder = try Folder()
      let script =
        "cat '\(path(name))' | '\(Run.binary.path)' price - --quiet && '\(Run.binary.path)' price - --quiet < '\(path(name))'"
      let run = try Run(shell: script, in: folder)
      #expect(run.status == 0 && run.output == expected.output + expected.output, "\(run.errors)")
    }
  }

  /// pyarrow and polars open what is written, with the values of the text output. Skipped where they are not installed
  /// (`pip install pyarrow polars`; `ASSAY_PYTHON` names the interpreter).
  @Test(.enabled(if: Peers.areThere, "no python3 with pyarrow and polars: set ASSAY_PYTHON"))
  func peersOpenWhatIsWritten() throws {
    let run = try Run(
      shell: "'\(Peers.python)' '\(path("check.py"))' '\(Run.binary.path)' '\(Self.folder.path)'", in: Folder())
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("pyarrow") && run.output.contains("polars"))
  }
}

/// Python with the other readers of Arrow files.
enum Peers {
  static let python = ProcessInfo.processInfo.environment["ASSAY_PYTHON"] ?? "python3"
  static let areThere: Bool = {
    guard let folder = try? Folder() else { return false }
    return (try? Run(shell: "'\(python)' -c 'import pyarrow, polars'", in: folder))?.status == 0
  }()
}
