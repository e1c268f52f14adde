import AssayCore
import CAssayFPGA
import CAssayKernels

extension Board {
  /// Computes `rows` of a batch. A row is copied to `results` once, after its bytes were looked at; the rows that a failure names
  /// were not, or are not to be trusted.
  func run(_ operation: Operation, _ offer: Offer, _ batch: Batch, _ rows: Range<Int>, _ results: Results) throws {
    try lock.withLock {
      if let retirement { throw KernelFailure(retirement, retiresDevice: true) }
      if rows.isEmpty { return }
      let work = Work(
        offer: offer, inputs: batch.columns.map(\.data), outputs: results.columns.compactMap { $0.bytes?.baseAddress })
      if onProbation { try probe(operation, work, rows.prefix(64)) }
      try compute(work, rows)
    }
  }

  /// One call's operation and memory.
  private struct Work {
    let offer: Offer
    let inputs: [UnsafeRawPointer]
    let outputs: [UnsafeMutableRawPointer]
  }

  /// Rows of a call that the portable kernel has to compute though the board did not fail.
  private struct Leftover {
    var damaged: [Range<Int>] = []
    var notAccepted: [Range<Int>] = []
    var all: [Range<Int>] { damaged + notAccepted }

    /// What to tell the runtime; nil when nothing is left over.
    var failure: KernelFailure? {
      if !damaged.isEmpty { return KernelFailure("\(Status(ASSAY_FPGA_E_DATA))", uncommitted: all) }
      guard !notAccepted.isEmpty else { return nil }
      return KernelFailure(
        "it does not accept \(notAccepted.count) rows, and the portable kernel says why", uncommitted: all)
    }
  }

  /// Keeps the board's slots full until every row was committed or the board failed.
  private func compute(_ work: Work, _ rows: Range<Int>) throws {
    let deadline = configuration.deadline.wholeNanoseconds
    var lastProgress = monotonicNanoseconds()
    var next = rows.lowerBound
    var leftover = Leftover()
    while next < rows.upperBound || table.count > 0 {
      let status = submit(work, from: &next, to: rows.upperBound)
      let waits = status == ASSAY_FPGA_OK || status == ASSAY_FPGA_E_FULL && table.count > 0
      guard waits else {
        throw stop("it takes no work: \(Status(status))", left: table.rows + [next..<rows.upperBound] + leftover.all)
      }
      let completions: [assay_fpga_completion]
      do throws(BoardQueue.Silence) {
        completions = try queue.reap(timeout: deadline - (monotonicNanoseconds() - lastProgress))
      } catch {
        let isLate = error.status == ASSAY_FPGA_E_TIMEOUT
        throw stop(
          isLate ? "it completed nothing for \(configuration.deadline)" : "\(Status(error.status))",
          left: table.rows + [next..<rows.upperBound] + leftover.all)
      }
      guard !completions.isEmpty else { throw stop("it completed nothing, and calls that no error", left: [rows]) }
      lastProgress = monotonicNanoseconds()
      for completion in completions {
        // A board that says what is not so is trusted with nothing of this call.
        if let reason = commit(completion, of: work, &leftover) { throw stop(reason, left: [rows]) }
      }
    }
    if let reason = saysMore() { throw stop(reason, left: [rows]) }
    if let failure = leftover.failure { throw failure }
  }

  /// Fills free slots from row `next` on. What the board does not accept is taken back.
  private func submit(_ work: Work, from next: inout Int, to end: Int) -> assay_fpga_status {
    let layout = work.offer.layout
    while next < end, let slot = table.freeSlot {
      let rows = next..<min(end, next + work.offer.maxRows)
      layout.pack(work.inputs, rows: rows, into: queue.inputMemory(slot))
      // What stays zero was not written.
      queue.outputMemory(slot).initializeMemory(as: UInt8.self, repeating: 0, count: rows.count * layout.outputStride)
      let cookie = table.launch(rows, in: slot)
      let status = queue.submit(slot: slot, cookie: cookie, operation: work.offer.code, count: rows.count)
      guard status == ASSAY_FPGA_OK else {
        table.recall(slot: slot)
        return status
      }
      next = rows.upperBound
    }
    return ASSAY_FPGA_OK
  }

  /// Accounts for one completion and copies its rows out of staging memory. Why the board must be stopped; nil when all is well.
  private func commit(_ completion: assay_fpga_completion, of work: Work, _ leftover: inout Leftover) -> String? {
    switch table.land(completion) {
    case .unaccountable(let reason): return reason
    case .damaged(let rows): leftover.damaged.append(rows)
    case .landed(let slot, let rows):
      let staging = queue.outputMemory(slot)
      switch work.offer.layout.inspect(staging, count: rows.count) {
      case .unwritten(let row): return "it completed row \(rows.lowerBound + row) without writing a result"
      case .sound: break
      case .rejected(let positions):
        leftover.notAccepted += positions.map { rows.lowerBound + $0..<rows.lowerBound + $0 + 1 }
      }
      work.offer.layout.unpack(staging, to: work.outputs, rows: rows)
    }
    return nil
  }

  /// Whether the board goes on talking after its last completion: then an earlier word of it may have been the wrong one.
  private func saysMore() -> String? {
    do throws(BoardQueue.Silence) {
      let more = try queue.reap(timeout: 0)
      return "it completed \(more.count) descriptors more than it was given"
    } catch {
      return error.status == ASSAY_FPGA_E_TIMEOUT ? nil : "\(Status(error.status))"
    }
  }

  /// The board failed: empties its queue and decides whether it may be tried again. `left` are the rows to compute elsewhere.
  private func stop(_ reason: String, left: [Range<Int>]) -> KernelFailure {
    failures += 1
    onProbation = true
    if let generation = queue.abort() {
      table.clear(generation: generation)
      if failures >= configuration.failureLimit {
        retirement = "\(reason); it failed \(failures) times and is not used again"
      }
    } else {
      isLost = true
      retirement = "\(reason), and it cannot be stopped: it is not used again, and its buffers are left to it"
    }
    return KernelFailure(
      retirement ?? reason, uncommitted: left.filter { !$0.isEmpty }, retiresDevice: retirement != nil)
  }

  /// After a failure: some of the caller's rows, on the board and on the portable kernel, must agree before it is used again.
  private func probe(_ operation: Operation, _ work: Work, _ rows: Range<Int>) throws {
    let inputs = zip(work.inputs, work.offer.layout.inputs).map { $0 + rows.lowerBound * $1 }
    let expected = Results(operation, rows: rows.count)
    let computed = Results(operation, rows: rows.count)
    guard Self.portable(operation, inputs, into: expected) else {
      throw KernelFailure("it failed before, and there is no portable kernel to try it against")
    }
    do {
      let outputs = computed.columns.compactMap { $0.bytes?.baseAddress }
      try compute(Work(offer: work.offer, inputs: inputs, outputs: outputs), 0..<rows.count)
    } catch let failure as KernelFailure {
      throw KernelFailure(
        "it failed before, and again when it was tried: \(failure.reason)", retiresDevice: failure.retiresDevice)
    }
    for (mine, theirs) in zip(expected.columns, computed.columns) {
      if let a = mine.bytes, let b = theirs.bytes, a.elementsEqual(b) { continue }
      let failure = stop("it failed before, and computed wrongly when it was tried", left: [])
      throw KernelFailure(failure.reason, retiresDevice: failure.retiresDevice)
    }
    onProbation = false
  }

  /// Computes every row of `results` with the portable kernel; false when there is none.
  private static func portable(_ operation: Operation, _ inputs: [UnsafeRawPointer], into results: Results) -> Bool {
    guard let table = assay_kernel_tables()?.pointee,
      let kernel = withUnsafeBytes(
        of: &UnsafeMutablePointer(mutating: table).pointee.kernels,
        { $0.bindMemory(to: assay_kernel?.self)[operation.id] })
    else { return false }
    var columns = inputs.map { assay_column(data: UnsafeMutableRawPointer(mutating: $0), offsets: nil) }
    columns += results.columns.map { assay_column(data: $0.bytes?.baseAddress, offsets: nil) }
    kernel(columns, 0, Int64(results.rows))
    return true
  }
}
