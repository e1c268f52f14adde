/// Bytes as hexadecimal text.
public enum Hexadecimal {
  /// The bytes that `text` spells in digits of either case, with or without a leading `0x`; nil for any other text or an odd
  /// number of digits.
  public static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    let start = text.count >= 2 && text[0] == UInt8(ascii: "0") && text[1] | 0x20 == UInt8(ascii: "x") ? 2 : 0
    let digits = text.count - start
    guard digits % 2 == 0 else { return nil }
    var bad: UInt8 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: digits / 2) { bytes, count in
      for index in 0..<digits / 2 {
        let (upper, lower) = (value(text[start + 2 * index]), value(text[start + 2 * index + 1]))
        bad |= upper | lower
        bytes[index] = upper << 4 | lower & 15
      }
      count = digits / 2
    }
    return bad < 16 ? bytes : nil
  }

  /// A digit's value; 0xFF for any other byte.
  private static func value(_ digit: UInt8) -> UInt8 { table[Int(digit)] }

  private static let table: [UInt8] = (0...255).map { (byte: UInt8) in
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: 0xFF
    }
  }
}
