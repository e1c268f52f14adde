public import AssayCore
import Glibc

/// A file or stream in one of Arrow's IPC formats (https://arrow.apache.org/docs/format/Columnar.html), mapped into memory: columns
/// are used where they lie, and of each record batch only its place is kept.
///
/// Record batches of flat columns, compressed with LZ4, with Zstandard or not at all; every offset is checked against the file. A file that another program shortens
/// while it is read ends the process, as for any mapped file; ``TemporaryFiles/removeAtEnd()`` makes it end in words.
public final class ArrowFile {
  /// How messages name it.
  public let name: String
  /// The columns.
  public let fields: [ArrowField]
  /// How many rows there are.
  public private(set) var rows = 0
  /// Where the dictionary and record batch messages lie, in the order that they count in.
  private let messages: [Int]
  /// The types of the texts of dictionaries, by the dictionary's number.
  private let texts: [Int64: ArrowType]
  private let mapping: MappedInput

  /// The bytes that decide whether input is Arrow's: the magic of a file, or the start of a stream.
  private static let magic = Array("ARROW1".utf8), continuation: [UInt8] = [0xff, 0xff, 0xff, 0xff]

  /// Whether `input`, of which nothing was read yet, begins like an Arrow file or stream.
  public static func isArrow(_ input: InputFile) throws(AssayError) -> Bool {
    let start = try input.peek(8)
    return start.starts(with: magic) || start.starts(with: continuation)
  }

  /// Maps an input and reads its metadata.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
  public init(_ input: InputFile) throws(AssayError) {
    let name = input.name
    func bad(_ message: String) -> AssayError { AssayError(.input, "\(name):1:1: \(message).") }
    let mapping = try MappedInput(input)
    let file = mapping.bytes
    guard let (schema, messages) = Self.messages(in: file) else {
      throw bad("is no complete Arrow IPC file or stream")
    }
    guard schema.scalar(0, default: Int16(0)) == 0 else { throw bad("is big-endian") }
    let tables = schema.tables(1)
    guard tables.count <= 1 << 14 else { throw bad("has \(tables.count) columns") }
    let fields = tables.map(ArrowField.init)
    texts = Dictionary(
      fields.compactMap { field -> (Int64, ArrowType)? in
        guard case .dictionary(let id, _, let values) = field.type else { return nil }
        return (id, values)
      }, uniquingKeysWith: { first, _ in first })
    self.name = name
    self.fields = fields
    self.messages = messages
    self.mapping = mapping
    // A broken batch is told before the first result is written.
    var cursor = Cursor(self)
    while let batch = try cursor.next() { rows += batch.rows }
  }

  /// Reads the record batches of a file one after another, each with the dictionaries as they are then.
  struct Cursor {
    private let file: ArrowFile
    private var message = 0
    private var batch = 0
    private var dictionaries: [Int64: ArrowDictionary] = [:]

    /// Before the first batch of `file`.
    init(_ file: ArrowFile) { self.file = file }

    /// The next record batch; nil after the last.
    ///
    /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
    mutating func next() throws(AssayError) -> (columns: [ArrowColumn], rows: Int)? {
      let name = file.name
      func bad(_ message: String) -> AssayError { AssayError(.input, "\(name):1:1: \(message).") }
      while message < file.messages.count {
        guard let next = ArrowMessage(in: file.mapping.bytes, at: file.messages[message]) else {
          throw bad("changed while it was read")
        }
        message += 1
        switch next.kind {
        case .dictionary:
          let id = next.header.scalar(0, default: Int64(0))
          guard let type = file.texts[id] else { continue }
          guard let data = next.header.table(1),
            let part = try ArrowFile.columns([type], data, next.body, [:], bad)?.first
          else {
            throw bad("has a broken dictionary batch")
          }
          guard
            dictionaries[id, default: ArrowDictionary()]
              .add(part, isDelta: next.header.scalar(2, default: UInt8(0)) == 1)
          else { throw bad("has a dictionary in more than \(ArrowDictionary.mostParts) parts") }
        case .batch:
          batch += 1
          let types = file.fields.map(\.type)
          guard let columns = try ArrowFile.columns(types, next.header, next.body, dictionaries, bad) else {
            throw bad("has a broken record batch, number \(batch)")
          }
          return (columns, Int(next.header.scalar(0, default: Int64(0))))
        case .schema: throw bad("has a second schema")
        case nil: throw bad("has a message that is no table's")
        }
      }
      return nil
    }
  }

  /// The schema, then dictionaries and record batches in the order that they count in; nil when a part is missing or broken.
  private static func messages(in file: UnsafeRawBufferPointer) -> (schema: FlatTable, rest: [Int])? {
    guard file.starts(with: magic) else {
      guard let messages = ArrowMessage.stream(in: file), let place = messages.first,
        let first = ArrowMessage(in: file, at: place), first.kind == .schema
      else { return nil }
      return (first.header, Array(messages.dropFirst()))
    }
    let end = file.count
    guard end >= 20, file[(end - 6)...].elementsEqual(magic),
      let size = file.integer(at: end - 10, as: Int32.self), size > 0, Int(size) <= end - 18,
      let footer = FlatTable(root: file.part(end - 10 - Int(size)..<end - 10)), let schema = footer.table(1),
      let messages = ArrowMessage.listed(in: footer, of: file)
    else { return nil }
    return (schema, messages)
  }

}

extension ArrowFile {
  /// The columns of the record batch that `message` is, of a file with `fields`; nil when it is not one, as a file's own are. They are
  /// valid as long as `message`.
  ///
  /// - Throws: ``AssayError`` of kind `input` for a batch that cannot be read.
  public static func recordBatch(
    in message: UnsafeRawBufferPointer, _ fields: [ArrowField]
  ) throws(AssayError) -> (columns: [ArrowColumn], rows: Int)? {
    guard let batch = ArrowMessage(in: message, at: 0), batch.kind == .batch,
      let columns = try columns(
        fields.map(\.type), batch.header, batch.body, [:], { AssayError(.input, "The record batch \($0).") })
    else { return nil }
    return (columns, Int(batch.header.scalar(0, default: Int64(0))))
  }

  /// The columns of a record batch; nil when they do not fit its body.
  fileprivate static func columns(
    _ types: [ArrowType], _ batch: FlatTable, _ body: UnsafeRawBufferPointer, _ dictionaries: [Int64: ArrowDictionary],
    _ bad: (String) -> AssayError
  ) throws(AssayError) -> [ArrowColumn]? {
    let rows = batch.scalar(0, default: Int64(0))
    var nodes = batch.pairs(1)[...]
    let (contents, size) = try contents(of: batch, in: body, bad)
    // Every column of use takes a bit per row at least.
    guard rows >= 0, rows <= 8 * Int64(size), var contents = contents?[...] else { return nil }
    var variadic = batch.firstWords(4, words: 1)[...]
    var columns: [ArrowColumn] = []
    for type in types {
      guard var count = type.bufferCount else { throw bad("has a column of an unknown type") }
      for _ in 0..<type.viewCount {
        guard let more = variadic.popFirst(), more >= 0, more <= Int64(contents.count) else { return nil }
        count += Int(more)
      }
      guard let node = nodes.first, node.0 == rows, nodes.count >= type.nodeCount, contents.count >= count else {
        return nil
      }
      nodes = nodes.dropFirst(type.nodeCount)
      let own = contents.prefix(count)
      contents = contents.dropFirst(count)
      var dictionary: ArrowDictionary?
      if case .dictionary(let id, _, _) = type { dictionary = dictionaries[id] }
      guard
        let column = ArrowColumn(
          type, rows: Int(rows), nulls: Int(clamping: node.1), buffers: own.map(\.bytes),
          owners: own.compactMap(\.owner),
          dictionary: dictionary)
      else { return nil }
      columns.append(column)
    }
    return columns
  }

  /// The buffers of a record batch, as they lie in its body or expanded into memory of their own, and how many bytes they have together:
  /// at least those of the body. The buffers are nil when one does not fit the body or is broken.
  private static func contents(
    of batch: FlatTable, in body: UnsafeRawBufferPointer, _ bad: (String) -> AssayError
  ) throws(AssayError) -> (buffers: [(bytes: UnsafeRawBufferPointer, owner: Memory?)]?, size: Int) {
    var compression: ArrowCompression?
    if let table = batch.table(3) {
      compression = ArrowCompression(rawValue: table.scalar(0, default: Int8(0)))
      guard compression != nil, table.scalar(1, default: Int8(0)) == 0 else {
        throw bad("is compressed in a way that is neither LZ4 nor ZSTD of each buffer")
      }
    }
    var buffers: [(bytes: UnsafeRawBufferPointer, owner: Memory?)] = []
    var expanded = 0
    for place in batch.pairs(2) {
      guard place.0 >= 0, place.1 >= 0, place.0 <= body.count, place.1 <= Int64(body.count) - place.0 else {
        return (nil, 0)
      }
      let buffer = body.part(Int(place.0)..<Int(place.0 + place.1))
      guard let compression else {
        buffers.append((buffer, nil))
        continue
      }
      guard let content = compression.expanded(buffer, limit: ArrowCompression.mostBytes(ofBody: body.count) - expanded)
      else {
        return (nil, 0)
      }
      expanded += content.owner == nil ? 0 : content.bytes.count
      buffers.append(content)
    }
    return (buffers, body.count + expanded)
  }
}
