// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
// The functions are those of assay.h, which names and documents them.

import Assay
public import CAssayLibrary

@c @implementation public func assay_price(
  _ engine: OpaquePointer?, _ call: UnsafePointer<assay_call>?, _ book: UnsafePointer<assay_book>?,
  _ measures: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int,
  _ out: UnsafePointer<UnsafeMutablePointer<Double>?>?, _ verdicts: UnsafeMutablePointer<UInt8>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    let engine = try EngineBox.engine(engine)
    let book = try Book(book)
    let names = try texts(measures, count, named: "measures")
    let known = book.model.measures.map(\.name)
    if let unknown = names.first(where: { !known.contains($0) }) {
      throw Failure(
        ASSAY_ERROR_USAGE,
        "The model \(book.model.name) does not compute \(unknown). It computes: \(known.joined(separator: ", ")).")
    }
    guard count == 0 || out != nil else { throw Failure.null("out") }
    let targets = try names.indices.map { index in
      guard let target = out?[index] else { throw Failure.null("out[\(index)]") }
      return target
    }
    let results = try engine.run(
      book.batch(book.model.operation, quoted: \.volatility, named: "volatility"), wanted: Set(names),
      within: Limits(call))
    for (name, target) in zip(names, targets) { results.copy(name, to: target) }
    if let verdicts { results.copy("verdict", to: verdicts) }
  }
}

@c @implementation public func assay_implied_volatility(
  _ engine: OpaquePointer?, _ call: UnsafePointer<assay_call>?, _ book: UnsafePointer<assay_book>?,
  _ volatility: UnsafeMutablePointer<Double>?, _ verdicts: UnsafeMutablePointer<UInt8>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    let engine = try EngineBox.engine(engine)
    let book = try Book(book)
    guard let volatility else { throw Failure.null("volatility") }
    guard let operation = book.model.impliedVolatility else {
      throw Failure(
        ASSAY_ERROR_USAGE, "The model \(book.model.name) does not have an implied volatility in this build.")
    }
    let results = try engine.run(
      book.batch(operation, quoted: \.price, named: "price"), wanted: [], within: Limits(call))
    results.copy("impliedVolatility", to: volatility)
    if let verdicts { results.copy("verdict", to: verdicts) }
  }
}

/// A book that is lent for one call.
private struct Book {
  let model: PricingModel
  private let columns: assay_book
  private let rows: Int

  init(_ pointer: UnsafePointer<assay_book>?) throws {
    guard pointer != nil else { throw Failure.null("book") }
    columns = try assay_book.read(pointer, named: "book")
    guard columns.rows >= 0, columns.rows <= Int64(1) << 40 else {
      throw Failure(ASSAY_ERROR_SHAPE, "A book cannot have \(columns.rows) rows.")
    }
    rows = Int(columns.rows)
    let name = columns.model.map { String(cString: $0) } ?? PricingModel.blackScholes.name
    guard let model = PricingModel(named: name) else {
      throw Failure(
        ASSAY_ERROR_USAGE,
        "There is no model \(name.prefix(64)). There are: \(PricingModel.all.map(\.name).joined(separator: ", ")).")
    }
    self.model = model
  }

  /// The batch of `operation`, whose last input, called `name`, is the column at `quoted`.
  func batch(
    _ operation: Operation, quoted: KeyPath<assay_book, UnsafePointer<Double>?>, named name: String
  ) throws -> Batch {
    let zeros = Column([Double](repeating: 0, count: rows))
    let inputs = try operation.inputs.map { input in
      switch input.name {
      case "type":
        guard let type = columns.type else { throw Failure.null("book->type") }
        return lend(type, byteCount: rows, count: rows, as: .u8)
      case "spot", "forward": return try numbers(columns.underlying, named: "underlying")
      case "strike": return try numbers(columns.strike, named: "strike")
      case "years": return try numbers(columns.years, named: "years")
      case "rate": return try columns.rate == nil ? zeros : numbers(columns.rate, named: "rate")
      case "dividendYield":
        return try columns.dividend_yield == nil ? zeros : numbers(columns.dividend_yield, named: "dividend_yield")
      case name: return try numbers(columns[keyPath: quoted], named: name)
      default:
        throw Failure(
          ASSAY_ERROR_USAGE, "The model \(model.name) needs a column \(input.name). Pass it through assay_execute.")
      }
    }
    return try Batch(operation, inputs, rows: rows)
  }

  private func numbers(_ values: UnsafePointer<Double>?, named name: String) throws -> Column {
    guard let values else { throw Failure.null("book->\(name)") }
    return lend(values, byteCount: rows * 8, count: rows, as: .f64)
  }
}
