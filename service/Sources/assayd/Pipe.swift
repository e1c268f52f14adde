import Glibc
import NIOCore
import NIOPosix

/// A pipe between a job's thread and the event loops. Its ends block only threads of the pool.
final class Pipe: Sendable {
  /// What is read from.
  let reading: Int32
  /// What is written to.
  let writing: Int32

  init() throws {
    var ends: (Int32, Int32) = (0, 0)
    let status = withUnsafeMutableBytes(of: &ends) { pipe2($0.bindMemory(to: Int32.self).baseAddress, O_CLOEXEC) }
    guard status == 0 else { throw IOError(errnoCode: errno, reason: "pipe2") }
    (reading, writing) = ends
  }

  /// Writes all of `buffer` on a thread of `pool`; false when nobody reads any more.
  func write(_ buffer: ByteBuffer, on pool: NIOThreadPool) async throws -> Bool {
    let end = writing
    return try await pool.runIfActive {
      buffer.withUnsafeReadableBytes { bytes in
        var rest = bytes[...]
        while !rest.isEmpty {
          let count = Glibc.write(end, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
          if count < 0 && errno == EINTR { continue }
          guard count > 0 else { return false }
          rest = rest.dropFirst(count)
        }
        return true
      }
    }
  }

  /// The next bytes, read on a thread of `pool`; nil at the end.
  func read(on pool: NIOThreadPool) async throws -> ByteBuffer? {
    let end = reading
    return try await pool.runIfActive {
      var buffer = ByteBufferAllocator().buffer(capacity: 1 << 16)
      let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 1 << 16) { bytes in
        while true {
          let count = Glibc.read(end, bytes.baseAddress, bytes.count)
          if count < 0 && errno == EINTR { continue }
          return max(count, 0)
        }
      }
      return count == 0 ? nil : buffer
    }
  }

  /// Closes the end that is written to.
  func closeWriting() { close(writing) }
  /// Closes the end that is read from.
  func closeReading() { close(reading) }
}

/// A file in memory, for what must be whole before it is read.
final class MemoryFile: Sendable {
  let descriptor: Int32

  init() throws {
    descriptor = memfd_create("assayd", UInt32(MFD_CLOEXEC))
    guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "memfd_create") }
  }

  deinit { close(descriptor) }

  /// Appends all of `buffer`. Memory does not block.
  func append(_ buffer: ByteBuffer) throws {
    try buffer.withUnsafeReadableBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw IOError(errnoCode: errno, reason: "write") }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// Everything, from the start.
  func contents() throws -> [UInt8] {
    lseek(descriptor, 0, SEEK_SET)
    var bytes: [UInt8] = []
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { block.deallocate() }
    while true {
      let count = Glibc.read(descriptor, block.baseAddress, block.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: block[..<count])
    }
  }
}
