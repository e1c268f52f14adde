import Assay
import AssayIO

/// The file of `--accelerate-keys`: public keys in hexadecimal, one a line.
///
/// Keys that repeat are prepared as they come, so the list is only checked: it cannot change a verdict.
package struct KeyList {
  private let path: String

  /// The list in the file at `path`.
  package init(_ path: String) { self.path = path }

  /// Reads the list.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming file, line and column of the first line that is no key.
  package func check() throws(AssayError) {
    let chunk = TextChunk(try InputFile(path).readAll(), rule: .lines)
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
