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
      "strike": numbers(.strike), "years": years(header), "rate": numbers(.rate),
      "dividendYield": numbers(.dividendYield),
      computation.isImpliedVolatility ? "price" : "volatility":
        numbers(computation.isImpliedVolatility ? .price : .volatility),
    ]
  }

  /// Years to expiry: given, or counted from the valuation date that ``BookFormat`` was told, or from the rows' own.
  private func years(_ header: CSVHeader) -> Column {
    guard !header.has("years") else { return numbers(.years) }
    guard header.has(BookFormat.Field.asOf.name) else { return numbers(.expiry) }
    return BookFormat.years(from: numbers(.asOf).numbers, to: numbers(.expiry).numbers)
  }
}
