/// Writes an Arrow IPC file in pieces: ``start``, a ``RecordBatch`` at a time, ``end(_:)``. Every buffer lies at a multiple of 64
/// bytes of the file.
public struct ArrowWriter: Sendable {
  /// How long one record batch message is.
  public struct Block: Sendable {
    /// Its metadata, the prefix included.
    public let metadata: Int
    /// Its buffers.
    public let body: Int
  }

  /// The columns.
  public let fields: [ArrowField]

  /// A writer of `fields`, which must be numbers, bits, dates or text.
  public init(_ fields: [ArrowField]) { self.fields = fields }

  private static let alignment = 64
  private static let magic = Array("ARROW1\0\0".utf8)

  /// The file's beginning: magic and schema.
  public var start: [UInt8] { Self.magic + Self.message(schemaMessage(), after: Self.magic.count) }

  /// The file's end, after record batches of these lengths.
  public func end(_ blocks: [Block]) -> [UInt8] {
    var buffer = FlatBufferWriter()
    let parts = buffer.table([.scalar(4), .reference, .absent, .reference], isRoot: true)
    writeSchema(to: &buffer, from: parts[0])
    var offset = start.count
    var structs: [[Int64]] = []
    for block in blocks {
      structs.append([Int64(offset), Int64(block.metadata), Int64(block.body)])
      offset += block.metadata + block.body
    }
    buffer.structs(structs, from: parts[1])
    buffer.align(8)
    let size = withUnsafeBytes(of: Int32(buffer.bytes.count).littleEndian) { Array($0) }
    let endOfStream: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]
    return endOfStream + buffer.bytes + size + Self.magic.prefix(6)
  }

  /// A message with its prefix, padded so that what follows it lies at a multiple of 64 bytes.
  fileprivate static func message(_ flat: [UInt8], after position: Int) -> [UInt8] {
    let total = (position + 8 + flat.count + alignment - 1) / alignment * alignment - position
    var bytes: [UInt8] = [0xff, 0xff, 0xff, 0xff]
    withUnsafeBytes(of: Int32(total - 8).littleEndian) { bytes += Array($0) }
    return bytes + flat + [UInt8](repeating: 0, count: total - 8 - flat.count)
  }

  private func schemaMessage() -> [UInt8] {
    var buffer = FlatBufferWriter()
    let parts = buffer.table([.scalar(4), .scalar(1), .reference, .absent], isRoot: true)
    writeSchema(to: &buffer, from: parts[0])
    return buffer.bytes
  }

  private func writeSchema(to buffer: inout FlatBufferWriter, from reference: FlatBufferWriter.Reference) {
    let parts = buffer.table([.absent, .reference])
    buffer.point(reference, to: buffer.lastTable)
    let places = buffer.references(fields.count, from: parts[0])
    for (field, place) in zip(fields, places) { field.write(to: &buffer, from: place) }
  }
}

/// A record batch on its way into a file.
public struct ArrowBatch: ~Copyable {
  private let rows: Int
  private var nodes: [[Int64]] = []
  private var places: [[Int64]] = []
  private var body = TextBuffer(capacity: 1 << 16)

  /// A batch of `rows` rows; columns are appended in the order of the file's fields.
  public init(rows: Int) { self.rows = rows }

  /// Appends a column of binary64; rows for which `isNull` says so have no value.
  public mutating func append(_ value: (Int) -> Double, isNull: (Int) -> Bool) {
    nodes.append([Int64(rows), Int64((0..<rows).count(where: isNull))])
    buffer { [rows] body in
      for start in stride(from: 0, to: rows, by: 8) {
        var bits: UInt8 = 0
        for row in start..<min(start + 8, rows) where !isNull(row) { bits |= 1 << UInt8(row - start) }
        body.append(bits)
      }
    }
    buffer { [rows] body in for row in 0..<rows { body.append(little: value(row).bitPattern) } }
  }

  /// Appends a column of 64-bit integers.
  public mutating func append(integers value: (Int) -> Int) {
    nodes.append([Int64(rows), 0])
    buffer { _ in }
    buffer { [rows] body in for row in 0..<rows { body.append(little: Int64(value(row))) } }
  }

  /// Appends a column of text with 64-bit offsets; nil is null.
  public mutating func append(text value: (Int) -> UnsafeRawBufferPointer?) {
    nodes.append([Int64(rows), Int64((0..<rows).count { value($0) == nil })])
    buffer { [rows] body in
      for start in stride(from: 0, to: rows, by: 8) {
        var bits: UInt8 = 0
        for row in start..<min(start + 8, rows) where value(row) != nil { bits |= 1 << UInt8(row - start) }
        body.append(bits)
      }
    }
    buffer { [rows] body in
      var end: Int64 = 0
      body.append(little: end)
      for row in 0..<rows {
        end += Int64(value(row)?.count ?? 0)
        body.append(little: end)
      }
    }
    buffer { [rows] body in for row in 0..<rows { if let text = value(row) { body.append(text) } } }
  }

  /// Appends rows `range` of a column as they are; text comes out with 64-bit offsets. `range` starts at a multiple of 8.
  public mutating func append(_ column: ArrowColumn, _ range: Range<Int>) {
    guard let width = column.type.copiedWidth else {
      return append(text: { column.text(range.lowerBound + $0) })
    }
    let nulls = range.count { column.isNull($0) }
    nodes.append([Int64(rows), Int64(nulls)])
    func bits(_ buffer: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
      buffer.part(range.lowerBound / 8..<(range.upperBound + 7) / 8)
    }
    buffer { body in if nulls > 0, let validity = column.validity { body.append(bits(validity)) } }
    buffer { body in
      let values = column.buffers[1]
      body.append(width == 0 ? bits(values) : values.part(range.lowerBound * width..<range.upperBound * width))
    }
  }

  /// Appends the finished message to `text`, and gives its length.
  public consuming func finish(into text: inout TextBuffer) -> ArrowWriter.Block {
    var flat = FlatBufferWriter()
    let message = flat.table([.scalar(4), .scalar(3), .reference, .scalar(Int64(body.count))], isRoot: true)
    let parts = flat.table([.scalar(Int64(rows)), .reference, .reference])
    flat.point(message[0], to: flat.lastTable)
    flat.structs(nodes, from: parts[0])
    flat.structs(places, from: parts[1])
    let head = ArrowWriter.message(flat.bytes, after: 0)
    head.withUnsafeBytes { text.append($0) }
    text.append(body.bytes)
    return ArrowWriter.Block(metadata: head.count, body: body.count)
  }

  /// Appends one buffer, padded to 64 bytes.
  private mutating func buffer(_ write: (inout TextBuffer) -> Void) {
    let start = body.count
    write(&body)
    places.append([Int64(start), Int64(body.count - start)])
    while body.count % 64 != 0 { body.append(UInt8(0)) }
  }
}

extension ArrowType {
  /// The type that a column of this type is written with; nil when it cannot be.
  public var written: ArrowType? {
    switch self {
    case .text, .textView, .dictionary: .text(isLarge: true)
    case .other: nil
    default: self
    }
  }

  /// Bytes a value where values are copied as they are, 0 for bits; nil for text.
  fileprivate var copiedWidth: Int? {
    switch self {
    case .text, .textView, .dictionary: nil
    case .bool: 0
    default: width
    }
  }
}

extension TextBuffer {
  /// Appends an integer's bytes, the lowest first.
  fileprivate mutating func append(little value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { append($0) }
  }
}
