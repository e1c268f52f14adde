/// The members of a WebAuthn `clientDataJSON` (Web Authentication Level 3, 5.8.1): one JSON object, whose members that are strings are
/// kept. Members of any other kind are read over.
struct ClientData {
  /// The members that are strings.
  private(set) var strings: [String: String] = [:]

  /// Nil when `bytes` is not one JSON object in UTF-8, is nested too deeply, or names a member twice.
  init?(_ bytes: [UInt8]) {
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    var scanner = Scanner(bytes: bytes)
    var names: Set<String> = []
    scanner.skipSpace()
    guard scanner.take(UInt8(ascii: "{")) else { return nil }
    scanner.skipSpace()
    if !scanner.take(UInt8(ascii: "}")) {
      repeat {
        scanner.skipSpace()
        guard let name = scanner.string(), names.insert(name).inserted else { return nil }
        scanner.skipSpace()
        guard scanner.take(UInt8(ascii: ":")) else { return nil }
        scanner.skipSpace()
        if scanner.next == UInt8(ascii: "\"") {
          guard let value = scanner.string() else { return nil }
          strings[name] = value
        } else {
          guard scanner.skipValue(depth: 16) else { return nil }
        }
        scanner.skipSpace()
      } while scanner.take(UInt8(ascii: ","))
      guard scanner.take(UInt8(ascii: "}")) else { return nil }
    }
    scanner.skipSpace()
    guard scanner.next == nil else { return nil }
  }

  private struct Scanner {
    let bytes: [UInt8]
    var position = 0

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
      guard next == byte else { return false }
      position += 1
      return true
    }

    mutating func skipSpace() {
      while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
    }

    /// A string with its escapes resolved.
    mutating func string() -> String? {
      guard take(UInt8(ascii: "\"")) else { return nil }
      var text: [UInt8] = []
      while let byte = next {
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
        case ..<0x20: return nil
        case UInt8(ascii: "\\"):
          guard let escape = escape() else { return nil }
          text += String(Character(escape)).utf8
        default: text.append(byte)
        }
      }
      return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
      guard let letter = next else { return nil }
      position += 1
      switch letter {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
      case UInt8(ascii: "b"): return "\u{8}"
      case UInt8(ascii: "f"): return "\u{c}"
      case UInt8(ascii: "n"): return "\n"
      case UInt8(ascii: "r"): return "\r"
      case UInt8(ascii: "t"): return "\t"
      case UInt8(ascii: "u"):
        guard let unit = unit() else { return nil }
        guard (0xd800..<0xdc00).contains(unit) else { return Unicode.Scalar(unit) }
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), let low = self.unit(), (0xdc00..<0xe000).contains(low)
        else { return nil }
        return Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00))
      default: return nil
      }
    }

    private mutating func unit() -> UInt32? {
      guard position + 4 <= bytes.count, let pair = Hex.bytes(bytes[position..<position + 4]) else { return nil }
      position += 4
      return UInt32(pair[0]) << 8 | UInt32(pair[1])
    }

    /// Reads over a value that is not a string; of what is inside, strings and brackets are checked.
    mutating func skipValue(depth: Int) -> Bool {
      guard let first = next else { return false }
      switch first {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard depth > 0 else { return false }
        let isObject = first == UInt8(ascii: "{")
        let end = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        position += 1
        skipSpace()
        if take(end) { return true }
        repeat {
          skipSpace()
          if isObject {
            guard string() != nil else { return false }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { return false }
            skipSpace()
          }
          guard next == UInt8(ascii: "\"") ? string() != nil : skipValue(depth: depth - 1) else { return false }
          skipSpace()
        } while take(UInt8(ascii: ","))
        return take(end)
      default:
        let start = position
        while let byte = next,
          (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte) || [0x2b, 0x2d, 0x2e, 0x45].contains(byte)
        {
          position += 1
        }
        return position > start
      }
    }
  }
}
