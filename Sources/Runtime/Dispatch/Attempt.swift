import AssayCore

extension Dispatcher {
  /// What came of asking one kernel for some rows.
  struct Attempt {
    /// Rows that are still to be computed.
    var uncommitted: [Range<Int>] = []
    /// Why, in words.
    var failure: String?
    var time = RowsReceipt.Time()
    var audited = 0
    var mismatched = 0

    /// The kernel lied somewhere in `rows`: none of them counts.
    fileprivate mutating func distrust(_ rows: Range<Int>, because reason: String) {
      failure = reason
      uncommitted = [rows]
    }
  }

  /// Asks one kernel for `rows`. The host writes straight into the results; any other device into staging memory that is checked,
  /// audited and then committed, and left to the device when it hangs.
  func attempt(_ rows: Range<Int>, of job: Job, on candidate: Plan.Candidate) -> Attempt {
    candidate.device.isHost
      ? attemptOnHost(rows, of: job, with: candidate) : attemptOnDevice(rows, of: job, with: candidate)
  }

  private func attemptOnHost(_ rows: Range<Int>, of job: Job, with candidate: Plan.Candidate) -> Attempt {
    var attempt = Attempt()
    let clock = Stopwatch()
    do {
      try candidate.kernel.run(job.batch, rows: rows, into: job.results)
    } catch {
      return Attempt(uncommitted: [rows], failure: "\(error)")
    }
    attempt.time.compute = clock.lap()
    // The portable device also has kernels of system libraries: those are audited, only the reference itself is not.
    guard configuration.auditsHost, !isReference(candidate) else { return attempt }
    let mismatch = audit(job.results, from: 0, of: job, in: [rows], of: candidate, into: &attempt)
    attempt.time.check = clock.lap()
    if let mismatch { attempt.distrust(rows, because: mismatch) }
    return attempt
  }

  /// As many calls as the device's pace asks for; after one that fails the device is not asked for the rest.
  private func attemptOnDevice(_ rows: Range<Int>, of job: Job, with candidate: Plan.Candidate) -> Attempt {
    var attempt = Attempt()
    var rest = rows
    while !rest.isEmpty {
      let part = pace.next(candidate, job.batch, of: rest, deadline: configuration.deadline.nanoseconds)
      rest = part.upperBound..<rest.upperBound
      if let lie = call(part, of: job, on: candidate, into: &attempt) {
        // What it delivered before is not believed either.
        attempt.distrust(rows, because: lie)
        return attempt
      }
      if attempt.failure != nil { break }
    }
    if let last = attempt.uncommitted.last, last.upperBound == rest.lowerBound {
      attempt.uncommitted[attempt.uncommitted.count - 1] = last.lowerBound..<rest.upperBound
    } else if !rest.isEmpty {
      attempt.uncommitted.append(rest)
    }
    return attempt
  }

  /// One call of a device that is not the host. Returns, in words, in what it lied; nil when it did not.
  private func call(
    _ rows: Range<Int>, of job: Job, on candidate: Plan.Candidate, into attempt: inout Attempt
  ) -> String? {
    let clock = Stopwatch()
    // A device that hangs reads on after this call has returned.
    let slice = job.batch.slice(rows).owningItsMemory()
    let staged = Results(job.batch.operation, rows: rows.count, wanted: job.results.wanted)
    attempt.time.copy += clock.lap()
    let kernel = candidate.kernel
    let outcome = runners.run(deadline: configuration.deadline.nanoseconds) {
      try kernel.run(slice, rows: 0..<slice.rows, into: staged)
    }
    let elapsed = clock.lap()
    attempt.time.compute += elapsed
    var uncommitted: [Range<Int>] = []
    switch outcome {
    case .returned: pace.note(candidate, slice, rows: 0..<slice.rows, nanoseconds: elapsed)
    case .failed(let error as KernelFailure):
      if error.retiresDevice { health.retire(candidate.device, because: error.reason) }
      attempt.failure = error.reason
      uncommitted = (error.uncommitted ?? [0..<rows.count]).filter { !$0.isEmpty }
      // A failure is outside data too: one that names rows outside the call is not believed about the others.
      if !uncommitted.allSatisfy((0..<rows.count).contains) { uncommitted = [0..<rows.count] }
    case .failed(let error):
      attempt.failure = "\(error)"
      uncommitted = [0..<rows.count]
    case .timedOut:
      let reason = "did not answer within \(configuration.deadline)"
      health.retire(candidate.device, because: reason)
      attempt.failure = reason
      uncommitted = [0..<rows.count]
    }
    let committed = (0..<rows.count).subtracting(uncommitted)
    if let bad = committed.lazy.compactMap({ staged.firstInvalidVerdict(in: $0) }).first {
      let reason = "returned a byte that is not a verdict in row \(rows.lowerBound + bad)"
      health.retire(candidate.device, because: reason)
      return reason
    }
    let mismatch = audit(
      staged, from: rows.lowerBound, of: job, in: committed.map { $0.shifted(by: rows.lowerBound) }, of: candidate,
      into: &attempt)
    attempt.time.check += clock.lap()
    if let mismatch { return mismatch }
    for range in committed {
      job.results.commit(range.shifted(by: rows.lowerBound), from: staged, at: range.lowerBound)
    }
    attempt.time.copy += clock.lap()
    attempt.uncommitted += uncommitted.map { $0.shifted(by: rows.lowerBound) }
    return nil
  }

  /// Computes the audited rows of `ranges` again on the portable kernel and compares bytes with `output`, whose row 0 is the job's
  /// row `start`. A mismatch, returned in words, stops the use of the device (of the one kernel, on the host). What a device rejects is
  /// always audited: rejections are few, and a bit that flips must not be told as a bad row.
  private func audit(
    _ output: Results, from start: Int, of job: Job, in ranges: [Range<Int>], of candidate: Plan.Candidate,
    into attempt: inout Attempt
  ) -> String? {
    var rows = configuration.audit.rows(of: job.batch, in: ranges)
    if !candidate.device.isHost, configuration.audit != .full {
      let verdicts = output.verdicts
      let rejected = ranges.joined().filter { !verdicts[$0 - start].isAccepted }
      if !rejected.isEmpty { rows = Set(rows).union(rejected).sorted() }
    }
    guard !rows.isEmpty, let reference = reference(for: job.batch.operation)?.kernel,
      let sample = try? job.batch.selecting(rows)
    else { return nil }
    let expected = Results(job.batch.operation, rows: rows.count, wanted: output.wanted)
    do { try reference.run(sample, rows: 0..<rows.count, into: expected) } catch { return nil }
    attempt.audited += rows.count
    let wrong = expected.countDifferences(from: output, at: rows.map { $0 - start })
    guard wrong > 0 else { return nil }
    attempt.mismatched += wrong
    let reason = "audit mismatch: \(wrong) of \(rows.count) audited rows differ from the portable kernel"
    if candidate.device.isHost {
      health.refuse(candidate, because: reason)
    } else {
      health.retire(candidate.device, because: reason)
    }
    return reason
  }

  /// The kernel that all others are compared with: the first of the portable device.
  private func reference(for operation: Operation) -> Plan.Candidate? {
    portable.devices.first.flatMap { device in
      portable.kernels(for: operation, on: device).first.map { Plan.Candidate(device: device, kernel: $0) }
    }
  }

  private func isReference(_ candidate: Plan.Candidate) -> Bool {
    reference(for: candidate.kernel.operation).map {
      $0.device == candidate.device && $0.kernel.id == candidate.kernel.id
    }
      ?? false
  }
}
