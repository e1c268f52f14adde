import Assay
import AssayIO

extension CSVTable {
  /// The numbers of a book's column; see ``BookFormat``.
  func numbers(_ field: BookFormat.Field) -> Column { numbers(field.rawValue) }

  /// The keywords of a book's column.
  func keywords(_ field: BookFormat.Field) -> Column { keywords(field.rawValue) }

  /// A chunk's columns by the names that models know them by. A forward may come as `spot` and a spot as `forward` where the file
  /// has only one of them.
  func bookColumns(_ header: CSVHeader, _ computation: BookComputation) -> [String: Column] {
    [
      "type": keywords(.type),
      "spot": numbers(header.has("spot") ? .spot : .forward),
      "forward": numbers(header.has("forward") ? .forward : .spot),
      "strike": numbers(.strike), "years": numbers(header.has("years") ? .years : .expiry), "rate": numbers(.rate),
      "dividendYield": numbers(.dividendYield),
      computation.isImpliedVolatility ? "price" : "volatility":
        numbers(computation.isImpliedVolatility ? .price : .volatility),
    ]
  }
}
