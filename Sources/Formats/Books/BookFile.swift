import Assay
import AssayIO

/// What a book's header says before any row is read.
package enum BookFile {
  /// The operations that rows of `input` may need: those of `assay price` where it has volatilities, else those of
  /// `assay implied-volatility`.
  ///
  /// - Throws: ``AssayError`` of kind `input` where the book has no header.
  package static func operations(of input: InputFile) throws(AssayError) -> [Operation] {
    let names: [String]
    if try ArrowFile.isArrow(input) {
      names = try ArrowFile(input).fields.map(\.name)
    } else {
      guard let line = try ChunkReader(input, rule: .csv).first() else {
        throw AssayError(.input, "\(input.name):1:1: is empty where a header should be.")
      }
      names = try CSVHeader(line, file: input.name).names
    }
    let columns = Set(names.compactMap { BookColumn.table.position(of: $0).map { BookColumn.columnOfName[$0] } })
    let hasVolatility = columns.contains { BookColumn.all[$0].name == BookColumn.volatility.name }
    return (hasVolatility ? BookComputation.measures([]) : .impliedVolatility).operations
  }
}
