import Assay

/// A column that an option book may have: its name, what its cells hold, and what an empty cell means.
///
/// CSV and Arrow books, `price`, `implied-volatility`, `risk` and `plan`, and the table that `assay measures --columns` prints, all follow from
/// ``all``. A column that a model reads and that has no line there is a number, under the name and with the default that it has in
/// operations.def.
public struct BookColumn: Sendable {
  /// What cells hold.
  public enum Kind: String, Sendable {
    /// Text, as it stands in the file.
    case text
    /// A number.
    case number
    /// Whether the option is a call or a put.
    case type
    /// The name of a pricing model.
    case model
    /// A date or a time.
    case moment
  }

  /// The name.
  public let name: String
  /// Other names for the same.
  public let aliases: [String]
  /// What cells hold.
  public let kind: Kind
  /// What an empty cell, or a book without the column, stands for; nil where nothing can.
  public let fallback: Double?
  /// What the column means, in a line.
  public let note: String

  private init(
    _ name: String, _ kind: Kind, default fallback: Double? = nil, aliases: [String] = [], _ note: String
  ) {
    self.name = name
    self.kind = kind
    self.fallback = fallback
    self.aliases = aliases
    self.note = note
  }

  /// The columns, in the order of tables.
  public static let all: [BookColumn] = {
    var columns = [
      id, type, model, spot, forward, strike, years, expiry, asOf, rate, dividendYield, volatility, price, quantity,
      multiplier, underlying, currency,
    ]
    for model in PricingModel.all {
      for input in model.operation.inputs where !columns.contains(where: { $0.name == input.name }) {
        columns.append(BookColumn(input.name, .number, default: input.fallback, "read by \(model.name)"))
      }
    }
    return columns
  }()

  static let id = BookColumn("id", .text, "echoed; the row's number where there is none")
  static let type = BookColumn(
    "type", .type, aliases: ["option_type", "call_put", "cp_flag", "put_call", "right"],
    "call, c or ce; put, p or pe; spot, future, perpetual or cash; in any case")
  static let model = BookColumn("model", .model, "the row's pricing model; that of --model where there is none")
  static let spot = BookColumn(
    "spot", .number, aliases: ["underlying_price", "spot_price"],
    "the underlying's price; also a forward where forward is missing")
  static let forward = BookColumn(
    "forward", .number, aliases: ["forward_price"], "the underlying's forward; also a spot where spot is missing")
  static let strike = BookColumn(
    "strike", .number, aliases: ["strike_price", "exercise_price"], "the price at which the option is exercised")
  static let years = BookColumn(
    "years", .number, aliases: ["time_to_expiry", "tte"], "to expiry; counted from expiry where it is missing")
  static let expiry = BookColumn(
    "expiry", .moment, aliases: ["expiration", "expiration_date", "expiry_date", "maturity"],
    "a date or a time; read where years is missing, ACT/365 fixed")
  static let asOf = BookColumn(
    "asOf", .moment, aliases: ["valuation_date"],
    "the row's own valuation time; that of --as-of where it is empty")
  static let rate = BookColumn(
    "rate", .number, default: fallback(of: "rate"), aliases: ["risk_free_rate", "interest_rate"], "annual, continuous")
  static let dividendYield = BookColumn(
    "dividendYield", .number, default: fallback(of: "dividendYield"), aliases: ["div_yield"], "annual, continuous")
  static let volatility = BookColumn(
    "volatility", .number, aliases: ["implied_volatility", "iv", "vol"], "annual")
  static let price = BookColumn(
    "price", .number, aliases: ["option_price", "premium"],
    "of one unit; read by implied-volatility instead of volatility")
  static let quantity = BookColumn("quantity", .number, default: 1, aliases: ["qty"], "units held; negative when short")
  static let multiplier = BookColumn(
    "multiplier", .number, default: 1, aliases: ["contract_size", "contract_multiplier"],
    "units of the underlying per option")
  static let underlying = BookColumn("underlying", .text, aliases: ["underlying_symbol"], "for grouping")

  static let currency = BookColumn(
    "currency", .text, aliases: ["ccy"],
    "of the amounts; where it is empty, the underlying's for inverse, else that of the report")

  /// Whether rows of positions may leave it empty.
  var mayBeEmptyInPositions: Bool {
    [Self.spot, .forward, .strike, .years, .expiry, .asOf, .volatility, .price].contains { $0.name == name }
  }

  /// The header names of vollib, which stand for columns only where a header has the first five.
  static let vollib: [(name: String, column: BookColumn)] = [
    ("flag", type), ("S", spot), ("K", strike), ("t", years), ("sigma", volatility), ("r", rate), ("q", dividendYield),
  ]

  /// The default that a model's column has in operations.def.
  private static func fallback(of name: String) -> Double? {
    PricingModel.all.flatMap(\.operation.inputs).first { $0.name == name }?.fallback
  }

  /// All names and aliases, and the column that each one is of.
  static let table = NameTable(all.flatMap { [$0.name] + $0.aliases })
  static let columnOfName: [Int] = all.enumerated().flatMap { index, column in
    [Int](repeating: index, count: 1 + column.aliases.count)
  }
}
