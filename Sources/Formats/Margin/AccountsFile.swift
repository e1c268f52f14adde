import Assay
import AssayIO

/// The file that `--accounts` names: cash and amounts of collateral by account and currency, JSON or CSV.
///
/// JSON is a list of `{"account": .., "currency": .., "cash": .., "collateral": {"BTC": ..}}`; in CSV every column that is not
/// `account`, `currency` or `cash` is an asset.
enum AccountsFile {
  /// The balances in `text`, with the haircuts that `rule` states for their assets.
  ///
  /// - Throws: ``AssayError`` of kind `input` for an account that is there twice, and for an asset that the rule does not take.
  static func read<Number: MarginNumber>(
    _ text: [UInt8], name: String, rule: [MarginRuleFile.Collateral<Number>]
  ) throws(AssayError) -> [AccountKey: AccountBalance<Number>] {
    let start = text.first { ![0x20, 0x0A, 0x0D, 0x09, 0xEF, 0xBB, 0xBF].contains($0) }
    let isJSON = start == UInt8(ascii: "[") || start == UInt8(ascii: "{")
    var balances: [AccountKey: AccountBalance<Number>] = [:]
    for entry in try isJSON ? json(text, name) : csv(text, name) {
      let key = AccountKey(account: entry.account, currency: entry.currency)
      var collateral: [AccountBalance<Number>.Collateral] = []
      for (asset, amount) in entry.collateral {
        guard let known = rule.first(where: { $0.asset == asset }) else {
          throw AssayError(
            .input, "\(entry.path): the rule does not take \(asset) as collateral.",
            advice: rule.isEmpty ? "" : "It takes: \(rule.map(\.asset).joined(separator: ", ")).")
        }
        let amount = Number(amount)
        guard !amount.isUndefined, !(amount < .zero) else {
          throw AssayError(.input, "\(entry.path): the amount of \(asset) is negative or out of range.")
        }
        collateral.append(
          .init(
            asset: asset, amount: amount, maintenanceHaircut: known.maintenanceHaircut,
            initialHaircut: known.initialHaircut))
      }
      let cash = entry.cash.map { Number($0) } ?? .zero
      guard !cash.isUndefined else { throw AssayError(.input, "\(entry.path): cash is out of range.") }
      // In one order, so that sums have the same bits whatever the file's order.
      let sorted = collateral.sorted { $0.asset.utf8.lexicographicallyPrecedes($1.asset.utf8) }
      guard balances.updateValue(AccountBalance(cash: cash, collateral: sorted), forKey: key) == nil else {
        throw AssayError(.input, "\(entry.path): account \(entry.account) is there twice.")
      }
    }
    return balances
  }

  private struct Entry {
    let path: String
    let account: String
    let currency: String
    let cash: DecimalText?
    let collateral: [(asset: String, amount: DecimalText)]
  }

  private static func json(_ text: [UInt8], _ name: String) throws(AssayError) -> [Entry] {
    let document = try DecimalJSON(text, name: name)
    guard let elements = document.elements else { throw AssayError(.input, "\(name): is not a list of accounts.") }
    var entries: [Entry] = []
    for (index, value) in elements.enumerated() {
      let path = "\(name): [\(index)]"
      let fields = try RuleFields(value, known: ["account", "currency", "cash", "collateral"], path: path)
      guard let account = try fields.text("account") else { throw fields.failure("account is missing") }
      var collateral: [(asset: String, amount: DecimalText)] = []
      for (asset, amount) in fields["collateral"]?.members ?? [] {
        guard let decimal = amount.decimal else { throw fields.failure("the amount of \(asset) is not a number") }
        collateral.append((asset, decimal))
      }
      if let cash = fields["cash"], cash.decimal == nil { throw fields.failure("cash is not a number") }
      entries.append(
        Entry(
          path: path, account: account, currency: try fields.text("currency") ?? "", cash: fields["cash"]?.decimal,
          collateral: collateral))
    }
    return entries
  }

  private static func csv(_ text: [UInt8], _ name: String) throws(AssayError) -> [Entry] {
    let end = text.firstIndex(of: UInt8(ascii: "\n")) ?? text.count
    var line = Array(text[..<end])
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    let header = try CSVHeader(line, schema: CSVSchema([]), file: name)
    guard let accountColumn = header.names.firstIndex(of: "account") else {
      throw AssayError(.input, "\(name):1:1: the header has no column account.")
    }
    let table = CSVTable(header, keepingTextOf: header.names)
    table.read(TextChunk(text[min(end + 1, text.count)...], rule: .csv))
    var entries: [Entry] = []
    for row in 0..<table.rows {
      let path = "\(name):\(row + 2)"
      guard !table.isMalformed(row) else {
        throw AssayError(.input, "\(path):1: has more or fewer cells than the header.")
      }
      func cell(_ column: Int) -> String { String(decoding: table.keptText(column, row: row), as: UTF8.self) }
      var cash: DecimalText?, currency = "", collateral: [(asset: String, amount: DecimalText)] = []
      for (column, title) in header.names.enumerated() where column != accountColumn {
        let text = cell(column)
        if title == "currency" {
          currency = text
        } else if !text.isEmpty {
          guard let decimal = DecimalText(text) else {
            throw AssayError(.input, "\(path):1: \(title) is not a number.")
          }
          if title == "cash" { cash = decimal } else { collateral.append((title, decimal)) }
        }
      }
      entries.append(
        Entry(path: path, account: cell(accountColumn), currency: currency, cash: cash, collateral: collateral))
    }
    return entries
  }
}
