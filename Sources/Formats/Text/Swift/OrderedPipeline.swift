public import AssayCore
import Glibc

/// A piece of input: one unit of work for one thread.
public protocol PipelinePiece: AnyObject {
  /// The position among the input's pieces, from 0.
  var index: Int { get }
}

/// What hands pieces of input out, in order.
public protocol PipelineSource: AnyObject {
  /// The pieces.
  associatedtype Piece: PipelinePiece
  /// An empty piece; its memory is used again and again.
  func makePiece() -> Piece
  /// Fills `piece` with the next one; false at the end.
  func next(into piece: Piece) throws(AssayError) -> Bool
}

/// Turns one piece at a time into output, on one thread.
public protocol PipelineWorker<Piece>: AnyObject {
  /// The pieces.
  associatedtype Piece: PipelinePiece
  /// Processes `piece` and appends its output to `text`.
  func process(_ piece: Piece, into text: inout TextBuffer) throws(AssayError)

  /// Called after ``process(_:into:)`` and the writing of its text, by one thread at a time and in the order of the input: the
  /// place to add the chunk's counts to a total.
  func finish(_ piece: Piece) throws(AssayError)
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
  public func run<Source: PipelineSource, Worker: PipelineWorker>(
    _ source: Source, to output: OutputFile, makeWorker: () throws(AssayError) -> Worker
  ) throws(AssayError) where Worker.Piece == Source.Piece {
    let run = PipelineRun(source: source, output: output)
    var seats: [any Seated] = []
    for _ in 0..<threads { seats.append(Seat(run: run, worker: try makeWorker())) }
    var helpers: [pthread_t] = []
    for seat in seats.dropFirst() {
      var thread = pthread_t()
      let context = Unmanaged.passRetained(seat as AnyObject)
      let status = withSignalsBlocked {
        pthread_create(
          &thread, nil,
          { context in
            nameThread("assay-rows")
            context.map { (Unmanaged<AnyObject>.fromOpaque($0).takeRetainedValue() as? any Seated)?.work() }
            return nil
          }, context.toOpaque())
      }
      // Fewer threads than asked for still do the whole work.
      if status == 0 { helpers.append(thread) } else { context.release() }
    }
    seats.first?.work()
    for helper in helpers { pthread_join(helper, nil) }
    if let error = run.error ?? run.readError { throw error }
  }
}

/// One thread's part of a run.
private protocol Seated: AnyObject, Sendable {
  /// Works until there is nothing more to do.
  func work()
}

/// One thread's worker.
private final class Seat<Source: PipelineSource, Worker: PipelineWorker>: Seated, @unchecked Sendable
where Worker.Piece == Source.Piece {
  let run: PipelineRun<Source>
  let worker: Worker

  init(run: PipelineRun<Source>, worker: Worker) {
    self.run = run
    self.worker = worker
  }

  func work() {
    let piece = run.source.makePiece()
    var text = TextBuffer()
    while run.read(into: piece) {
      text.removeAll()
      var failure: AssayError?
      do throws(AssayError) { try worker.process(piece, into: &text) } catch { failure = error }
      run.inTurn(piece.index) { () throws(AssayError) in
        try run.output.write(text.bytes)
        if let failure { throw failure }
        try worker.finish(piece)
      }
    }
  }
}

/// What the threads of one run share.
private final class PipelineRun<Source: PipelineSource>: @unchecked Sendable {
  let source: Source
  let output: OutputFile
  /// The first failure of processing or writing, in the order of the input; guarded by `writing`.
  private(set) var error: AssayError?
  /// The failure of reading, which comes after everything that was read; guarded by `reading`.
  private(set) var readError: AssayError?
  private var turn = 0
  private let reading = ConditionLock()
  private let writing = ConditionLock()

  init(source: Source, output: OutputFile) {
    self.source = source
    self.output = output
  }

  /// Fills `piece`; false when there is nothing more to do.
  func read(into piece: Source.Piece) -> Bool {
    reading.withLock {
      guard readError == nil, writing.withLock({ error == nil }) else { return false }
      do throws(AssayError) {
        return try source.next(into: piece)
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
