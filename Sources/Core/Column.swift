/// One column's memory: dense fixed-width values, or messages with an offsets column in Arrow's large-binary layout.
///
/// A column is immutable once it is in a ``Batch``. It either owns its memory or borrows it from an owner that it keeps
/// alive, so a caller's buffer (NumPy, Arrow, a ring buffer) goes in without a copy.
public struct Column: @unchecked Sendable {
  /// What the values are.
  public let kind: ColumnDescription.Kind
  /// How many rows there are.
  public let count: Int
  /// The first value, or the first byte of the messages.
  package let data: UnsafeRawPointer
  /// `count + 1` offsets into `data` for messages; nil otherwise.
  package let offsets: UnsafePointer<Int64>?
  private let owner: AnyObject?

  /// Wraps memory that somebody else owns. `owner` is kept alive as long as the column; the memory must hold `count` values
  /// and stay unchanged that long. Without an owner it must stay until the calls that are given the column have returned.
  /// Offsets, alignment and a count below zero are checked when a batch is made; the memory's size is the caller's promise.
  @unsafe public init(
    borrowing data: UnsafeRawPointer, offsets: UnsafePointer<Int64>? = nil, count: Int,
    as kind: ColumnDescription.Kind, owner: AnyObject?
  ) {
    self.kind = kind
    self.count = count
    self.data = data
    self.offsets = offsets
    self.owner = owner
  }

  /// A column of binary64 values.
  public init(_ values: [Double]) {
    self.init(copying: values, count: values.count, as: .f64)
  }

  /// A column of bytes, one per row.
  public init(bytes values: [UInt8]) {
    self.init(copying: values, count: values.count, as: .u8)
  }

  /// A column of values of `width` bytes, laid end to end.
  ///
  /// - Throws: ``AssayError`` of kind `shape` when `width` is below 1 or `values` does not hold whole values.
  public init(packed values: [UInt8], width: Int) throws(AssayError) {
    guard width > 0 else { throw AssayError(.shape, "Values cannot be \(width) bytes long.") }
    guard values.count % width == 0 else {
      throw AssayError(
        .shape, "\(values.count) bytes are not whole values of \(width) bytes: \(values.count % width) are left over.")
    }
    self.init(copying: values, count: values.count / width, as: .bytes(width))
  }

  /// A column of messages.
  public init(messages: [[UInt8]]) {
    var builder = ColumnBuilder(.message, capacity: messages.count)
    for message in messages { builder.append(message) }
    self = builder.made()
  }

  private init<T: BitwiseCopyable>(copying values: [T], count: Int, as kind: ColumnDescription.Kind) {
    let memory = Memory(byteCount: values.count * MemoryLayout<T>.stride)
    values.withUnsafeBytes { memory.bytes.copyMemory(from: $0) }
    self.init(borrowing: memory.start, count: count, as: kind, owner: memory)
  }

  /// The bytes of row `row`, from 0, kept alive by the value. A row that is not there ends the program with a sentence.
  public subscript(row: Int) -> ByteColumn.Value { values[row] }

  /// The rows' bytes, kept alive by the collection; copied where nobody owns the memory.
  public var values: ByteColumn {
    let column = hasOwner ? self : selecting(0..<count)
    return ByteColumn(column.data, offsets: column.offsets, width: kind.width, count: count, owner: column.owner)
  }

  /// The values of a binary64 column; empty for any other. Copied where nobody owns the memory.
  public var numbers: Numbers {
    guard kind == .f64 else { return .none }
    let column = hasOwner ? self : selecting(0..<count)
    return Numbers(column.bytes, owner: column.owner)
  }

  /// The bytes of row `row`, valid as long as the column.
  package func bytes(_ row: Int) -> UnsafeRawBufferPointer {
    checkRow(row, count)
    if let offsets {
      let start = Int(offsets[row])
      return UnsafeRawBufferPointer(start: data + start, count: Int(offsets[row + 1]) - start)
    }
    return UnsafeRawBufferPointer(start: data + row * kind.width, count: kind.width)
  }

  /// All values' bytes, for messages those that the offsets span; valid as long as the column.
  package var bytes: UnsafeRawBufferPointer {
    if let offsets {
      return UnsafeRawBufferPointer(start: data + Int(offsets[0]), count: Int(offsets[count] - offsets[0]))
    }
    return UnsafeRawBufferPointer(start: data, count: count * kind.width)
  }

  /// A column that holds copies of the rows at `indices`, in that order.
  public func selecting(_ indices: some Collection<Int>) -> Column {
    var builder = ColumnBuilder(kind, capacity: indices.count)
    for index in indices { builder.append(bytes(index)) }
    return builder.made()
  }

  /// The rows of `range`, without a copy.
  func slice(_ range: Range<Int>) -> Column {
    if let offsets {
      return Column(borrowing: data, offsets: offsets + range.lowerBound, count: range.count, as: kind, owner: owner)
    }
    return Column(borrowing: data + range.lowerBound * kind.width, count: range.count, as: kind, owner: owner)
  }

  /// Whether something keeps the memory alive as long as the column.
  var hasOwner: Bool { owner != nil }

  /// Whether numbers and offsets lie where a processor may load them as such.
  var isAligned: Bool {
    let alignment =
      switch kind {
      case .f64, .u64: 8
      case .u32: 4
      default: 1
      }
    return (count == 0 || UInt(bitPattern: data) % UInt(alignment) == 0) && UInt(bitPattern: offsets) % 8 == 0
  }

  /// Whether the offsets start at or above 0 and never decrease.
  var hasOrderedOffsets: Bool {
    guard let offsets else { return false }
    guard offsets[0] >= 0 else { return false }
    for row in 0..<count where offsets[row + 1] < offsets[row] { return false }
    return true
  }
}

/// Memory aligned for every device: 64 bytes.
package final class Memory: @unchecked Sendable {
  /// The memory.
  package let bytes: UnsafeMutableRawBufferPointer
  /// Its first byte; valid also when there are none.
  package var start: UnsafeMutableRawPointer { allocation }
  private let allocation: UnsafeMutableRawPointer

  /// Allocates `byteCount` zeroed bytes.
  package convenience init(byteCount: Int) {
    self.init(unwritten: byteCount)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// Allocates `byteCount` bytes, each of which the caller has to write.
  package init(unwritten byteCount: Int) {
    allocation = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 64), alignment: 64)
    bytes = UnsafeMutableRawBufferPointer(start: allocation, count: byteCount)
  }

  deinit { allocation.deallocate() }
}
