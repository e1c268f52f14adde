import Foundation
import Testing

/// The dialects, cells and names that books come with, and what `--map`, `--set`, `--keep` and `--format` make of them.
@Suite struct BookDialectTests {

  private func cells(_ book: String, _ options: [String] = []) throws -> [[String]] {
    let run = try Run(
      ["price", "-", "--quiet", "--measures", "price"] + options, input: Data(book.utf8), in: Folder())
    return run.lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  private func prices(_ book: String, _ options: [String] = []) throws -> [Double?] {
    try cells(book, options).dropFirst().map { Double($0[1]) }
  }

  private func isClose(_ value: Double?, to expected: Double) -> Bool {
    value.map { abs($0 / expected - 1) < 1e-14 } ?? false
  }

  @Test(arguments: [
    "type,spot,strike,years,volatility\ncall,100,100,1,0.2\n",
    "type;spot;strike;years;volatility\ncall;100;100,0;1;0,2\n",
    "type\tspot\tstrike\tyears\tvolatility\ncall\t100\t100\t1\t20%\n",
    "type|spot|strike|years|volatility\nC|100|100|1|.2\n",
    "sep=;\ntype;spot;strike;years;volatility\nCE;100;100;1;0,2\n",
    "sep=,\r\ntype,spot,strike,years,volatility\r\nCall,100,100,1,0.2\r\n",
    ",type,spot,strike,years,volatility\n0,call,100,100,1,0.2\n",
    "type,spot,strike,years,volatility,\ncall,100,100,1,0.2,\n",
    "flag,S,K,t,r,sigma\nc,100,100,1,0,0.2\n",
    "option_type,underlying_price,strike_price,tte,iv,rate\nc,100,100,1,20 %,NULL\n",
    "type,spot,strike,years,volatility,rate\ncall,100,100,1,0.2,\\N\ncall,100,100,1,0.2,N/A\n",
  ])
  func dialectsGiveOnePrice(book: String) throws {
    let found = try prices(book)
    #expect(!found.isEmpty && found.allSatisfy { isClose($0, to: 7.965567455405797) }, "\(book): \(found)")
  }

  @Test func groupedDigitsAndDecimalCommas() throws {
    let found = try prices("type,spot,strike,years,volatility\ncall,\"1,000.5\",1000,1,0.2\ncall,1000.5,1000,1,0.2\n")
    #expect(found.count == 2 && found[0] == found[1] && found[0] != nil)
    let comma = try prices("type;spot;strike;years;rate;volatility\ncall;100,5;100;1;0,05;0,2\n")
    #expect(isClose(comma[0], to: 10.771333330239675))
  }

  @Test func datesInEveryFormAreOneDay() throws {
    let forms = [
      "2026-12-18", "20261218", "18DEC26", "18-Dec-2026", "2026-12-18T00:00:00Z", "1797552000", "1797552000000",
      "1797552000000000", "1797552000000000000",
    ]
    let book = "type,spot,strike,expiry,volatility\n" + forms.map { "call,100,100,\($0),0.2\n" }.joined()
    let found = try prices(book, ["--as-of", "2026-12-01"])
    #expect(found.count == forms.count && Set(found).count == 1 && found[0] != nil, "\(found)")
  }

  @Test func timeOfDayOfExpiries() throws {
    let found = try cells(
      "type,spot,strike,expiry,volatility\na,5900,5900,2026-12-01,0.2\ncall,5900,5900,2026-12-01,0.2\n",
      ["--as-of", "2026-12-01T15:30:00Z", "--expiry-time", "16:00-05:00"])
    #expect(found[1][2] == "malformed-row" && isClose(Double(found[2][1]), to: 11.795623725790271))
    let past = try cells(
      "type,spot,strike,expiry,volatility\ncall,5900,5900,2026-12-01,0.2\n", ["--as-of", "2026-12-01T15:30:00Z"])
    #expect(past[1][2] == "expired")
  }

  @Test func twoColumnsOfOneMeaningAreNamed() throws {
    let run = try Run(
      ["price", "-"], input: Data("type,spot,Underlying_Price,strike,years,volatility\n".utf8), in: Folder())
    #expect(run.status == 3 && run.errors.contains("spot") && run.errors.contains("Underlying_Price"), "\(run.errors)")
  }

  @Test func mapsAndSettings() throws {
    let book = "right,last,k,spot,t\nc,100,100,7,1\n"
    let found = try prices(book, ["--map", "spot=last,strike=k,years=t", "--set", "volatility=20%,rate=0"])
    #expect(isClose(found[0], to: 7.965567455405797), "\(found)")
    let typed = try prices(
      "k,last,volatility\n100,100,0.2\n", ["--map", "strike=k,spot=last", "--set", "type=C,years=1"])
    #expect(isClose(typed[0], to: 7.965567455405797), "\(typed)")
    for (options, status) in [
      (["--map", "spot=other"], 3 as Int32), (["--map", "sport=last"], 2), (["--set", "rate=high"], 2),
      (["--set", "model=bachelier"], 2), (["--map", "spot=last,strike=last"], 2), (["--set", "rate"], 2),
    ] {
      let run = try Run(["price", "-"] + options, input: Data(book.utf8), in: Folder())
      #expect(run.status == status, "\(options): \(run.errors)")
    }
  }

  @Test func keptColumnsAreInTheOutput() throws {
    let book = "id,type,spot,strike,years,volatility,price,note\nx,call,100,100,1,0.2,8,\"a,b\"\n"
    let all = try Run(
      ["price", "-", "--quiet", "--measures", "price", "--keep", "all"], input: Data(book.utf8), in: Folder())
    #expect(all.lines[0] == "id,price,reason,type,spot,strike,years,volatility,book.price,note")
    #expect(all.lines[1].hasSuffix(",,call,100,100,1,0.2,8,\"a,b\""), "\(all.lines)")
    let some = try Run(
      ["price", "-", "--quiet", "--measures", "price", "--keep", "strike"], input: Data(book.utf8), in: Folder())
    #expect(some.lines[0] == "id,price,reason,strike,note" && some.lines[1].hasSuffix(",,100,\"a,b\""))
    #expect(try Run(["price", "-", "--keep", "nothing"], input: Data(book.utf8), in: Folder()).status == 3)
  }

  @Test func outputsOfOtherFormatsAreRefused() throws {
    let folder = try Folder(["book.csv": "type,spot,strike,years,volatility\ncall,100,100,1,0.2\n"])
    for name in ["out.parquet", "out.csv.gz", "out.xlsx"] {
      let run = try Run(["price", "book.csv", "--output", name], in: folder)
      #expect(run.status == 2 && run.errors.contains("not written"), "\(run.errors)")
    }
    #expect(try Run(["price", "book.csv", "--output", "out.txt", "--format", "csv"], in: folder).status == 0)
    #expect(try Run(["price", "book.csv", "--output", "out"], in: folder).status == 0)
  }
}
