import Assay
import AssayIO

extension OutputFile {
  /// Writes text as UTF-8.
  package func write(_ text: String) throws(AssayError) { try write(Array(text.utf8)) }

  /// Writes bytes.
  package func write(_ bytes: [UInt8]) throws(AssayError) {
    // A closure would lose the error's type.
    let memory = Memory(byteCount: bytes.count)
    memory.bytes.copyBytes(from: bytes)
    try write(UnsafeRawBufferPointer(memory.bytes))
  }
}
