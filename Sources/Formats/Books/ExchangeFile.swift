import Assay
import AssayIO

/// The file that `--fx` names: what one unit of each currency is worth in the currency of the report.
package struct ExchangeFile: Sendable {
  /// The currency of the report; empty where the file names none.
  package let currency: String
  private let rates: [[UInt8]: Double]
  private let path: String

  /// The rates in `bytes`, those of the file at `path`: `{"currency": "USD", "rates": {"EUR": 1.08, "BTC": 91250}}`.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
  package init(_ bytes: [UInt8], path: String) throws(AssayError) {
    let document = try JSONFile(bytes, name: path)
    defer { withExtendedLifetime(document) {} }
    try self.init(document.root, path: path)
  }

  /// The rates of `root`, which messages say lies in `path`.
  package init(_ root: JSONValue, path: String) throws(AssayError) {
    let file = try FileFields(root, ["currency", "rates"], in: path)
    currency = try file.text("currency") ?? ""
    guard let table = file.value("rates"), table.isObject else {
      throw file.problem("rates is missing", advice: #"Write {"currency": "USD", "rates": {"EUR": 1.08}}."#)
    }
    var rates: [[UInt8]: Double] = [:]
    var bad: String?
    table.forEachField { name, value in
      guard let rate = value.double ?? value.numeral.flatMap(Double.init), rate > 0, rate.isFinite,
        rates.updateValue(rate, forKey: Array(name)) == nil
      else {
        bad = bad ?? String(decoding: name.prefix(40), as: UTF8.self)
        return
      }
    }
    if let bad { throw file.problem("the rate of \(bad) is not a number above 0, or is there twice") }
    let own = Array(currency.utf8)
    if let rate = rates[own], rate != 1 { throw file.problem("the rate of \(currency) to itself is not 1") }
    rates[own] = 1
    self.rates = rates
    self.path = path
  }

  /// What one unit of `currency` is worth; an empty one is that of the report.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming a currency without a rate.
  func rate(_ currency: [UInt8]) throws(AssayError) -> Double {
    if currency.isEmpty { return 1 }
    if let rate = rates[currency] { return rate }
    throw AssayError(
      .input, "\(path) has no rate for \(String(decoding: currency.prefix(40), as: UTF8.self)), which the book has.",
      advice: "Add it, in units of \(self.currency.isEmpty ? "the report's currency" : self.currency).")
  }

  /// The currency that coins are quoted in, whose amounts some measures of the model `inverse` are.
  static let quote = Array("USD".utf8)
}
