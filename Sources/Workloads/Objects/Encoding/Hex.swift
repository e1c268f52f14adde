/// Bytes as hexadecimal digits.
enum Hex {
  /// The bytes that pairs of digits of either case spell; nil for anything else.
  static func bytes(_ digits: some Collection<UInt8>) -> [UInt8]? {
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    var upper: UInt8?
    for digit in digits {
      guard let value = value(digit) else { return nil }
      if let half = upper {
        bytes.append(half << 4 | value)
        upper = nil
      } else {
        upper = value
      }
    }
    return bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x37
    case 0x61...0x66: digit - 0x57
    default: nil
    }
  }
}
