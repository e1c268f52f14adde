public import AssayCore
import Glibc

/// Turns one chunk at a time into text, on one thread.
public protocol ChunkWorker: AnyObject {
  /// Processes `chunk` and appends its output to `text`.
  func process(_ chunk: TextChunk, into text: inout TextBuffer) throws(AssayError)

  /// Called after ``process(_:into:)`` and the writing of its text, by one thread at a time and in the order of the input: the
  /// place to add the chunk's counts to a total.
  func finish(_ chunk: TextChunk)
}

/// Reads, processes and writes chunks on several threads; what is written is in the order of what is read.
///
/// Each thread reads the next chunk, processes it and waits for its turn to write. So there are never more chunks in memory
/// than threads, nothing is handed between threads, and a chunk stays in the caches of one core.
public struct OrderedPipeline: Sendable {
  /// How many threads work, the caller's included.
  public let threads: Int

  /// A pipeline of `threads` threads; at least one.
  public init(threads: Int) {
    self.threads = max(1, min(threads, 1024))
  }

  /// Runs until the input ends or something throws; everything before the chunk that failed has then been written.
  ///
  /// - Parameter makeWorker: called once a thread, on the caller's thread.
  public func run(
    _ reader: ChunkReader, to output: OutputFile, makeWorker: () throws(AssayError) -> any ChunkWorker
  ) throws(AssayError) {
    let run = PipelineRun(reader: reader, output: output)
    var seats: [Seat] = []
    for _ in 0..<threads { seats.append(Seat(run: run, worker: try makeWorker())) }
    var helpers: [pthread_t] = []
    for seat in seats.dropFirst() {
      var thread = pthread_t()
      let context = Unmanaged.passRetained(seat)
      let status = pthread_create(
        &thread, nil,
        { context in
          context.map { Unmanaged<Seat>.fromOpaque($0).takeRetainedValue().work() }
          return nil
        }, context.toOpaque())
      // Fewer threads than asked for still do the whole work.
      if status == 0 { helpers.append(thread) } else { context.release() }
    }
    seats.first?.work()
    for helper in helpers { pthread_join(helper, nil) }
    if let error = run.error ?? run.readError { throw error }
  }
}

/// One thread's worker.
private final class Seat: @unchecked Sendable {
  let run: PipelineRun
  let worker: any ChunkWorker

  init(run: PipelineRun, worker: any ChunkWorker) {
    self.run = run
    self.worker = worker
  }

  func work() {
    let chunk = run.reader.makeChunk()
    var text = TextBuffer()
    while run.read(into: chunk) {
      text.removeAll()
      var failure: AssayError?
      do throws(AssayError) { try worker.process(chunk, into: &text) } catch { failure = error }
      run.inTurn(chunk.index) { () throws(AssayError) in
        try run.output.write(text.bytes)
        if let failure { throw failure }
        worker.finish(chunk)
      }
    }
  }
}

/// What the threads of one run share.
private final class PipelineRun: @unchecked Sendable {
  let reader: ChunkReader
  let output: OutputFile
  /// The first failure of processing or writing, in the order of the input; guarded by `writing`.
  private(set) var error: AssayError?
  /// The failure of reading, which comes after everything that was read; guarded by `reading`.
  private(set) var readError: AssayError?
  private var turn = 0
  private let reading = ConditionLock()
  private let writing = ConditionLock()

  init(reader: ChunkReader, output: OutputFile) {
    self.reader = reader
    self.output = output
  }

  /// Fills `chunk`; false when there is nothing more to do.
  func read(into chunk: TextChunk) -> Bool {
    reading.withLock {
      guard readError == nil, writing.withLock({ error == nil && !output.isClosedByReader }) else { return false }
      do throws(AssayError) {
        return try reader.next(into: chunk)
      } catch {
        readError = error
        return false
      }
    }
  }

  /// Runs `body` when all chunks before `index` had their turn, unless one of them failed.
  func inTurn(_ index: Int, _ body: () throws(AssayError) -> Void) {
    writing.withLock {
      while turn != index { writing.wait() }
      turn += 1
      if error == nil {
        do throws(AssayError) { try body() } catch { self.error = error }
      }
      writing.wakeAll()
    }
  }
}
