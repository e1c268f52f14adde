import Assay
import AssayFormats
import Foundation
import Testing

/// Books in files through the library: the command's reader, without a process.
@Suite struct BookTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "assay-books-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func file(_ text: String, _ name: String = "book.csv") throws -> String {
    let url = folder.appending(path: name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  @Test func rowsHaveMeasuresOrReasons() throws {
    let path = try file(
      "id,Type,spot,strike,years,Volatility,model\na,call,100,100,1,0.2,\nb,p,100,-1,1,0.2,\n,put,100,90,1,x,\n"
        + "d,call,100,100,1,0.2,inverse\n")
    let engine = try Engine()
    let run = try engine.price(BookFile(contentsOf: path), .price, .dividendRho)
    #expect(run.rows.map(\.id) == ["a", "b", "3", "d"])
    #expect(run.rows.map(\.reason) == [nil, "invalid-strike", "malformed-row", nil])
    let reference = try engine.price(
      OptionBook(
        .blackScholes, types: [.call],
        columns: ["spot": [100], "strike": [100], "years": [1], "volatility": [0.2]]), measures: [.price])
    #expect(run.rows[0][.price] == reference[.price]?.first && run.rows[0][.delta] == nil && run.rows[1][.price] == nil)
    // A measure that a model lacks is nothing, not zero.
    #expect(run.rows[3][.price] != nil && run.rows[3][.dividendRho] == nil)
  }

  @Test func aBookOfOneModelIsColumns() throws {
    let path = try file("type,spot,strike,expiry,volatility\ncall,100,100,2027-11-21,0.2\nput,90,100,2027-05-23,0.3\n")
    let book = try OptionBook(contentsOf: path, asOf: "2026-11-21")
    let engine = try Engine()
    let run = try engine.price(BookFile(contentsOf: path, asOf: "2026-11-21"), .price)
    #expect(book.rows == 2)
    #expect(try Array(engine.price(book).column(.price)) == run.rows.map { $0[.price] ?? .nan })
    let mixed = try file("type,spot,strike,years,volatility,model\ncall,1,1,1,1,\ncall,1,1,1,1,black-76\n", "m.csv")
    #expect(throws: AssayError.self) { try OptionBook(contentsOf: mixed) }
    let bad = try file("type,spot,strike,years,volatility\ncall,1,x,1,1\n", "bad.csv")
    #expect(throws: AssayError.self) { try OptionBook(contentsOf: bad) }
  }

  @Test(arguments: [
    ("spot,strike\n", "no column type"), ("", "is empty"),
    ("type,spot,strike,years,volatility,dividendYeild\n", "did you mean dividendYield?"),
    ("type,spot,strike,years,volatility,Rate,rate\n", "both mean rate"),
  ])
  func headersAreHeldToTheirNames(text: String, message: String) throws {
    let book = try BookFile(contentsOf: file(text))
    let error = #expect(throws: AssayError.self) { try Engine().price(book) }
    #expect(error.map { "\($0)".contains(message) } == true, "\(String(describing: error))")
  }

  @Test func resultsAndReceiptAreWritten() throws {
    let path = try file("type,spot,strike,years,volatility,note\ncall,100,100,1,0.2,x\n")
    let run = try Engine().price(BookFile(contentsOf: path), .price)
    let (output, receipt) = (folder.appending(path: "out.csv"), folder.appending(path: "receipt.json"))
    try run.write(to: output.path, receipt: receipt.path)
    let price = try #require(run.rows[0][.price])
    #expect(try String(contentsOf: output, encoding: .utf8) == "id,price,reason,note\n1,\(price),,x\n")
    #expect(try String(contentsOf: receipt, encoding: .utf8).contains("resultRoot"))
  }
}
