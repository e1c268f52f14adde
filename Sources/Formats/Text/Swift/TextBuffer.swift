public import CAssayText

/// Growing memory that text is written into: nothing is allocated per row once it has its size.
public struct TextBuffer: ~Copyable {
  /// How many bytes were written.
  public var count: Int { used }
  @usableFromInline var used = 0
  @usableFromInline var memory: UnsafeMutableRawBufferPointer

  /// An empty buffer with room for `capacity` bytes.
  public init(capacity: Int = 1 << 16) {
    memory = .allocate(byteCount: max(capacity, 64), alignment: 64)
  }

  deinit { memory.deallocate() }

  /// The text.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<used]) }

  /// Part of the text.
  public func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[range]) }

  /// Forgets the text and keeps the memory.
  public mutating func removeAll() { used = 0 }

  /// Makes room for `more` bytes and returns where they start.
  @inlinable
  mutating func room(_ more: Int) -> UnsafeMutableRawPointer {
    if memory.count - used < more { grow(more) }
    return memory.baseAddress.unsafelyUnwrapped + used
  }

  @usableFromInline
  mutating func grow(_ more: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: max(memory.count * 2, used + more), alignment: 64)
    larger.copyMemory(from: bytes)
    memory.deallocate()
    memory = larger
  }

  /// Appends one byte.
  @inlinable
  public mutating func append(_ byte: UInt8) {
    room(1).storeBytes(of: byte, as: UInt8.self)
    used += 1
  }

  /// Appends bytes as they are.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
    room(bytes.count).copyMemory(from: source, byteCount: bytes.count)
    used += bytes.count
  }

  /// Appends a literal.
  public mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends text as UTF-8.
  public mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Appends an integer in decimal.
  public mutating func append(_ value: some FixedWidthInteger) {
    if value < 0 { append(UInt8(ascii: "-")) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var rest = UInt64(truncatingIfNeeded: value.magnitude)
      var start = 20
      repeat {
        start -= 1
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        digits[start] = 48 + UInt8(truncatingIfNeeded: digit)
        rest = quotient
      } while rest != 0
      append(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: digits[start...])))
    }
  }

  /// Appends the shortest decimal that reads back to the same binary64.
  @inlinable
  public mutating func append(_ value: Double) {
    let start = room(Int(ASSAY_TEXT_F64_CAPACITY)).assumingMemoryBound(to: CChar.self)
    used += assay_text_write_f64(value, start)
  }

  /// Appends bytes in lower-case hexadecimal, without prefix.
  public mutating func append(hexadecimal bytes: UnsafeRawBufferPointer) {
    let start = room(bytes.count * 2).assumingMemoryBound(to: UInt8.self)
    for (index, byte) in bytes.enumerated() {
      start[2 * index] = Self.digit(byte >> 4)
      start[2 * index + 1] = Self.digit(byte & 15)
    }
    used += bytes.count * 2
  }

  /// Appends `text` as a CSV cell: in quotes where RFC 4180 asks for them.
  public mutating func append(csvCell text: UnsafeRawBufferPointer) {
    guard text.contains(where: { [.comma, .quote, .lineFeed, .carriageReturn].contains($0) }) else {
      return append(text)
    }
    append(UInt8.quote)
    for byte in text {
      if byte == .quote { append(UInt8.quote) }
      append(byte)
    }
    append(UInt8.quote)
  }

  /// Appends `text`, which is UTF-8, as a JSON string with its quotes.
  public mutating func append(jsonString text: UnsafeRawBufferPointer) {
    append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        append(UInt8(ascii: "\\"))
        append(byte)
      case 0..<0x20:
        append("\\u00")
        append(Self.digit(byte >> 4))
        append(Self.digit(byte & 15))
      default: append(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }

  @inline(__always)
  private static func digit(_ nibble: UInt8) -> UInt8 { nibble + (nibble < 10 ? 48 : 87) }
}
