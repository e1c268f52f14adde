import CAssayText

/// Bytes as hexadecimal text.
public enum Hexadecimal {
  /// The bytes that `text` spells in digits of either case, with or without a leading `0x`; nil for any other text or an odd
  /// number of digits.
  public static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    let start = text.count >= 2 && text[0] == UInt8(ascii: "0") && text[1] | 0x20 == UInt8(ascii: "x") ? 2 : 0
    let digits = UnsafeRawBufferPointer(rebasing: text[start...])
    guard digits.count % 2 == 0, let first = digits.baseAddress else { return digits.isEmpty ? [] : nil }
    var isGood = false
    let bytes = [UInt8](unsafeUninitializedCapacity: digits.count / 2) { bytes, count in
      count = digits.count / 2
      guard let out = bytes.baseAddress else { return isGood = count == 0 }
      isGood = assay_text_read_hexadecimal(first, count, out) != 0
    }
    return isGood ? bytes : nil
  }
}
