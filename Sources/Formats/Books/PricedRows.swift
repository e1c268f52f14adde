import Assay
import AssayIO

/// The rows of a piece of a book, computed.
struct PricedRows {
  /// The rows of one model.
  final class Part {
    /// What was computed, one after the other; the first decides whether a row is accepted.
    private let measures: [BookMeasures]
    private let verdicts: UnsafeMutableRawBufferPointer?
    /// The output columns, in the order asked for; nil where the model lacks one. `measures` own them: nothing is counted per row.
    private let columns: [UnsafeBufferPointer<Double>?]
    /// What every output column is divided by; nil where all are 1.
    private let divisors: [Double]?
    /// For every row of the piece its place among the part's rows; nil when the part is the whole piece.
    private let places: [Int]?

    init(_ measures: [BookMeasures], of computation: BookComputation, places: [Int]?) {
      let wanted = computation.measures
      let divisors = wanted.map(computation.units.divisor)
      self.divisors = divisors.allSatisfy { $0 == 1 } ? nil : divisors
      self.measures = measures
      verdicts = measures.first?.results.bytes("verdict")
      columns = wanted.map { measure in
        guard let column = measures.lazy.compactMap({ $0[measure] }).first, !column.isEmpty else { return nil }
        return column.buffer
      }
      self.places = places
    }

    func verdict(_ row: Int) -> Verdict {
      verdicts.map { Verdict(rawValue: $0[places?[row] ?? row]) } ?? .unsupportedType
    }

    /// Output column `column` of a row, times `size`; nil where the model lacks it.
    func value(_ column: Int, _ row: Int, size: Double?) -> Double? {
      columns[column].map { scaled($0[places?[row] ?? row], column, size) }
    }

    private func scaled(_ value: Double, _ column: Int, _ size: Double?) -> Double {
      let product = size.map { $0 * value } ?? value
      guard let divisors, divisors[column] != 1 else { return product }
      return product / divisors[column]
    }

    func has(_ column: Int) -> Bool { columns[column] != nil }

    /// The verdicts and an output column in the order of the piece; nil when the part is not all of it.
    var wholeVerdicts: UnsafeMutableRawBufferPointer? { places == nil ? verdicts : nil }
    func whole(_ column: Int) -> UnsafeBufferPointer<Double>? {
      places == nil && divisors == nil ? columns[column] : nil
    }

    /// Appends the row's cells, each after a comma and times `size`.
    func append(row: Int, size: Double?, to text: inout TextBuffer) {
      let index = places?[row] ?? row
      guard divisors != nil else {
        for column in columns {
          text.append(UInt8(ascii: ","))
          if let column { text.append(size.map { $0 * column[index] } ?? column[index]) }
        }
        return
      }
      for (place, column) in columns.enumerated() {
        text.append(UInt8(ascii: ","))
        if let column { text.append(scaled(column[index], place, size)) }
      }
    }
  }

  private let parts: [Part]
  private let models: [UInt8]?
  private let cells: Int

  init(_ parts: [Part], models: [UInt8]?, cells: Int) {
    self.parts = parts
    self.models = models
    self.cells = cells
  }

  private func part(_ row: Int) -> Part? {
    guard let models else { return parts[0] }
    return Int(models[row]) < parts.count ? parts[Int(models[row])] : nil
  }

  /// What became of a row whose quantity times multiplier is `size`.
  private func verdict(_ row: Int, _ refusal: Verdict?, size: Double) -> Verdict {
    if let refusal { return refusal }
    let verdict = part(row)?.verdict(row) ?? .unsupportedType
    return verdict.isAccepted && !size.isFinite ? .invalidNumber : verdict
  }

  /// What became of every row whose quantity times multiplier is in `sizes`, nil where all are 1; `refusal` is nil
  /// when no row is refused before a model is asked.
  func verdicts(rows: Int, refusal: ((Int) -> Verdict?)?, sizes: Numbers?) -> Memory {
    let verdicts = Memory(byteCount: rows)
    if refusal == nil, sizes == nil, let whole = parts.first?.wholeVerdicts {
      verdicts.bytes.copyMemory(from: UnsafeRawBufferPointer(whole))
    } else {
      for row in 0..<rows {
        verdicts.bytes[row] = verdict(row, refusal?(row), size: sizes?[row] ?? 1).rawValue
      }
    }
    return verdicts
  }

  /// Writes output column `column`, times `sizes`, with 0 in rows that `verdicts` does not accept or whose model lacks it.
  func copy(
    _ column: Int, verdicts: UnsafeRawBufferPointer, allAccepted: Bool, sizes: Numbers?,
    to target: UnsafeMutablePointer<Double>
  ) {
    if let whole = parts.first?.whole(column), sizes == nil {
      if allAccepted, let base = whole.baseAddress { return target.update(from: base, count: whole.count) }
      for row in 0..<verdicts.count { target[row] = verdicts[row] == Verdict.accepted.rawValue ? whole[row] : 0 }
      return
    }
    for row in 0..<verdicts.count {
      let isAccepted = verdicts[row] == Verdict.accepted.rawValue
      target[row] = isAccepted ? value(column, row, size: sizes?[row]) ?? 0 : 0
    }
  }

  /// Whether every row's model has output column `column`.
  func isComplete(_ column: Int) -> Bool { parts.allSatisfy { $0.has(column) } }

  /// Whether the row's model has output column `column`.
  func has(_ column: Int, _ row: Int) -> Bool { part(row)?.has(column) ?? false }

  /// Output column `column` of a row that was accepted, times `size`; nil where its model lacks it.
  func value(_ column: Int, _ row: Int, size: Double?) -> Double? {
    part(row)?.value(column, row, size: size)
  }

  /// Appends a row's cells, each after a comma: the output columns, times `size`, and the reason.
  func append(row: Int, _ verdict: Verdict, size: Double?, to text: inout TextBuffer) {
    if verdict.isAccepted {
      part(row)?.append(row: row, size: size, to: &text)
    } else {
      for _ in 0..<cells { text.append(UInt8(ascii: ",")) }
    }
    text.append(UInt8(ascii: ","))
    if let reason = verdict.reason { text.append(reason) }
  }
}
