/// Builds a column row by row.
///
/// ```swift
/// var keys = ColumnBuilder(.bytes(33), capacity: rows.count)
/// for row in rows { keys.append(row.key) }
/// let column = try keys.finish()  // throws when a key was not 33 bytes long
/// ```
public struct ColumnBuilder {
  /// What the values are.
  public let kind: ColumnDescription.Kind
  private var data: [UInt8] = []
  private var offsets: [Int64] = []
  /// The first row whose value was of the wrong length, and that length.
  private var wrong: (row: Int, length: Int)?

  /// A builder that expects about `capacity` rows.
  public init(_ kind: ColumnDescription.Kind, capacity: Int = 0) {
    self.kind = kind
    data.reserveCapacity(capacity * max(kind.width, 32))
    if case .message = kind {
      offsets.reserveCapacity(capacity + 1)
      offsets.append(0)
    }
  }

  /// How many rows have been appended.
  public var count: Int { offsets.isEmpty ? data.count / max(kind.width, 1) : offsets.count - 1 }

  /// Appends one row. For a fixed width, `value` must be that many bytes long; ``finish()`` tells of one that was not.
  @inlinable
  public mutating func append(_ value: some Collection<UInt8>) {
    if value.withContiguousStorageIfAvailable({ append(UnsafeRawBufferPointer($0)) }) == nil {
      append(Array(value))
    }
  }

  /// Appends one row from memory; see ``append(_:)-swift.method``.
  public mutating func append(_ value: UnsafeRawBufferPointer) {
    if offsets.isEmpty {
      guard value.count == kind.width else { return note(value.count) }
      data.append(contentsOf: value)
    } else {
      data.append(contentsOf: value)
      offsets.append(Int64(data.count))
    }
  }

  /// Appends one row of what `compose` adds to the bytes that it is given; see ``append(_:)-swift.method``.
  package mutating func append(composing compose: (inout [UInt8]) -> Void) {
    let start = data.count
    compose(&data)
    if !offsets.isEmpty {
      offsets.append(Int64(data.count))
    } else if data.count - start != kind.width {
      note(data.count - start)
      data.removeLast(data.count - start)
    }
  }

  /// Appends one binary64 value.
  public mutating func append(_ value: Double) {
    withUnsafeBytes(of: value) { append($0) }
  }

  /// Appends every row of a column of the same kind.
  mutating func append(_ column: Column) {
    guard column.offsets == nil else {
      for row in 0..<column.count { append(column.bytes(row)) }
      return
    }
    data.append(contentsOf: column.bytes)
  }

  /// Remembers a value of the wrong length.
  private mutating func note(_ length: Int) {
    if wrong == nil { wrong = (count, length) }
  }

  /// The column; the builder is spent.
  ///
  /// - Throws: ``AssayError`` of kind `shape` when a row's value was longer or shorter than the column's width.
  public consuming func finish() throws(AssayError) -> Column {
    if let wrong {
      throw AssayError(
        .shape, "Row \(wrong.row) of a column of \(kind.width) bytes a row was given \(wrong.length) bytes.")
    }
    return made()
  }

  /// The column of rows whose lengths are right by construction.
  package consuming func made() -> Column {
    let rows = count
    let offsetBytes = offsets.count * 8
    let dataStart = (offsetBytes + 63) / 64 * 64
    let memory = Memory(unwritten: dataStart + data.count + 64)
    offsets.withUnsafeBytes { memory.bytes.copyMemory(from: $0) }
    let start = memory.start + dataStart
    data.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: start, count: $0.count).copyMemory(from: $0) }
    // What lies between and behind the values is the same whoever ran before.
    for gap in [offsetBytes..<dataStart, dataStart + data.count..<memory.bytes.count] {
      UnsafeMutableRawBufferPointer(rebasing: memory.bytes[gap]).initializeMemory(as: UInt8.self, repeating: 0)
    }
    let table = offsetBytes == 0 ? nil : UnsafePointer(memory.start.bindMemory(to: Int64.self, capacity: offsets.count))
    return Column(borrowing: start, offsets: table, count: rows, as: kind, owner: memory)
  }
}
