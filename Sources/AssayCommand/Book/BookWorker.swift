import Assay
import AssayIO

/// Prices the rows of a CSV book: text to columns, columns through the model's kernel, results to text.
final class BookWorker: RowWorker {
  private let table: CSVTable
  private let header: CSVHeader
  private let computation: BookComputation
  private let isPosition: Bool
  private let executor: any Executor

  /// A worker for books with `header`.
  init(_ header: CSVHeader, _ computation: BookComputation, isPosition: Bool, on executor: any Executor) {
    self.header = header
    self.computation = computation
    self.isPosition = isPosition
    self.executor = executor
    table = CSVTable(header)
  }

  func process(_ chunk: TextChunk, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    table.read(chunk)
    if let problem = table.problem { tally.note("line \(problem.line), column \(problem.column): \(problem.message)") }
    let parts = try compute()
    // Columns are borrowed from the parts.
    withExtendedLifetime(parts) {
      let models = keywords(.model)
      let uniform = parts.count == 1 && parts[0].places == nil ? parts.first : nil
      let (quantity, multiplier) = (numbers(.quantity), numbers(.multiplier))
      for row in 0..<table.rows {
        let part = uniform ?? (Int(models[row]) < parts.count ? parts[Int(models[row])] : nil)
        var verdict = table.isMalformed(row) ? .malformedRow : part?.verdict(row) ?? .unsupportedType
        let size = quantity[row] * multiplier[row]
        if verdict.isAccepted, !size.isFinite { verdict = .invalidNumber }
        tally.add(verdict)
        appendIdentifier(row: row, number: chunk.firstRow + row, to: &text)
        if let part, verdict.isAccepted {
          part.append(row: row, size: isPosition ? size : nil, to: &text)
          text.append(UInt8(ascii: ","))
        } else {
          for _ in computation.measures { text.append(UInt8(ascii: ",")) }
          text.append(UInt8(ascii: ","))
          text.append(verdict.reason ?? "")
        }
        table.appendUnknown(row: row, to: &text)
        text.append(UInt8(ascii: "\n"))
      }
    }
  }

  /// The rows of one model, computed.
  private final class Part {
    private let measures: BookMeasures?
    private let verdicts: UnsafeMutableRawBufferPointer?
    /// The output columns, in the order asked for; nil where the model lacks one.
    private let columns: [Numbers?]
    /// For every row of the chunk its place among the part's rows; nil when the part is the whole chunk.
    let places: [Int]?

    init(_ measures: BookMeasures?, _ wanted: [Measure], places: [Int]?) {
      self.measures = measures
      verdicts = measures?.results.bytes("verdict")
      columns = wanted.map { measure in
        guard let column = measures?[measure], !column.isEmpty else { return nil }
        return column
      }
      self.places = places
    }

    func verdict(_ row: Int) -> Verdict {
      verdicts.map { Verdict(rawValue: $0[places?[row] ?? row]) } ?? .unsupportedType
    }

    /// Appends the row's cells, each after a comma and times `size`.
    func append(row: Int, size: Double?, to text: inout TextBuffer) {
      let index = places?[row] ?? row
      for column in columns {
        text.append(UInt8(ascii: ","))
        if let column { text.append(size.map { $0 * column[index] } ?? column[index]) }
      }
    }
  }

  /// Computes every model's rows: one part when all rows have the same one, else a part for every model of the build.
  private func compute() throws(AssayError) -> [Part] {
    let models = keywords(.model)
    if let first = models.first, Int(first) < BookFormat.models.count, models.allSatisfy({ $0 == first }) {
      return [try compute(BookFormat.models[Int(first)], columns(), places: nil)]
    }
    var parts: [Part] = []
    for (number, model) in BookFormat.models.enumerated() {
      let rows = models.indices.filter { models[$0] == number }
      var places = [Int](repeating: 0, count: models.count)
      for (place, row) in rows.enumerated() { places[row] = place }
      parts.append(try compute(model, columns().mapValues { $0.selecting(rows) }, places: places))
    }
    return parts
  }

  private func compute(_ model: PricingModel, _ columns: [String: Column], places: [Int]?) throws(AssayError) -> Part {
    guard computation.operation(model) != nil else { return Part(nil, computation.measures, places: places) }
    let book = try OptionBook(model, borrowing: columns)
    let known = Set(model.measures)
    let measures =
      computation.isImpliedVolatility
      ? try executor.impliedVolatility(book)
      : try executor.price(book, measures: computation.measures.filter(known.contains))
    return Part(measures, computation.measures, places: places)
  }

  /// The chunk's columns by the names that models know them by. A forward may come as `spot` and a spot as `forward` where the
  /// file has only one of them.
  private func columns() -> [String: Column] {
    let hasSpot = header.has("spot"), hasForward = header.has("forward")
    var columns = [
      "type": table.keywords(BookFormat.Field.type.rawValue),
      "spot": number(hasSpot ? .spot : .forward), "forward": number(hasForward ? .forward : .spot),
      "strike": number(.strike), "years": number(header.has("years") ? .years : .expiry),
      "rate": number(.rate), "dividendYield": number(.dividendYield),
    ]
    if computation.isImpliedVolatility {
      columns["price"] = number(.price)
    } else {
      columns["volatility"] = number(.volatility)
    }
    return columns
  }

  private func number(_ field: BookFormat.Field) -> Column { table.numbers(field.rawValue) }

  private func numbers(_ field: BookFormat.Field) -> UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(start: number(field).data.assumingMemoryBound(to: Double.self), count: table.rows)
  }

  private func keywords(_ field: BookFormat.Field) -> UnsafeRawBufferPointer { table.keywords(field.rawValue).bytes }

  private func appendIdentifier(row: Int, number: Int, to text: inout TextBuffer) {
    let identifier = table.text(BookFormat.Field.id.rawValue, row: row)
    if identifier.isEmpty { text.append(number) } else { text.append(identifier) }
  }
}
