/// Writes an Arrow IPC file or stream in pieces: ``start``, a ``RecordBatch`` at a time, ``end(_:)``. Every buffer lies at a multiple
/// of 64 bytes.
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

  private let isStream: Bool

  /// A writer of `fields`, which must be numbers, bits, dates or text. A stream has neither a file's magic nor its footer.
  public init(_ fields: [ArrowField], isStream: Bool = false) {
    self.fields = fields
    self.isStream = isStream
  }

  private static let alignment = 64
  private static let magic = Array("ARROW1\0\0".utf8)

  /// The beginning: a file's magic, and the schema.
  public var start: [UInt8] {
    let magic = isStream ? [] : Self.magic
    return magic + Self.message(schemaMessage(), after: magic.count)
  }

  /// The end, after record batches of these lengths.
  public func end(_ blocks: [Block]) -> [UInt8] {
    let endOfStream: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]
    guard !isStream else { return endOfStream }
    var buffer = FlatBufferWriter()
    let parts = buffer.table([.scalar(4), .reference, .absent, .reference], isRoot: true)
    writeSchema(to: &buffer, from: parts[0])
    var offset = start.count
    let structs = blocks.map { block in
      defer { offset += block.metadata + block.body }
      return (Int64(offset), Int64(block.metadata), Int64(block.body))
    }
    buffer.triples(structs, from: parts[1])
    buffer.align(8)
    let size = withUnsafeBytes(of: Int32(buffer.bytes.count).littleEndian) { Array($0) }
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

/// A record batch, written column by column at the end of a buffer: first room for its metadata, then the values where they stay.
public struct ArrowBatch {
  private let rows: Int
  private let start: Int
  private let head: Int
  private var nodes: [(Int64, Int64)] = []
  private var places: [(Int64, Int64)] = []

  /// A batch of `rows` rows of a file with `fields`, whose columns are appended in that order. It starts at the end of `text`, which is
  /// a multiple of 64 bytes long.
  public init(_ fields: [ArrowField], rows: Int, at text: inout TextBuffer) {
    self.rows = rows
    start = text.count
    let buffers = fields.reduce(0) { $0 + ($1.type.bufferCount ?? 0) }
    head =
      Self.metadata(
        rows, [(Int64, Int64)](repeating: (0, 0), count: fields.count),
        [(Int64, Int64)](repeating: (0, 0), count: buffers), body: 0
      ).count
    text.append(zeros: head)
  }

  /// Appends a column of binary64: `fill` writes its numbers. `validity` has a bit a row, the lowest first, 0 for none; it is not
  /// written when `nulls` is 0.
  public mutating func append(
    nulls: Int, validity: UnsafeRawBufferPointer, to text: inout TextBuffer,
    _ fill: (UnsafeMutablePointer<Double>) -> Void
  ) {
    nodes.append((Int64(rows), Int64(nulls)))
    buffer(of: nulls == 0 ? 0 : (rows + 7) / 8, in: &text) { memory in
      if nulls > 0 { memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: validity.prefix(memory.count))) }
    }
    buffer(of: rows * 8, in: &text) { memory in
      if let numbers = memory.bindMemory(to: Double.self).baseAddress { fill(numbers) }
    }
  }

  /// Appends a column of truth values without nulls; `bits` has a bit a row, the lowest first.
  public mutating func append(bits: UnsafeRawBufferPointer, to text: inout TextBuffer) {
    nodes.append((Int64(rows), 0))
    buffer(of: 0, in: &text) { _ in }
    copy(bits, to: &text)
  }

  /// Appends a column of 64-bit integers that count up from `first`.
  public mutating func append(countingFrom first: Int, to text: inout TextBuffer) {
    nodes.append((Int64(rows), 0))
    buffer(of: 0, in: &text) { _ in }
    buffer(of: rows * 8, in: &text) { memory in
      let numbers = memory.bindMemory(to: Int64.self)
      for row in numbers.indices { numbers[row] = Int64(first + row).littleEndian }
    }
  }

  /// Appends a column of text with 32-bit offsets, whose texts must not come to 2 GB; empty ones are nulls. `areEmpty` says that all
  /// are.
  public mutating func append(
    shortText value: (Int) -> UnsafeRawBufferPointer, areEmpty isEmpty: Bool, to text: inout TextBuffer
  ) {
    let nulls = isEmpty ? rows : (0..<rows).count { value($0).isEmpty }
    nodes.append((Int64(rows), Int64(nulls)))
    buffer(of: nulls == 0 ? 0 : (rows + 7) / 8, in: &text) { [rows] memory in
      memory.initializeMemory(as: UInt8.self, repeating: 0)
      guard !isEmpty, nulls > 0 else { return }
      for row in 0..<rows where !value(row).isEmpty { memory[row >> 3] |= 1 << UInt8(row & 7) }
    }
    var end: Int32 = 0
    buffer(of: (rows + 1) * 4, in: &text) { [rows] memory in
      let offsets = memory.bindMemory(to: Int32.self)
      offsets.update(repeating: 0)
      guard !isEmpty else { return }
      for row in 0..<rows {
        end &+= Int32(truncatingIfNeeded: value(row).count)
        offsets[row + 1] = end.littleEndian
      }
    }
    let start = text.count
    if !isEmpty { for row in 0..<rows { text.append(value(row)) } }
    close(from: start, in: &text)
  }

  /// Appends a column of text as ``append(shortText:areEmpty:to:)`` does.
  public mutating func append(shortTexts values: [[UInt8]], to text: inout TextBuffer) {
    let bytes = values.flatMap(\.self)
    var ends: [Int] = []
    for value in values { ends.append((ends.last ?? 0) + value.count) }
    bytes.withUnsafeBytes { bytes in
      append(
        shortText: { bytes.part($0 == 0 ? 0..<ends[0] : ends[$0 - 1]..<ends[$0]) }, areEmpty: bytes.isEmpty, to: &text)
    }
  }

  /// Appends rows `range` of a column as they are; text comes out with 64-bit offsets. `range` starts at a multiple of 8.
  public mutating func append(_ column: ArrowColumn, _ range: Range<Int>, to text: inout TextBuffer) {
    let nulls = column.hasNulls ? range.count { column.isNull($0) } : 0
    let bits = range.lowerBound / 8..<(range.upperBound + 7) / 8
    if case .dictionary(_, _, let values) = column.type, let width = values.copiedWidth {
      return append(entriesOf: column, range, width: width, to: &text)
    }
    guard let width = column.type.copiedWidth else { return append(textOf: column, range, to: &text) }
    nodes.append((Int64(rows), Int64(nulls)))
    copy(nulls == 0 ? UnsafeRawBufferPointer(start: nil, count: 0) : column.validity.part(bits), to: &text)
    copy(
      column.values.part(width == 0 ? bits : range.lowerBound * width..<range.upperBound * width), to: &text)
  }

  /// Values of a dictionary that are not text are gathered one by one; one that leads nowhere is a null too. `width` is 0 for bits.
  private mutating func append(
    entriesOf column: ArrowColumn, _ range: Range<Int>, width: Int, to text: inout TextBuffer
  ) {
    var validity = [UInt8](repeating: 0, count: (rows + 7) / 8)
    let start = text.count
    for row in 0..<rows where column.entry(range.lowerBound + row) != nil {
      validity[row >> 3] |= 1 << UInt8(row & 7)
    }
    let nulls = rows - validity.reduce(0) { $0 + $1.nonzeroBitCount }
    nodes.append((Int64(rows), Int64(nulls)))
    if nulls > 0 { validity.withUnsafeBytes { text.append($0) } }
    close(from: start, in: &text)
    buffer(of: width == 0 ? (rows + 7) / 8 : rows * width, in: &text) { [rows] memory in
      memory.initializeMemory(as: UInt8.self, repeating: 0)
      for row in 0..<rows {
        guard let entry = column.entry(range.lowerBound + row) else { continue }
        if width == 0 {
          if entry.column.bool(entry.row) == true { memory[row >> 3] |= 1 << UInt8(row & 7) }
        } else if let bytes = entry.column.valueBytes(entry.row) {
          UnsafeMutableRawBufferPointer(rebasing: memory[row * width..<(row + 1) * width]).copyMemory(from: bytes)
        }
      }
    }
  }

  /// Texts are gathered one by one; one that leads nowhere is a null too.
  private mutating func append(textOf column: ArrowColumn, _ range: Range<Int>, to text: inout TextBuffer) {
    let start = text.count
    var validity = [UInt8](repeating: 0, count: (rows + 7) / 8)
    for row in 0..<rows where column.text(range.lowerBound + row) != nil { validity[row >> 3] |= 1 << UInt8(row & 7) }
    let nulls = rows - validity.reduce(0) { $0 + $1.nonzeroBitCount }
    nodes.append((Int64(rows), Int64(nulls)))
    if nulls > 0 { validity.withUnsafeBytes { text.append($0) } }
    close(from: start, in: &text)
    buffer(of: (rows + 1) * 8, in: &text) { [rows] memory in
      let offsets = memory.bindMemory(to: Int64.self)
      var end: Int64 = 0
      offsets[0] = 0
      for row in 0..<rows {
        end += Int64(column.text(range.lowerBound + row)?.count ?? 0)
        offsets[row + 1] = end.littleEndian
      }
    }
    let texts = text.count
    for row in range { if let value = column.text(row) { text.append(value) } }
    close(from: texts, in: &text)
  }

  /// Fills the metadata in, and gives the message's length.
  public func finish(in text: inout TextBuffer) -> ArrowWriter.Block {
    let body = text.count - start - head
    let metadata = Self.metadata(rows, nodes, places, body: body)
    text.replace(at: start, with: metadata)
    return ArrowWriter.Block(metadata: head, body: body)
  }

  private static func metadata(
    _ rows: Int, _ nodes: [(Int64, Int64)], _ places: [(Int64, Int64)], body: Int
  ) -> [UInt8] {
    var flat = FlatBufferWriter()
    let message = flat.table([.scalar(4), .scalar(3), .reference, .scalar(Int64(body))], isRoot: true)
    let parts = flat.table([.scalar(Int64(rows)), .reference, .reference])
    flat.point(message[0], to: flat.lastTable)
    flat.pairs(nodes, from: parts[0])
    flat.pairs(places, from: parts[1])
    return ArrowWriter.message(flat.bytes, after: 0)
  }

  /// Appends a buffer of `count` bytes that `fill` writes.
  private mutating func buffer(
    of count: Int, in text: inout TextBuffer, _ fill: (UnsafeMutableRawBufferPointer) -> Void
  ) {
    let start = text.count
    text.append(count: count, fill)
    close(from: start, in: &text)
  }

  private mutating func copy(_ bytes: UnsafeRawBufferPointer, to text: inout TextBuffer) {
    let start = text.count
    text.append(bytes)
    close(from: start, in: &text)
  }

  /// Ends a buffer that began at `start`: pads it to 64 bytes.
  private mutating func close(from start: Int, in text: inout TextBuffer) {
    places.append((Int64(start - self.start - head), Int64(text.count - start)))
    text.append(zeros: (self.start - text.count) & 63)
  }
}

extension ArrowType {
  /// The type that a column of this type is written with; nil when it cannot be.
  public var written: ArrowType? {
    switch self {
    case .text, .textView: .text(isLarge: true)
    case .dictionary(_, _, let values): values.written
    case .other, .unread: nil
    default: self
    }
  }

  /// Bytes a value where values are copied as they are, 0 for bits; nil for text.
  fileprivate var copiedWidth: Int? {
    switch self {
    case .text, .textView, .dictionary, .other, .unread: nil
    case .bool: 0
    default: width
    }
  }
}

extension TextBuffer {
  /// Appends `count` bytes that `fill` writes.
  fileprivate mutating func append(count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
    fill(UnsafeMutableRawBufferPointer(start: room(count), count: count))
    used += count
  }

  fileprivate mutating func append(zeros count: Int) {
    append(count: count) { $0.initializeMemory(as: UInt8.self, repeating: 0) }
  }

  /// Writes `bytes` over what stands at `place`.
  fileprivate mutating func replace(at place: Int, with bytes: [UInt8]) {
    UnsafeMutableRawBufferPointer(rebasing: memory[place..<place + bytes.count]).copyBytes(from: bytes)
  }
}
