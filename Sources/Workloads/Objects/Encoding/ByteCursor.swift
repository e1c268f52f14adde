/// Reads a byte string from the front, big-endian; every read that would pass the end is a fault.
struct ByteCursor {
  private let bytes: [UInt8]
  private let name: String
  private(set) var position = 0

  /// A cursor over `bytes`, which faults call `name`.
  init(_ bytes: [UInt8], _ name: String) {
    self.bytes = bytes
    self.name = name
  }

  var isAtEnd: Bool { position == bytes.count }

  /// The next `count` bytes.
  mutating func read(_ count: Int) throws(ObjectFault) -> [UInt8] {
    guard count >= 0, count <= bytes.count - position else { throw .malformed("\(name) is cut short") }
    position += count
    return Array(bytes[position - count..<position])
  }

  /// The next byte.
  mutating func byte() throws(ObjectFault) -> UInt8 { try read(1)[0] }

  /// An unsigned integer of `width` bytes, at most 8, big-endian.
  mutating func integer(_ width: Int) throws(ObjectFault) -> UInt64 { try read(width).bigEndian }

  /// An unsigned integer of `width` bytes, at most 8, little-endian.
  mutating func littleEndian(_ width: Int) throws(ObjectFault) -> UInt64 { try Array(read(width).reversed()).bigEndian }

  /// Bitcoin's CompactSize in its shortest form.
  mutating func compactSize() throws(ObjectFault) -> UInt64 {
    let first = try byte()
    let (width, least): (Int, UInt64)
    switch first {
    case 0xfd: (width, least) = (2, 0xfd)
    case 0xfe: (width, least) = (4, 0x1_0000)
    case 0xff: (width, least) = (8, 0x1_0000_0000)
    default: return UInt64(first)
    }
    let value = try littleEndian(width)
    guard value >= least else {
      throw ObjectFault(.nonCanonicalEncoding, "\(name) has a size that is not in its shortest form")
    }
    return value
  }

  /// A string behind its CompactSize.
  mutating func sizedString() throws(ObjectFault) -> [UInt8] {
    let count = try compactSize()
    guard count <= UInt64(bytes.count - position) else { throw .malformed("\(name) is cut short") }
    return try read(Int(count))
  }

  /// That nothing is left.
  func expectEnd() throws(ObjectFault) {
    guard isAtEnd else { throw .malformed("\(name) has \(bytes.count - position) bytes too many") }
  }
}
