public import AssayCore

/// Margin of many accounts, kept up to date: a new price or trade recomputes what it changes and nothing else, with the same bits
/// as computing everything again.
///
/// Every instrument is priced once a scenario, whoever holds it; an account then is a sum over its holdings, taken in the
/// instruments' order, which does not depend on the order of rows. An account's underlyings do not offset each other: their worst
/// losses add up.
///
/// ```swift
/// var engine = try MarginEngine(rule, positions, balances: balances, on: executor)
/// try engine.update(spotOf: "BTC", to: Binary64(97_000), on: executor)
/// print(engine[AccountKey(account: "alice")]?.isLiquidatable ?? false)
/// ```
public struct MarginEngine<Number: MarginNumber>: Sendable {
  /// The rule.
  public let rule: PortfolioRule<Number>
  /// The underlyings in the order of their bytes.
  public let underlyings: [String]
  /// The accounts in their order.
  public let accounts: [AccountKey]
  /// Every account's result, in the order of ``accounts``.
  public private(set) var margins: [AccountMargin<Number>] = []

  private var positions: [MarginPosition<Number>]
  private var accountOf: [Int]
  private var rowsOfAccount: [[Int]]
  private let balances: [AccountKey: AccountBalance<Number>]
  private let stablePrice: Number
  private var books: [UnderlyingBook<Number>] = []
  /// What rows of the book say that each account has in cash.
  private var bookedCash: [Number] = []
  /// By underlying, the rows whose forward is given.
  private var rowsWithForward: [[Int]] = []
  /// The underlyings whose rows do not have their new spot yet: they take it when they are needed.
  private var hasNewSpot: [Bool] = []
  /// The accounts that have an asset as collateral.
  private let holdersOfCollateral: [String: [Int]]

  /// Computes the margin of every account.
  ///
  /// - Parameter stablePrice: the price of the settlement coin, 1 when it holds its peg.
  /// - Throws: ``AssayError`` of kind `input` when rows disagree about an underlying's spot.
  @_specialize(where Number == Binary64)
  @_specialize(where Number == Fixed18)
  public init(
    _ rule: PortfolioRule<Number>, _ positions: [MarginPosition<Number>],
    balances: [AccountKey: AccountBalance<Number>] = [:], stablePrice: Number = .one, on executor: any Executor
  ) throws(AssayError) {
    self.rule = rule
    self.positions = positions
    self.balances = balances
    self.stablePrice = stablePrice
    var rowsOfUnderlying: [String: [Int]] = [:]
    var rowsOfKey: [AccountKey: [Int]] = [:]
    for (row, position) in positions.enumerated() {
      if position.kind != .cash { rowsOfUnderlying[position.underlying, default: []].append(row) }
      rowsOfKey[AccountKey(account: position.account, currency: position.currency), default: []].append(row)
    }
    underlyings = rowsOfUnderlying.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    accounts = Set(rowsOfKey.keys).union(balances.keys).sorted()
    rowsOfAccount = accounts.map { rowsOfKey[$0] ?? [] }
    accountOf = [Int](repeating: 0, count: positions.count)
    for (account, rows) in rowsOfAccount.enumerated() {
      for row in rows { accountOf[row] = account }
    }
    var holders: [String: [Int]] = [:]
    for (account, key) in accounts.enumerated() {
      for asset in balances[key]?.collateral ?? [] { holders[asset.asset, default: []].append(account) }
    }
    holdersOfCollateral = holders
    hasNewSpot = underlyings.map { _ in false }
    for underlying in underlyings {
      let rows = rowsOfUnderlying[underlying] ?? []
      rowsWithForward.append(rows.filter { positions[$0].forward != nil })
      books.append(
        try UnderlyingBook(
          rule, positions, rows: rows, accountOf: accountOf, accounts: accounts.count,
          stablePrice: stablePrice, on: executor))
    }
    bookedCash = accounts.indices.map { booked($0) }
    margins = accounts.indices.map { combined($0) }
  }

  /// The result of an account; nil when there is none of that name.
  public subscript(key: AccountKey) -> AccountMargin<Number>? { place(of: key).map { margins[$0] } }

  /// An account's margin in each underlying that it holds.
  public func terms(of key: AccountKey) -> [(underlying: String, margin: PortfolioMargin<Number>)] {
    guard let account = place(of: key) else { return [] }
    return books.indices.compactMap { index in books[index].margin(of: account).map { (underlyings[index], $0) } }
  }

  /// An account's cash: its balance, and what the book says.
  public func cash(of key: AccountKey) -> Number {
    place(of: key).map { bookedCash[$0] + (balances[key]?.cash ?? .zero) } ?? .zero
  }

  /// An account's collateral: each asset's value, and what maintenance and, beyond it, initial margin do not count of it.
  public func collateral(
    of key: AccountKey
  ) -> [(asset: String, value: Number, maintenanceHaircut: Number, initialHaircut: Number)] {
    (balances[key]?.collateral ?? []).map { asset in
      let value = asset.amount.times(spot(of: asset.asset) ?? .undefined, over: stablePrice)
      return (asset.asset, value, value.times(asset.maintenanceHaircut), value.times(asset.initialHaircut))
    }
  }

  /// The spot of an underlying; nil when nobody holds anything there.
  public func spot(of underlying: String) -> Number? {
    underlyings.firstIndex(of: underlying).map { books[$0].prices.market.spot.price }
  }

  private func place(of key: AccountKey) -> Int? {
    var low = 0, high = accounts.count
    while low < high {
      let middle = (low + high) / 2
      if accounts[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low < accounts.count && accounts[low] == key ? low : nil
  }

  /// A new spot of one underlying. Given forwards move with it in proportion; only accounts that hold something there are computed
  /// again.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when there is no such underlying or the price is not above 0.
  @_specialize(where Number == Binary64)
  @_specialize(where Number == Fixed18)
  public mutating func update(
    spotOf underlying: String, to spot: Number, on executor: any Executor
  ) throws(AssayError) {
    guard let index = underlyings.firstIndex(of: underlying) else {
      throw AssayError(.usage, "No account holds anything on \(underlying).")
    }
    guard .zero < spot, !spot.isUndefined else { throw AssayError(.usage, "A spot of \(underlying) is not above 0.") }
    let before = books[index].prices.market.spot.price
    for row in rowsWithForward[index] {
      positions[row].forward = positions[row].forward?.times(spot, over: before)
    }
    hasNewSpot[index] = true
    if try !books[index].move(to: spot, on: executor) {
      takeSpot(spot, index)
      try rebuild(index, on: executor)
    }
    for account in books[index].accounts { margins[account] = combined(account) }
    // Collateral of the same name is worth something else too.
    for account in holdersOfCollateral[underlying] ?? [] { margins[account] = combined(account) }
  }

  /// Gives the rows of an underlying its spot.
  private mutating func takeSpot(_ spot: Number, _ index: Int) {
    guard hasNewSpot[index] else { return }
    for row in books[index].rows { positions[row].spot = spot }
    hasNewSpot[index] = false
  }

  private mutating func takeSpots() {
    for index in books.indices { takeSpot(books[index].prices.market.spot.price, index) }
  }

  /// A trade: `position` is added to its account's holdings. Where the account and the instrument are known nothing else is
  /// computed again.
  ///
  /// - Throws: ``AssayError`` of kind `input` when its spot is not the underlying's.
  @_specialize(where Number == Binary64)
  @_specialize(where Number == Fixed18)
  public mutating func add(_ position: MarginPosition<Number>, on executor: any Executor) throws(AssayError) {
    let key = AccountKey(account: position.account, currency: position.currency)
    let index = underlyings.firstIndex(of: position.underlying)
    guard let account = place(of: key), index != nil || position.kind == .cash else {
      takeSpots()
      self = try MarginEngine(
        rule, positions + [position], balances: balances, stablePrice: stablePrice, on: executor)
      return
    }
    if let index, position.kind != .cash, spot(of: underlyings[index]) != position.spot {
      throw AssayError(.input, "The trade's spot of \(position.underlying) is not the one that accounts are valued at.")
    }
    rowsOfAccount[account].append(positions.count)
    accountOf.append(account)
    positions.append(position)
    if position.kind == .cash { bookedCash[account] = booked(account) }
    if let index, position.kind != .cash {
      books[index].rows.append(positions.count - 1)
      if position.forward != nil { rowsWithForward[index].append(positions.count - 1) }
      let own = rowsOfAccount[account].filter {
        positions[$0].kind != .cash && positions[$0].underlying == position.underlying
      }
      if !books[index].update(account, rows: own, positions) { try rebuild(index, on: executor) }
    }
    margins[account] = combined(account)
  }

  private mutating func rebuild(_ index: Int, on executor: any Executor) throws(AssayError) {
    takeSpot(books[index].prices.market.spot.price, index)
    books[index] = try UnderlyingBook(
      rule, positions, rows: books[index].rows, accountOf: accountOf, accounts: accounts.count,
      stablePrice: stablePrice,
      on: executor)
  }

  /// Every account's margin after all spots moved by `factor`.
  @_specialize(where Number == Binary64)
  @_specialize(where Number == Fixed18)
  func margins(movedBy factor: Number, on executor: any Executor) throws(AssayError) -> [AccountMargin<Number>] {
    var terms = [[(underlying: String, margin: PortfolioMargin<Number>, gain: Number)]](
      repeating: [], count: accounts.count)
    for index in books.indices {
      for term in try books[index].margins(movedBy: factor, on: executor) {
        terms[term.account].append((underlyings[index], term.margin, term.gain))
      }
    }
    return accounts.indices.map { combined($0, terms: terms[$0], factor: factor) }
  }

  /// An account's margin: its cash, the sum over its underlyings, and its balance.
  private func combined(_ account: Int) -> AccountMargin<Number> {
    var result = AccountMargin<Number>(key: accounts[account])
    result.add(cash: bookedCash[account])
    for index in books.indices {
      if let margin = books[index].margin(of: account) { result.add(margin, of: underlyings[index]) }
    }
    addBalance(to: &result, movedBy: .one)
    return result
  }

  /// An account's margin from its underlyings' after all spots moved by `factor`.
  private func combined(
    _ account: Int, terms: [(underlying: String, margin: PortfolioMargin<Number>, gain: Number)], factor: Number
  ) -> AccountMargin<Number> {
    var result = AccountMargin<Number>(key: accounts[account])
    result.add(cash: bookedCash[account])
    for term in terms {
      result.add(term.margin, of: term.underlying)
      result.add(cash: term.gain)
    }
    addBalance(to: &result, movedBy: factor)
    return result
  }

  private func addBalance(to result: inout AccountMargin<Number>, movedBy factor: Number) {
    guard !balances.isEmpty, let balance = balances[result.key] else { return }
    result.add(cash: balance.cash)
    for asset in balance.collateral {
      let price = spot(of: asset.asset)?.times(factor) ?? .undefined
      result.add(
        collateral: asset.amount.times(price, over: stablePrice), maintenanceHaircut: asset.maintenanceHaircut,
        initialHaircut: asset.initialHaircut)
    }
  }

  /// The cash that rows of the book say an account has, added in ascending order.
  private func booked(_ account: Int) -> Number {
    rowsOfAccount[account].lazy.filter { positions[$0].kind == .cash }.map { positions[$0].amount }.sorted()
      .reduce(.zero) { $0 + $1 }
  }
}
