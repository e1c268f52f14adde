/// Unsigned big-endian integers as byte strings.
extension Collection<UInt8> {
  /// The value of at most 8 bytes.
  var bigEndian: UInt64 { reduce(0) { $0 << 8 | UInt64($1) } }

  /// The bytes with zeros in front, `count` in all; more are left as they are.
  func padded(to count: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: Swift.max(0, count - self.count)) + self
  }
}

extension FixedWidthInteger {
  /// The value in big-endian bytes.
  var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
  /// The value in little-endian bytes.
  var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}

/// A signed integer of at most 256 bits, from the text that wallets and nodes write.
struct Integer256 {
  /// Whether it is below zero.
  let isNegative: Bool
  /// The absolute value in 32 big-endian bytes.
  let magnitude: [UInt8]

  /// A decimal number, with a minus sign when negative, or a hexadecimal one after `0x`; nil for any other text, or for 2^256 and
  /// more.
  init?(_ text: String) {
    var digits = Substring(text)
    let isNegative = digits.hasPrefix("-")
    if isNegative { digits = digits.dropFirst() }
    let isHexadecimal = digits.hasPrefix("0x") || digits.hasPrefix("0X")
    if isHexadecimal { digits = digits.dropFirst(2) }
    guard !digits.isEmpty, digits.utf8.count <= 4096 else { return nil }
    var limbs: InlineArray<4, UInt64> = [0, 0, 0, 0]
    for character in digits.utf8 {
      let digit: UInt64
      switch character {
      case 0x30...0x39: digit = UInt64(character - 0x30)
      case 0x41...0x46 where isHexadecimal: digit = UInt64(character - 0x41 + 10)
      case 0x61...0x66 where isHexadecimal: digit = UInt64(character - 0x61 + 10)
      default: return nil
      }
      var carry = digit
      for index in 0..<4 {
        let product = limbs[index].multipliedFullWidth(by: isHexadecimal ? 16 : 10)
        let (sum, overflow) = product.low.addingReportingOverflow(carry)
        limbs[index] = sum
        carry = product.high + (overflow ? 1 : 0)
      }
      guard carry == 0 else { return nil }
    }
    magnitude = (0..<4).flatMap { limbs[3 - $0].bigEndianBytes }
    self.isNegative = isNegative && magnitude.contains { $0 != 0 }
  }

  /// How many bits the absolute value takes.
  var bitWidth: Int {
    guard let first = magnitude.firstIndex(where: { $0 != 0 }) else { return 0 }
    return (32 - first) * 8 - magnitude[first].leadingZeroBitCount
  }

  /// The number as an unsigned integer of `bits` bits in 32 bytes; nil when it does not fit.
  func unsigned(bits: Int) -> [UInt8]? {
    !isNegative && bitWidth <= bits ? magnitude : nil
  }

  /// The number as a signed integer of `bits` bits, extended to 32 bytes in two's complement; nil when it does not fit.
  func signed(bits: Int) -> [UInt8]? {
    guard isNegative else { return bitWidth < bits ? magnitude : nil }
    let isLeast = bitWidth == bits && magnitude.reduce(0) { $0 + $1.nonzeroBitCount } == 1
    guard bitWidth < bits || isLeast else { return nil }
    var carry: UInt16 = 1
    return magnitude.reversed().map { byte in
      carry += UInt16(~byte)
      defer { carry >>= 8 }
      return UInt8(truncatingIfNeeded: carry)
    }.reversed()
  }
}
