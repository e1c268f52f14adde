import Assay
import AssayIO

/// Collects what a page draws of a book's rows: the volatilities by underlying, expiry and strike.
final class SmileCollector: BookConsumer {
  /// One option's volatility.
  struct Point {
    let underlying: [UInt8]
    let expiry: [UInt8]
    let strike: Double
    let volatility: Double
  }

  /// More options than this are not drawn.
  private static let most = 1 << 16

  /// The points, in no order.
  private(set) var points: [Point] = []
  private let underlying: Int?
  private let expiry: Int?

  /// A collector for books with `header`.
  init(_ header: BookHeader) {
    underlying = header.place(.underlying)
    expiry = header.place(.expiry) ?? header.place(.years)
  }

  func process(_ rows: inout some BookRows, into text: inout TextBuffer, tally: inout Tally) {
    let inputs = BookInputs(&rows)
    guard points.count < Self.most, let strikes = inputs.columns[BookColumn.strike.name]?.numbers,
      let volatilities = inputs.columns[BookColumn.volatility.name]?.numbers
    else { return }
    for row in 0..<rows.count where !rows.isMalformed(row) && inputs.refusal(row) == nil {
      guard strikes[row].isFinite, volatilities[row].isFinite, volatilities[row] > 0 else { continue }
      points.append(
        Point(
          underlying: underlying.map { rows.cell($0, row) } ?? [], expiry: expiry.map { rows.cell($0, row) } ?? [],
          strike: strikes[row], volatility: volatilities[row]))
    }
  }
}

extension [SmileCollector.Point] {
  /// The lines of one underlying: at most `count` expiries, those with the most points, each strike at the mean of its volatilities.
  func smiles(of underlying: [UInt8], atMost count: Int) -> [RiskPage.Smile] {
    let expiries = Dictionary(grouping: filter { $0.underlying == underlying }, by: \.expiry)
    let largest = expiries.sorted { first, second in
      (second.value.count, first.key.description) < (first.value.count, second.key.description)
    }
    return largest.prefix(count).map { expiry, points in
      // Sorted first: the mean does not depend on the threads' order.
      let strikes = Dictionary(
        grouping: points.sorted { ($0.strike, $0.volatility) < ($1.strike, $1.volatility) }, by: \.strike)
      let line = strikes.map { strike, points in
        (strike: strike, volatility: points.reduce(0) { $0 + $1.volatility } / Double(points.count))
      }
      return RiskPage.Smile(
        name: String(decoding: expiry, as: UTF8.self), points: line.sorted { $0.strike < $1.strike })
    }.filter { $0.points.count > 2 }.sorted { $0.name < $1.name }
  }

  /// The underlying with the most points, the first by its bytes of several.
  var mainUnderlying: [UInt8]? {
    Dictionary(grouping: self, by: \.underlying).max { first, second in
      (first.value.count, second.key.description) < (second.value.count, first.key.description)
    }?.key
  }
}
