public import AssayCore

/// Runs batches on devices: plans, runs, checks, falls back, and tells all of it in receipts.
///
/// A dispatcher is an explicit value without global state and may be used from several threads at once. Whatever devices do
/// (throw, hang, return garbage, disappear), every row is computed, by a portable kernel in the end, and with the same bits.
public final class Dispatcher: Executor {
  /// How a dispatcher works.
  public struct Configuration: Sendable {
    /// Which devices may compute.
    public var policy: Policy = .automatic
    /// How much of the output of devices other than the host is computed again.
    public var audit: Audit = .sample
    /// Whether the host's own kernels are audited too.
    public var auditsHost = false
    /// How long one call of a device may take. Long assignments are made of calls that should take a quarter of it.
    public var deadline: Duration = .seconds(30)
    /// How long the self-test of one kernel of a device may take, the building of its program included.
    public var selfTestDeadline: Duration = .seconds(120)
    /// Measurements to plan by.
    public var profile: HardwareProfile?
    /// Self-tests that kernels of the host passed in earlier processes; nil to test anew in every process.
    package var selfTests: SelfTestRecord?

    /// Automatic, sampled audit, half a minute.
    public init() {}
  }

  /// How this dispatcher works.
  public let configuration: Configuration
  /// The backends that the policy and the profile may choose, in the order they were given.
  public let backends: [any Backend]
  private let planner: Planner
  let health: DeviceHealth
  let runners = Runners()
  let pace = Pace()
  let portable: any Backend
  private let plans = PlanCache()
  private let hostOnly = Guarded<Dispatcher?>(nil)

  /// A dispatcher over `backends`.
  ///
  /// - Throws: ``AssayError`` of kind `usage` without a portable backend or when two backends have one name or two devices one id,
  ///   and `unavailable` when the policy requires a backend or device that is not there.
  public init(backends: [any Backend], _ configuration: Configuration = Configuration()) throws(AssayError) {
    guard let portable = backends.first(where: { $0.name == "portable" }) else {
      throw AssayError(.usage, "A dispatcher needs the portable backend: every other one falls back to it.")
    }
    let backends = backends.filter { configuration.policy.mayChoose($0, profile: configuration.profile) }
    for names in [backends.map(\.name), backends.flatMap { $0.devices.map(\.id) }] {
      var seen: Set<String> = []
      if let twice = names.first(where: { !seen.insert($0).inserted }) {
        throw AssayError(.usage, "Two backends or devices are called \(twice).", advice: "Rename one of them.")
      }
    }
    if case .require(let name, _) = configuration.policy,
      !backends.contains(where: { $0.devices.contains { $0.id == name } })
    {
      let broken = backends.first { name.hasPrefix($0.name + ":") && $0.absence != nil }
      guard let backend = backends.first(where: { $0.name == name }) ?? broken else {
        throw AssayError(
          .unavailable, "There is no backend or device called \(name).", advice: "`assay devices` lists what is there.")
      }
      if let absence = backend.absence {
        throw AssayError(.unavailable, "The backend \(backend.name) is not available: \(absence).")
      }
    }
    self.backends = backends
    self.portable = portable
    self.configuration = configuration
    health = DeviceHealth()
    planner = Planner(backends: backends, policy: configuration.policy, profile: configuration.profile)
  }

  /// The host's part of `whole`, which knows what that knows of the host's kernels.
  private init(hostOf whole: Dispatcher) {
    var configuration = whole.configuration
    configuration.policy = .automatic
    self.configuration = configuration
    health = whole.health
    portable = whole.portable
    backends = whole.backends.filter { $0.devices.allSatisfy(\.isHost) }
    planner = Planner(backends: backends, policy: .automatic, profile: configuration.profile)
  }

  /// Kernels of the host alone, where the policy or the profile may choose another device; nil where neither does.
  public var host: (any Executor)? {
    guard mayLeaveHost else { return nil }
    return hostOnly.withLock { host in
      if host == nil { host = Dispatcher(hostOf: self) }
      return host
    }
  }

  private var mayLeaveHost: Bool {
    if configuration.policy == .automatic, configuration.profile == nil { return false }
    return backends.contains { $0.devices.contains { !$0.isHost } }
  }

  /// What would happen to `rows` rows of `operation`. The kernel that each range of rows goes to is self-tested first unless it was
  /// before; those that stand behind it are when their turn comes.
  public func plan(_ operation: Operation, rows: Int) throws(AssayError) -> Plan {
    let generation = health.generation
    if let plan = plans.plan(operation, rows: rows, generation: generation) { return plan }
    let plan = try planner.plan(operation, rows: rows) { refusal($0) }
    plans.keep(plan, rows: rows, generation: generation)
    return plan
  }

  /// Why no kernel of the required backend or device computes `operation`, in words; nil when one does, or none is required.
  public func obstacleOfRequiredBackend(to operation: Operation) -> String? {
    guard case .require(let name, _) = configuration.policy else { return nil }
    var obstacle: String?
    for candidate in planner.candidates(operation, on: name, rows: 1) {
      guard let reason = refusal(candidate) else { return nil }
      obstacle = obstacle ?? reason
    }
    return obstacle ?? planner.absence(of: operation, on: name)
  }

  /// Computes every row of `batch`; see ``Executor``.
  public func execute(_ batch: Batch, wanted: Set<String>? = nil) throws(AssayError) -> Results {
    let results = Results(batch.operation, rows: batch.rows, wanted: wanted)
    let started = monotonicNanoseconds()
    let plan = try plan(batch.operation, rows: batch.rows)
    let build = monotonicNanoseconds() - started
    let job = Job(batch: batch, results: results)
    let receipts = concurrently(plan.assignments.count) { [self] index in
      run(plan.assignments[index], of: job)
    }
    results.receipts = receipts.flatMap { $0 }
    let computed = results.receipts.reduce(0) { $0 + $1.rows }
    guard computed == batch.rows else {
      // Only where the portable kernel itself is refused or throws.
      throw AssayError(
        .unavailable,
        "\(batch.rows - computed) of \(batch.rows) rows of \(batch.operation) were computed by no kernel.",
        advice: "`assay selftest` tells which kernels of this build are sound.")
    }
    for kernel in Set(results.receipts.map(\.kernel)) {
      guard let first = results.receipts.firstIndex(where: { $0.kernel == kernel }) else { continue }
      results.receipts[first].lanes = results.laneFacts(of: kernel)
    }
    if !results.receipts.isEmpty {
      results.receipts[0].nanoseconds.build += build
      results.receipts[0].fallbacks.insert(contentsOf: plan.refusals, at: 0)
    }
    return results
  }

  /// Why a kernel must not be used; nil when it may. A device that hangs in its self-test is not waited for, and not asked again.
  private func refusal(_ candidate: Plan.Candidate) -> String? {
    health.refusal(candidate) {
      guard !candidate.device.isHost else {
        guard let record = configuration.selfTests else { return SelfTest.refusal(candidate.kernel) }
        return record.refusal(candidate) { SelfTest.refusal(candidate.kernel) }
      }
      let verdict = Guarded<String?>(nil)
      let clock = Stopwatch()
      let outcome = runners.run(deadline: configuration.selfTestDeadline.nanoseconds) {
        let refusal = SelfTest.refusal(candidate.kernel)
        verdict.withLock { $0 = refusal }
      }
      switch outcome {
      case .returned:
        if let corpus = try? Corpus.selfTest(candidate.kernel.operation).batch {
          pace.note(candidate, corpus, rows: 0..<corpus.rows, nanoseconds: clock.lap())
        }
        return verdict.withLock { $0 }
      case .failed(let error): return "self-test could not run: \(error)"
      case .timedOut:
        let reason =
          "its self-test of \(candidate.kernel.operation.name) did not end within \(configuration.selfTestDeadline)"
        health.retire(candidate.device, because: reason)
        return reason
      }
    }
  }

  struct Job: Sendable {
    let batch: Batch
    let results: Results
  }

  /// Computes the rows of an assignment on its first candidate that delivers, range by range.
  private func run(_ assignment: Plan.Assignment, of job: Job) -> [RowsReceipt] {
    var receipts: [RowsReceipt] = []
    // Rows that nobody has computed yet, each range with who was asked for it.
    var open: [(rows: Range<Int>, asked: [RowsReceipt.Fallback])] =
      assignment.rows.isEmpty ? [] : [(assignment.rows, [])]
    for (index, candidate) in assignment.candidates.enumerated() where !open.isEmpty {
      let isLast = index == assignment.candidates.count - 1
      var left: [(rows: Range<Int>, asked: [RowsReceipt.Fallback])] = []
      for (rows, asked) in open {
        func fallback(_ rows: Int, _ reason: String) -> RowsReceipt.Fallback {
          .init(device: candidate.device.id, kernel: candidate.kernel.id, rows: rows, reason: reason)
        }
        // A self-test comes before the first call of a kernel, a fallback's before it falls to that one.
        if let reason = isLast && index == 0 ? nil : health.retirement(candidate.device) ?? refusal(candidate) {
          left.append((rows, asked + [fallback(rows.count, reason)]))
          continue
        }
        let attempt = attempt(rows, of: job, on: candidate)
        for (position, part) in attempt.uncommitted.enumerated() {
          var fallback = fallback(part.count, attempt.failure ?? "did not write its rows")
          if position == 0 { fallback.mismatched = attempt.mismatched }
          left.append((part, asked + [fallback]))
        }
        for (position, committed) in rows.subtracting(attempt.uncommitted).enumerated() {
          var receipt = RowsReceipt(
            job.batch.operation, rows: committed, device: candidate.device, kernel: candidate.kernel.id)
          receipt.fallbacks = asked
          if position == 0 {
            receipt.nanoseconds = attempt.time
            receipt.audited = attempt.audited
            // A failure that left no row behind is told where the rows are.
            if let reason = attempt.failure, attempt.uncommitted.isEmpty {
              receipt.fallbacks.append(fallback(0, reason))
            }
          }
          receipts.append(receipt)
        }
      }
      open = left
    }
    return receipts.sorted { $0.first < $1.first }
  }

  /// Calls `body` for every index below `count`, the last on this thread and the others on threads of their own.
  private func concurrently<T: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> T) -> [T] {
    guard count > 1 else { return count == 1 ? [body(0)] : [] }
    let gathered = Gathered<T>(count: count)
    for index in 0..<count - 1 {
      if !spawnThread(named: "assay-share", { gathered.set(index, body(index)) }) { gathered.set(index, body(index)) }
    }
    gathered.set(count - 1, body(count - 1))
    return gathered.wait()
  }
}

/// Values that threads deliver.
private final class Gathered<T: Sendable>: @unchecked Sendable {
  private let lock = ConditionLock()
  private var values: [T?]

  init(count: Int) { values = Array(repeating: nil, count: count) }

  func set(_ index: Int, _ value: T) {
    lock.withLock {
      values[index] = value
      lock.wakeAll()
    }
  }

  func wait() -> [T] {
    lock.withLock {
      while values.contains(where: { $0 == nil }) { lock.wait() }
      return values.compactMap { $0 }
    }
  }
}
