import AssayCore
import AssayIO
import Testing

/// Chunks through several threads.
@Suite struct PipelineTests {
  /// Copies its chunk, slowly for some, and fails where told.
  private final class Copier: PipelineWorker {
    var failing: Int?
    var order: (Int) -> Void = { _ in }

    func process(_ chunk: TextChunk, into text: inout TextBuffer) throws(AssayError) {
      if chunk.index == failing { throw AssayError(.mismatch, "as told") }
      for _ in 0..<(chunk.index % 3) * 1000 { text.removeAll() }
      text.append(chunk.bytes)
    }

    func finish(_ chunk: TextChunk) { order(chunk.index) }
  }

  private let text = (0..<5000).flatMap { Array("line \($0)\n".utf8) }

  @Test(arguments: [1, 2, 8])
  func outputIsInOrder(threads: Int) throws {
    let input = try TemporaryFile(text), output = try TemporaryFile([])
    let file = try OutputFile(output.path)
    var finished: [Int] = []
    try OrderedPipeline(threads: threads).run(
      ChunkReader(try InputFile(input.path), rule: .lines, chunkBytes: 500), to: file
    ) {
      let worker = Copier()
      worker.order = { finished.append($0) }
      return worker
    }
    try file.commit()
    #expect(try InputFile(output.path).readAll() == text)
    #expect(finished == Array(0..<finished.count))
  }

  @Test(arguments: [1, 4])
  func failureKeepsWhatCameBefore(threads: Int) throws {
    let input = try TemporaryFile(text), output = try TemporaryFile([])
    let file = try OutputFile(output.path)
    #expect(throws: AssayError(.mismatch, "as told")) {
      try OrderedPipeline(threads: threads).run(
        ChunkReader(try InputFile(input.path), rule: .lines, chunkBytes: 500), to: file
      ) {
        let worker = Copier()
        worker.failing = 7
        return worker
      }
    }
    try file.commit()
    let written = try InputFile(output.path).readAll()
    #expect(!written.isEmpty && text.starts(with: written) && written.count < text.count)
  }

  @Test func digestsAreThoseOfTheBytes() throws {
    let file = try TemporaryFile(Array("abc".utf8))
    let input = try InputFile(file.path, hashing: true)
    _ = try input.readAll()
    #expect(input.sha256?.hexadecimal == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test(arguments: ["/nonexistent/file", "/tmp"])
  func unreadableInputsAreNamed(path: String) {
    #expect { try InputFile(path) } throws: { error in
      (error as? AssayError)?.kind == .input && "\(error)".hasPrefix(path)
    }
  }
}
