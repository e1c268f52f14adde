import Assay
import AssayIO

/// The rows of a chunk of a CSV book.
struct CSVBookRows: BookRows {
  let header: BookHeader
  let firstRow: Int
  private let table: CSVTable
  /// For every column of the file its place among those that the table keeps the text of.
  private let kept: [Int?]

  /// The rows of `chunk`, which `table` reads.
  init(_ chunk: TextChunk, _ header: BookHeader, _ table: CSVTable, kept: [Int?]) {
    table.read(chunk)
    self.kept = kept
    self.header = header
    self.table = table
    firstRow = chunk.firstRow
  }

  var count: Int { table.rows }

  func numbers(_ column: BookColumn) -> Column { table.numbers(Self.place(column)) }

  func types() -> Column { table.keywords(Self.place(.type)) }

  func models() -> Column { table.keywords(Self.place(.model)) }

  func isMalformed(_ row: Int) -> Bool { table.isMalformed(row) }

  var problem: String? {
    table.problem.map { "line \($0.line), column \($0.column): \($0.message)" }
  }

  func appendIdentifier(_ row: Int, to text: inout TextBuffer) {
    let identifier = table.text(Self.place(.id), row: row)
    if identifier.isEmpty { text.append(firstRow + row) } else { text.append(identifier) }
  }

  func appendUnknown(_ row: Int, to text: inout TextBuffer) {
    if header.keptPlaces.isEmpty { return table.appendUnknown(row: row, to: &text) }
    for place in header.passedPlaces {
      text.append(UInt8(ascii: ","))
      if let slot = kept[place] { table.append(table.keptText(slot, row: row), to: &text) }
    }
  }

  func detail(_ row: Int) -> String? { table.message(row) }

  func cell(_ place: Int, _ row: Int) -> [UInt8] {
    kept[place].map { CSVText.unquoted(table.keptText($0, row: row)) } ?? []
  }

  private static func place(_ column: BookColumn) -> Int {
    BookColumn.all.firstIndex { $0.name == column.name } ?? 0
  }
}

extension BookHeader {
  /// How a table of CSV reads the columns: those of ``BookColumn/all``, in their order.
  var schema: CSVSchema {
    let models = PricingModel.all
    let defaultModel = UInt8(models.firstIndex(of: request.valuation.model) ?? 0)
    return CSVSchema(
      BookColumn.all.map { column in
        let kind: CSVSchema.Field.Kind =
          switch reading(of: column) {
          case .text: .text
          case .number(let fallback): .number(default: fallback)
          case .moment(let fallback):
            .converted { [time = request.valuation.time(of: column)] cell in
              cell.isEmpty ? fallback : Instant(cell: cell, at: time)?.seconds
            }
          case .type: .keyword(BookWord.types, default: request.map.type)
          case .model: .keyword(models.map { [$0.name] }, default: defaultModel)
          }
        return CSVSchema.Field(column.name, kind, hasExceptions: column.mayBeEmptyInPositions)
      },
      exception: CSVSchema.Exception(
        field: BookColumn.all.firstIndex { $0.name == BookColumn.type.name } ?? 0, from: BookPosition.first))
  }
}

/// A cell of CSV as it stands in the file.
enum CSVText {
  /// The cell's bytes without its quotes, and the doubling of quotes inside.
  static func unquoted(_ cell: UnsafeRawBufferPointer) -> [UInt8] {
    guard cell.count >= 2, cell.first == UInt8(ascii: "\""), cell.last == UInt8(ascii: "\"") else { return Array(cell) }
    var bytes: [UInt8] = []
    var isDoubled = false
    for byte in cell.dropFirst().dropLast() {
      if byte == UInt8(ascii: "\""), isDoubled {
        isDoubled = false
        continue
      }
      isDoubled = byte == UInt8(ascii: "\"")
      bytes.append(byte)
    }
    return bytes
  }
}
