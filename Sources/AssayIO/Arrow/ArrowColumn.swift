/// One column of a record batch in a file's memory, checked against its bounds; valid as long as its ``ArrowFile``.
public struct ArrowColumn {
  /// The type of the values.
  public let type: ArrowType
  /// How many rows there are.
  public let rows: Int
  let validity: UnsafeRawBufferPointer?
  let buffers: [UnsafeRawBufferPointer]
  private let dictionary: ArrowDictionary?

  /// A column over `buffers` (validity first); nil when they are too short for `rows`.
  init?(
    _ type: ArrowType, rows: Int, nulls: Int, buffers: [UnsafeRawBufferPointer], dictionary: ArrowDictionary? = nil
  ) {
    func fits(_ index: Int, _ bytes: Int) -> Bool { index < buffers.count && buffers[index].count >= bytes }
    guard rows >= 0, rows < Int.max / 64, buffers.isEmpty || nulls == 0 || fits(0, (rows + 7) / 8) else { return nil }
    switch type {
    case .text(let isLarge): guard rows == 0 || fits(1, (rows + 1) * (isLarge ? 8 : 4)), fits(2, 0) else { return nil }
    case .bool: guard fits(1, (rows + 7) / 8) else { return nil }
    case .other: break
    default: guard fits(1, rows * (type.width ?? 0)) else { return nil }
    }
    self.type = type
    self.rows = rows
    self.buffers = buffers
    self.dictionary = dictionary
    validity = nulls == 0 ? nil : buffers.first
  }

  /// Whether row `row` has no value.
  public func isNull(_ row: Int) -> Bool {
    if case .other(1) = type { return true }
    return validity.map { $0[row / 8] >> UInt8(row % 8) & 1 == 0 } ?? false
  }

  /// The binary64 values of `range` where they lie; nil for another type, with nulls, or out of alignment.
  public func values(_ range: Range<Int>) -> UnsafePointer<Double>? {
    guard case .float(64) = type, validity == nil, let start = buffers[1].baseAddress else { return nil }
    let address = start + 8 * range.lowerBound
    return UInt(bitPattern: address) % 8 == 0 ? address.assumingMemoryBound(to: Double.self) : nil
  }

  /// A row's number, a moment in seconds since 1970; nil for a null or another type.
  public func number(_ row: Int) -> Double? {
    guard !isNull(row) else { return nil }
    switch type {
    case .float(64): return load(row, Double.self)
    case .float(32): return Double(load(row, Float.self))
    case .integer: return whole(row).map { Double($0) }
    case .date(let inDays):
      return inDays ? Double(load(row, Int32.self)) * 86_400 : Double(load(row, Int64.self)) / 1000
    case .timestamp(let perSecond, _): return Double(load(row, Int64.self)) / Double(perSecond)
    default: return nil
    }
  }

  /// A row's whole number; nil for a null, another type, or more than 2^63 - 1.
  public func whole(_ row: Int) -> Int? {
    isNull(row) ? nil : whole(row, of: type)
  }

  private func whole(_ row: Int, of type: ArrowType) -> Int? {
    guard case .integer(let bits, let isSigned) = type else { return nil }
    switch (bits, isSigned) {
    case (8, true): return Int(load(row, Int8.self))
    case (8, false): return Int(load(row, UInt8.self))
    case (16, true): return Int(load(row, Int16.self))
    case (16, false): return Int(load(row, UInt16.self))
    case (32, true): return Int(load(row, Int32.self))
    case (32, false): return Int(load(row, UInt32.self))
    case (64, false): return Int(exactly: load(row, UInt64.self))
    default: return Int(load(row, Int64.self))
    }
  }

  /// A row's truth value; nil for a null or another type.
  public func bool(_ row: Int) -> Bool? {
    guard case .bool = type, !isNull(row) else { return nil }
    return buffers[1][row / 8] >> UInt8(row % 8) & 1 == 1
  }

  /// A row's text; nil for a null, another type, or offsets that lead nowhere.
  public func text(_ row: Int) -> UnsafeRawBufferPointer? {
    guard !isNull(row) else { return nil }
    switch type {
    case .text(let isLarge):
      let (start, end) =
        isLarge
        ? (load(row, Int64.self), load(row + 1, Int64.self))
        : (Int64(load(row, Int32.self)), Int64(load(row + 1, Int32.self)))
      guard start >= 0, start <= end, end <= buffers[2].count else { return nil }
      return buffers[2].part(Int(start)..<Int(end))
    case .textView:
      let view = buffers[1].part(16 * row..<16 * row + 16)
      let count = Int(view.loadUnaligned(as: Int32.self))
      guard count > 12 else { return count >= 0 ? view.part(4..<4 + count) : nil }
      let buffer = Int(view.loadUnaligned(fromByteOffset: 8, as: Int32.self))
      let start = Int(view.loadUnaligned(fromByteOffset: 12, as: Int32.self))
      guard buffer >= 0, buffer + 2 < buffers.count, start >= 0, start + count <= buffers[buffer + 2].count else {
        return nil
      }
      return buffers[buffer + 2].part(start..<start + count)
    case .dictionary(_, let index, _): return whole(row, of: index).flatMap { dictionary?.text($0) }
    default: return nil
    }
  }

  /// Value `row` of the buffer of values; the bounds were checked when the column was made.
  @inline(__always)
  private func load<T: BitwiseCopyable>(_ row: Int, _: T.Type) -> T {
    buffers[1].loadUnaligned(fromByteOffset: row * MemoryLayout<T>.size, as: T.self)
  }
}

/// The values that a dictionary column's indices stand for, in parts where batches added to it.
struct ArrowDictionary {
  private(set) var parts: [ArrowColumn] = []

  mutating func add(_ part: ArrowColumn, isDelta: Bool) { parts = isDelta ? parts + [part] : [part] }

  func text(_ index: Int) -> UnsafeRawBufferPointer? {
    var index = index
    for part in parts {
      if index < part.rows { return index >= 0 ? part.text(index) : nil }
      index -= part.rows
    }
    return nil
  }
}
