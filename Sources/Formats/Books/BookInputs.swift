import Assay
import AssayIO

/// What models read of the rows of a piece of a book.
struct BookInputs {
  /// The columns by the names that models know them by.
  private(set) var columns: [String: Column]
  /// The rows' models as places in ``BookComputation/models``.
  private(set) var models: Column
  /// Whether each row's expiry lies before its valuation time; nil where no row's does.
  private let expired: [Bool]?

  /// The inputs of `rows`. A forward may come as `spot` and a spot as `forward` where the row has only one of them; rows of positions
  /// have the model of their type.
  init(_ rows: inout some BookRows) {
    let header = rows.header
    let types = rows.types()
    let (hasSpot, hasForward) = (header.has(.spot), header.has(.forward))
    let spots = rows.numbers(hasSpot ? .spot : .forward)
    let forwards = hasSpot && hasForward ? rows.numbers(.forward) : spots
    let years = rows.years()
    let hasBoth = hasSpot && hasForward
    columns = [
      "type": types, BookColumn.spot.name: hasBoth ? spots.filled(from: forwards) : spots,
      BookColumn.forward.name: hasBoth ? forwards.filled(from: spots) : spots, BookColumn.years.name: years,
    ]
    let apart = [BookColumn.spot, .forward, .years, .quantity, .multiplier].map(\.name)
    for column in BookColumn.all where column.kind == .number && !apart.contains(column.name) {
      if case .number = header.reading(of: column) { columns[column.name] = rows.numbers(column) }
    }
    models = rows.models()
    let isCounted = !header.has(.years) && years.numbers.contains { $0 < 0 }
    expired = isCounted ? years.numbers.map { $0 < 0 } : nil
    if types.bytes.contains(where: { $0 >= BookPosition.first }) { placePositions(types, spots, forwards) }
  }

  /// Why no model is asked about a row, where the row itself can be read; nil where one is.
  func refusal(_ row: Int) -> Verdict? {
    guard let expired, expired[row], BookComputation.models[Int(models.bytes[row])].isOfOptions else { return nil }
    return .expired
  }

  /// Whether ``refusal(_:)`` is nil everywhere.
  var refusesNothing: Bool { expired == nil }

  /// Gives positions their models, and the columns that those read: 1 for cash in `type`, a future's own price where the row has both.
  private mutating func placePositions(_ types: Column, _ spots: Column, _ forwards: Column) {
    let all = BookComputation.models
    let linear = UInt8(all.firstIndex(of: .linear) ?? 0), inverse = UInt8(all.firstIndex(of: .linearInverse) ?? 0)
    let coin = UInt8(all.firstIndex(of: .inverse) ?? 0)
    let (kinds, given) = (Array(types.bytes), Array(models.bytes))
    let filledSpots = spots.filled(from: forwards).numbers, filledForwards = forwards.filled(from: spots).numbers
    let positions = kinds.map(BookPosition.init)
    models = Column(
      bytes: zip(positions, given).map { position, model in
        position == nil ? model : model == coin ? inverse : linear
      })
    columns["type"] = Column(
      bytes: zip(kinds, positions).enumerated().map { row, pair in
        let (kind, position) = pair
        guard let position else { return kind }
        // Coin that lies in a wallet gains nothing in coin.
        return position == .cash || position == .spot && given[row] == coin ? 1 : 0
      })
    let prices = Column(count: kinds.count) { row in
      // Cash does not move with any spot: what its delta is multiplied with is 0.
      positions[row] == .future ? filledForwards[row] : positions[row] == .cash ? 0 : filledSpots[row]
    }
    columns[BookColumn.spot.name] = prices
    let ahead = Column(count: kinds.count) { row in
      positions[row] == nil ? filledForwards[row] : positions[row] == .cash ? 1 : prices.numbers[row]
    }
    columns[BookColumn.forward.name] = ahead
    columns["entry"] = ahead
  }
}

extension PricingModel {
  /// Whether it prices options, and not what books hold beside them.
  var isOfOptions: Bool { !PricingModel.positions.contains(self) }

  /// Whether its prices are in coin.
  var isInCoin: Bool { self == .inverse || self == .linearInverse }
}
