import Glibc

/// A small deterministic source of random values (splitmix64, Steele, Lea and Flood 2014).
struct Random: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(limit, 1))) }

  /// Random characters of `alphabet`.
  mutating func text(of alphabet: String, length: Int) -> [UInt8] {
    let letters = Array(alphabet.utf8)
    return (0..<length).map { _ in letters[below(letters.count)] }
  }

  /// `bytes` with some bytes changed, dropped, doubled or cut off.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...below(4) where !bytes.isEmpty {
      let index = below(bytes.count)
      switch below(6) {
      case 0: bytes[index] = UInt8(truncatingIfNeeded: next())
      case 1: bytes.remove(at: index)
      case 2: bytes.insert(bytes[index], at: index)
      case 3: bytes[index] = text(of: "\",{}[]:\n\r\\u0-+.eE", length: 1)[0]
      case 4: bytes.removeSubrange(index...)
      default: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + below(9))], at: index)
      }
    }
    return bytes
  }
}

/// A file that lives as long as the value.
final class TemporaryFile {
  let path: String

  init(_ bytes: [UInt8]) throws {
    var template = Array("/tmp/assay-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    path = template.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count <= 0 { break }
      rest = rest.dropFirst(count)
    }
    close(descriptor)
  }

  deinit { unlink(path) }
}
