import Assay
import AssayIO

/// The file of `--accelerate-keys`: public keys in hexadecimal, one per line.
///
/// Their tables are made at their first use; keys that are not listed have to come eight times. No verdict depends on it.
package struct KeyList {
  private let bytes: [UInt8]
  private let path: String

  /// The list in `bytes`, those of the file at `path`.
  package init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// The keys, in the file's order.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming file, line and column of the first line that is not a key.
  package func keys() throws(AssayError) -> [[UInt8]] {
    let chunk = TextChunk(bytes, rule: .lines)
    var bad: Int?
    var keys: [[UInt8]] = []
    chunk.forEachRecord { record in
      let key = Hexadecimal.decode(chunk.bytes(record))
      guard let key, [32, 33, 48, 65].contains(key.count) else {
        bad = bad ?? record.lowerBound
        return
      }
      keys.append(key)
    }
    guard let bad else { return keys }
    let (line, column) = chunk.position(of: bad)
    throw AssayError(.input, "\(path):\(line):\(column): is not a public key of 32, 33, 48 or 65 bytes in hexadecimal.")
  }
}
