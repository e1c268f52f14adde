/// A column of byte strings that keeps its memory alive: digests, keys, messages.
///
/// ```swift
/// let digests = try engine.execute(Batch(.sha256Pair, [pairs])).digests
/// print(digests[3].hexadecimal)  // still there when the results are not
/// ```
public struct ByteColumn: RandomAccessCollection, @unchecked Sendable {
  private let start: UnsafeRawPointer
  private let offsets: UnsafePointer<Int64>?
  private let width: Int
  private let owner: AnyObject?
  /// How many rows there are.
  public let count: Int

  /// Rows of `width` bytes, or those that `offsets` cuts out of `start`, in memory that `owner` keeps.
  init(_ start: UnsafeRawPointer, offsets: UnsafePointer<Int64>? = nil, width: Int, count: Int, owner: AnyObject?) {
    self.start = start
    self.offsets = offsets
    self.width = width
    self.count = count
    self.owner = owner
  }

  /// 0.
  public var startIndex: Int { 0 }
  /// How many rows there are.
  public var endIndex: Int { count }

  /// The bytes of row `row`, from 0. A row that the column does not have ends the program with a sentence.
  public subscript(row: Int) -> Value {
    checkRow(row, count)
    guard let offsets else { return Value(start + row * width, count: width, owner: owner) }
    let first = Int(offsets[row])
    return Value(start + first, count: Int(offsets[row + 1]) - first, owner: owner)
  }

  /// The bytes of one row, which keep the column's memory alive.
  public struct Value: RandomAccessCollection, Hashable, @unchecked Sendable {
    private let start: UnsafeRawPointer
    private let owner: AnyObject?
    /// How many bytes there are.
    public let count: Int

    fileprivate init(_ start: UnsafeRawPointer, count: Int, owner: AnyObject?) {
      self.start = start
      self.count = count
      self.owner = owner
    }

    /// 0.
    public var startIndex: Int { 0 }
    /// How many bytes there are.
    public var endIndex: Int { count }

    /// Byte `index`, from 0. A byte that the value does not have ends the program with a sentence.
    public subscript(index: Int) -> UInt8 {
      guard UInt(bitPattern: index) < UInt(bitPattern: count) else {
        fatalError("Byte \(index) of a value of \(count) bytes was asked for.")
      }
      return start.load(fromByteOffset: index, as: UInt8.self)
    }

    /// Calls `body` with the bytes, which are valid during the call.
    public func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
      defer { withExtendedLifetime(owner) {} }
      return try body(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// What algorithms over bytes use instead of one subscript after the other.
    public func withContiguousStorageIfAvailable<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R? {
      defer { withExtendedLifetime(owner) {} }
      return try body(UnsafeRawBufferPointer(start: start, count: count).assumingMemoryBound(to: UInt8.self))
    }

    /// Whether two values hold the same bytes.
    public static func == (left: Value, right: Value) -> Bool { left.elementsEqual(right) }

    /// Whether a value holds the bytes of an array.
    public static func == (left: Value, right: [UInt8]) -> Bool { left.elementsEqual(right) }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
      withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }
}

/// The verdicts of an operation's rows; they keep their memory alive. An operation without a verdict column accepts every row.
///
/// ```swift
/// let verdicts = try engine.execute(batch).verdicts
/// for (row, verdict) in verdicts.enumerated() where !verdict.isAccepted { print(row, verdict.reason ?? "") }
/// ```
public struct Verdicts: RandomAccessCollection, Sendable {
  private let memory: Memory?
  /// How many rows there are.
  public let count: Int

  init(_ memory: Memory?, count: Int) {
    self.memory = memory
    self.count = count
  }

  /// 0.
  public var startIndex: Int { 0 }
  /// How many rows there are.
  public var endIndex: Int { count }

  /// The verdict of row `row`, from 0. A row that is not there ends the program with a sentence.
  public subscript(row: Int) -> Verdict {
    checkRow(row, count)
    guard let memory else { return .accepted }
    return Verdict(rawValue: memory.bytes[row])
  }
}

/// Ends the program unless `row` is one of `count` rows: also in a build without debug checks, where a row beyond the end would read
/// somebody else's memory.
@inlinable @inline(__always)
func checkRow(_ row: Int, _ count: Int) {
  if UInt(bitPattern: row) >= UInt(bitPattern: count) { rowOutOfRange(row, count) }
}

@usableFromInline @inline(never)
func rowOutOfRange(_ row: Int, _ count: Int) -> Never {
  fatalError("Row \(row) was asked for where there are \(count) rows, numbered from 0.")
}
