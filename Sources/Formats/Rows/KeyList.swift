import Assay
import AssayIO

/// The file of `--accelerate-keys`: public keys in hexadecimal, one a line.
///
/// Keys that repeat are prepared as they come, so the list is only checked: it cannot change a verdict.
package struct KeyList {
  private let bytes: [UInt8]
  private let path: String

  /// The list in `bytes`, those of the file at `path`.
  package init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// Checks the list.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming file, line and column of the first line that is no key.
  package func check() throws(AssayError) {
    let chunk = TextChunk(bytes, rule: .lines)
    var bad: Int?
    chunk.forEachRecord { record in
      let key = Hexadecimal.decode(chunk.bytes(record))
      if bad == nil, ![32, 33, 48, 65].contains(key?.count ?? 0) { bad = record.lowerBound }
    }
    guard let bad else { return }
    let (line, column) = chunk.position(of: bad)
    throw AssayError(.input, "\(path):\(line):\(column): is no public key of 32, 33, 48 or 65 bytes in hexadecimal.")
  }
}
