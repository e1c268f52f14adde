/// Writes the fields of a Protocol Buffers message as gogoproto does for CometBFT: zeros and empty strings are left out.
struct ProtobufWriter {
  /// The message so far.
  private(set) var bytes: [UInt8] = []

  /// Adds a base-128 integer to `bytes`.
  static func append(varint value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// How many bytes a base-128 integer takes.
  static func varintBytes(_ value: UInt64) -> Int { max(1, (70 - value.leadingZeroBitCount) / 7) }

  /// An integer field of wire type 0; a negative one takes ten bytes.
  mutating func integer(_ field: UInt8, _ value: Int64) {
    guard value != 0 else { return }
    bytes.append(field << 3)
    Self.append(varint: UInt64(bitPattern: value), to: &bytes)
  }

  /// A fixed 64-bit field of wire type 1.
  mutating func fixed(_ field: UInt8, _ value: Int64) {
    guard value != 0 else { return }
    bytes.append(field << 3 | 1)
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Bytes or text, of wire type 2.
  mutating func bytes(_ field: UInt8, _ value: some Collection<UInt8>) {
    if !value.isEmpty { message(field, value) }
  }

  /// A message, written also when it is empty.
  mutating func message(_ field: UInt8, _ value: some Collection<UInt8>) {
    bytes.append(field << 3 | 2)
    Self.append(varint: UInt64(value.count), to: &bytes)
    bytes.append(contentsOf: value)
  }
}
