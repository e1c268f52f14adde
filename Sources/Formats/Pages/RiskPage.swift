/// What `assay risk --html` shows of a book: profit and loss over moves of spot and volatility, Greeks by expiry and by strike, smiles,
/// the worst scenarios and the accounts. A part without data is left out.
package struct RiskPage {
  /// Totals of some measures under one name: an expiry or a range of strikes.
  package struct Bucket {
    package let name: String
    /// In the order of ``RiskPage/greeks``; nil where no position has the measure.
    package let values: [Double?]

    package init(name: String, values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  /// Profit and loss under every pair of moves.
  package struct Grid {
    /// Relative moves of the spot, and absolute ones of the volatility.
    package let spots: [Double]
    package let volatilities: [Double]
    /// By volatility, then by spot; nil where it has no finite value.
    package let profitAndLoss: [[Double?]]

    package init(spots: [Double], volatilities: [Double], profitAndLoss: [[Double?]]) {
      self.spots = spots
      self.volatilities = volatilities
      self.profitAndLoss = profitAndLoss
    }
  }

  /// The volatilities of one expiry of one underlying, by strike.
  package struct Smile {
    package let name: String
    package let points: [(strike: Double, volatility: Double)]

    package init(name: String, points: [(strike: Double, volatility: Double)]) {
      self.name = name
      self.points = points
    }
  }

  /// One account as a margin rule sees it; amounts as the report prints them.
  package struct Account {
    package let name: String
    package let cells: [String]
    package let isLiquidatable: Bool

    package init(name: String, cells: [String], isLiquidatable: Bool) {
      self.name = name
      self.cells = cells
      self.isLiquidatable = isLiquidatable
    }
  }

  /// The book's name, and what the foot of the page says of how it was computed.
  package var title = ""
  package var subtitle = ""
  package var footer = ""
  /// Figures at the head: a name and a value each.
  package var figures: [(name: String, value: Double?)] = []
  package var positions = 0
  package var rejected = 0
  /// A grid per currency; a name is empty where the book has one currency.
  package var grids: [(name: String, grid: Grid)] = []
  /// The names of the measures in the buckets.
  package var greeks: [String] = []
  /// Buckets by expiry, per currency, and by strike, of one underlying.
  package var expiries: [(name: String, buckets: [Bucket])] = []
  package var strikes: [(name: String, buckets: [Bucket])] = []
  package var smiles: [Smile] = []
  /// The scenarios with the least profit and loss, the worst first.
  package var worst: [(name: String, profitAndLoss: Double)] = []
  /// The headings of ``Account/cells``.
  package var accountHeadings: [String] = []
  package var accounts: [Account] = []

  /// A page without parts.
  package init() {}

  /// The page: one HTML document without script, network or outside file.
  package var html: String {
    var page = Page(title: title, subtitle: subtitle, footer: footer)
    page.add(
      (positions > 0 ? [Page.Tile(name: "positions", value: positions.grouped)] : [])
        + (rejected > 0 ? [Page.Tile(name: "rejected", value: rejected.grouped)] : [])
        + figures.map { Page.Tile(name: $0.name, value: $0.value.map(PageNumber.figure) ?? "none") })
    func heading(_ words: String, _ name: String) -> String { name.isEmpty ? words : "\(words): \(name)" }
    for (name, grid) in grids { page.add(heading("Profit and loss", name), Self.gridWords, [Self.heatMap(grid)]) }
    if !worst.isEmpty {
      page.add(
        "Worst scenarios", "Profit and loss by full revaluation, the worst first.",
        [BarChart(title: "Worst scenarios", bars: worst.map { ($0.name, $0.profitAndLoss) }).lying])
    }
    for (name, buckets) in expiries {
      page.add(heading("Greeks by expiry", name), "Totals of the positions of each expiry.", charts(of: buckets))
    }
    for (name, buckets) in strikes {
      page.add(heading("Greeks by strike", name), "Totals of the positions of each strike.", charts(of: buckets))
    }
    if !smiles.isEmpty {
      page.add("Smiles", "The book's volatilities by strike, a line per expiry.", [Self.chart(smiles)])
    }
    if !accounts.isEmpty {
      page.add(
        "Accounts", "Margin by the rule, in the order of liquidation where one is due.",
        [
          Page.table(["account"] + accountHeadings, accounts.map { [$0.name] + $0.cells }) {
            accounts[$0].isLiquidatable
          }
        ])
    }
    return page.html
  }

  private static let gridWords =
    "The whole book priced again under every pair of moves. The spot moves in per cent, the volatility in points."

  private static func heatMap(_ grid: Grid) -> String {
    func signed(_ text: String, _ value: Double) -> String { value > 0 ? "+" + text : text }
    return HeatMap(
      title: "Profit and loss over spot and volatility", columns: grid.spots.map { signed(PageNumber.percent($0), $0) },
      rows: grid.volatilities.map { signed(PageNumber.tick($0 * 100), $0) }, across: "spot", down: "volatility",
      values: grid.profitAndLoss
    ).svg
  }

  private func charts(of buckets: [Bucket]) -> [String] {
    greeks.enumerated().compactMap { place, name in
      guard buckets.contains(where: { $0.values[place] != nil }) else { return nil }
      return BarChart(title: name, bars: buckets.map { ($0.name, $0.values[place] ?? 0) }).upright
    }
  }

  private static func chart(_ smiles: [Smile]) -> String {
    LineChart(
      title: "Volatility by strike", across: "strike", up: "volatility", label: PageNumber.percent,
      series: smiles.prefix(LineChart.mostSeries).map { smile in
        LineChart.Series(name: smile.name, points: smile.points.map { ($0.strike, $0.volatility) })
      }
    ).svg
  }
}
