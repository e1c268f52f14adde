import AssayCore

/// Threads that call devices, so that a device that hangs holds a thread of its own and nobody else's.
final class Runners: Sendable {
  private let state = State()

  private final class State: @unchecked Sendable {
    let lock = ConditionLock()
    var idle: [Runner] = []
  }

  /// How a call ended.
  enum Outcome {
    case returned
    case failed(any Error)
    case timedOut
  }

  /// Runs `body` on another thread and waits until it ends or `deadline` nanoseconds have passed. After a time-out `body` may
  /// still be running: whatever it touches must be its own.
  func run(deadline: Int64, _ body: @escaping @Sendable () throws -> Void) -> Outcome {
    let runner = state.lock.withLock { state.idle.popLast() } ?? Runner()
    guard let runner else { return .failed(KernelFailure("no thread could be started")) }
    let outcome = runner.run(deadline: deadline, body)
    if case .timedOut = outcome { return outcome }
    state.lock.withLock { state.idle.append(runner) }
    return outcome
  }

  /// One thread with a mailbox.
  private final class Runner: @unchecked Sendable {
    private let mailbox = Mailbox()

    private final class Mailbox: @unchecked Sendable {
      let lock = ConditionLock()
      var task: (@Sendable () throws -> Void)?
      var outcome: Outcome?
      var closed = false
    }

    init?() {
      let started = spawnThread(named: "assay-device") { [mailbox] in
        mailbox.lock.lock()
        while !mailbox.closed {
          guard let task = mailbox.task else {
            mailbox.lock.wait()
            continue
          }
          mailbox.task = nil
          mailbox.lock.unlock()
          let outcome: Outcome
          do {
            try task()
            outcome = .returned
          } catch {
            outcome = .failed(error)
          }
          mailbox.lock.lock()
          mailbox.outcome = outcome
          mailbox.lock.wakeAll()
        }
        mailbox.lock.unlock()
      }
      guard started else { return nil }
    }

    deinit {
      mailbox.lock.withLock {
        mailbox.closed = true
        mailbox.lock.wakeAll()
      }
    }

    func run(deadline: Int64, _ body: @escaping @Sendable () throws -> Void) -> Outcome {
      let end = monotonicNanoseconds() &+ deadline
      return mailbox.lock.withLock {
        mailbox.outcome = nil
        mailbox.task = body
        mailbox.lock.wakeAll()
        while true {
          if let outcome = mailbox.outcome { return outcome }
          if !mailbox.lock.wait(until: end), mailbox.outcome == nil { return .timedOut }
        }
      }
    }
  }
}
