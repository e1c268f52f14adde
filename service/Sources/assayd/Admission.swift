import Foundation
import Synchronization

/// Lets a bounded number of requests compute, each on a thread of its own, never on Swift's cooperative pool.
final class Admission: Sendable {
  /// Why a request was not let in.
  enum Refusal: String, Error {
    case full = "As many requests as this service takes at once are running. Try again later."
    case draining = "This service is ending and takes no further requests."
  }

  private let limit: Int
  private let state = Mutex((running: 0, draining: false))
  let metrics: Metrics

  init(limit: Int, metrics: Metrics) {
    self.limit = limit
    self.metrics = metrics
  }

  /// Whether new requests are let in.
  var isReady: Bool { state.withLock { !$0.draining } }

  /// Whether a request would be refused at once.
  var isFull: Bool { state.withLock { $0.running >= limit } }

  /// Lets no further request in.
  func drain() { state.withLock { $0.draining = true } }

  /// Runs `body` on a thread of its own; its result, or what it throws, comes back.
  ///
  /// - Throws: ``Refusal`` at once when the service is full or ends.
  func run<T: Sendable>(
    _ operation: String, _ body: @escaping @Sendable () throws -> T
  ) async throws -> T {
    let refusal: Refusal? = state.withLock { state in
      if state.draining { return .draining }
      if state.running >= limit { return .full }
      state.running += 1
      return nil
    }
    if let refusal {
      metrics.refused(operation, outcome: "refused")
      throw refusal
    }
    metrics.started()
    let start = ContinuousClock.now
    let result: Result<T, any Error> = await withCheckedContinuation { done in
      let thread = Thread { done.resume(returning: Result(catching: body)) }
      thread.name = "assayd \(operation)"
      thread.stackSize = 8 << 20
      thread.start()
    }
    state.withLock { $0.running -= 1 }
    let elapsed = ContinuousClock.now - start
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    let outcome = if case .success = result { "completed" } else { "failed" }
    metrics.finished(operation, outcome: outcome, seconds: seconds)
    return try result.get()
  }
}
