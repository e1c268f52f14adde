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
  public let data: UnsafeRawPointer
  /// `count + 1` offsets into `data` for messages; nil otherwise.
  public let offsets: UnsafePointer<Int64>?
  private let owner: AnyObject?

  /// Wraps memory that somebody else owns. `owner` is kept alive as long as the column; the memory must hold `count` values
  /// and stay unchanged that long. Without an owner it must stay until the calls that are given the column have returned.
  /// Offsets and alignment are checked when a batch is made.
  public init(
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

  /// A column of bytes, one a row.
  public init(bytes values: [UInt8]) {
    self.init(copying: values, count: values.count, as: .u8)
  }

  /// A column of fixed-width values, laid end to end; a trailing part shorter than `width` is left out.
  public init(packed values: [UInt8], width: Int) {
    self.init(copying: values, count: width > 0 ? values.count / width : 0, as: .bytes(width))
  }

  /// A column of messages.
  public init(messages: [[UInt8]]) {
    var builder = ColumnBuilder(.message, capacity: messages.count)
    for message in messages { builder.append(message) }
    self = builder.finish()
  }

  private init<T: BitwiseCopyable>(copying values: [T], count: Int, as kind: ColumnDescription.Kind) {
    let memory = Memory(byteCount: values.count * MemoryLayout<T>.stride)
    values.withUnsafeBytes { memory.bytes.copyMemory(from: $0) }
    self.init(borrowing: memory.start, count: count, as: kind, owner: memory)
  }

  /// The bytes of row `row`.
  public subscript(row: Int) -> UnsafeRawBufferPointer {
    if let offsets {
      let start = Int(offsets[row])
      return UnsafeRawBufferPointer(start: data + start, count: Int(offsets[row + 1]) - start)
    }
    return UnsafeRawBufferPointer(start: data + row * kind.width, count: kind.width)
  }

  /// The values of a binary64 column; empty for any other.
  public var numbers: Numbers {
    Numbers(kind == .f64 ? bytes : UnsafeRawBufferPointer(start: nil, count: 0), owner: owner)
  }

  /// All values' bytes, for messages those that the offsets span.
  public var bytes: UnsafeRawBufferPointer {
    if let offsets {
      return UnsafeRawBufferPointer(start: data + Int(offsets[0]), count: Int(offsets[count] - offsets[0]))
    }
    return UnsafeRawBufferPointer(start: data, count: count * kind.width)
  }

  /// A column that holds copies of the rows at `indices`, in that order.
  public func selecting(_ indices: some Collection<Int>) -> Column {
    var builder = ColumnBuilder(kind, capacity: indices.count)
    for index in indices { builder.append(self[index]) }
    return builder.finish()
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

/// Memory aligned for every device: 64 bytes, zeroed.
public final class Memory: @unchecked Sendable {
  /// The memory.
  public let bytes: UnsafeMutableRawBufferPointer
  /// Its first byte; valid also when there are none.
  public var start: UnsafeMutableRawPointer { allocation }
  private let allocation: UnsafeMutableRawPointer

  /// Allocates `byteCount` zeroed bytes.
  public init(byteCount: Int) {
    allocation = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 64), alignment: 64)
    bytes = UnsafeMutableRawBufferPointer(start: allocation, count: byteCount)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { allocation.deallocate() }
}
