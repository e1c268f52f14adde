// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
// The functions are those of assay.h, which names and documents them.

import Assay
public import CAssayLibrary

@c @implementation public func assay_execute_arrow(
  _ engine: OpaquePointer?, _ call: UnsafePointer<assay_call>?, _ operation: UnsafePointer<CChar>?,
  _ schema: UnsafePointer<ArrowSchema>?, _ array: UnsafePointer<ArrowArray>?,
  _ wanted: UnsafePointer<UnsafePointer<CChar>?>?, _ wanted_count: Int,
  _ results: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let results else { throw Failure.null("results") }
    let engine = try EngineBox.engine(engine)
    let operation = try named(operation)
    let names = try optionalOutputs(of: operation, wanted, wanted_count)
    let table = try ArrowTable(schema, array)
    if let stranger = table.names.first(where: { name in !operation.inputs.contains { $0.name == name } }) {
      throw Failure(
        ASSAY_ERROR_SHAPE,
        "\(operation.name) does not read a column \(stranger.prefix(64)). Hand over its inputs alone.")
    }
    let columns = try operation.inputs.map { try table.column($0, of: operation) }
    let batch = try Batch(operation, columns, rows: table.rows)
    results.pointee = Handle.make(try engine.run(batch, wanted: names, within: Limits(call)))
  }
}

/// An Arrow struct array that is lent for one call. Its buffers have no sizes: that they are as long as it says is the caller's word.
private struct ArrowTable {
  let rows: Int
  let names: [String]
  private let columns: [ArrowField]

  init(_ schema: UnsafePointer<ArrowSchema>?, _ array: UnsafePointer<ArrowArray>?) throws {
    guard let schema = schema?.pointee else { throw Failure.null("schema") }
    guard let array = array?.pointee else { throw Failure.null("array") }
    guard schema.release != nil, array.release != nil else {
      throw Failure(ASSAY_ERROR_USAGE, "The Arrow structures were released before the call.")
    }
    guard schema.format.map({ String(cString: $0) }) == "+s" else {
      throw Failure(ASSAY_ERROR_SHAPE, "The Arrow array is not a struct array, whose children are the columns.")
    }
    guard 0...(Int64(1) << 40) ~= array.length, 0...(Int64(1) << 40) ~= array.offset else {
      throw Failure(ASSAY_ERROR_SHAPE, "An Arrow array cannot have \(array.length) rows from row \(array.offset) on.")
    }
    guard schema.n_children == array.n_children, 0...1024 ~= array.n_children else {
      throw Failure(
        ASSAY_ERROR_SHAPE,
        "The schema has \(schema.n_children) columns and the array \(array.n_children), at most 1024.")
    }
    let whole = ArrowField("the table", schema, array, from: 0, rows: Int(array.length))
    if try whole.firstNull() != nil {
      throw Failure(ASSAY_ERROR_SHAPE, "Rows of the struct array itself are null. Put nulls into its columns.")
    }
    rows = Int(array.length)
    columns = try (0..<Int(array.n_children)).map { index in
      guard let schema = schema.children?[index]?.pointee, let child = array.children?[index]?.pointee else {
        throw Failure.null("child \(index) of the Arrow structures")
      }
      let name = schema.name.map { String(cString: $0) } ?? ""
      guard 0...(Int64(1) << 40) ~= child.offset, child.length >= array.offset + array.length else {
        throw Failure(ASSAY_ERROR_SHAPE, "Column \(name.prefix(64)) is shorter than the table.")
      }
      return ArrowField(name, schema, child, from: Int(array.offset), rows: Int(array.length))
    }
    names = columns.map(\.name)
  }

  /// The column that `input` reads.
  func column(_ input: ColumnDescription, of operation: Operation) throws -> Column {
    let found = columns.filter { $0.name == input.name }
    guard let column = found.first, found.count == 1 else {
      throw Failure(
        ASSAY_ERROR_SHAPE,
        "\(operation.name) reads a column \(input.name), and the table has \(found.count) of that name.")
    }
    guard input.role == .shared else { return try column.values(input, rows: rows) }
    guard rows > 0 else {
      throw Failure(
        ASSAY_ERROR_SHAPE, "Column \(input.name) holds one value for all rows, and the table does not have a row.")
    }
    let all = try column.values(input, rows: rows)
    guard let odd = (1..<rows).first(where: { !all[$0].elementsEqual(all[0]) }) else {
      return try column.values(input, rows: 1)
    }
    throw Failure(
      ASSAY_ERROR_SHAPE, "Column \(input.name) holds one value for all rows, and row \(odd) has another than row 0.")
  }
}

/// One column of an Arrow table.
private struct ArrowField {
  let name: String
  private let schema: ArrowSchema
  private let array: ArrowArray
  /// The first value that counts.
  private let start: Int
  private let rows: Int

  /// The rows of the column `array` from row `first` on.
  init(_ name: String, _ schema: ArrowSchema, _ array: ArrowArray, from first: Int, rows: Int) {
    self.name = name
    self.schema = schema
    self.array = array
    self.rows = rows
    start = Int(array.offset) + first
  }

  /// The values of the first `rows` rows as `input` reads them: lent where they lie, offsets of 32 bits and nulls copied.
  func values(_ input: ColumnDescription, rows: Int) throws -> Column {
    let format = schema.format.map { String(cString: $0) } ?? ""
    guard schema.dictionary == nil, Self.formats(of: input).contains(format) else {
      throw Failure(
        ASSAY_ERROR_SHAPE,
        "Column \(name) is of the Arrow format \(format.prefix(16))\(schema.dictionary == nil ? "" : " in a dictionary") "
          + "and must be \(Self.formats(of: input).joined(separator: " or ")).")
    }
    let null = try firstNull()
    if let null, input.kind != .f64 {
      throw Failure(
        ASSAY_ERROR_SHAPE, "Row \(null) of column \(name) is null. Only binary64 may be: such rows are rejected.")
    }
    guard input.kind != .message else { return try messages(isLarge: format == "Z" || format == "U", rows: rows) }
    guard let data = try buffer(1) else {
      guard rows == 0 else { throw Failure.null("values of column \(name)") }
      return lend(nil, byteCount: 0, count: 0, as: input.kind)
    }
    let column = lend(data + start * input.width, byteCount: rows * input.width, count: rows, as: input.kind)
    guard null != nil else { return column }
    let memory = Memory(byteCount: rows * 8)
    let numbers = memory.start.bindMemory(to: Double.self, capacity: rows)
    for row in 0..<rows { numbers[row] = try isNull(row) ? .nan : column.numbers[row] }
    return Column(borrowing: memory.start, count: rows, as: .f64, owner: memory)
  }

  /// The formats, as Arrow writes them, that a column may have.
  private static func formats(of input: ColumnDescription) -> [String] {
    switch input.kind {
    case .f64: ["g"]
    case .u64: ["L"]
    case .u32: ["I"]
    case .u8, .verdict: ["C"]
    case .bytes(let width): ["w:\(width)"]
    case .message: ["z", "Z", "u", "U"]
    }
  }

  /// The first row that is null; nil when none is.
  func firstNull() throws -> Int? {
    guard array.null_count != 0, try buffer(0) != nil else { return nil }
    return try (0..<rows).first { try isNull($0) }
  }

  private func isNull(_ row: Int) throws -> Bool {
    guard let bits = try buffer(0) else { return false }
    let place = start + row
    return bits.load(fromByteOffset: place >> 3, as: UInt8.self) & (1 << (place & 7)) == 0
  }

  private func buffer(_ index: Int) throws -> UnsafeRawPointer? {
    guard array.n_buffers > index else {
      throw Failure(ASSAY_ERROR_SHAPE, "\(name) has \(array.n_buffers) buffers, which is too few.")
    }
    guard let buffers = array.buffers else { throw Failure.null("buffers of \(name)") }
    return buffers[index]
  }

  private func messages(isLarge: Bool, rows: Int) throws -> Column {
    let table = Memory(byteCount: (rows + 1) * 8)
    let offsets = table.start.bindMemory(to: Int64.self, capacity: rows + 1)
    guard let given = try buffer(1) else {
      guard rows == 0 else { throw Failure.null("offsets of column \(name)") }
      return Column(messages: [])
    }
    var last: Int64 = 0
    for row in 0...rows {
      offsets[row] =
        isLarge
        ? given.loadUnaligned(fromByteOffset: (start + row) * 8, as: Int64.self)
        : Int64(given.loadUnaligned(fromByteOffset: (start + row) * 4, as: Int32.self))
      guard offsets[row] >= last, offsets[row] <= Int64(1) << 40 else {
        throw Failure(ASSAY_ERROR_SHAPE, "Offset \(row) of column \(name) is \(offsets[row]): offsets ascend from 0.")
      }
      last = offsets[row]
    }
    let data = try buffer(2)
    guard data != nil || last == offsets[0] else { throw Failure.null("bytes of column \(name)") }
    return Column(
      borrowing: data ?? UnsafeRawPointer(table.start), offsets: offsets, count: rows, as: .message, owner: table)
  }
}
