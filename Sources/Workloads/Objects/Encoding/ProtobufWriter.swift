/// Writes the fields of a Protocol Buffers message as gogoproto does for CometBFT: zeros and empty strings are left out.
struct ProtobufWriter {
  /// The message so far.
  private(set) var bytes: [UInt8] = []

  /// A base-128 integer.
  static func varint(_ value: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// An integer field of wire type 0; a negative one takes ten bytes.
  mutating func integer(_ field: UInt8, _ value: Int64) {
    if value != 0 { bytes += [field << 3] + Self.varint(UInt64(bitPattern: value)) }
  }

  /// A fixed 64-bit field of wire type 1.
  mutating func fixed(_ field: UInt8, _ value: Int64) {
    if value != 0 { bytes += [field << 3 | 1] + value.littleEndianBytes }
  }

  /// Bytes or text, of wire type 2.
  mutating func bytes(_ field: UInt8, _ value: some Collection<UInt8>) {
    if !value.isEmpty { message(field, Array(value)) }
  }

  /// A message, written also when it is empty.
  mutating func message(_ field: UInt8, _ value: [UInt8]) {
    bytes += [field << 3 | 2] + Self.varint(UInt64(value.count)) + value
  }
}
