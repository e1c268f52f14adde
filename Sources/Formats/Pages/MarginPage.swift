import Assay

/// What `assay risk --margin --html` shows: every account's margin, those that fall short first.
package struct MarginPage {
  private let document: MarginDocument
  private let book: String

  /// A page about `document`, the margins of the accounts of `book`.
  package init(_ document: MarginDocument, of book: String) {
    self.document = document
    self.book = book
  }

  /// The page: one HTML document without script, network or outside file.
  package var html: String {
    var page = RiskPage()
    page.title = "Margin of \(book.split(separator: "/").last.map(String.init) ?? book)"
    page.subtitle = "By the rule \(document.rule), in \(document.arithmetic) arithmetic."
    page.footer = "assay \(AssayVersion.current). The document of --json has every digit."
    let order = Dictionary(
      zip(document.liquidationOrder, document.liquidationOrder.indices), uniquingKeysWith: { first, _ in first })
    let accounts = document.accounts.map { account in
      (name: account.currency.isEmpty ? account.account : "\(account.account) \(account.currency)", account: account)
    }.sorted { first, second in
      (order[first.name] ?? Int.max, first.name) < (order[second.name] ?? Int.max, second.name)
    }
    page.figures = [
      ("accounts", Double(accounts.count)), ("to be liquidated", Double(document.liquidationOrder.count)),
      ("undecided", Double(accounts.count { !$0.account.undecided.isEmpty })),
    ]
    page.accountHeadings = [
      "initial", "maintenance", "equity", "ratio", "worst scenario", "falls short at", "liquidatable",
    ]
    page.accounts = accounts.map { name, account in
      RiskPage.Account(
        name: name,
        cells: [
          amount(account.initialMargin), amount(account.maintenanceMargin), amount(account.equity),
          account.ratio.map(PageNumber.short) ?? "", account.worstScenario ?? "", distance(account),
          account.liquidatable.map { $0 ? "yes" : "no" } ?? "undecided: \(account.undecided.joined(separator: "; "))",
        ], isLiquidatable: account.liquidatable ?? true)
    }
    return page.html
  }

  /// An amount for people; integers of 1e-18 where that is the arithmetic.
  private func amount(_ text: String?) -> String {
    guard let text, let value = Double(text) else { return "" }
    return PageNumber.short(document.arithmetic == "binary64" ? value : value / 1e18)
  }

  private func distance(_ account: MarginDocument.Account) -> String {
    let falls = account.distanceToLiquidation?.down?.last.map { "-" + PageNumber.percent($0.magnitude) }
    let rises = account.distanceToLiquidation?.up?.last.map { "+" + PageNumber.percent($0.magnitude) }
    return [falls, rises].compactMap(\.self).joined(separator: ", ")
  }
}
