#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A mutex with one condition, for the few places that sleep until another thread is done.
package final class ConditionLock: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  package init() {
    pthread_mutex_init(mutex, nil)
    #if canImport(Darwin)
      pthread_cond_init(condition, nil)
    #else
      // Deadlines must not move when somebody sets the wall clock.
      var attributes = pthread_condattr_t()
      pthread_condattr_init(&attributes)
      pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
      pthread_cond_init(condition, &attributes)
      pthread_condattr_destroy(&attributes)
    #endif
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  package func lock() { pthread_mutex_lock(mutex) }
  package func unlock() { pthread_mutex_unlock(mutex) }
  package func wait() { pthread_cond_wait(condition, mutex) }
  package func wakeAll() { pthread_cond_broadcast(condition) }

  /// Waits until woken or until ``monotonicNanoseconds()`` reaches `deadline`; false when the deadline passed.
  package func wait(until deadline: Int64) -> Bool {
    #if canImport(Darwin)
      let left = max(0, deadline - monotonicNanoseconds())
      var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
      return pthread_cond_timedwait_relative_np(condition, mutex, &time) != ETIMEDOUT
    #else
      var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
      return pthread_cond_timedwait(condition, mutex, &time) != ETIMEDOUT
    #endif
  }

  package func withLock<R>(_ body: () throws -> R) rethrows -> R {
    lock()
    defer { unlock() }
    return try body()
  }
}

/// A value that one thread at a time may touch. A mutex of the system's rather than Synchronization's, whose lock lives in a library
/// where ThreadSanitizer does not see it.
package final class Guarded<Value>: @unchecked Sendable {
  private let lock = ConditionLock()
  private var value: Value

  package init(_ value: Value) { self.value = value }

  package func withLock<R>(_ body: (inout Value) throws -> R) rethrows -> R {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}

/// Nanoseconds of a clock that never goes back.
package func monotonicNanoseconds() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Calls `body` in the default floating-point mode (to nearest, subnormals kept) and puts the caller's back: what Swift computes
/// must not depend on it either.
@inline(never)
package func withDefaultFloatingPointMode<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
  var caller = fenv_t()
  fegetenv(&caller)
  setDefaultFloatingPointMode()
  defer { fesetenv(&caller) }
  return try body()
}

private func setDefaultFloatingPointMode() {
  #if canImport(Darwin)
    withUnsafePointer(to: _FE_DFL_ENV) { _ = fesetenv($0) }
  #else
    // FE_DFL_ENV, a macro that Swift cannot see.
    fesetenv(UnsafePointer(bitPattern: -1))
  #endif
}

/// Gives the calling thread the name, of at most 15 bytes, that debuggers show.
package func nameThread(_ name: StaticString) {
  #if canImport(Darwin)
    pthread_setname_np(UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self))
  #else
    // What pthread_setname_np does, which is outside the C that Swift sees.
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = write(file, name.utf8Start, name.utf8CodeUnitCount)
    close(file)
  #endif
}

/// Calls `body` with every signal blocked. Threads that it starts inherit that: the process's signals are for the threads of whoever uses
/// this library.
package func withSignalsBlocked<R>(_ body: () -> R) -> R {
  var all = sigset_t()
  var callers = sigset_t()
  sigfillset(&all)
  pthread_sigmask(SIG_SETMASK, &all, &callers)
  defer { pthread_sigmask(SIG_SETMASK, &callers, nil) }
  return body()
}

/// Starts a detached thread that runs `body`, in the default floating-point mode whatever its creator's is; false when the system has
/// no thread to give. Signals are blocked on it and on threads that `body` starts, as drivers do.
@discardableResult
package func spawnThread(named name: StaticString, _ body: @escaping @Sendable () -> Void) -> Bool {
  final class Box: Sendable {
    let name: StaticString
    let body: @Sendable () -> Void
    init(_ name: StaticString, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
  #if canImport(Darwin)
    var thread: pthread_t?
  #else
    var thread = pthread_t()
  #endif
  let box = Unmanaged.passRetained(Box(name, body))
  let status = withSignalsBlocked {
    pthread_create(
      &thread, nil,
      { context in
        #if canImport(Darwin)
          let box = Unmanaged<Box>.fromOpaque(context).takeRetainedValue()
        #else
          guard let context else { return nil }
          let box = Unmanaged<Box>.fromOpaque(context).takeRetainedValue()
        #endif
        nameThread(box.name)
        setDefaultFloatingPointMode()
        box.body()
        return nil
      }, box.toOpaque())
  }
  if status == 0 {
    #if canImport(Darwin)
      if let thread { pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
  } else {
    box.release()
  }
  return status == 0
}

/// What `body` gives, on a thread of its own; nil when it does not end within `nanoseconds`, or there is no thread to run it on. Then it
/// may still be running: whatever it touches must be its own.
package func answer<R>(
  within nanoseconds: Int64, threadNamed name: StaticString, _ body: @escaping @Sendable () -> sending R
) -> R? {
  let mailbox = Mailbox<R>()
  let deadline = monotonicNanoseconds() &+ nanoseconds
  let started = spawnThread(named: name) {
    let answer = body()
    mailbox.lock.withLock {
      mailbox.answer = answer
      mailbox.lock.wakeAll()
    }
  }
  guard started else { return nil }
  return mailbox.lock.withLock {
    while mailbox.answer == nil, mailbox.lock.wait(until: deadline) {}
    return mailbox.answer
  }
}

/// Where one thread leaves an answer for another.
private final class Mailbox<Answer>: @unchecked Sendable {
  let lock = ConditionLock()
  var answer: Answer?

  init() {}
}
