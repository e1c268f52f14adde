import Assay
import Foundation
import Testing

/// American exercise: against references of another formulation, published and derived values, and itself.
@Suite struct AmericanTests {
  private static let engine = try? Engine(threads: 1)

  /// Options by name of their column; what is left out is 100, 100, 1 year, 5%, 5% and 25%.
  private static func book(
    _ accuracy: PricingModel.Accuracy = .standard, _ types: [OptionBook.OptionType], _ columns: [String: [Double]] = [:]
  ) throws -> OptionBook {
    let usual = [
      "spot": 100.0, "strike": 100, "years": 1, "rate": 0.05, "dividendYield": 0.05, "volatility": 0.25,
    ]
    return try OptionBook(
      .american.at(accuracy), types: types,
      columns: usual.mapValues { Array(repeating: $0, count: types.count) }.merging(columns) { $1 })
  }

  private static func price(_ book: OptionBook, _ measures: [Measure] = Measure.standard) throws -> BookMeasures {
    try #require(engine).price(book, measures: measures)
  }

  @Test func thePublishedPremium() throws {
    // Andersen, Lake and Offengenden (2016), table 2: the premium of the put, to twelve digits.
    let american = try Self.price(Self.book(.high, [.put]), [.price]).values(.price)[0]
    let european = try #require(Self.engine).price(
      OptionBook(
        .blackScholes, types: [.put],
        columns: [
          "spot": [100], "strike": [100], "years": [1], "rate": [0.05], "dividendYield": [0.05], "volatility": [0.25],
        ]), measures: [.price]
    ).values(.price)[0]
    #expect(abs(american - european - 0.106952702747) < 1e-12)
  }

  /// 240 options of Tests/Vectors/pricing/american.py, whose own uncertainty is at most 4e-9: the bounds of docs/american.md.
  @Test(arguments: [(PricingModel.Accuracy.fast, 1e-4, 2e-3), (.standard, 5e-6, 1e-4), (.high, 1e-8, 1e-7)])
  func referencesAreMet(accuracy: PricingModel.Accuracy, high: Double, most: Double) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../Vectors/pricing/reference-american.csv").standardized
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map {
      $0.split(separator: ",")
    }
    let names = ["spot", "strike", "years", "rate", "dividendYield", "volatility"]
    let columns = try Dictionary(
      uniqueKeysWithValues: names.enumerated().map { index, name in
        (name, try rows.map { try #require(Double($0[index + 1])) })
      })
    let prices = try Self.price(
      Self.book(accuracy, rows.map { $0[0] == "put" ? .put : .call }, columns), [.price]
    ).values(.price)
    let errors = try zip(prices, rows).map { abs($0 - (try #require(Double($1[7])))) }.sorted()
    #expect(errors.count == 240)
    #expect(errors[Int(Double(errors.count) * 0.97)] < high)
    #expect(try #require(errors.last) < most)
  }

  @Test func greeksAreDerivatives() throws {
    let types: [OptionBook.OptionType] = [.put, .call, .put, .call, .put]
    let columns: [String: [Double]] = [
      "spot": [95, 112, 108, 91, 100], "rate": [0.06, 0.02, 0.03, 0.04, -0.02],
      "dividendYield": [0.02, 0.07, 0.05, 0.06, -0.05], "years": [0.5, 2, 1.5, 0.75, 1],
      "volatility": [0.3, 0.2, 0.35, 0.15, 0.2],
    ]
    let measures = try Self.price(Self.book(.high, types, columns))
    func derivative(_ name: String, _ step: Double) throws -> [Double] {
      func moved(_ sign: Double) throws -> [Double] {
        var columns = columns
        columns[name] = columns[name]?.map { $0 + sign * step }
        return Array(try Self.price(Self.book(.high, types, columns), [.price]).values(.price))
      }
      return zip(try moved(1), try moved(-1)).map { ($0 - $1) / (2 * step) }
    }
    let expected: [(Measure, [Double], Double)] = [
      (.delta, try derivative("spot", 0.01), 1e-5), (.vega, try derivative("volatility", 1e-4), 1e-3),
      (.theta, try derivative("years", 1e-4).map { -$0 }, 1e-3), (.rho, try derivative("rate", 1e-5), 1e-2),
    ]
    for (measure, values, bound) in expected {
      for (row, value) in values.enumerated() {
        #expect(abs(measures.values(measure)[row] - value) < bound, "\(measure) of row \(row)")
      }
    }
    let up = try Self.price(
      Self.book(.high, types, columns.merging(["spot": [95.02, 112.02, 108.02, 91.02, 100.02]]) { $1 }))
    let down = try Self.price(
      Self.book(.high, types, columns.merging(["spot": [94.98, 111.98, 107.98, 90.98, 99.98]]) { $1 }))
    for row in types.indices {
      #expect(
        abs(measures.values(.gamma)[row] - (up.values(.delta)[row] - down.values(.delta)[row]) / 0.04) < 1e-5,
        "gamma of row \(row)")
    }
  }

  @Test func atAndBeyondTheBoundaryItIsExercised() throws {
    let types: [OptionBook.OptionType] = [.put, .call]
    let first = try Self.price(
      Self.book(.standard, types, ["rate": [0.06, 0.02], "dividendYield": [0.02, 0.07]]), [.boundary])
    let boundary = Array(first.values(.boundary))
    #expect(boundary[0] > 50 && boundary[0] < 100 && boundary[1] > 100 && boundary[1] < 200)
    for (factor, isExercised) in [(0.999, true), (1.001, false)] {
      let spots = [boundary[0] * factor, boundary[1] / factor]
      let measures = try Self.price(
        Self.book(.standard, types, ["spot": spots, "rate": [0.06, 0.02], "dividendYield": [0.02, 0.07]]))
      for (row, sign) in [-1.0, 1].enumerated() {
        let intrinsic = sign * (spots[row] - 100)
        if isExercised {
          #expect(abs(measures.values(.price)[row] - intrinsic) < 1e-12)
          // A call's delta comes from the put's with the roundings of a division.
          #expect(abs(measures.values(.delta)[row] - sign) < 1e-15)
          #expect(measures.values(.gamma)[row] == 0 && measures.values(.vega)[row] == 0)
        } else {
          #expect(measures.values(.price)[row] > intrinsic && measures.values(.gamma)[row] > 0)
          #expect(abs(measures.values(.delta)[row] - sign) < 0.02)
        }
      }
    }
  }

  @Test func neverExercisedEarlyIsEuropean() throws {
    // A call without yield, a put without rate, and a put that earns nothing by waiting no longer.
    let types: [OptionBook.OptionType] = [.call, .put, .put]
    let columns: [String: [Double]] = ["rate": [0.05, 0, -0.01], "dividendYield": [0, 0.03, 0.02]]
    let american = try Self.price(Self.book(.standard, types, columns), [.price, .boundary])
    let usual = ["spot": 100.0, "strike": 100, "years": 1, "volatility": 0.25].mapValues { [$0, $0, $0] }
    let european = try #require(Self.engine).price(
      OptionBook(.blackScholes, types: types, columns: usual.merging(columns) { $1 }), measures: [.price])
    for row in types.indices { #expect(abs(american.values(.price)[row] - european.values(.price)[row]) < 1e-12) }
    #expect(Array(american.values(.boundary)) == [.infinity, 0, 0])
  }

  /// Two boundaries: against finite differences of 1,600 by 800 steps, refined once (their own error is about 1e-4).
  @Test func twoBoundaries() throws {
    let types = [OptionBook.OptionType](repeating: .put, count: 3)
    let measures = try Self.price(
      Self.book(
        .standard, types,
        [
          "spot": [100, 45, 60], "rate": [-0.02, -0.02, -0.02], "dividendYield": [-0.05, -0.05, -0.05],
          "volatility": [0.2, 0.2, 0.2],
        ]), [.price, .boundary])
    // QuantLib's finite differences at 800, 1,600 and 3,200 steps: 6.961315, 6.961516, 6.961611, so 6.96171 in the limit.
    #expect(abs(measures.values(.price)[0] - 6.96171) < 3e-5)
    #expect(abs(measures.values(.price)[1] - 55.0000305) < 1e-5)
    #expect(measures.values(.price)[2] == 40)
    #expect(abs(measures.values(.boundary)[0] - 74.16788) < 1e-3)
  }

  @Test(arguments: PricingModel.Accuracy.allCases)
  func impliedVolatilityComesBack(accuracy: PricingModel.Accuracy) throws {
    let types: [OptionBook.OptionType] = [.put, .call, .put, .call, .put, .call]
    let columns: [String: [Double]] = [
      "spot": [95, 112, 130, 70, 100, 100], "rate": [0.06, 0.02, 0.03, 0.04, 0.08, 0.01],
      "dividendYield": [0.02, 0.07, 0.05, 0.06, 0, 0.03], "years": [0.5, 2, 1.5, 0.75, 0.02, 1],
      "volatility": [0.3, 0.2, 0.35, 0.25, 0.6, 1.5],
    ]
    let prices = Array(try Self.price(Self.book(accuracy, types, columns), [.price]).values(.price))
    let quotes = try Self.book(accuracy, types, columns.merging(["price": prices]) { $1 })
    let implied = try #require(Self.engine).impliedVolatility(quotes)
    for (row, volatility) in [0.3, 0.2, 0.35, 0.25, 0.6, 1.5].enumerated() {
      #expect(abs(implied.values(.impliedVolatility)[row] - volatility) < 1e-9)
    }
  }

  @Test func impliedVolatilityHasReasons() throws {
    let types = [OptionBook.OptionType](repeating: .put, count: 6)
    let quotes = try Self.book(
      .standard, types,
      [
        "spot": [80, 80, 120, 80, 80, 80], "rate": [Double](repeating: 0.06, count: 6),
        "price": [20, 19.9, 0, 100, .nan, 20.5],
      ])
    let implied = try #require(Self.engine).impliedVolatility(quotes)
    #expect(
      types.indices.map { implied.verdict($0).reason }
        == ["price-at-intrinsic", "price-below-intrinsic", nil, "price-above-bound", "invalid-number", nil])
    #expect(implied.values(.impliedVolatility)[2] == 0)
    #expect(implied.values(.impliedVolatility)[5] > 0)
  }

  @Test func limitsAndReasons() throws {
    let types: [OptionBook.OptionType] = [.put, .put, .call, .put, .call, .put, .put]
    let measures = try Self.price(
      Self.book(
        .fast, types,
        [
          "spot": [90, 90, 0, 0, 100, -1, 90], "years": [0, 1, 1, 1, 1, 1, 1],
          "strike": [100, 100, 100, 100, 0, 100, 100],
          "volatility": [0.2, 0, 0.2, 0.2, 0.2, 0.2, -0.2],
          "dividendYield": [0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02],
        ]))
    #expect(Array(measures.values(.price).prefix(5)) == [10, 10, 0, 100, 100])
    #expect(Array(measures.values(.delta).prefix(5)) == [-1, -1, 0, -1, 1])
    #expect(types.indices.suffix(2).map { measures.verdict($0).reason } == ["invalid-spot", "invalid-volatility"])
    #expect(measures.values(.price).suffix(2).count(where: \.isNaN) == 2)
  }

  /// r, q in [-10%, 20%], sigma in [1%, 300%], an hour to ten years: a price between intrinsic and bound, and finite Greeks.
  @Test func noRowWithoutAPrice() throws {
    var random = SplitMix64(state: 7)
    func uniform(_ low: Double, _ high: Double) -> Double {
      low + (high - low) * Double(random.next() >> 11) * 0x1p-53
    }
    let count = 600
    let types = (0..<count).map { $0 % 2 == 0 ? OptionBook.OptionType.put : .call }
    let columns: [String: [Double]] = [
      "spot": (0..<count).map { _ in 100 * exp(uniform(-0.7, 0.7)) },
      "rate": (0..<count).map { _ in uniform(-0.1, 0.2) },
      "dividendYield": (0..<count).map { _ in uniform(-0.1, 0.2) },
      "volatility": (0..<count).map { _ in exp(uniform(log(0.01), log(3))) },
      "years": (0..<count).map { _ in exp(uniform(log(1.0 / 8760), log(10))) },
    ]
    let measures = try Self.price(Self.book(.fast, types, columns))
    for row in 0..<count {
      let spot = columns["spot"]?[row] ?? 0
      #expect(measures.verdict(row).isAccepted)
      // Exercise now, but for the roundings of a price per unit of strike.
      #expect(measures.values(.price)[row] > (types[row] == .put ? 100 - spot : spot - 100) - 1e-12)
      #expect(Measure.standard.allSatisfy { measures.values($0)[row].isFinite })
      #expect(abs(measures.values(.delta)[row]) < 2.8)
    }
  }
}

extension BookMeasures {
  /// A measure that was asked for.
  func values(_ measure: Measure) -> Numbers {
    guard let values = self[measure] else { preconditionFailure("\(measure) was not asked for") }
    return values
  }
}
