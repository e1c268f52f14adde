/// One item of Ethereum's Recursive Length Prefix encoding (yellow paper, appendix B), read without copying.
///
/// Only the canonical form is read: lengths in their shortest form and within bounds, and a byte below 0x80 as itself.
package struct RLPItem {
  /// Whether it is a list; else it is a string.
  package let isList: Bool
  /// The string, or the items of the list end to end.
  package let payload: UnsafeRawBufferPointer
  /// The whole item.
  package let encoding: UnsafeRawBufferPointer

  /// The first item of `bytes`, which may go on behind it; nil when there is no canonical one.
  package init?(firstOf bytes: UnsafeRawBufferPointer) {
    guard let tag = bytes.first else { return nil }
    isList = tag >= 0xc0
    switch tag {
    case ..<0x80:
      payload = UnsafeRawBufferPointer(rebasing: bytes[..<1])
      encoding = payload
    case 0xb8...0xbf, 0xf8...:
      let lengthBytes = Int(tag & 7) + 1
      guard bytes.count > lengthBytes, bytes[1] != 0 else { return nil }
      var length: UInt64 = 0
      for index in 1...lengthBytes { length = length << 8 | UInt64(bytes[index]) }
      guard length > 55, length <= UInt64(bytes.count - 1 - lengthBytes) else { return nil }
      let start = 1 + lengthBytes
      payload = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(length)])
      encoding = UnsafeRawBufferPointer(rebasing: bytes[..<(start + Int(length))])
    default:
      let length = Int(tag & 0x3f)
      guard length < bytes.count else { return nil }
      if tag == 0x81, bytes[1] < 0x80 { return nil }
      payload = UnsafeRawBufferPointer(rebasing: bytes[1..<1 + length])
      encoding = UnsafeRawBufferPointer(rebasing: bytes[..<(1 + length)])
    }
  }

  /// The only item of `bytes`; nil when something follows it.
  package init?(_ bytes: UnsafeRawBufferPointer) {
    self.init(firstOf: bytes)
    guard encoding.count == bytes.count else { return nil }
  }

  /// Whether the list's items are canonical, all the way down to a depth of `depth`.
  package func isCanonical(depth: Int = 8) -> Bool {
    guard isList else { return true }
    var rest = payload
    while !rest.isEmpty {
      guard depth > 0, let item = RLPItem(firstOf: rest), item.isCanonical(depth: depth - 1) else { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest[item.encoding.count...])
    }
    return true
  }
}

/// Writes canonical RLP.
package enum RLPWriter {
  /// The encoding of a string.
  package static func string(_ bytes: some Collection<UInt8>) -> [UInt8] {
    if bytes.count == 1, let byte = bytes.first, byte < 0x80 { return [byte] }
    return header(0x80, bytes.count) + bytes
  }

  /// The encoding of a list of encoded items.
  package static func list(_ items: [[UInt8]]) -> [UInt8] {
    let count = items.reduce(0) { $0 + $1.count }
    var list = listHeader(count)
    list.reserveCapacity(list.count + count)
    for item in items { list += item }
    return list
  }

  /// What stands in front of a list's items, which are `count` bytes together.
  package static func listHeader(_ count: Int) -> [UInt8] { header(0xc0, count) }

  /// The encoding of a big-endian unsigned integer, leading zeros left out.
  package static func integer(_ bigEndian: some Collection<UInt8>) -> [UInt8] {
    string(bigEndian.drop { $0 == 0 })
  }

  private static func header(_ base: UInt8, _ count: Int) -> [UInt8] {
    if count <= 55 { return [base + UInt8(count)] }
    let length = withUnsafeBytes(of: UInt64(count).bigEndian) { Array($0.drop { $0 == 0 }) }
    return [base + 55 + UInt8(length.count)] + length
  }
}
