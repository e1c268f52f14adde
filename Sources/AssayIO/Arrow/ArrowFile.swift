public import AssayCore
import Glibc

/// An Arrow IPC file (https://arrow.apache.org/docs/format/Columnar.html), mapped into memory: columns are used where they lie.
///
/// Uncompressed record batches of flat columns; every offset is checked against the file. A file that another program shortens
/// while it is read ends the process, as for any mapped file.
public final class ArrowFile {
  /// The path, for messages.
  public let path: String
  /// The columns.
  public let fields: [ArrowField]
  /// The record batches.
  let batches: [[ArrowColumn]]
  /// How many rows each batch has.
  let batchRows: [Int]
  /// How many rows there are.
  public var rows: Int { batchRows.reduce(0, +) }
  private let mapping: UnsafeRawBufferPointer

  /// Whether `path` is a file that begins like an Arrow file.
  public static func isArrow(_ path: String) -> Bool {
    guard path != "-", let input = try? InputFile(path) else { return false }
    let start = Memory(byteCount: 8)
    return (try? input.read(into: start.bytes)) == 8 && start.bytes.prefix(6).elementsEqual("ARROW1".utf8)
  }

  /// Maps a file and reads its metadata.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
  public init(_ path: String) throws(AssayError) {
    func bad(_ message: String) -> AssayError { AssayError(.input, "\(path):1:1: \(message).") }
    let mapping = try Self.map(path)
    var isRead = false
    defer { if !isRead { munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count) } }
    let end = mapping.count
    guard end >= 20, mapping[(end - 6)...].elementsEqual("ARROW1".utf8),
      let size = mapping.integer(at: end - 10, as: Int32.self), size > 0, Int(size) <= end - 18,
      let footer = FlatTable(root: mapping.part(end - 10 - Int(size)..<end - 10)), let schema = footer.table(1)
    else { throw bad("is no complete Arrow IPC file") }
    guard schema.scalar(0, default: Int16(0)) == 0 else { throw bad("is big-endian") }
    fields = schema.tables(1).map(ArrowField.init)

    var dictionaries: [Int64: ArrowDictionary] = [:]
    let types = Dictionary(
      fields.compactMap { field -> (Int64, ArrowType)? in
        guard case .dictionary(let id, _, let values) = field.type else { return nil }
        return (id, values)
      }, uniquingKeysWith: { first, _ in first })
    for block in footer.structs(2, words: 3) {
      guard let (header, body) = Self.message(in: mapping, block, kind: 2), let data = header.table(1) else {
        throw bad("has a broken dictionary batch")
      }
      let id = header.scalar(0, default: Int64(0))
      guard let type = types[id], let part = try Self.columns([type], data, body, [:], bad)?.first else { continue }
      dictionaries[id, default: ArrowDictionary()].add(part, isDelta: header.scalar(2, default: UInt8(0)) == 1)
    }
    var batches: [[ArrowColumn]] = []
    var batchRows: [Int] = []
    for block in footer.structs(3, words: 3) {
      guard let (header, body) = Self.message(in: mapping, block, kind: 3),
        let columns = try Self.columns(fields.map(\.type), header, body, dictionaries, bad)
      else { throw bad("has a broken record batch, number \(batches.count + 1)") }
      batches.append(columns)
      batchRows.append(Int(header.scalar(0, default: Int64(0))))
    }
    self.batches = batches
    self.batchRows = batchRows
    self.path = path
    self.mapping = mapping
    isRead = true
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count) }

  private static func map(_ path: String) throws(AssayError) -> UnsafeRawBufferPointer {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw AssayError(.input, "\(path): cannot be read: \(systemMessage()).") }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_size > 0,
      let address = mmap(nil, Int(facts.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED
    else { throw AssayError(.input, "\(path): cannot be mapped; an Arrow file must be a regular file.") }
    return UnsafeRawBufferPointer(start: address, count: Int(facts.st_size))
  }

  /// The header and body of the message in a footer's block: offset, length of the metadata (in 32 bits), length of the body.
  private static func message(
    in file: UnsafeRawBufferPointer, _ block: [Int64], kind: UInt8
  ) -> (FlatTable, UnsafeRawBufferPointer)? {
    let (offset, metadata, length) = (block[0], block[1] & 0xffff_ffff, block[2])
    guard offset >= 0, length >= 0, offset <= file.count, metadata <= Int64(file.count) - offset,
      length <= Int64(file.count) - offset - metadata
    else { return nil }
    let head = file.part(Int(offset)..<Int(offset + metadata))
    // Since Arrow 0.15 four bytes of ones come first.
    let start = head.integer(at: 0, as: UInt32.self) == 0xffff_ffff ? 8 : 4
    guard head.count > start, let message = FlatTable(root: head.part(start..<head.count)),
      message.scalar(1, default: UInt8(0)) == kind, let header = message.table(2)
    else { return nil }
    return (header, file.part(Int(offset + metadata)..<Int(offset + metadata + length)))
  }

  /// The columns of a record batch; nil when they do not fit its body.
  private static func columns(
    _ types: [ArrowType], _ batch: FlatTable, _ body: UnsafeRawBufferPointer, _ dictionaries: [Int64: ArrowDictionary],
    _ bad: (String) -> AssayError
  ) throws(AssayError) -> [ArrowColumn]? {
    if batch.table(3) != nil { throw bad("is compressed; write it without compression") }
    let rows = batch.scalar(0, default: Int64(0))
    var nodes = batch.structs(1, words: 2)[...]
    var places = batch.structs(2, words: 2)[...]
    var variadic = batch.structs(4, words: 1)[...]
    var columns: [ArrowColumn] = []
    for type in types {
      guard var count = type.bufferCount else { throw bad("has a nested column or one of an unknown type") }
      if case .textView = type { count += Int(clamping: variadic.popFirst()?[0] ?? 0) }
      guard let node = nodes.popFirst(), node[0] == rows, places.count >= count, count >= 0 else { return nil }
      var buffers: [UnsafeRawBufferPointer] = []
      for place in places.prefix(count) {
        guard place[0] >= 0, place[1] >= 0, place[0] <= body.count, place[1] <= Int64(body.count) - place[0] else {
          return nil
        }
        buffers.append(body.part(Int(place[0])..<Int(place[0] + place[1])))
      }
      places = places.dropFirst(count)
      var dictionary: ArrowDictionary?
      if case .dictionary(let id, _, _) = type { dictionary = dictionaries[id] }
      guard
        let column = ArrowColumn(
          type, rows: Int(rows), nulls: Int(clamping: node[1]), buffers: buffers, dictionary: dictionary)
      else { return nil }
      columns.append(column)
    }
    return columns
  }
}

/// Some rows of a record batch, up to ``ArrowSlices/rows`` at a time.
public final class ArrowSlice: PipelinePiece {
  /// The position among the file's slices, from 0.
  public fileprivate(set) var index = 0
  /// The batch's columns, all of their rows.
  public fileprivate(set) var columns: [ArrowColumn] = []
  /// The slice's rows of the batch.
  public fileprivate(set) var range = 0..<0
  /// The number, from 1, of the first row.
  public fileprivate(set) var firstRow = 1
}

/// Hands a file out slice by slice.
public final class ArrowSlices: PipelineSource {
  /// The most rows of a slice: a multiple of 8, so that bits fall on bytes.
  public static let rows = 1 << 15
  private let file: ArrowFile
  private var (batch, start, index, nextRow) = (0, 0, 0, 1)

  /// The slices of `file`.
  public init(_ file: ArrowFile) { self.file = file }

  /// An empty slice.
  public func makePiece() -> ArrowSlice { ArrowSlice() }

  /// Moves `slice` to the next rows; false at the end.
  public func next(into slice: ArrowSlice) -> Bool {
    while batch < file.batches.count, start >= file.batchRows[batch] { (batch, start) = (batch + 1, 0) }
    guard batch < file.batches.count else { return false }
    let end = min(start + Self.rows, file.batchRows[batch])
    (slice.index, slice.columns, slice.range, slice.firstRow) = (index, file.batches[batch], start..<end, nextRow)
    nextRow += end - start
    (start, index) = (end, index + 1)
    return true
  }
}
