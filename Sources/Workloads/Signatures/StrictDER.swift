/// ECDSA signatures in strict DER, as BIP-66 defines it: one encoding for each pair of numbers and nothing after it.
enum StrictDER {
  /// The longest signature: two integers of 33 bytes with their headers.
  private static let longest = 72

  /// r and s as 32 big-endian bytes each; nil when `der` is not strict DER.
  ///
  /// A number of more than 32 bytes is well formed but in no scalar's range; it becomes 2^256 - 1, which is in none either, so
  /// that its reason is found where all scalars' are.
  static func compact(_ der: [UInt8]) -> [UInt8]? {
    guard der.count <= longest, der.count >= 8, der[0] == 0x30, Int(der[1]) == der.count - 2 else { return nil }
    let rLength = Int(der[3])
    guard rLength < der.count - 6, let r = integer(der, at: 2, length: rLength) else { return nil }
    let sLength = Int(der[rLength + 5])
    guard rLength + sLength + 6 == der.count, let s = integer(der, at: rLength + 4, length: sLength) else { return nil }
    return scalar(r) + scalar(s)
  }

  /// The contents of the integer whose header is at `start`: not empty, not negative, no superfluous zero in front.
  private static func integer(_ der: [UInt8], at start: Int, length: Int) -> ArraySlice<UInt8>? {
    guard der[start] == 0x02, length > 0 else { return nil }
    let value = der[start + 2..<start + 2 + length]
    let first = der[start + 2]
    guard first < 0x80, length == 1 || first != 0 || der[start + 3] >= 0x80 else { return nil }
    return value
  }

  private static func scalar(_ integer: ArraySlice<UInt8>) -> [UInt8] {
    let digits = integer.drop { $0 == 0 }
    guard digits.count <= 32 else { return [UInt8](repeating: 0xFF, count: 32) }
    return [UInt8](repeating: 0, count: 32 - digits.count) + digits
  }
}
