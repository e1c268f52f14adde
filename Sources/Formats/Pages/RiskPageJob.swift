import Assay
import AssayIO

extension Job {
  /// Writes a page about the book at `path`: what it is worth, what it earns over moves of spot and volatility, where its Greeks lie.
  ///
  /// The book is read once for every part of the page, so it must be a file.
  package func writeRiskPage(
    _ path: String, _ request: BookRequest, scenarios: [Scenario], exchange: ExchangeFile?
  ) throws(AssayError) {
    guard path != "-" else {
      throw AssayError(
        .usage, "--html reads the book several times, and standard input can be read once.", advice: "Name a file.")
    }
    let parts = try RiskPageParts(self, path, request, exchange)
    var page = RiskPage()
    page.title = "Risk of \(path.split(separator: "/").last.map(String.init) ?? path)"
    try parts.addTotals(scenarios, to: &page)
    try parts.addGreeks(to: &page)
    page.footer =
      "assay \(AssayVersion.current). Totals are exact and rounded once; amounts of different currencies are not added."
    try write(page.html)
  }
}

/// Makes the parts of a page from passes over a book.
private struct RiskPageParts {
  private static let greeks: [Measure] = [.delta, .gamma, .vega, .theta]
  private static let spots = [-0.2, -0.15, -0.1, -0.05, 0, 0.05, 0.1, 0.15, 0.2]
  private static let volatilities = [0.15, 0.1, 0.05, 0, -0.05, -0.1]
  /// More currencies than this have no pictures of their own.
  private static let mostCurrencies = 3
  private static let mostBuckets = 24

  private let job: Job
  private let path: String
  private let request: BookRequest
  private let exchange: ExchangeFile?
  private let points: [SmileCollector.Point]
  /// The names in the file of the columns that say when options expire, what they are on and their strikes.
  private let expiry: String?, underlying: String?, strike: String?

  init(_ job: Job, _ path: String, _ request: BookRequest, _ exchange: ExchangeFile?) throws(AssayError) {
    self.job = job
    self.path = path
    self.request = request
    self.exchange = exchange
    var collectors: [SmileCollector] = []
    var header: BookHeader?
    try job.read(
      job.open(path), request, keeping: [BookColumn.underlying, .expiry, .years].map(\.name), needs: []
    ) { found, _ in
      header = found
    } makeConsumer: { header, _, _ in
      let collector = SmileCollector(header)
      collectors.append(collector)
      return collector
    }
    points = collectors.flatMap(\.points)
    func name(_ column: BookColumn) -> String? { header?.place(column).flatMap { header?.names[$0] } }
    expiry = name(.expiry) ?? name(.years)
    underlying = name(.underlying)
    strike = name(.strike)
  }

  private func risk(by columns: [String], _ measures: [Measure], _ scenarios: [Scenario] = []) throws(AssayError)
    -> BookRisk
  {
    var request = request
    request.computation = .measures(measures)
    request.computation.units = self.request.computation.units
    return try job.aggregate(
      path, request, by: columns, exchange: exchange, into: Portfolio(measures: measures, scenarios: scenarios))
  }

  /// The figures, the heat maps and the worst scenarios.
  func addTotals(_ scenarios: [Scenario], to page: inout RiskPage) throws(AssayError) {
    let grid = Scenario.grid(spots: Self.spots, volatilities: Self.volatilities.map { .absolute($0) })
    let risk = try risk(by: [], Measure.standard, grid + scenarios)
    page.positions = risk.totals.reduce(0) { $0 + $1.positions }
    page.rejected = risk.report.total.rejected.reduce(0) { $0 + $1.positions }
    page.subtitle = subtitle(risk)
    for line in risk.totals.prefix(Self.mostCurrencies) {
      let name = risk.hasCurrencies ? line.key.isEmpty ? "no currency" : line.key : ""
      page.figures += risk.report.measures.indices.map { measure in
        let words = measure == 0 ? "value" : risk.report.measures[measure].name
        return (name.isEmpty ? words : "\(words), \(name)", risk.total(measure, of: line))
      }
      let values = Self.volatilities.indices.map { row in
        Self.spots.indices.map { column -> Double? in
          let value = line.profitAndLoss[column * Self.volatilities.count + row]
          return value.isFinite ? value : nil
        }
      }
      page.grids.append((name, .init(spots: Self.spots, volatilities: Self.volatilities, profitAndLoss: values)))
    }
    guard !risk.hasCurrencies else { return }
    let moves = zip(risk.report.scenarios, risk.report.total.profitAndLoss).filter { $1.isFinite }
    let asked = scenarios.isEmpty ? moves : Array(moves.dropFirst(grid.count))
    page.worst = asked.map { ($0.name, $1) }.sorted { $0.1 < $1.1 }.prefix(10).map { $0 }
  }

  private func subtitle(_ risk: BookRisk) -> String {
    let units =
      request.computation.units == .market ? "Theta per day, vega and rho per 1%." : "Greeks per year and per 1.00."
    guard let currency = exchange?.currency, !currency.isEmpty else { return units }
    return "Amounts in \(currency). \(units)"
  }

  /// The Greeks by expiry and by strike, and the smiles.
  func addGreeks(to page: inout RiskPage) throws(AssayError) {
    page.greeks = Self.greeks.map(\.name)
    if let expiry {
      let risk = try risk(by: [expiry], Self.greeks)
      let currencies = Dictionary(grouping: risk.report.groups) { line in
        GroupKey.cells(of: line.keyBytes, count: risk.by.count).dropFirst().first ?? []
      }
      let largest = currencies.sorted { $0.value.count > $1.value.count }.prefix(Self.mostCurrencies)
      page.expiries = largest.map { currency, lines in
        let name = risk.hasCurrencies ? String(decoding: currency, as: UTF8.self) : ""
        return (
          name,
          lines.compactMap { line in
            let cell = GroupKey.cells(of: line.keyBytes, count: risk.by.count)[0]
            return cell.isEmpty ? nil : bucket(String(decoding: cell.prefix(10), as: UTF8.self), [line], risk)
          }
        )
      }.filter { !$0.1.isEmpty }.sorted { $0.0 < $1.0 }
    }
    guard let main = points.mainUnderlying else { return }
    page.smiles = points.smiles(of: main, atMost: LineChart.mostSeries).map { smile in
      main.isEmpty
        ? smile
        : RiskPage.Smile(
          name: "\(String(decoding: main, as: UTF8.self)) \(smile.name.prefix(10))", points: smile.points)
    }
    guard let strike else { return }
    let risk = try risk(by: (underlying.map { [$0] } ?? []) + [strike], Self.greeks)
    let place = underlying == nil ? 0 : 1
    let lines = risk.report.groups.compactMap { line -> (strike: Double, line: RiskReport.Line)? in
      let cells = GroupKey.cells(of: line.keyBytes, count: risk.by.count)
      guard underlying == nil || cells[0] == main else { return nil }
      return Double(String(decoding: cells[place], as: UTF8.self)).map { ($0, line) }
    }.sorted { $0.strike < $1.strike }
    let size = max(1, (lines.count + Self.mostBuckets - 1) / Self.mostBuckets)
    let buckets = stride(from: 0, to: lines.count, by: size).map { first in
      let part = lines[first..<min(first + size, lines.count)]
      return bucket(PageNumber.plain(part[part.startIndex].strike), part.map(\.line), risk)
    }
    if !buckets.isEmpty { page.strikes = [(String(decoding: main, as: UTF8.self), buckets)] }
  }

  /// The totals of some groups under one name.
  private func bucket(_ name: String, _ lines: [RiskReport.Line], _ risk: BookRisk) -> RiskPage.Bucket {
    let values = Self.greeks.indices.map { measure -> Double? in
      let totals = lines.compactMap { risk.total(measure, of: $0) }
      return totals.isEmpty ? nil : totals.reduce(0, +)
    }
    return RiskPage.Bucket(name: name, values: values)
  }
}
