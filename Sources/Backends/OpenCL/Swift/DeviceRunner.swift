import AssayCore
import BackendOutside
import CAssayOpenCL

/// Runs operations on one device for as long as it is well: opens it when first used, drops it when a command fails, tries it
/// again later, and never again once it hangs. One batch at a time; others wait.
final class DeviceRunner: @unchecked Sendable {
  /// The pause after the first failure in a row; it doubles up to the longest.
  private static let firstPause: Int64 = 1_000_000_000
  private static let longestPause: Int64 = 60_000_000_000
  /// How often a device may leave it open whether it still writes.
  private static let mostUnfinished = 3

  private let library: OpenCLLibrary
  private let device: DiscoveredDevice
  private let cache: ProgramCache
  private let limits: Limits
  private let clock: @Sendable () -> Int64
  private let lock = ConditionLock()

  // Behind the lock.
  private var session: DeviceSession?
  private var failures = 0
  private var unfinished = 0
  private var pause: (until: Int64, reason: String)?
  private var retirement: String?
  private var unbuildable: [Operation: String] = [:]

  init(
    _ library: OpenCLLibrary, _ device: DiscoveredDevice, cache: ProgramCache, limits: Limits,
    clock: @escaping @Sendable () -> Int64 = { monotonicNanoseconds() }
  ) {
    self.library = library
    self.device = device
    self.cache = cache
    self.limits = limits
    self.clock = clock
  }

  /// Computes `rows` of `batch`.
  ///
  /// - Throws: ``KernelFailure`` with the rows that were not written.
  func run(_ batch: Batch, rows: Range<Int>, into results: Results) throws(KernelFailure) {
    guard !rows.isEmpty else { return }
    lock.lock()
    defer { lock.unlock() }
    try refuseIfUnwell(batch.operation)
    var committed = rows.lowerBound
    do {
      let (session, operation) = try opened(batch.operation)
      let pipeline = Pipeline(session: session, operation: operation, limits: limits)
      try pipeline.run(batch, rows, into: results, committed: &committed)
      failures = 0
    } catch {
      throw failure(error, batch, results, uncommitted: committed..<rows.upperBound)
    }
  }

  /// Releases the device, once the batch under way has ended; it computes nothing afterwards.
  func shutDown() {
    lock.withLock {
      session = nil
      retirement = retirement ?? "the device was shut down"
    }
  }

  /// The session with the program of `operation`. Opening the one and building the other may load compilers, which see the process as
  /// theirs.
  private func opened(_ operation: Operation) throws(DeviceTrouble) -> (DeviceSession, CompiledOperation) {
    if let session, let known = session.known(operation) { return (session, known) }
    return try Outside.keepingProcessState {
      Result { () throws(DeviceTrouble) in
        let session = try openSession()
        return (session, try session.operation(operation))
      }
    }.result.get()
  }

  private func openSession() throws(DeviceTrouble) -> DeviceSession {
    if let session { return session }
    let new = try DeviceSession(library, device, cache: cache)
    session = new
    return new
  }

  private func refuseIfUnwell(_ operation: Operation) throws(KernelFailure) {
    if let retirement { throw KernelFailure(retirement, retiresDevice: true) }
    if let log = unbuildable[operation] { throw KernelFailure(log) }
    guard let pause else { return }
    let left = pause.until - clock()
    if left > 0 {
      throw KernelFailure("\(pause.reason); the device is tried again in \((left + 999_999_999) / 1_000_000_000) s")
    }
    self.pause = nil
  }

  /// Draws the consequences of `trouble`.
  private func failure(
    _ trouble: DeviceTrouble, _ batch: Batch, _ results: Results, uncommitted: Range<Int>
  ) -> KernelFailure {
    switch trouble {
    case .build:
      // The device is well, but this driver will not take this text the next time either.
      unbuildable[batch.operation] = trouble.description
      return KernelFailure(trouble.description, uncommitted: [uncommitted])
    case .hung:
      // A running kernel can't be cancelled and may write for ever.
      keepForEver(batch, results)
      let reason = "\(trouble); the device is not used again"
      retirement = reason
      return KernelFailure(reason, uncommitted: [uncommitted], retiresDevice: true)
    case .unfinished:
      keepForEver(batch, results)
      unfinished += 1
      // Each time costs memory that is never freed.
      guard unfinished < Self.mostUnfinished else {
        let reason = "\(trouble), as \(unfinished - 1) times before; the device is not used again"
        retirement = reason
        return KernelFailure(reason, uncommitted: [uncommitted], retiresDevice: true)
      }
      return rest(trouble, uncommitted)
    case .call:
      session = nil
      return rest(trouble, uncommitted)
    }
  }

  /// Leaves the device alone for a while, longer after each failure in a row.
  private func rest(_ trouble: DeviceTrouble, _ uncommitted: Range<Int>) -> KernelFailure {
    failures += 1
    let length = min(Self.longestPause, Self.firstPause << Int64(min(failures - 1, 6)))
    pause = (clock() + length, trouble.description)
    return KernelFailure(trouble.description, uncommitted: [uncommitted])
  }

  /// Gives up the session, and never frees what the device can still reach through it.
  private func keepForEver(_ batch: Batch, _ results: Results) {
    _ = Unmanaged.passRetained(Hostages(session: session, batch: batch, results: results))
    session = nil
  }

  /// What a hung device may still touch.
  private final class Hostages {
    let session: DeviceSession?
    let batch: Batch
    let results: Results

    init(session: DeviceSession?, batch: Batch, results: Results) {
      self.session = session
      self.batch = batch
      self.results = results
    }
  }
}
