/// Reads a byte string from the front; every read that would pass the end gives nil.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var next: Int

  init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    next = bytes.startIndex
  }

  var isAtEnd: Bool { next == bytes.endIndex }
  var remaining: Int { bytes.endIndex - next }

  mutating func byte() -> UInt8? {
    guard next < bytes.endIndex else { return nil }
    next += 1
    return bytes[next - 1]
  }

  mutating func read(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= remaining else { return nil }
    next += count
    return bytes[next - count..<next]
  }

  /// `count` items of `width` bytes.
  mutating func read(count: UInt64, of width: Int) -> ArraySlice<UInt8>? {
    guard count <= UInt64(remaining / width) else { return nil }
    return read(Int(count) * width)
  }

  /// An unsigned integer of `width` bytes, at most 8.
  mutating func littleEndian(_ width: Int) -> UInt64? {
    read(width)?.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Bitcoin's CompactSize, in its shortest form.
  mutating func compactSize() -> UInt64? {
    guard let first = byte() else { return nil }
    switch first {
    case 0xfd: return littleEndian(2).flatMap { $0 >= 0xfd ? $0 : nil }
    case 0xfe: return littleEndian(4).flatMap { $0 > 0xffff ? $0 : nil }
    case 0xff: return littleEndian(8).flatMap { $0 > 0xffff_ffff ? $0 : nil }
    default: return UInt64(first)
    }
  }

  /// A base-128 integer of at most 10 bytes (Protocol Buffers), in its shortest form.
  mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = byte() else { return nil }
      guard shift < 63 || byte <= 1, shift == 0 || byte != 0 else { return nil }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
