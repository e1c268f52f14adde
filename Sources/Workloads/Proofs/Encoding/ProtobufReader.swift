/// Reads the fields of a Protocol Buffers message (wire types 0 and 2, all that ICS-23 uses).
///
/// Integers must be in their shortest form. What a decoder usually forgives (unknown fields, a field twice) is the message's to
/// reject, so that one proof has one encoding.
package struct ProtobufReader {
  package enum Value {
    case integer(UInt64)
    case bytes(ArraySlice<UInt8>)
  }

  private var reader: ByteReader

  package init(_ bytes: ArraySlice<UInt8>) { reader = ByteReader(bytes) }

  package var isAtEnd: Bool { reader.isAtEnd }

  /// The next field; nil when there is no well-formed one.
  package mutating func field() -> (number: UInt64, value: Value)? {
    guard let tag = reader.varint() else { return nil }
    switch tag & 7 {
    case 0: return reader.varint().map { (tag >> 3, .integer($0)) }
    case 2:
      guard let count = reader.varint(), let bytes = reader.read(count: count, of: 1) else { return nil }
      return (tag >> 3, .bytes(bytes))
    default: return nil
    }
  }

  /// Hands every field of `bytes` to `take`; false when one is malformed, `take` refuses one, or one of number below 64 that is not
  /// in `repeated` comes twice.
  package static func read(
    _ bytes: ArraySlice<UInt8>, repeated: Set<UInt64> = [], _ take: (UInt64, Value) -> Bool
  ) -> Bool {
    var reader = ProtobufReader(bytes)
    var seen: UInt64 = 0
    while !reader.isAtEnd {
      guard let (number, value) = reader.field(), number < 64 else { return false }
      let bit = UInt64(1) << number
      guard seen & bit == 0 || repeated.contains(number), take(number, value) else { return false }
      seen |= bit
    }
    return true
  }
}
