/// The elements of a JSON array as records, found by brackets and quotes alone: what an element holds is the parser's to judge.
///
/// A record is what separates an element from the one before, `[` or `,` and white space, and the element itself.
enum JSONElements {
  /// The index after the record that starts at `start`; nil when `bytes` end before that is known.
  static func end(of bytes: UnsafeRawBufferPointer, from start: Int, isWhole: Bool) -> Int? {
    var index = skipSeparator(bytes, from: start)
    guard index < bytes.count else { return isWhole ? bytes.count : nil }
    var depth = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        // The array's own end, and whatever follows it: one record, empty where nothing does.
        if depth == 0 { return index == skipSeparator(bytes, from: start) ? tail(bytes, isWhole) : index }
        depth -= 1
        if depth == 0 { return index + 1 }
      case .comma where depth == 0: return index
      case .quote:
        guard let end = stringEnd(of: bytes, from: index) else { return isWhole ? bytes.count : nil }
        index = end
        continue
      default: break
      }
      index += 1
    }
    return isWhole ? bytes.count : nil
  }

  /// Where the element of the record `range` starts; the record's end where it has none.
  static func start(of range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Int {
    let part = bytes.part(0..<range.upperBound)
    let start = skipSeparator(part, from: range.lowerBound)
    guard start < range.upperBound, bytes[start] == UInt8(ascii: "]") else { return start }
    // Behind the array's end there is nothing but white space, or something that is not a row.
    return part.dropFirst(start + 1).firstIndex { $0 > .space } ?? range.upperBound
  }

  /// The array's end takes everything with it.
  private static func tail(_ bytes: UnsafeRawBufferPointer, _ isWhole: Bool) -> Int? { isWhole ? bytes.count : nil }

  private static func skipSeparator(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    while index < bytes.count, bytes[index] <= .space { index += 1 }
    guard index < bytes.count, bytes[index] == UInt8(ascii: "[") || bytes[index] == .comma else { return index }
    index += 1
    while index < bytes.count, bytes[index] <= .space { index += 1 }
    return index
  }

  private static func stringEnd(of bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var index = start + 1
    while index < bytes.count {
      switch bytes[index] {
      case .quote: return index + 1
      case UInt8(ascii: "\\"): index += 2
      default: index += 1
      }
    }
    return nil
  }
}
