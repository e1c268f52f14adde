import Assay
import Foundation
import Testing

/// The examples of the documentation, run; the last test holds the documentation to them, line by line.
@Suite struct ExamplesTests {
  private let engine: Engine
  private let book: OptionBook

  init() throws {
    engine = try Engine(threads: 1)
    book = try OptionBook(
      .blackScholes, types: [.call, .put],
      columns: ["spot": [100, 100], "strike": [95, 105], "years": [0.5, 0.5], "volatility": [0.2, 0.3]])
  }

  @Test func engineExample() throws {
    let bytes = [UInt8](repeating: 7, count: 128)
    let engine = try Engine()
    let pairs = try Column(packed: bytes, width: 64)
    let results = try engine.execute(Batch(.sha256Pair, [pairs]))
    print(results.digests[0].hexadecimal)
    #expect(results.rows == 2)
  }

  @Test func readme() throws {
    let engine = try Engine()
    let book = try OptionBook(
      .blackScholes, types: [.call, .put],
      columns: ["spot": [100, 100], "strike": [95, 105], "years": [0.5, 0.5], "volatility": [0.2, 0.3]])
    let prices = try engine.price(book, measures: [.price, .delta])
    print(try prices.column(.delta)[0], prices.verdicts[0].isAccepted)
    let delta = try prices.column(.delta)
    #expect(delta[0] > 0.5 && delta[1] < -0.5 && prices[.gamma] == nil)
  }

  @Test func optionBook() throws {
    let book = try OptionBook(
      .blackScholes, types: [.call, .put],
      columns: ["spot": [100, 100], "strike": [95, 105], "years": [0.5, 0.5], "volatility": [0.2, 0.3]])
    print(book.rows)
    #expect(book.rows == 2)
  }

  @Test func borrowing() throws {
    final class Quotes {
      let strikes = UnsafeMutablePointer<Double>.allocate(capacity: 2)
      init() { strikes.initialize(repeating: 100, count: 2) }
      deinit { strikes.deallocate() }
    }
    let quotes = Quotes()  // yours: an object with a buffer of NumPy or Arrow, say, which the book keeps alive
    let strikes = Column(borrowing: quotes.strikes, count: 2, as: .f64, owner: quotes)
    let book = try OptionBook(
      .black76,
      borrowing: [
        "type": Column(bytes: [0, 1]), "forward": Column([98, 98]), "strike": strikes, "years": Column([1, 1]),
        "volatility": Column([0.2, 0.2]),
      ])
    let prices = try engine.price(book).column(.price)
    #expect(abs(prices[1] - prices[0] - 2) < 1e-13)
  }

  @Test func moved() throws {
    let crash = try book.moved(spot: -0.1) { $0 + 0.05 }
    print(try engine.price(crash)[.price]?[0] ?? .nan)
    #expect(crash.underlying[0] == 90 && crash.volatility[0] == 0.25)
  }

  @Test func measures() throws {
    let prices = try engine.price(book)
    if let delta = prices[.delta] {  // a collection of Double over the kernel's own memory
      for (row, verdict) in prices.verdicts.enumerated() where verdict.isAccepted { print(delta[row]) }
    }
    #expect(prices[.delta]?.count == 2)
  }

  @Test func price() throws {
    let prices = try engine.price(book, measures: [.price, .delta, .vanna])
    for measure in [Measure.price, .delta, .vanna] { print(try prices.column(measure)[0]) }
    #expect(try prices.column(.price)[0] > 0 && prices[.theta] == nil)
  }

  @Test func impliedVolatility() throws {
    let quotes = try OptionBook(
      .blackScholes, types: [.call, .call],
      columns: ["spot": [100, 100], "strike": [100, 100], "years": [1, 1], "price": [7.965567455405798, 120]])
    let implied = try engine.impliedVolatility(quotes)
    print(try implied.column(.impliedVolatility)[0])  // 0.2
    print(implied.verdict(1).reason ?? "")  // price-above-bound
    #expect(try abs(implied.column(.impliedVolatility)[0] - 0.2) < 1e-15 && implied.verdict(1) == .priceAboveBound)
  }

  @Test func model() throws {
    let model = PricingModel.bachelier
    print(model.measures.map(\.name))  // price, delta, gamma, ...
    print(PricingModel(named: "black-76")?.impliedVolatility != nil)
    #expect(model.measures.prefix(3) == [.price, .delta, .gamma] && PricingModel(named: "black-76") == .black76)
  }

  @Test func measure() {
    let measures: [Measure] = [.price, .delta, "vanna"]
    print(measures.map(\.name))
    #expect(measures.last == .vanna)
  }

  @Test func priceGrid() throws {
    let moves = [-0.1, 0, 0.1].flatMap { spot in [0, 0.05].map { MarketMove(spot: spot, volatility: $0) } }
    let grid = try engine.priceGrid(book, moves: moves)
    print(grid.prices(under: 5)[0])  // the first option with spots up by 10% and volatilities by 5 points
    #expect(grid.prices(under: 5)[0] > grid.prices(under: 4)[0])
  }

  @Test func engines() throws {
    struct Abacus: Backend {
      let name = "abacus"
      let devices: [Device] = []
      let absence: String? = "its beads are in a box"
      func kernels(for operation: AssayCore.Operation, on device: Device) -> [any Kernel] { [] }
    }
    let engine = try Engine(backends: Backends.all() + [Abacus()])
    try engine.prepare([.sha256Pair, .ed25519ZIP215])
  }

  @Test func americanAtAnAccuracy() throws {
    let book = try OptionBook(
      .american.at(.high), types: [.put],
      columns: [
        "spot": [100], "strike": [100], "years": [1], "rate": [0.05], "dividendYield": [0.05], "volatility": [0.25],
      ])
    print(try engine.price(book, measures: [.price]).column(.price)[0])  // 9.56944529...
  }

  /// Every example in the documentation of the engine and of pricing, and the README's, stands in this file as it does there.
  @Test func documentationHasTheseExamples() throws {
    let here = URL(fileURLWithPath: #filePath)
    let root = here.deletingLastPathComponent().appending(path: "../..").standardized
    func lines(_ text: some StringProtocol) -> [String] {
      text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
        !$0.isEmpty && !$0.hasPrefix("import ")
      }
    }
    let run = try lines(String(contentsOf: here, encoding: .utf8)).joined(separator: "\n")
    var examples: [String: Int] = [:]
    for file in [
      "README.md", "Sources/Assay/Engine.swift", "Sources/Workloads/Pricing/OptionBook.swift",
      "Sources/Workloads/Pricing/PricingModel.swift", "Sources/Workloads/Pricing/Measure.swift",
      "Sources/Workloads/Pricing/PriceGrid.swift",
    ] {
      var example: [String]?
      for line in try String(contentsOf: root.appending(path: file), encoding: .utf8).split(separator: "\n") {
        let text = line.trimmingCharacters(in: .whitespaces)
        let bare = text.hasPrefix("///") ? String(text.dropFirst(3)).trimmingCharacters(in: .whitespaces) : text
        if bare == "```swift" {
          example = []
        } else if bare == "```", let body = example {
          #expect(run.contains(lines(body.joined(separator: "\n")).joined(separator: "\n")), "\(file): \(body)")
          examples[file, default: 0] += 1
          example = nil
        } else {
          example?.append(bare)
        }
      }
    }
    #expect(examples.values.reduce(0, +) == 14 && examples["Sources/Workloads/Pricing/OptionBook.swift"] == 6)
  }
}
