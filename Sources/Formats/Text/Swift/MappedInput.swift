import AssayCore
import CAssayText
import Glibc

/// All bytes of an input in memory that the system can take back: a regular file's own pages, or for a pipe those of a temporary
/// file without a name.
final class MappedInput {
  /// The bytes.
  let bytes: UnsafeRawBufferPointer

  /// Maps `input`, of which nothing was read yet; a pipe is read to its end.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the input and the system's reason.
  init(_ input: InputFile) throws(AssayError) {
    if let size = input.size, input.isAtStart {
      bytes = try Self.map(input.descriptor, size, input)
      return
    }
    let folder = TemporaryFile.folder
    guard let spool = TemporaryFile(namelessIn: folder) else {
      throw AssayError(
        .input, "\(input.name): cannot be kept in a temporary file in \(folder): \(systemMessage()).",
        advice: "Set TMPDIR, or pass a regular file.")
    }
    let block = Memory(byteCount: 1 << 20)
    while true {
      let count = try input.read(into: block.bytes)
      if count == 0 { break }
      var rest = UnsafeRawBufferPointer(rebasing: block.bytes[..<count])
      while !rest.isEmpty {
        let written = write(spool.descriptor, rest.baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else {
          throw AssayError(
            .input, "\(input.name): cannot be kept in a temporary file in \(folder): \(systemMessage()).")
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }
    bytes = try Self.map(spool.descriptor, input.position, input)
  }

  deinit {
    guard let start = bytes.baseAddress else { return }
    assay_text_unmapped(start)
    munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
  }

  private static func map(_ descriptor: Int32, _ size: Int, _ input: InputFile) throws(AssayError)
    -> UnsafeRawBufferPointer
  {
    guard size > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
      throw AssayError(.input, "\(input.name): cannot be mapped: \(systemMessage()).")
    }
    madvise(address, size, MADV_SEQUENTIAL)
    assay_text_mapped(address, size)
    return UnsafeRawBufferPointer(start: address, count: size)
  }
}
