import Assay
import AssayIO

extension Job {
  /// Computes every row of a book.
  package func runBook(
    _ path: String, _ valuation: Valuation, _ computation: BookComputation, isPosition: Bool
  ) throws(AssayError) -> Outcome {
    let (asOf, model) = (valuation.asOf, valuation.model)
    let input = try open(path)
    if try ArrowFile.isArrow(input) {
      return try runArrowBook(
        input, ArrowBook(input, computation, asOf: asOf, model: model, isPosition: isPosition))
    }
    guard !sink.isArrow else {
      throw AssayError(
        .usage, "\(input.name) is no Arrow file.", advice: "Arrow output needs an Arrow book; convert it first.")
    }
    try run(
      input, rule: .csv, pieces: Pieces(host: 1 << 19, accelerator: 1 << 25), longestRecord: 1 << 20,
      needs: BookFormat.models.compactMap(computation.operation), results: .csv
    ) { reader throws(AssayError) in
      guard let line = try reader.first() else {
        throw AssayError(.input, "\(input.name):1:1: is empty where a header should be.")
      }
      let names = try CSVHeader(line, schema: CSVSchema([]), file: input.name)
      try BookFormat.check(names.names, for: computation, hasDate: asOf != nil, file: input.name)
      reader.mostRows = names.mostRows
      let format = BookFormat(names: names.names, computation, asOf: asOf, model: model)
      let header = try CSVHeader(line, schema: format.schema, file: input.name)
      let columns = ["id"] + computation.measures.map(\.name) + ["reason"] + header.unknownCells
      try write(columns.joined(separator: ",") + "\n")
      return header
    } makeWorker: { header, executor in
      BookWorker(header, computation, isPosition: isPosition, on: executor)
    }
    return try finish()
  }
}
