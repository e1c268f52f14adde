import AssayCore
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Threads that share chunks of work with their caller.
///
/// The caller takes part, and a call returns when every chunk is done, not when every thread has woken: a batch of one chunk
/// never waits for anybody. Several callers may use a pool at once.
public final class ThreadPool: @unchecked Sendable {
  /// How many threads work on one call, the caller included.
  public let threads: Int

  private let shared = Shared()

  /// A pool of `threads` threads; nil means one per processor. Threads start with the first call that needs them.
  public init(threads: Int? = nil) {
    self.threads = max(1, threads ?? Self.processors)
  }

  /// How many processors are online.
  public static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  deinit { shared.stop() }

  /// Calls `body` with every chunk number below `chunks`, each once, on any thread, and returns when all have returned.
  public func run(chunks: Int, _ body: @escaping @Sendable (Int) -> Void) {
    guard threads > 1, chunks > 1 else {
      for chunk in 0..<max(chunks, 0) { body(chunk) }
      return
    }
    let job = Job(chunks: chunks, body: body)
    shared.add(job, workers: threads - 1)
    job.work()
    shared.remove(job)
    job.wait()
  }

  /// What the workers hold on to: never the pool, so that they end with it, and its end never runs on one of them.
  private final class Shared: @unchecked Sendable {
    private let lock = ConditionLock()
    private var jobs: [Job] = []
    private var started = false
    private var stopping = false

    func add(_ job: Job, workers: Int) {
      lock.withLock {
        if !started {
          started = true
          for _ in 0..<workers { spawnThread(named: "assay-worker") { [self] in serve() } }
        }
        jobs.append(job)
        lock.wakeAll()
      }
    }

    func remove(_ job: Job) {
      lock.withLock { jobs.removeAll { $0 === job } }
    }

    func stop() {
      lock.withLock {
        stopping = true
        lock.wakeAll()
      }
    }

    private func serve() {
      while let job = next() { job.work() }
    }

    /// Waits for a job with chunks left; nil once the pool is gone.
    private func next() -> Job? {
      lock.withLock {
        while !stopping {
          if let job = jobs.first(where: { $0.hasChunks }) { return job }
          lock.wait()
        }
        return nil
      }
    }
  }

  /// One call: an atomic ticket counter and a count of chunks done.
  private final class Job: Sendable {
    private let chunks: Int
    private let body: @Sendable (Int) -> Void
    private let next = Atomic<Int>(0)
    private let done = Atomic<Int>(0)
    private let finished = ConditionLock()

    init(chunks: Int, body: @escaping @Sendable (Int) -> Void) {
      self.chunks = chunks
      self.body = body
    }

    var hasChunks: Bool { next.load(ordering: .relaxed) < chunks }

    func work() {
      while true {
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard chunk < chunks else { return }
        body(chunk)
        if done.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == chunks {
          finished.withLock { finished.wakeAll() }
        }
      }
    }

    func wait() {
      // Workers are usually done within microseconds of the caller: look before sleeping.
      for _ in 0..<2_000 where done.load(ordering: .acquiring) == chunks { return }
      finished.withLock {
        while done.load(ordering: .acquiring) < chunks { finished.wait() }
      }
    }
  }
}
