import AssayIO

extension JSONValue {
  /// The bytes that a string spells: hexadecimal with or without `0x`, or the text after `base64:` or `base58:`; nil for anything
  /// else.
  var encodedBytes: [UInt8]? {
    guard let text = utf8 else { return nil }
    if let bytes = Hexadecimal.decode(text) { return bytes }
    if let rest = text.dropping(prefix: "base64:") { return Base64.decode(rest) }
    if let rest = text.dropping(prefix: "base58:") { return Base58.decode(rest) }
    return nil
  }

  /// A whole number from 0 to 2^64 - 1, as a number or as a string of decimal digits; nil for anything else.
  var wholeNumber: UInt64? {
    if let unsigned { return unsigned }
    guard let text = utf8, !text.isEmpty else { return nil }
    var value: UInt64 = 0
    for byte in text {
      guard (48...57).contains(byte) else { return nil }
      let (tens, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, carries) = tens.addingReportingOverflow(UInt64(byte) - 48)
      if overflows || carries { return nil }
      value = sum
    }
    return value
  }

  /// A whole number of any width as big-endian bytes: a JSON number, or a string of hexadecimal digits; nil for anything else.
  var quantity: [UInt8]? {
    if let unsigned { return (0..<8).map { UInt8(truncatingIfNeeded: unsigned >> (56 - 8 * $0)) } }
    if let numeral { return Self.bigEndian(decimal: numeral) }
    guard let text = utf8 else { return nil }
    let hasPrefix = text.count >= 2 && text[0] == UInt8(ascii: "0") && text[1] | 0x20 == UInt8(ascii: "x")
    let digits = Array(text.dropFirst(hasPrefix ? 2 : 0))
    return (digits.count % 2 == 1 ? [UInt8(ascii: "0")] + digits : digits).withUnsafeBytes(Hexadecimal.decode)
  }

  /// No quantity of ours has more digits than that: 2^512 has 155.
  private static let longestDecimal = 160

  private static func bigEndian(decimal: String) -> [UInt8]? {
    guard decimal.utf8.count <= longestDecimal, decimal.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    var bytes: [UInt8] = []
    for digit in decimal.utf8 {
      var carry = Int(digit) - 48
      for index in bytes.indices.reversed() {
        carry += Int(bytes[index]) * 10
        bytes[index] = UInt8(truncatingIfNeeded: carry)
        carry >>= 8
      }
      if carry > 0 { bytes.insert(UInt8(carry), at: 0) }
    }
    return bytes
  }
}

extension UnsafeRawBufferPointer {
  /// What follows `prefix`; nil when the text does not begin with it.
  func dropping(prefix: StaticString) -> UnsafeRawBufferPointer? {
    let length = prefix.utf8CodeUnitCount
    guard count >= length, (0..<length).allSatisfy({ self[$0] == prefix.utf8Start[$0] }) else { return nil }
    return UnsafeRawBufferPointer(rebasing: self[length...])
  }
}

/// Bytes as base64 text (RFC 4648, section 4), and its variant for URLs (section 5).
enum Base64 {
  /// The bytes that `text` spells, in either alphabet, with or without padding; nil for any other text.
  static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    var end = text.count
    while end > 0, text.count - end < 2, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
    guard end == text.count || text.count % 4 == 0, end % 4 != 1 else { return nil }
    var seen: UInt8 = 0
    var rest: UInt32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: end * 3 / 4) { bytes, count in
      for (index, byte) in text[..<end].enumerated() {
        let digit = table[Int(byte)]
        seen |= digit
        rest = rest << 6 | UInt32(digit & 63)
        // Of four digits the second, third and fourth complete a byte.
        let left = 6 - 2 * (index % 4)
        guard left < 6 else { continue }
        bytes[count] = UInt8(truncatingIfNeeded: rest >> UInt32(left))
        count += 1
        rest &= (1 << UInt32(left)) - 1
      }
    }
    // Bits that no byte takes are zeros: each byte string has one spelling.
    return seen < 64 && rest == 0 ? bytes : nil
  }

  /// A digit's value in either alphabet; 0xFF for any other byte.
  private static let table: [UInt8] = (0...255).map { (byte: UInt8) in
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte + 4
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: 0xFF
    }
  }
}

/// Bytes as base58 text in Bitcoin's alphabet, without checksum (draft-msporny-base58-03).
enum Base58 {
  private static let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

  /// Keys and signatures are shorter; decoding takes time with the square of the length.
  private static let longest = 512

  /// The bytes that `text` spells; nil for any other text, and for more than 512 characters.
  static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    guard text.count <= longest else { return nil }
    var bytes: [UInt8] = []  // little-endian
    for character in text {
      guard var carry = alphabet.firstIndex(of: character) else { return nil }
      for index in bytes.indices {
        carry += Int(bytes[index]) * 58
        bytes[index] = UInt8(truncatingIfNeeded: carry)
        carry >>= 8
      }
      while carry > 0 {
        bytes.append(UInt8(truncatingIfNeeded: carry))
        carry >>= 8
      }
    }
    let zeros = text.prefix { $0 == alphabet[0] }.count
    return [UInt8](repeating: 0, count: zeros) + bytes.reversed()
  }
}
