import Foundation
import Glibc
import Testing

/// Models, dates, outputs and devices of `assay price` and `assay implied-volatility`.
@Suite struct BookTests {
  private func cells(_ run: Run) -> [[String]] {
    run.lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  /// Closed forms at the money: Black-76 and Bachelier are discounted, an inverse option's price is in coin.
  @Test func everyModelPrices() throws {
    let folder = try Folder([
      "book.csv": """
      model,type,forward,spot,strike,years,rate,volatility
      black-76,call,100,,100,1,0.05,0.2
      bachelier,put,-3,,-3,1,0.05,20
      inverse,call,100,,100,1,,0.2
      black-scholes,call,,100,100,1,,0.2
      Black-76,c,100,1,100,1,0,0.2
      black-76,call,,100,100,1,0.05,0.2
      martian,call,100,,100,1,0.05,0.2

      """
    ])
    let run = try Run(["price", "book.csv", "--quiet", "--measures", "price,delta,ultima,coinDelta"], in: folder)
    let rows = cells(run)
    #expect(run.status == 1)
    let undiscounted = 7.965567455405804
    for (row, expected) in [
      (1, undiscounted * exp(-0.05)), (2, 20 * 0.3989422804014327 * exp(-0.05)), (3, undiscounted / 100),
      (4, undiscounted), (5, undiscounted), (6, undiscounted * exp(-0.05)),
    ] {
      #expect(try abs(#require(Double(rows[row][1])) / expected - 1) < 1e-14, "row \(row)")
      #expect(rows[row][5].isEmpty)
    }
    // A measure that a model lacks is an empty cell.
    #expect(rows[1...4].map { $0[3].isEmpty } == [false, true, true, false])
    #expect(rows[1...4].map { $0[4].isEmpty } == [true, true, false, true])
    #expect(rows[7][5] == "malformed-row")
    let named = try Run(
      ["price", "-", "--quiet", "--model", "bachelier", "--measures", "price"],
      input: Data("type,forward,strike,years,volatility\nput,-3,-3,1,20\n".utf8), in: folder)
    #expect(try abs(#require(Double(cells(named)[1][1])) - 20 * 0.3989422804014327) < 1e-13)
  }

  @Test func impliedVolatilityOfEveryClosedForm() throws {
    let prices = try Run(
      ["price", "-", "--quiet", "--measures", "price"],
      input: Data(
        """
        model,type,spot,strike,years,rate,dividendYield,volatility
        black-scholes,call,100,110,0.5,0.03,0.01,0.25
        black-76,put,100,90,0.5,0.03,0,0.4
        bachelier,call,-1,0.5,2,0.03,0,1.5

        """.utf8), in: Folder())
    let values = cells(prices).dropFirst().map { $0[1] }
    try #require(values.count == 3)
    let book = """
      id,desk,model,type,spot,strike,years,rate,dividendYield,price
      a,x,black-scholes,call,100,110,0.5,0.03,0.01,\(values[0])
      b,y,black-76,put,100,90,0.5,0.03,0,\(values[1])
      c,z,bachelier,call,-1,0.5,2,0.03,0,\(values[2])
      d,x,inverse,call,100,100,1,0,0,0.1
      e,x,black-scholes,call,100,90,1,0,0,9
      f,x,black-scholes,call,100,90,1,0,0,100
      g,x,black-76,put,100,90,1,0,0,-1
      h,x,bachelier,call,100,90,0,0,0,11
      i,x,black-scholes,call,100,90,1,0,0,nan
      j,x,black-scholes,call,100,90,1,0,0,
      k,x,black-scholes,call,100,90,1,0,0,10

      """
    let run = try Run(["implied-volatility", "book.csv"], in: Folder(["book.csv": book]))
    let rows = cells(run)
    #expect(run.status == 1)
    #expect(rows[0] == ["id", "impliedVolatility", "reason", "desk"])
    // d: mpmath, 40 digits: 0.2513226937101680484.
    for (row, volatility) in [(1, 0.25), (2, 0.4), (3, 1.5), (4, 0.251322693710168), (11, 0)] {
      #expect(try abs(#require(Double(rows[row][1])) - volatility) < 1e-12)
    }
    #expect(
      rows.map { $0[2] } == [
        "reason", "", "", "", "", "price-below-intrinsic", "price-above-bound", "price-below-intrinsic",
        "price-above-bound", "invalid-number", "malformed-row", "",
      ])
    #expect(rows[1...3].map { $0[3] } == ["x", "y", "z"])
    #expect(run.errors.contains("line 11, column 37: price is empty"), "\(run.errors)")
  }

  /// A valuation date a row, in a column of its own; where it is empty, --as-of counts.
  @Test func everyRowMayHaveItsOwnValuationDate() throws {
    let years = try Run(
      ["price", "-", "--quiet"],
      input: Data(
        "type,spot,strike,years,volatility\ncall,100,100,1,0.2\ncall,100,100,0.5,0.2\ncall,100,100,2,0.2\n".utf8),
      in: Folder())
    let book = """
      type,spot,strike,expiry,asOf,volatility
      call,100,100,2027-11-21,2026-11-21,0.2
      call,100,100,2027-05-23T00:00:00+12:00,2026-11-21T00:00:00Z,0.2
      call,100,100,2028-11-20,,0.2

      """
    let folder = try Folder(["book.csv": book])
    #expect(try Run(["price", "book.csv", "--quiet", "--as-of", "2026-11-21"], in: folder).output == years.output)
    let without = try Run(["price", "book.csv"], in: folder)
    #expect(without.status == 1 && without.lines.map { $0.hasSuffix(",malformed-row") } == [false, false, false, true])
    #expect(without.errors.contains("line 4, column 25: asOf is empty"), "\(without.errors)")
    try folder.write(
      "late.csv",
      Data(
        book.replacing("2026-11-21T00:00:00Z", with: "2028-01-01").replacing("2028-11-20,,", with: "2028-11-20,soon,")
          .utf8))
    #expect(
      cells(try Run(["price", "late.csv", "--quiet"], in: folder)).map { $0.last } == [
        "reason", "", "expired", "malformed-row",
      ])
    let risk = try Run(["risk", "book.csv", "--quiet", "--as-of", "2026-11-21"], in: folder)
    #expect(risk.status == 0 && risk.output.contains("3"), "\(risk.errors)")
  }

  /// What stands in the output's place stays when the run fails, and is not seen half written.
  @Test func outputIsReplacedOnlyByAWholeResult() throws {
    let good = "type,spot,strike,years,volatility\ncall,100,100,1,0.2\n"
    let folder = try Folder(["book.csv": good, "bad.csv": "spot,spot\n", "out.csv": "before"])
    for (arguments, status) in [
      (["book.csv", "--backend", "nonsense"], Int32(2)), (["book.csv", "--device", "cpu:7"], 4),
      (["bad.csv"], 3), (["missing.csv"], 3), (["book.csv", "--measures", "alpha"], 2),
      (["book.csv", "--model", "martian"], 2), (["book.csv", "--receipt", "/nonexistent/r.json"], 2),
      (["book.csv", "--backend", "openblas"], 4), (["book.csv", "--as-of", "soon"], 2),
    ] {
      let run = try Run(["price"] + arguments + ["--output", "out.csv"], in: folder)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(try folder.read("out.csv") == "before", "\(arguments)")
    }
    #expect(try Run(["price", "book.csv", "--output", "out.csv", "--quiet"], in: folder).status == 0)
    #expect(try folder.read("out.csv").hasPrefix("id,price,"))
    // Onto itself; through a link, which stays one; into a file with rights of its own, which it keeps.
    #expect(try Run(["price", "book.csv", "--output", "book.csv", "--quiet"], in: folder).status == 0)
    #expect(try folder.read("book.csv") == folder.read("out.csv"))
    let link = folder.url.appending(path: "link.csv").path
    #expect(symlink("out.csv", link) == 0 && chmod(folder.url.appending(path: "out.csv").path, 0o640) == 0)
    try folder.write("book.csv", Data(good.utf8))
    #expect(
      try Run(["price", "book.csv", "--output", "link.csv", "--measures", "delta", "--quiet"], in: folder).status == 0)
    #expect(try folder.read("out.csv").hasPrefix("id,delta,"))
    var facts = stat()
    #expect(lstat(link, &facts) == 0 && facts.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(link, &facts) == 0 && facts.st_mode & 0o777 == 0o640)
    #expect(try Run(["price", "book.csv", "--output", "/dev/null", "--quiet"], in: folder).status == 0)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.hasPrefix(".assay") }
    #expect(left.isEmpty)
  }

  @Test func arrowOutputNeedsAnArrowBook() throws {
    let run = try Run(
      ["price", "book.csv", "--output", "out.arrow"],
      in: Folder(["book.csv": "type,spot,strike,years,volatility\ncall,100,100,1,0.2\n"]))
    #expect(run.status == 2 && run.errors.contains("is not an Arrow file"))
  }

  /// Named backends compute or say why not; results do not depend on them.
  @Test func backendsAreHeldToTheirName() throws {
    let folder = try Folder(["book.csv": "type,spot,strike,years,volatility\ncall,100,100,1,0.2\nput,90,100,0.5,0.3\n"])
    let expected = try Run(["price", "book.csv", "--quiet", "--measures", "all"], in: folder).output
    for backend in ["portable", "simd"] {
      let run = try Run(["price", "book.csv", "--backend", backend, "--strict", "--measures", "all"], in: folder)
      #expect(run.status == 0 && run.output == expected && run.errors.contains("cpu:\(backend)"))
    }
    // OpenBLAS multiplies matrices and prices nothing.
    let run = try Run(["price", "book.csv", "--backend", "openblas", "--strict"], in: folder)
    #expect(run.status == 4 && run.errors.contains("openblas") && run.output.isEmpty)
  }

  /// A bar while a terminal looks, nothing on it for --quiet.
  @Test func progressIsDrawnOnATerminal() throws {
    let row = "call,100,100,1,0.2\n"
    let folder = try Folder(["book.csv": "type,spot,strike,years,volatility\n" + String(repeating: row, count: 400_000)]
    )
    let shown = try Run.shown(
      ["price", "book.csv", "--output", "out.csv", "--threads", "1", "--backend", "portable"], in: folder)
    #expect(
      shown.contains("assay price  [") && shown.contains("%") && shown.contains("rows/s") && shown.contains("accepted"))
    let quiet = try Run.shown(["price", "book.csv", "--output", "out.csv", "--quiet"], in: folder)
    #expect(quiet.isEmpty)
  }

  @Test func riskGroupsByAnyColumn() throws {
    let book =
      "underlying,expiry,account,type,spot,strike,volatility\n"
      + "SPX,2026-12-18,a,call,100,100,0.2\nSPX,2027-03-19,b,put,100,90,0.25\nSPX,2026-12-18,a,put,100,-90,0.25\nSPX\n"
    let folder = try Folder(["book.csv": book])
    let run = try Run(
      ["risk", "book.csv", "--by", "underlying,expiry,account,type", "--as-of", "2026-11-21", "--measures", "price"],
      in: folder)
    #expect(run.status == 1)
    let groups = run.lines.map { $0.split(separator: " ").prefix(5).map(String.init) }
    #expect(groups.contains(["SPX", "2026-12-18", "a", "call", "1"]))
    #expect(groups.contains(["SPX", "2027-03-19", "b", "put", "1"]))
  }
}

extension Run {
  /// What a terminal that is the standard error of `assay` shows.
  fileprivate static func shown(_ arguments: [String], in folder: Folder) throws -> String {
    var (host, guest) = (Int32(-1), Int32(-1))
    try #require(openpty(&host, &guest, nil, nil, nil) == 0)
    let process = Process()
    process.executableURL = binary
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    process.standardError = FileHandle(fileDescriptor: guest, closeOnDealloc: false)
    try process.run()
    close(guest)
    var text: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(host, &block, block.count)
      if count <= 0 { break }
      text += block[..<count]
    }
    close(host)
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }
}
