import Assay
import AssayIO

/// An option book in an Arrow file: its columns' types, and what comes out.
final class ArrowBook {
  /// The file.
  let file: ArrowFile
  /// Which column is what.
  private(set) var header: BookHeader

  /// Opens a book and checks that its columns have types that can be read.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming file and column.
  init(_ input: InputFile, _ request: BookRequest) throws(AssayError) {
    file = try ArrowFile(input)
    let names = file.fields.map(\.name)
    guard Set(names).count == names.count else {
      throw AssayError(.input, "\(input.name):1:1: two columns have the same name.")
    }
    header = try BookHeader(names: names, request, file: input.name)
    for (place, field) in file.fields.enumerated() {
      guard let column = header.columnOfPlace[place].map({ BookColumn.all[$0] }) else { continue }
      guard Self.can(field.type, be: header.reading(of: column)) else {
        throw AssayError(
          .input, "\(input.name):1:1: column \(field.name) is of a type that it cannot have.",
          advice: "docs/formats.md lists what each column may be.")
      }
    }
    if let place = header.place(.id), file.fields[place].type.written == nil {
      throw AssayError(.input, "\(input.name):1:1: column \(names[place]) is of a type that an id cannot have.")
    }
    header.leftOut = Set(header.passedPlaces.filter { file.fields[$0].type.written == nil })
  }

  /// The columns of the output: those of the contract, then the unknown ones.
  var outputFields: [ArrowField] {
    let id =
      header.place(.id).map { file.fields[$0].type.written ?? .text(isLarge: true) }
      ?? .integer(bits: 64, isSigned: true)
    return [ArrowField("id", id)]
      + header.request.computation.measures.map { ArrowField($0.name, .float(bits: 64)) }
      + [ArrowField("reason", .text(isLarge: false))]
      + (header.request.hasDetail ? [ArrowField("detail", .text(isLarge: false))] : [])
      + header.passedPlaces.map {
        ArrowField(header.outputName($0), file.fields[$0].type.written ?? .text(isLarge: true))
      }
  }

  /// Whether cells of `type` can be read as `reading` says.
  private static func can(_ type: ArrowType, be reading: BookHeader.Reading) -> Bool {
    switch (reading, type) {
    case (.text, _): true
    // A column of nothing but nulls: each cell is the default.
    case (.number(.some), .other(1)), (.model, .other(1)), (.moment(.some), .other(1)): true
    case (.number, .float), (.number, .integer), (.number, .decimal): true
    case (.type, .integer): true
    case (.moment, .date), (.moment, .timestamp), (.moment, .integer): true
    case (.type, .text), (.type, .textView): true
    case (.model, .text), (.model, .textView): true
    case (.moment, .text), (.moment, .textView): true
    case (_, .dictionary(_, _, let values)): can(values, be: reading)
    default: false
    }
  }
}
