import AssayCore

/// Gathers calls of many tasks into batches and computes them on threads of its own, never on those of Swift's tasks.
///
/// Everything is under one lock; continuations are resumed outside of it.
final class Coalescer<Item: Sendable, Outcome: Sendable>: Sendable {
  /// Computes a batch: an outcome for each item, in order.
  typealias Body = @Sendable ([Item]) throws -> [Outcome]

  /// One call on its way. All of it but what never changes belongs to the coalescer's lock.
  fileprivate final class Call: @unchecked Sendable {
    let item: Item
    let rows: Int
    let bytes: Int
    let priority: CallPriority
    /// When it must have been computed, in nanoseconds of the monotonic clock.
    let deadline: Int64
    var arrived: Int64 = 0
    var state = State.new
    var continuation: CheckedContinuation<Outcome, any Error>?

    enum State { case new, waiting, queued, computing, done }

    init(_ item: Item, rows: Int, bytes: Int, priority: CallPriority, deadline: Int64) {
      self.item = item
      self.rows = rows
      self.bytes = bytes
      self.priority = priority
      self.deadline = deadline
    }
  }

  fileprivate struct Lanes {
    var calls: [[Call]] = CallPriority.allCases.map { _ in [] }
    var isEmpty: Bool { calls.allSatisfy(\.isEmpty) }
    mutating func append(_ call: Call) { calls[call.priority.rawValue].append(call) }
    mutating func remove(_ call: Call) { calls[call.priority.rawValue].removeAll { $0 === call } }
    var all: some Sequence<Call> { calls.joined() }
  }

  fileprivate final class Shared: @unchecked Sendable {
    let lock = ConditionLock()
    let batching: Batching
    let limit: QueueLimit
    /// Calls with a place in the queue, and those that wait for one.
    var queued = Lanes()
    var waiting = Lanes()
    var statistics = QueueStatistics()
    var isClosed = false
    /// Calls with a deadline that came and are not done.
    var deadlines = 0

    init(_ batching: Batching, _ limit: QueueLimit) {
      self.batching = batching
      self.limit = limit
    }
  }

  private let shared: Shared

  /// A coalescer whose batches `body` computes on `threads` threads; nil when the system has no thread to give.
  init?(_ batching: Batching, _ limit: QueueLimit, threads: Int, _ body: @escaping Body) {
    let shared = Shared(batching, limit)
    self.shared = shared
    var isServed = spawnThread(named: "assay-deadline") { shared.expire() }
    for _ in 0..<max(threads, 1) {
      let isStarted = spawnThread(named: "assay-batch") { shared.serve(body) }
      isServed = isServed && isStarted
    }
    guard isServed else {
      shared.close()
      return nil
    }
  }

  deinit { shared.close() }

  /// What was done so far.
  var statistics: QueueStatistics { shared.lock.withLock { shared.statistics } }

  /// The outcome of `item`, which joins the next batch with room for it. Suspends while the queue is full.
  ///
  /// - Throws: `CancellationError` when the task is cancelled, ``DeadlinePassed``, or what the body throws.
  func outcome(
    of item: Item, rows: Int, bytes: Int, priority: CallPriority, deadline: Duration?
  ) async throws -> Outcome {
    let (end, isEndless) = monotonicNanoseconds().addingReportingOverflow(deadline?.wholeNanoseconds ?? .max)
    let call = Call(item, rows: rows, bytes: bytes, priority: priority, deadline: isEndless ? .max : end)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { shared.take(call, $0) }
    } onCancel: {
      shared.cancel(call)
    }
  }
}

extension Coalescer.Shared {
  fileprivate typealias Call = Coalescer<Item, Outcome>.Call

  /// Lets a call in, or has it wait for room.
  fileprivate func take(_ call: Call, _ continuation: CheckedContinuation<Outcome, any Error>) {
    lock.lock()
    // Cancelled before it came.
    guard call.state == .new else {
      lock.unlock()
      return continuation.resume(throwing: CancellationError())
    }
    call.continuation = continuation
    let before = statistics.pendingRows
    if waiting.isEmpty, hasRoom(for: call) {
      enqueue(call)
    } else {
      call.state = .waiting
      waiting.append(call)
      statistics.delayed += 1
    }
    if call.deadline != .max { deadlines += 1 }
    // Others find their workers awake, or with a time to wake at.
    let fills = before < batching.rows && statistics.pendingRows >= batching.rows
    if before == 0 || fills || call.deadline != .max { lock.wakeAll() }
    lock.unlock()
  }

  fileprivate func cancel(_ call: Call) {
    lock.lock()
    let continuation = withdraw(call)
    if call.state != .done {
      if call.state != .new { settle(call) }
      call.state = .done
      statistics.cancelled += 1
    }
    admit()
    lock.wakeAll()
    lock.unlock()
    continuation?.resume(throwing: CancellationError())
  }

  fileprivate func close() {
    lock.withLock {
      isClosed = true
      lock.wakeAll()
    }
  }

  /// A call that came is done.
  private func settle(_ call: Call) {
    call.state = .done
    if call.deadline != .max { deadlines -= 1 }
  }

  /// Takes a call that is not done out of the queue, with its continuation.
  private func withdraw(_ call: Call) -> CheckedContinuation<Outcome, any Error>? {
    switch call.state {
    case .waiting: waiting.remove(call)
    case .queued:
      queued.remove(call)
      statistics.pendingRows -= call.rows
      statistics.pendingBytes -= call.bytes
    case .new, .computing, .done: break
    }
    defer { call.continuation = nil }
    return call.continuation
  }

  private func hasRoom(for call: Call) -> Bool {
    if statistics.pendingRows == 0 { return true }
    return statistics.pendingRows + call.rows <= limit.rows && statistics.pendingBytes + call.bytes <= limit.bytes
  }

  private func enqueue(_ call: Call) {
    call.state = .queued
    call.arrived = monotonicNanoseconds()
    queued.append(call)
    statistics.pendingRows += call.rows
    statistics.pendingBytes += call.bytes
    statistics.mostPendingRows = max(statistics.mostPendingRows, statistics.pendingRows)
  }

  /// Lets waiting calls in while there is room, the first ones first: a large one is not overtaken for ever.
  private func admit() {
    for lane in waiting.calls.indices {
      let calls = waiting.calls[lane]
      let refused = calls.firstIndex { call in
        guard hasRoom(for: call) else { return true }
        enqueue(call)
        return false
      }
      waiting.calls[lane].removeFirst(refused ?? calls.count)
      if refused != nil { return }
    }
  }

  /// When the next batch starts; nil when nothing waits for one.
  private var due: Int64? {
    guard let oldest = queued.calls.compactMap({ $0.first?.arrived }).min() else { return nil }
    return statistics.pendingRows >= batching.rows ? 0 : oldest &+ batching.delay.wholeNanoseconds
  }

  /// The calls of the next batch: of the highest priority first, one at least.
  private func nextBatch() -> [Call] {
    var batch: [Call] = []
    var rows = 0
    for lane in queued.calls.indices {
      var taken = 0
      for call in queued.calls[lane] {
        guard batch.isEmpty || rows + call.rows <= batching.rows else { break }
        rows += call.rows
        batch.append(call)
        taken += 1
      }
      queued.calls[lane].removeFirst(taken)
    }
    for call in batch {
      call.state = .computing
      statistics.pendingRows -= call.rows
      statistics.pendingBytes -= call.bytes
    }
    admit()
    return batch
  }

  /// A worker's life.
  fileprivate func serve(_ body: Coalescer<Item, Outcome>.Body) {
    lock.lock()
    while true {
      guard let due else {
        if isClosed { break }
        lock.wait()
        continue
      }
      if due > monotonicNanoseconds() {
        _ = lock.wait(until: due)
        continue
      }
      let batch = nextBatch()
      // Waiting calls that had no room may fill the next batch, which another worker must not sleep over.
      if statistics.pendingRows >= batching.rows { lock.wakeAll() }
      lock.unlock()
      let outcomes = Result { try body(batch.map(\.item)) }
      lock.lock()
      let continuations = batch.map { call in
        defer { call.continuation = nil }
        if call.state != .done { settle(call) }
        return call.continuation
      }
      statistics.rows += batch.reduce(0) { $0 + $1.rows }
      statistics.batches += 1
      lock.unlock()
      for (index, continuation) in continuations.enumerated() {
        continuation?.resume(with: outcomes.map { $0[index] })
      }
      lock.lock()
    }
    lock.unlock()
  }

  /// The life of the thread that tells calls of their deadlines, also while every worker computes.
  fileprivate func expire() {
    lock.lock()
    while !isClosed {
      guard deadlines > 0 else {
        lock.wait()
        continue
      }
      let calls = Array(queued.all) + Array(waiting.all)
      let now = monotonicNanoseconds()
      let late = calls.filter { $0.deadline <= now }
      if late.isEmpty {
        let next = calls.map(\.deadline).min() ?? .max
        // What computes now is told when it is computed.
        if next == .max { lock.wait() } else { _ = lock.wait(until: next) }
        continue
      }
      let continuations = late.map { call in
        defer { settle(call) }
        return withdraw(call)
      }
      statistics.expired += late.count
      admit()
      lock.wakeAll()
      lock.unlock()
      for continuation in continuations { continuation?.resume(throwing: DeadlinePassed()) }
      lock.lock()
    }
    lock.unlock()
  }
}

extension Duration {
  /// The duration in nanoseconds, from 0 to about 146 years.
  var wholeNanoseconds: Int64 {
    let (seconds, overflow) = max(0, components.seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max / 2 : min(.max / 2, seconds &+ max(0, components.attoseconds) / 1_000_000_000)
  }
}

extension Coalescer {
  /// A coalescer that has its threads.
  ///
  /// - Throws: ``AssayError`` of kind `unavailable` when the system has no thread to give.
  static func started(
    _ batching: Batching, _ limit: QueueLimit, _ threads: Int, _ body: @escaping Body
  ) throws(AssayError) -> Coalescer {
    guard let coalescer = Coalescer(batching, limit, threads: threads, body) else {
      throw AssayError(.unavailable, "The system has no thread to give.", advice: "Raise its limit of threads.")
    }
    return coalescer
  }
}

/// Calls `body` on a thread of its own and suspends until it has ended: what computes for long does not belong on a thread of tasks.
func onThreadOfItsOwn<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
  try await withCheckedThrowingContinuation { continuation in
    if !spawnThread(named: "assay-prepare", { continuation.resume(with: Result { try body() }) }) {
      continuation.resume(throwing: AssayError(.unavailable, "The system has no thread to give."))
    }
  }
}
