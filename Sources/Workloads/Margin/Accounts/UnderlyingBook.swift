import AssayCore

/// One underlying: its market under the scenarios, and who holds what there.
struct UnderlyingBook<Number: MarginNumber>: Sendable {
  /// The rows on this underlying.
  var rows: [Int]
  /// The market under the scenarios.
  private(set) var prices: ScenarioPrices<Number>
  /// The accounts that hold something here, ascending, with what they hold.
  private var holders: [(account: Int, holdings: PreparedHoldings<Number>)]
  /// Their margin here, in the same order.
  private var margins: [PortfolioMargin<Number>]
  /// For every account its place among the holders, -1 for none.
  private var placeOfAccount: [Int]
  private var builder: MarketBuilder<Number>

  /// The accounts that hold something here.
  var accounts: [Int] { holders.map(\.account) }

  /// An account's margin here; nil when it holds nothing.
  func margin(of account: Int) -> PortfolioMargin<Number>? {
    placeOfAccount[account] < 0 ? nil : margins[placeOfAccount[account]]
  }

  /// Prices the instruments of `rows` and computes the margin of their accounts, which `accountOf` numbers.
  init(
    _ rule: PortfolioRule<Number>, _ positions: [MarginPosition<Number>], rows: [Int], accountOf: [Int], accounts: Int,
    stablePrice: Number, on executor: any Executor
  ) throws(AssayError) {
    let first = positions[rows[0]]
    if let other = rows.first(where: { positions[$0].spot != first.spot }) {
      throw AssayError(
        .input, "\(first.underlying) has two spots: \(first.spot.reported) and \(positions[other].spot.reported).",
        advice: "Give every row of an underlying the same spot.")
    }
    self.rows = rows
    builder = try MarketBuilder(positions, rows: rows, stablePrice: stablePrice, on: executor)
    prices = try ScenarioPrices(rule, builder.market, on: executor)
    placeOfAccount = [Int](repeating: -1, count: accounts)
    var rowsOfAccount = [[Int]](repeating: [], count: accounts)
    for row in rows { rowsOfAccount[accountOf[row]].append(row) }
    holders = []
    for account in 0..<accounts where !rowsOfAccount[account].isEmpty {
      placeOfAccount[account] = holders.count
      holders.append((account, builder.holdings(of: rowsOfAccount[account], positions)))
    }
    margins = []
    revalue()
  }

  private mutating func revalue() {
    var values = [Number](repeating: .zero, count: prices.width)
    margins = holders.map { prices.margin(of: $0.holdings, &values) }
  }

  /// Moves the spot, which `positions` already have; false when the move changes which rows are one expiry, so that everything has
  /// to be built again.
  mutating func move(to spot: Number, on executor: any Executor) throws(AssayError) -> Bool {
    guard let moved = builder.moved(to: spot) else { return false }
    builder = moved
    prices = try ScenarioPrices(prices.rule, builder.market, on: executor)
    revalue()
    return true
  }

  /// Takes up a trade of `account`, whose rows here are `own`; false when it brings an instrument or a holder that is not here yet.
  mutating func update(_ account: Int, rows own: [Int], _ positions: [MarginPosition<Number>]) -> Bool {
    let place = placeOfAccount[account]
    guard place >= 0, own.allSatisfy({ builder.knows(positions[$0]) }) else { return false }
    holders[place].holdings = builder.holdings(of: own, positions)
    margins[place] = prices.margin(of: holders[place].holdings)
    return true
  }

  /// The margin of every holder after all prices here moved by `factor`, with what futures and perpetuals gained by it.
  func margins(
    movedBy factor: Number, on executor: any Executor
  ) throws(AssayError) -> [(account: Int, margin: PortfolioMargin<Number>, gain: Number)] {
    let moved = try ScenarioPrices(prices.rule, prices.market.moved(by: factor), on: executor)
    var values = [Number](repeating: .zero, count: moved.width)
    return holders.map { holder in
      (
        holder.account, moved.margin(of: holder.holdings, &values),
        prices.gain(of: holder.holdings.holdings, movedBy: factor)
      )
    }
  }
}
