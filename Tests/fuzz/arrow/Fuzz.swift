import Glibc

@testable import AssayCore
@testable import AssayIO

/// Where each input lies while it is read: Arrow files are mapped, so they need a name.
private let path = "/dev/shm/assay-fuzz-arrow-\(getpid())"

/// Reads all that a file's columns give, and writes them again.
private func read(_ path: String) throws {
  let file = try ArrowFile(InputFile(path))
  let slices = ArrowSlices(file), slice = slices.makePiece()
  let written = file.fields.enumerated().compactMap { index, field in
    field.type.written.map { (index, ArrowField(field.name, $0)) }
  }
  let writer = ArrowWriter(written.map(\.1))
  var text = TextBuffer()
  var blocks: [ArrowWriter.Block] = []
  var rows = 0
  while try slices.next(into: slice), rows < 1 << 20 {
    rows += slice.range.count
    text.removeAll()
    var batch = ArrowBatch(writer.fields, rows: slice.range.count, at: &text)
    for (index, _) in written {
      let column = slice.columns[index]
      for row in slice.range {
        _ = (column.text(row)?.last, column.whole(row), column.bool(row), column.number(row), column.key(row))
      }
      batch.append(column, slice.range, to: &text)
    }
    blocks.append(batch.finish(in: &text))
  }
  _ = writer.start.count + writer.end(blocks).count
}

/// What libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  guard descriptor >= 0 else { return 0 }
  write(descriptor, data, count)
  close(descriptor)
  try? read(path)
  unlink(path)
  return 0
}
