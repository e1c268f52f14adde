import Foundation
import Testing

/// The page of `assay risk --html`.
@Suite struct PageTests {
  private static let book = """
    id,account,underlying,currency,type,spot,strike,expiry,volatility,quantity
    o1,<b>A&B</b>,SPX,USD,call,100,95,2026-12-18,0.2,10
    o2,<b>A&B</b>,SPX,USD,put,100,100,2026-12-18,0.19,-5
    o3,<b>A&B</b>,SPX,USD,put,100,105,2026-12-18,0.21,3
    h1,<b>A&B</b>,SPX,USD,future,101,,,,-2
    e1,<b>A&B</b>,SX5E,EUR,call,50,50,2027-01-15,0.2,4

    """
  private static let options = ["--as-of", "2026-12-01", "--quiet"]

  private func page(_ options: [String]) throws -> String {
    let folder = try Folder(["book.csv": Self.book, "fx.json": #"{"currency": "USD", "rates": {"EUR": 1.1}}"#])
    let run = try Run(["risk", "book.csv", "--html", "page.html"] + Self.options + options, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    // The page changes nothing of the results.
    #expect(try run.output == Run(["risk", "book.csv"] + Self.options + options, in: folder).output)
    return String(decoding: try Data(contentsOf: folder.url.appending(path: "page.html")), as: UTF8.self)
  }

  @Test func aPageHasEveryPartAndNeedsNoNetwork() throws {
    let page = try page(["--fx", "fx.json"])
    for part in ["Profit and loss", "Worst scenarios", "Greeks by expiry", "Greeks by strike: SPX", "Smiles"] {
      #expect(page.contains("<h2>\(part)</h2>"), "\(part)")
    }
    #expect(page.contains("default-src 'none'"))
    for word in ["<script", "http:", "https:", "url(", "src=", "NaN", "nan"] {
      #expect(!page.contains(word), "\(word)")
    }
    // 6 volatilities by 9 spots.
    #expect(page.components(separatedBy: "class=\"cell\"").count - 1 == 54)
  }

  @Test func currenciesHaveMapsOfTheirOwn() throws {
    let page = try page([])
    #expect(page.contains("<h2>Profit and loss: EUR</h2>") && page.contains("<h2>Profit and loss: USD</h2>"))
    #expect(!page.contains("Worst scenarios"))
  }

  @Test func namesAreText() throws {
    let book = Self.book.replacingOccurrences(of: "SPX", with: "\"<img src=x>\"")
    let folder = try Folder(["book.csv": book])
    _ = try Run(["risk", "book.csv", "--html", "page.html"] + Self.options, in: folder)
    let page = String(decoding: try Data(contentsOf: folder.url.appending(path: "page.html")), as: UTF8.self)
    #expect(page.contains("&lt;img src=x&gt;") && !page.contains("<img"))
  }

  @Test(arguments: ["book.csv", "out.txt", "-", ""])
  func aPageIsAFileOfItsOwn(_ html: String) throws {
    let folder = try Folder(["book.csv": Self.book])
    let run = try Run(
      ["risk", "book.csv", "--output", "out.txt", "--html", html] + Self.options, in: folder)
    #expect(run.status == 2 && run.errors.contains("--html"))
    #expect(String(decoding: try Data(contentsOf: folder.url.appending(path: "book.csv")), as: UTF8.self) == Self.book)
  }

  @Test func aCurrencyIsWorthItself() throws {
    let folder = try Folder([
      "book.csv": Self.book, "fx.json": #"{"currency": "USD", "rates": {"USD": 2, "EUR": 1.1}}"#,
    ])
    let run = try Run(["risk", "book.csv", "--fx", "fx.json"] + Self.options, in: folder)
    #expect(run.status == 3 && run.errors.contains("the rate of USD to itself is not 1"))
  }
}
