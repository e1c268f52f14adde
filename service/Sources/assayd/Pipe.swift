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
    let status = withUnsafeMutableBytes(of: &ends) { pipe($0.bindMemory(to: Int32.self).baseAddress) }
    guard status == 0 else { throw IOError(errnoCode: errno, reason: "pipe") }
    (reading, writing) = ends
    // The engine may start programs, which must not hold the ends open.
    for end in [reading, writing] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
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

/// A file without a name, for what must be whole before it is read.
final class NamelessFile: Sendable {
  let descriptor: Int32

  init() throws {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var path = Array("\(folder)/assayd-XXXXXX".utf8CString)
    descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "mkstemp") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(path)
  }

  deinit { close(descriptor) }

  /// Appends all of `buffer`.
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
