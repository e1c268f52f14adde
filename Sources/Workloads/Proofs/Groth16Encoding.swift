/// Points of BN254 as EIP-197 lays them out, from the decimal numbers of snarkjs' JSON.
///
/// snarkjs writes a G1 point as [x, y, z] and a G2 point as three pairs [c0, c1] for c0 + c1 u, affine with z = 1 or, for
/// infinity, z = 0; other tools leave z out. EIP-197 writes x, y in 32 big-endian bytes each, c1 before c0, and infinity as zeros.
enum Groth16Encoding {
  /// The 32 big-endian bytes of a number, decimal or hexadecimal after `0x`; nil when the text is neither, of at most 4,096 digits.
  ///
  /// A number of 2^256 or more becomes 2^256 - 1, which is outside every field too, so the row gets the verdict that any
  /// number too large gets.
  static func number(_ text: String) -> [UInt8]? {
    let digits = text.utf8
    guard !digits.isEmpty, digits.count <= 4096 else { return nil }
    if text.hasPrefix("0x") || text.hasPrefix("0X") { return hexadecimal(digits.dropFirst(2)) }
    var limbs: InlineArray<4, UInt64> = [0, 0, 0, 0]
    var isTooLarge = false
    // Digits are taken 18 at a time, which fit one limb: the number becomes number * 10^18 + chunk.
    var chunk: UInt64 = 0
    var scale: UInt64 = 1
    for (index, character) in digits.enumerated() {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
      chunk = chunk &* 10 &+ UInt64(character &- UInt8(ascii: "0"))
      scale &*= 10
      guard index % 18 == 17 || index == digits.count - 1 else { continue }
      for limb in 0..<4 {
        let product = limbs[limb].multipliedFullWidth(by: scale)
        let (low, overflow) = product.low.addingReportingOverflow(chunk)
        limbs[limb] = low
        chunk = product.high &+ (overflow ? 1 : 0)
      }
      isTooLarge = isTooLarge || chunk != 0
      (chunk, scale) = (0, 1)
    }
    if isTooLarge { return [UInt8](repeating: 0xFF, count: 32) }
    return (0..<32).map { UInt8(truncatingIfNeeded: limbs[3 - $0 / 8] >> (56 - 8 * UInt64($0 % 8))) }
  }

  private static func hexadecimal(_ digits: Substring.UTF8View) -> [UInt8]? {
    guard !digits.isEmpty else { return nil }
    var bytes: [UInt8] = []
    // From the lowest digit up, two to a byte.
    for (index, digit) in digits.reversed().enumerated() {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
      default: return nil
      }
      if index % 2 == 0 { bytes.append(value) } else { bytes[index / 2] |= value << 4 }
    }
    if bytes.dropFirst(32).contains(where: { $0 != 0 }) { return [UInt8](repeating: 0xFF, count: 32) }
    let number = Array(bytes.prefix(32).reversed())
    return [UInt8](repeating: 0, count: 32 - number.count) + number
  }

  /// The 64 bytes of a G1 point; nil when it is none in snarkjs' form.
  static func g1(_ point: [String]) -> [UInt8]? {
    guard point.count == 2 || point.count == 3 else { return nil }
    return affine([point[0], point[1]], isInfinity: point.count == 3 ? point[2] : "1")
  }

  /// The 128 bytes of a G2 point; nil when it is none in snarkjs' form.
  static func g2(_ point: [[String]]) -> [UInt8]? {
    guard point.count == 2 || point.count == 3, point.allSatisfy({ $0.count == 2 }),
      point.count == 2 || point[2][1] == "0"
    else { return nil }
    return affine(
      [point[0][1], point[0][0], point[1][1], point[1][0]], isInfinity: point.count == 3 ? point[2][0] : "1")
  }

  private static func affine(_ coordinates: [String], isInfinity z: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    for coordinate in coordinates {
      guard let number = number(coordinate) else { return nil }
      bytes += number
    }
    switch z {
    case "1": return bytes
    case "0": return [UInt8](repeating: 0, count: bytes.count)
    default: return nil
    }
  }
}
