import Foundation
import Testing

/// `assay price` and `assay implied-volatility` from text to text.
@Suite struct PriceTests {
  private func price(_ book: String, _ arguments: [String] = []) throws -> Run {
    try Run(["price", "book.csv", "--quiet"] + arguments, in: Folder(["book.csv": book]))
  }

  @Test func columnsInAnyOrderAndUnknownOnesPassThrough() throws {
    let run = try price("note,volatility,\"desk, a\",strike,spot,type,years,id\n\"x,\ny\",0.2,d,100,100,c,1,k-1\n")
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("id,price,delta,gamma,vega,theta,rho,reason,note,\"desk, a\"\nk-1,7.965567455405"))
    #expect(run.output.hasSuffix(",,\"x,\ny\",d\n"))
  }

  @Test func everyRowGetsItsReason() throws {
    let run = try price(
      """
      type,spot,strike,years,rate,volatility
      call,nan,1,1,0,1
      call,1,-1,1,0,1
      call,1,1,inf,0,1
      call,1,1,1,0,-1
      call,1,1,1,nan,1
      call,1,1,1
      put,,1,1,0,1
      swap,1,1,1,0,1
      call,1,1,1,0,0

      """)
    let reasons = [
      "invalid-spot", "invalid-strike", "invalid-years", "invalid-volatility", "invalid-number", "malformed-row",
      "malformed-row", "malformed-row", "",
    ]
    #expect(run.status == 1)
    #expect(
      run.lines.dropFirst().map { String($0.split(separator: ",", omittingEmptySubsequences: false).last ?? "?") }
        == reasons)
  }

  @Test func measuresAndPositions() throws {
    let book = "type,spot,strike,years,volatility,quantity,multiplier\nput,90,100,0.5,0.3,-2,10\n"
    let one = try price(book, ["--measures", "delta,price"])
    let many = try price(book, ["--measures", "delta,price", "--position"])
    let unit = try #require(one.lines.last).split(separator: ",").compactMap { Double($0) }
    let position = try #require(many.lines.last).split(separator: ",").compactMap { Double($0) }
    #expect(one.lines.first == "id,delta,price,reason")
    #expect(position[1] == unit[1] * -20 && position[2] == unit[2] * -20)
    #expect(try price(book.replacing("-2,10", with: "inf,10")).lines.last?.hasSuffix(",invalid-number") == true)
  }

  @Test func expiryDatesCountFromAsOf() throws {
    let years = try price("type,spot,strike,years,volatility\ncall,100,100,1,0.2\ncall,100,100,0.5,0.2\n")
    let dates = try price(
      "type,spot,strike,expiry,volatility\ncall,100,100,2027-11-21,0.2\ncall,100,100,2027-05-22T12:00:00Z,0.2\n",
      ["--as-of", "2026-11-21"])
    #expect(dates.output == years.output)
    let late = try price(
      "type,spot,strike,expiry,volatility\ncall,1,1,2026-11-20,0.2\ncall,1,1,2026-02-30,0.2\n",
      ["--as-of", "2026-11-21"])
    #expect(late.lines.dropFirst().map { $0.hasSuffix(",expired") } == [true, false])
    #expect(late.lines.last?.hasSuffix(",malformed-row") == true)
    #expect(try price("type,spot,strike,expiry,volatility\n").status == 2)
  }

  @Test func modelOfAnotherBuildIsUnsupported() throws {
    let run = try price(
      "type,spot,strike,years,volatility,model\ncall,1,1,1,1,\ncall,1,1,1,1,nonsense\ncall,1,1,1,1,Black-Scholes\n")
    #expect(run.lines.map { $0.hasSuffix(",malformed-row") } == [false, false, true, false])
  }

  @Test func sameBytesForAnyThreadsAndBackend() throws {
    var book = "id,type,spot,strike,years,volatility\n"
    for row in 0..<30_000 {
      book +=
        "\(row),\(row % 2 == 0 ? "call" : "put"),\(50 + row % 100),100,\(Double(row % 77) / 10),\(Double(row % 31) / 20)\n"
    }
    let folder = try Folder(["book.csv": book])
    let first = try Run(["price", "book.csv", "--quiet", "--threads", "1"], in: folder)
    #expect(first.lines.count == 30_001)
    for arguments in [["--threads", "3"], ["--backend", "portable"], ["--audit", "full"]] {
      let run = try Run(["price", "book.csv", "--quiet"] + arguments, in: folder)
      #expect(run.output == first.output, "\(arguments)")
    }
  }

  @Test func hostileBooksEndInOrder() throws {
    var random = SystemRandomNumberGenerator()
    let garbage = Data((0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) })
    let folder = try Folder()
    let header = Data("type,spot,strike,years,volatility\n".utf8)
    for body in [garbage, Data(repeating: 0x22, count: 50_000), Data(repeating: 0x2c, count: 50_000), Data([0x22])] {
      let run = try Run(["price", "-", "--quiet"], input: header + body, in: folder)
      #expect(run.status == 1)
      #expect(run.lines.dropFirst().allSatisfy { $0.contains(",malformed-row") })
    }
    #expect(try Run(["price", "-", "--quiet"], input: garbage, in: folder).status == 3)
  }

  @Test func impliedVolatilityIsHonestAboutModels() throws {
    let book = "type,spot,strike,years,price\ncall,100,100,1,7.965567455405804\n"
    let run = try Run(["implied-volatility", "book.csv", "--quiet"], in: Folder(["book.csv": book]))
    let cells = try #require(run.lines.last).split(separator: ",", omittingEmptySubsequences: false)
    #expect(run.lines.first == "id,impliedVolatility,reason")
    if let volatility = Double(cells[1]) {
      #expect(abs(volatility - 0.2) < 1e-12)
    } else {
      #expect(cells[2] == "unsupported-type" && run.status == 1)
    }
  }
}
