import Assay
import AssayIO

/// A book of positions as `assay risk --margin` reads it: a CSV file with a header. Numbers keep their spelling until the rule's
/// arithmetic has them.
struct MarginBookFile {
  /// A row that cannot be used, and why: its account is undecided.
  struct BadRow {
    let line: Int
    let account: AccountKey?
    let verdict: Verdict
    let detail: String
  }

  private static let names = NameTable([
    "id", "account", "currency", "underlying", "type", "model", "spot", "forward", "strike", "years", "expiry", "asOf",
    "rate", "dividendYield", "volatility", "quantity", "multiplier",
  ])

  private let table: CSVTable
  private let name: String
  private let asOf: Instant?
  /// For every known name its place among the kept columns.
  private let place: [String: Int]

  /// How many rows there are.
  var rows: Int { table.rows }

  /// Reads the book in `text`.
  ///
  /// - Throws: ``AssayError`` of kind `input` for a header that lacks a column or nearly names one.
  init(_ text: [UInt8], name: String, asOf: Instant?) throws(AssayError) {
    self.name = name
    self.asOf = asOf
    let end = text.firstIndex(of: UInt8(ascii: "\n")) ?? text.count
    var line = Array(text[..<end])
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    guard !line.isEmpty else { throw AssayError(.input, "\(name):1:1: is empty where a header should be.") }
    let header = try CSVHeader(line, schema: CSVSchema([]), file: name)
    var place: [String: Int] = [:]
    for (column, spelt) in header.names.enumerated() {
      guard let known = Self.names.position(of: spelt) else { continue }
      guard place.updateValue(column, forKey: Self.names.names[known]) == nil else {
        throw AssayError(.input, "\(name):1:1: two columns mean \(Self.names.names[known]).")
      }
    }
    for spelt in header.names where Self.names.position(of: spelt) == nil {
      if let meant = Self.names.suggestion(for: spelt, where: { place[Self.names.names[$0]] == nil }) {
        throw AssayError(.input, "\(name):1:1: \(spelt) is not a column of a book: did you mean \(meant)?")
      }
    }
    for needed in ["account", "underlying", "type", "spot"] where place[needed] == nil {
      throw AssayError(
        .input, "\(name):1:1: the header has no column \(needed), which margin needs.",
        advice: "It has: \(header.names.joined(separator: ", ")).")
    }
    self.place = place
    table = CSVTable(header, keepingTextOf: header.names)
    table.read(TextChunk(text[min(end + 1, text.count)...], rule: .csv))
  }

  /// The positions in `Number`, and the rows that are none.
  func positions<Number: MarginNumber>(_: Number.Type) -> (good: [MarginPosition<Number>], bad: [BadRow]) {
    var good: [MarginPosition<Number>] = [], bad: [BadRow] = []
    good.reserveCapacity(table.rows)
    for row in 0..<table.rows {
      let key = AccountKey(account: text("account", row), currency: text("currency", row))
      do throws(RowProblem) {
        guard !table.isMalformed(row) else { throw .malformed("the row has more or fewer cells than the header") }
        good.append(try position(row))
      } catch {
        bad.append(
          BadRow(
            line: row + 2, account: key.account.isEmpty ? nil : key, verdict: error.verdict, detail: error.message))
      }
    }
    return (good, bad)
  }

  private func text(_ column: String, _ row: Int) -> String {
    guard let place = place[column] else { return "" }
    var cell = table.keptText(place, row: row)
    if cell.count >= 2, cell.first == UInt8(ascii: "\""), cell.last == UInt8(ascii: "\"") {
      cell = UnsafeRawBufferPointer(rebasing: cell[1..<cell.count - 1])
    }
    return String(decoding: cell.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed(), as: UTF8.self)
  }

  private func number<Number: MarginNumber>(
    _ column: String, _ row: Int, _ verdict: Verdict, _ fallback: Number? = nil
  ) throws(RowProblem) -> Number {
    let text = text(column, row)
    if text.isEmpty {
      guard let fallback else { throw .malformed("\(column) is missing") }
      return fallback
    }
    guard let decimal = DecimalText(text) else {
      throw RowProblem(verdict: verdict, message: "\(column) is not a number")
    }
    let number = Number(decimal)
    guard !number.isUndefined else { throw RowProblem(verdict: verdict, message: "\(column) is out of range") }
    return number
  }

  private func position<Number: MarginNumber>(_ row: Int) throws(RowProblem) -> MarginPosition<Number> {
    let account = text("account", row), underlying = text("underlying", row)
    guard !account.isEmpty else { throw .malformed("account is missing") }
    let kind = try kind(row)
    guard !underlying.isEmpty || kind == .cash else { throw .malformed("underlying is missing") }
    let amount: Number = try number("quantity", row, .invalidNumber, .one)
    let multiplier: Number = try number("multiplier", row, .invalidNumber, .one)
    var position = MarginPosition<Number>(
      account: account, currency: text("currency", row), underlying: underlying, kind: kind,
      spot: kind == .cash ? .one : try number("spot", row, .invalidSpot),
      amount: multiplier == .one ? amount : amount.times(multiplier))
    guard kind == .cash || .zero < position.spot else {
      throw RowProblem(verdict: .invalidSpot, message: "spot is not above 0")
    }
    guard kind.hasExpiry else { return position }
    position.seconds = try seconds(row)
    if !text("forward", row).isEmpty { position.forward = try number("forward", row, .invalidSpot) }
    position.rate = try number("rate", row, .invalidNumber, .zero)
    position.dividendYield = try number("dividendYield", row, .invalidNumber, .zero)
    guard kind != .future else { return position }
    position.strike = try number("strike", row, .invalidStrike)
    position.volatility = try number("volatility", row, .invalidVolatility)
    guard !(position.strike < .zero) else { throw RowProblem(verdict: .invalidStrike, message: "strike is negative") }
    guard !(position.volatility < .zero) else {
      throw RowProblem(verdict: .invalidVolatility, message: "volatility is negative")
    }
    return position
  }

  private func kind(_ row: Int) throws(RowProblem) -> PositionKind {
    switch text("type", row).lowercased() {
    case "call", "c": return .option(isCall: true)
    case "put", "p": return .option(isCall: false)
    case "future": return .future
    case "perpetual": return .perpetual
    case "spot": return .spot
    case "cash": return .cash
    default: throw .malformed("type is none of call, put, future, perpetual, spot, cash")
    }
  }

  /// Whole seconds to expiry, from a date or from years of 31,536,000 seconds.
  private func seconds(_ row: Int) throws(RowProblem) -> UInt64 {
    let years = text("years", row)
    if !years.isEmpty {
      guard let value = DecimalText(years)?.double, value.isFinite, value >= 0, value < 1000 else {
        throw RowProblem(verdict: .invalidYears, message: "years is not a number from 0 to 1000")
      }
      return UInt64((value * 31_536_000).rounded())
    }
    func moment(_ column: String) -> Instant? {
      Array(text(column, row).utf8).withUnsafeBytes { Instant($0) }
    }
    guard let expiry = moment("expiry") else {
      throw .malformed("years and expiry are missing, or expiry is not a date")
    }
    guard let start = moment("asOf") ?? asOf else {
      throw .malformed("expiry is a date, and neither asOf nor --as-of says from when time counts")
    }
    let left = expiry.seconds - start.seconds
    guard left >= 0, left < 31_536_000_000 else {
      throw RowProblem(verdict: .invalidYears, message: "the expiry is before the valuation time")
    }
    return UInt64(left)
  }
}
