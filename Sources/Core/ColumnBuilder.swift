/// Builds a column row by row.
public struct ColumnBuilder {
  /// What the values are.
  public let kind: ColumnDescription.Kind
  private var data: [UInt8] = []
  private var offsets: [Int64] = []

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

  /// Appends one row. For a fixed width, `value` must have that many bytes: a shorter one is padded with zeros at its end and a
  /// longer one cut.
  @inlinable
  public mutating func append(_ value: some Collection<UInt8>) {
    if value.withContiguousStorageIfAvailable({ append(UnsafeRawBufferPointer($0)) }) == nil {
      append(Array(value))
    }
  }

  /// Appends one row from memory; see ``append(_:)-swift.method``.
  public mutating func append(_ value: UnsafeRawBufferPointer) {
    if offsets.isEmpty {
      data.append(contentsOf: value.prefix(kind.width))
      for _ in 0..<max(0, kind.width - value.count) { data.append(0) }
    } else {
      data.append(contentsOf: value)
      offsets.append(Int64(data.count))
    }
  }

  /// Appends one binary64 value.
  public mutating func append(_ value: Double) {
    withUnsafeBytes(of: value) { append($0) }
  }

  /// The column; the builder is spent.
  public consuming func finish() -> Column {
    let rows = count
    let memory = Memory(byteCount: data.count + offsets.count * 8 + 64)
    let offsetBytes = offsets.count * 8
    offsets.withUnsafeBytes { memory.bytes.copyMemory(from: $0) }
    let start = memory.start + (offsetBytes + 63) / 64 * 64
    data.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: start, count: $0.count).copyMemory(from: $0) }
    let table = offsetBytes == 0 ? nil : UnsafePointer(memory.start.bindMemory(to: Int64.self, capacity: offsets.count))
    return Column(borrowing: start, offsets: table, count: rows, as: kind, owner: memory)
  }
}
