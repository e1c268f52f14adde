import AssayCore
import CLZ4
import CZstd

/// How the buffers of a record batch are compressed: each for itself, its length before it in 8 bytes (`BodyCompression` of
/// Message.fbs).
enum ArrowCompression: Int8 {
  /// LZ4's frame format.
  case lz4 = 0
  /// Zstandard.
  case zstd = 1

  /// The most bytes that the buffers of one record batch may have together whose body has `count` bytes: 256 times as many, at least
  /// 64 MiB and at most 4 GiB. A small file could else ask for any memory.
  static func mostBytes(ofBody count: Int) -> Int { min(1 << 32, max(1 << 26, min(count, 1 << 24) * 256)) }

  /// The bytes that `buffer` stands for; those behind its length where they are not compressed, which a length of -1 says. Nil when it
  /// is broken, or says that it has more than `limit` bytes.
  func expanded(_ buffer: UnsafeRawBufferPointer, limit: Int) -> (bytes: UnsafeRawBufferPointer, owner: Memory?)? {
    if buffer.isEmpty { return (buffer, nil) }
    guard let count = buffer.integer(at: 0, as: Int64.self) else { return nil }
    let content = buffer.part(8..<buffer.count)
    if count == -1 { return (content, nil) }
    guard count >= 0, count <= Int64(limit) else { return nil }
    let memory = Memory(byteCount: Int(count))
    let isWhole =
      switch self {
      case .lz4: Self.expandLZ4(content, to: memory.bytes)
      case .zstd:
        ZSTD_decompress(memory.bytes.baseAddress, memory.bytes.count, content.baseAddress, content.count) == Int(count)
      }
    return isWhole ? (UnsafeRawBufferPointer(memory.bytes), memory) : nil
  }

  /// Whether `frame` is one whole frame that fills `target`.
  private static func expandLZ4(_ frame: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer) -> Bool {
    var context: OpaquePointer?
    guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0 else { return false }
    defer { LZ4F_freeDecompressionContext(context) }
    guard let source = frame.baseAddress, let start = target.baseAddress else { return target.isEmpty }
    var (read, written) = (0, 0)
    while true {
      var (taken, given) = (frame.count - read, target.count - written)
      let left = LZ4F_decompress(context, start + written, &given, source + read, &taken, nil)
      guard LZ4F_isError(left) == 0 else { return false }
      read += taken
      written += given
      if left == 0 { return written == target.count }
      if taken == 0, given == 0 { return false }
    }
  }
}
