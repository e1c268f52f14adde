import Glibc

/// How text falls into records.
///
/// The rule looks at nothing but the bytes from a record's start, so a chunk's records are the same however the input was cut.
public enum RecordRule: Sendable {
  /// Every line is a record.
  case lines
  /// JSON values: ``jsonLines``, or ``elements`` where the input begins with `[`. A byte order mark before the first is taken away.
  case rows
  /// As `lines`, but lines of nothing but white space are blank ones.
  case jsonLines
  /// The elements of a JSON array.
  case elements
  /// As `lines`, but a quoted field may hold line ends (RFC 4180).
  ///
  /// A quote that opens a field and is not closed within ``longestQuotedRecord`` bytes, or is closed in mid field, spoils its own
  /// line only: the record is then that line, and is malformed.
  case csv
  /// Every record has this many bytes, at least 1; a shorter rest at the end is one too.
  case fixed(Int)

  /// How far a record with quoted line ends may reach.
  static let longestQuotedRecord = 1 << 16

  /// The index after the record that starts at `start`, line end included; nil when `bytes` end before that is known.
  ///
  /// - Parameters:
  ///   - searched: up to where an earlier call found no line end, with fewer bytes.
  ///   - isWhole: whether nothing follows `bytes`.
  func end(of bytes: UnsafeRawBufferPointer, from start: Int, searched: Int = 0, isWhole: Bool) -> Int? {
    if case .fixed(let width) = self {
      return start + width <= bytes.count ? start + width : isWhole ? bytes.count : nil
    }
    if case .elements = self { return JSONElements.end(of: bytes, from: start, isWhole: isWhole) }
    // In CSV the first line end may be a quoted one, and the one that counts is sought from it on.
    let first = if case .csv = self { start } else { max(start, searched) }
    guard let lineEnd = bytes.firstIndex(of: .lineFeed, from: first) else {
      return isWhole ? bytes.count : nil
    }
    guard case .csv = self, bytes.firstIndex(of: .quote, from: start, to: lineEnd) != nil else { return lineEnd + 1 }
    switch Self.quotedEnd(of: bytes, from: start, isWhole: isWhole) {
    case .ends(let end): return end
    case .broken: return lineEnd + 1
    case .open: return isWhole || bytes.count - start >= Self.longestQuotedRecord ? lineEnd + 1 : nil
    }
  }

  /// Where the content of the record `range` ends: before `\n` or `\r\n`.
  @inline(__always)
  func contentEnd(of range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Int {
    var end = range.upperBound
    switch self {
    case .fixed: return end
    case .rows, .jsonLines, .elements:
      // A NUL stands for white space where text of two bytes a character ends.
      while end > range.lowerBound, bytes[end - 1] <= .space { end -= 1 }
      return end
    case .lines, .csv: break
    }
    if end > range.lowerBound, bytes[end - 1] == .lineFeed { end -= 1 }
    if end > range.lowerBound, bytes[end - 1] == .carriageReturn { end -= 1 }
    return end
  }

  /// Where the content of the record `range` starts: behind what only separates it from the record before.
  @inline(__always)
  func contentStart(of range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Int {
    guard case .elements = self else { return range.lowerBound }
    return JSONElements.start(of: range, in: bytes)
  }

  /// The rule by which the records of an input are read that starts with `bytes`.
  package func resolved(for bytes: UnsafeRawBufferPointer) -> RecordRule {
    guard case .rows = self else { return self }
    let start = bytes.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
    return bytes.dropFirst(start).first { $0 > .space } == UInt8(ascii: "[") ? .elements : .jsonLines
  }

  /// What some programs write before UTF-8 text.
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private enum Quoted { case ends(Int), broken, open }

  /// Walks a record with quotes field by field.
  private static func quotedEnd(of bytes: UnsafeRawBufferPointer, from start: Int, isWhole: Bool) -> Quoted {
    let limit = min(bytes.count, start + longestQuotedRecord)
    let limitIsEnd = isWhole && limit == bytes.count
    var index = start
    while index < limit {
      if bytes[index] == .quote {
        // A quoted field: to the first quote that is not doubled.
        index += 1
        while true {
          guard let quote = bytes.firstIndex(of: .quote, from: index, to: limit) else { return .open }
          index = quote + 1
          if index == limit { return limitIsEnd ? .ends(limit) : .open }
          if bytes[index] != .quote { break }
          index += 1
        }
      } else {
        // A plain field: a quote inside it is an error of this line.
        while index < limit, bytes[index] != .comma, bytes[index] != .lineFeed {
          if bytes[index] == .quote { return .broken }
          index += 1
        }
        if index == limit { return limitIsEnd ? .ends(limit) : .open }
      }
      switch bytes[index] {
      case .comma: index += 1
      case .lineFeed: return .ends(index + 1)
      case .carriageReturn:
        guard index + 1 < limit else { return limitIsEnd ? .ends(limit) : .open }
        return bytes[index + 1] == .lineFeed ? .ends(index + 2) : .broken
      default: return .broken
      }
    }
    return limitIsEnd ? .ends(limit) : .open
  }
}

extension UInt8 {
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let comma = UInt8(ascii: ",")
  static let quote = UInt8(ascii: "\"")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
}

extension UnsafeRawBufferPointer {
  /// The first index of `byte` in `start..<end` (to the end when nil).
  @inline(__always)
  func firstIndex(of byte: UInt8, from start: Int, to end: Int? = nil) -> Int? {
    let end = end ?? count
    guard start < end, let base = baseAddress else { return nil }
    guard let found = memchr(base + start, Int32(byte), end - start) else { return nil }
    return UnsafeRawPointer(found) - base
  }

  /// The bytes `range`, as a buffer that starts at 0.
  @inline(__always)
  func part(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[range])
  }

  /// Without spaces and tabs at both ends.
  var trimmed: UnsafeRawBufferPointer {
    var (start, end) = (0, count)
    while start < end, self[start] == .space || self[start] == .tab { start += 1 }
    while start < end, self[end - 1] == .space || self[end - 1] == .tab { end -= 1 }
    return part(start..<end)
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the text is `keyword`, which is in lower case, in any case.
  package func isKeyword(_ keyword: [UInt8]) -> Bool {
    guard count == keyword.count else { return false }
    for index in keyword.indices {
      let byte = self[index]
      if ((65...90).contains(byte) ? byte | 0x20 : byte) != keyword[index] { return false }
    }
    return true
  }
}
