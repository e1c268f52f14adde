import AssayCore
import Glibc

/// One column of a record batch in a file's memory, checked against its bounds; valid as long as its ``ArrowFile``.
public final class ArrowColumn {
  /// The type of the values.
  public let type: ArrowType
  /// How many rows there are.
  public let rows: Int
  /// Whether a row may have no value.
  public let hasNulls: Bool
  /// The distinct values of a column of indices; nil for another type.
  public let dictionary: ArrowDictionary?
  let validity: UnsafeRawBufferPointer
  let buffers: [UnsafeRawBufferPointer]
  /// The buffer after the validity's: values, offsets, indices, bits or views.
  let values: UnsafeRawBufferPointer
  private let layout: Layout
  /// The memory of buffers that lie in no file.
  private let owners: [Memory]

  /// How values lie in memory: ``ArrowType`` without what only messages need.
  private enum Layout {
    case float16, float32, float64, signed8, signed16, signed32, signed64, unsigned8, unsigned16, unsigned32, unsigned64
    case decimal32, decimal64, decimal128, bits, text, largeText, view, dictionary, nothing, other
  }

  /// A column over `buffers` (validity first); nil when they are too short for `rows`.
  init?(
    _ type: ArrowType, rows: Int, nulls: Int, buffers: [UnsafeRawBufferPointer], owners: [Memory] = [],
    dictionary: ArrowDictionary? = nil
  ) {
    func fits(_ index: Int, _ bytes: Int) -> Bool { index < buffers.count && buffers[index].count >= bytes }
    guard rows >= 0, rows < Int.max / 64, buffers.isEmpty || nulls == 0 || fits(0, (rows + 7) / 8) else { return nil }
    switch type {
    case .text(let isLarge): guard rows == 0 || fits(1, (rows + 1) * (isLarge ? 8 : 4)), fits(2, 0) else { return nil }
    case .bool: guard fits(1, (rows + 7) / 8) else { return nil }
    case .other, .unread: break
    default: guard fits(1, rows * (type.width ?? 0)) else { return nil }
    }
    self.type = type
    self.rows = rows
    self.buffers = buffers
    self.owners = owners
    self.dictionary = dictionary
    layout = Self.layout(type)
    hasNulls = nulls != 0 || type == .other(1)
    validity = nulls == 0 ? UnsafeRawBufferPointer(start: nil, count: 0) : buffers.first ?? .init(start: nil, count: 0)
    values = buffers.count > 1 ? buffers[1] : .init(start: nil, count: 0)
  }

  private static func layout(_ type: ArrowType) -> Layout {
    switch type {
    case .float(let bits): bits == 64 ? .float64 : bits == 32 ? .float32 : .float16
    case .integer(let bits, let isSigned):
      switch bits {
      case 8: isSigned ? .signed8 : .unsigned8
      case 16: isSigned ? .signed16 : .unsigned16
      case 32: isSigned ? .signed32 : .unsigned32
      default: isSigned ? .signed64 : .unsigned64
      }
    case .date(let inDays): inDays ? .signed32 : .signed64
    case .timestamp: .signed64
    case .decimal(let bits, _, _): bits == 32 ? .decimal32 : bits == 64 ? .decimal64 : .decimal128
    case .bool: .bits
    case .text(let isLarge): isLarge ? .largeText : .text
    case .textView: .view
    case .dictionary: .dictionary
    case .other(1): .nothing
    case .other, .unread: .other
    }
  }

  /// Whether row `row` has no value.
  public func isNull(_ row: Int) -> Bool {
    hasNulls && (validity.isEmpty || validity[row >> 3] >> UInt8(row & 7) & 1 == 0)
  }

  /// The binary64 values of `range` where they lie; nil for another type, with nulls, or out of alignment.
  public func numbers(_ range: Range<Int>) -> UnsafePointer<Double>? {
    guard case .float64 = layout, !hasNulls, let start = values.baseAddress else { return nil }
    let address = start + 8 * range.lowerBound
    return UInt(bitPattern: address) % 8 == 0 ? address.assumingMemoryBound(to: Double.self) : nil
  }

  /// The values of `range` where they lie, of whole numbers of 8 bits; nil for another type or with nulls.
  public func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer? {
    guard layout == .unsigned8 || layout == .signed8, !hasNulls else { return nil }
    return values.part(range)
  }

  /// Writes the numbers of `range`, moments in seconds since 1970, whatever nulls hold; false for a type without numbers.
  public func copyNumbers(_ range: Range<Int>, to target: UnsafeMutablePointer<Double>) -> Bool {
    func copy<T: BitwiseCopyable>(_: T.Type, _ number: (T) -> Double) -> Bool {
      for index in 0..<range.count { target[index] = number(load(range.lowerBound + index)) }
      return true
    }
    switch type {
    case .date(inDays: true): return copy(Int32.self) { Double($0) * 86_400 }
    case .date(inDays: false): return copy(Int64.self) { Double($0) / 1000 }
    case .timestamp(let perSecond, _): return copy(Int64.self) { Double($0) / Double(perSecond) }
    case .decimal(_, _, let scale):
      for index in 0..<range.count {
        target[index] = Self.binary64(unscaled(range.lowerBound + index) ?? 0, scale: scale)
      }
      return true
    default: break
    }
    switch layout {
    case .float64: return copy(Double.self) { $0 }
    case .float32: return copy(Float.self) { Double($0) }
    case .float16: return copy(UInt16.self, Self.binary64)
    case .signed8: return copy(Int8.self) { Double($0) }
    case .signed16: return copy(Int16.self) { Double($0) }
    case .signed32: return copy(Int32.self) { Double($0) }
    case .signed64: return copy(Int64.self) { Double($0) }
    case .unsigned8: return copy(UInt8.self) { Double($0) }
    case .unsigned16: return copy(UInt16.self) { Double($0) }
    case .unsigned32: return copy(UInt32.self) { Double($0) }
    case .unsigned64: return copy(UInt64.self) { Double($0) }
    default: return false
    }
  }

  /// Where a row's value lies: here, or in ``dictionary``; nil for a null, and for an index that leads nowhere.
  public func entry(_ row: Int) -> (column: ArrowColumn, row: Int)? {
    guard case .dictionary = layout else { return isNull(row) ? nil : (self, row) }
    guard let entry = key(row).flatMap({ dictionary?.entry($0) }), !entry.column.isNull(entry.row) else { return nil }
    return entry
  }

  /// A row's number, a moment in seconds since 1970; nil for a null or another type.
  public func number(_ row: Int) -> Double? {
    if case .dictionary = layout { return entry(row).flatMap { $0.column.number($0.row) } }
    guard !isNull(row) else { return nil }
    var value = 0.0
    return copyNumbers(row..<row + 1, to: &value) ? value : nil
  }

  /// A row's whole number, a moment in its own units; nil for a null, another type, or more than 2^63 - 1.
  public func whole(_ row: Int) -> Int? { isNull(row) ? nil : whole(row, as: layout) }

  /// A row's whole number that is 2^63 or more; nil for any other.
  public func large(_ row: Int) -> UInt64? {
    guard case .unsigned64 = layout, !isNull(row) else { return nil }
    let value = load(row, UInt64.self)
    return value > UInt64(Int.max) ? value : nil
  }

  private func whole(_ row: Int, as layout: Layout) -> Int? {
    switch layout {
    case .signed8: Int(load(row, Int8.self))
    case .signed16: Int(load(row, Int16.self))
    case .signed32: Int(load(row, Int32.self))
    case .signed64: Int(load(row, Int64.self))
    case .unsigned8: Int(load(row, UInt8.self))
    case .unsigned16: Int(load(row, UInt16.self))
    case .unsigned32: Int(load(row, UInt32.self))
    case .unsigned64: Int(exactly: load(row, UInt64.self))
    default: nil
    }
  }

  /// A row's decimal number as text, exactly; nil for a null or another type.
  public func decimal(_ row: Int) -> String? {
    guard case .decimal(_, _, let scale) = type, !isNull(row), let number = unscaled(row) else { return nil }
    guard scale > 0 else { return "\(number)" + (number == 0 ? "" : String(repeating: "0", count: -scale)) }
    let digits = String(number.magnitude)
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.utf8.count)) + digits
    return (number < 0 ? "-" : "") + padded.dropLast(scale) + "." + padded.suffix(scale)
  }

  /// A row's decimal number without its point; nil for another type.
  private func unscaled(_ row: Int) -> Int128? {
    switch layout {
    case .decimal32: Int128(load(row, Int32.self))
    case .decimal64: Int128(load(row, Int64.self))
    case .decimal128: Int128(load(2 * row + 1, Int64.self)) << 64 | Int128(load(2 * row, UInt64.self))
    default: nil
    }
  }

  /// The binary64 nearest to `number` / 10^`scale`. Where both are exact a division rounds once; text is read otherwise.
  private static func binary64(_ number: Int128, scale: Int) -> Double {
    if number.magnitude < 1 << 53, (0...22).contains(scale) { return Double(number) / powers[scale] }
    return Double("\(number)e\(-scale)") ?? .nan
  }

  /// The powers of ten that binary64 has exactly.
  private static let powers = (0..<22).reduce(into: [1.0]) { powers, _ in powers.append(powers[powers.count - 1] * 10) }

  /// A row's place in ``dictionary``, which may lie outside it; nil for a null or another type.
  public func key(_ row: Int) -> Int? {
    guard case .dictionary(_, let index, _) = type, !isNull(row) else { return nil }
    return whole(row, as: Self.layout(index))
  }

  /// A row's truth value; nil for a null or another type.
  public func bool(_ row: Int) -> Bool? {
    guard case .bits = layout, !isNull(row) else { return nil }
    return values[row / 8] >> UInt8(row % 8) & 1 == 1
  }

  /// A row's text; nil for a null, another type, or offsets that lead nowhere.
  public func text(_ row: Int) -> UnsafeRawBufferPointer? {
    guard !isNull(row) else { return nil }
    switch layout {
    case .text: return text(Int64(load(row, Int32.self)), Int64(load(row + 1, Int32.self)))
    case .largeText: return text(load(row, Int64.self), load(row + 1, Int64.self))
    case .view: return view(row)
    case .dictionary: return key(row).flatMap { dictionary?.text($0) }
    default: return nil
    }
  }

  private func text(_ start: Int64, _ end: Int64) -> UnsafeRawBufferPointer? {
    guard start >= 0, start <= end, end <= buffers[2].count else { return nil }
    return buffers[2].part(Int(start)..<Int(end))
  }

  /// A view: its length, then up to twelve bytes of text, or a prefix, the number of a buffer and an offset into it.
  private func view(_ row: Int) -> UnsafeRawBufferPointer? {
    let view = values.part(16 * row..<16 * row + 16)
    let count = Int(view.loadUnaligned(as: Int32.self))
    guard count > 12 else { return count >= 0 ? view.part(4..<4 + count) : nil }
    let buffer = Int(view.loadUnaligned(fromByteOffset: 8, as: Int32.self))
    let start = Int(view.loadUnaligned(fromByteOffset: 12, as: Int32.self))
    guard buffer >= 0, buffer + 2 < buffers.count, start >= 0, start + count <= buffers[buffer + 2].count else {
      return nil
    }
    return buffers[buffer + 2].part(start..<start + count)
  }

  /// The bytes of a row's value of a type with a width.
  func valueBytes(_ row: Int) -> UnsafeRawBufferPointer? {
    guard let width = type.width, row >= 0, (row + 1) * width <= values.count else { return nil }
    return values.part(row * width..<(row + 1) * width)
  }

  /// How many bytes the texts of `range` have together at most; 0 for a type without text.
  func textBytes(_ range: Range<Int>) -> Int {
    switch layout {
    case .text: range.reduce(0) { $0 &+ max(0, Int(load($1 + 1, Int32.self)) &- Int(load($1, Int32.self))) }
    case .largeText:
      // Offsets that lead nowhere are nulls, whatever they are.
      range.reduce(0) { sum, row in
        let count = load(row + 1, Int64.self) &- load(row, Int64.self)
        return sum &+ (0...Int64(buffers[2].count) ~= count ? Int(count) : 0)
      }
    case .view: range.reduce(0) { $0 &+ max(0, Int(values.loadUnaligned(fromByteOffset: 16 * $1, as: Int32.self))) }
    case .dictionary:
      // Each key is looked up only where that may matter.
      if let most = dictionary?.longestText, most < (1 << 20) / max(range.count, 1) {
        most * range.count
      } else {
        range.reduce(0) { $0 &+ (text($1)?.count ?? 0) }
      }
    default: 0
    }
  }

  /// Gives the memory of rows that were read back to the system, which takes it from the file again when they are read once more.
  func release(_ range: Range<Int>) {
    // Memory of its own has no file behind it.
    guard owners.isEmpty, !range.isEmpty,
      let width = type.width ?? (layout == .text ? 4 : layout == .largeText ? 8 : nil)
    else {
      return
    }
    values.part(range.lowerBound * width..<range.upperBound * width).release()
    switch layout {
    case .text, .largeText:
      guard let first = text(range.lowerBound)?.baseAddress, let last = text(range.upperBound - 1)?.baseAddress,
        first < last
      else { return }
      UnsafeRawBufferPointer(start: first, count: last - first).release()
    default: break
    }
  }

  /// Value `row` of the buffer of values; the bounds were checked when the column was made.
  @inline(__always)
  private func load<T: BitwiseCopyable>(_ row: Int, _: T.Type = T.self) -> T {
    values.loadUnaligned(fromByteOffset: row * MemoryLayout<T>.size, as: T.self)
  }

  /// The value of a binary16 number.
  private static func binary64(_ bits: UInt16) -> Double {
    let sign: FloatingPointSign = bits >> 15 == 0 ? .plus : .minus
    let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
    switch exponent {
    case 0: return Double(sign: sign, exponent: -24, significand: fraction)
    case 31: return fraction == 0 ? Double(sign: sign, exponent: 0, significand: .infinity) : .nan
    default: return Double(sign: sign, exponent: exponent - 25, significand: 1024 + fraction)
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Drops the pages of a mapped file from the page with the first byte to the one before that with the last.
  fileprivate func release() {
    let page = UInt(getpagesize())
    let start = UInt(bitPattern: baseAddress) & ~(page - 1),
      end = (UInt(bitPattern: baseAddress) + UInt(count)) & ~(page - 1)
    if end > start { madvise(UnsafeMutableRawPointer(bitPattern: start), Int(end - start), MADV_DONTNEED) }
  }
}

/// The values that a dictionary column's indices stand for, in parts where batches added to it.
public struct ArrowDictionary {
  private var parts: [ArrowColumn] = []
  /// How many values the parts up to each one have.
  private var ends: [Int] = []

  /// How many values there are.
  public var count: Int { ends.last ?? 0 }
  /// How many bytes the longest text has.
  private(set) var longestText = 0

  /// A dictionary may come in no more parts than that: every batch sees its own state of them.
  static let mostParts = 1 << 14

  /// Adds a part, or starts over with it; false when there would be too many.
  mutating func add(_ part: ArrowColumn, isDelta: Bool) -> Bool {
    if !isDelta { (parts, ends, longestText) = ([], [], 0) }
    guard parts.count < Self.mostParts else { return false }
    parts.append(part)
    ends.append(count + part.rows)
    for row in 0..<part.rows { longestText = max(longestText, part.text(row)?.count ?? 0) }
    return true
  }

  /// Text number `index`; nil where there is none.
  public func text(_ index: Int) -> UnsafeRawBufferPointer? { entry(index).flatMap { $0.column.text($0.row) } }

  /// Where value number `index` lies; nil where there is none.
  func entry(_ index: Int) -> (column: ArrowColumn, row: Int)? {
    guard index >= 0, index < count else { return nil }
    var (low, high) = (0, parts.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] > index { high = middle } else { low = middle + 1 }
    }
    return (parts[low], index - (ends[low] - parts[low].rows))
  }
}
