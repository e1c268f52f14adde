import AssayCore
import BackendCPU
import ConformanceKit
import Testing

@testable import AssayRuntime

/// A device that fails in any way loses no row: the bytes are those of the portable kernel, and the receipt tells.
@Suite struct DispatcherTests {
  static let portable = CPUBackend(.portable, pool: ThreadPool(threads: 2))
  static let operations: [AssayCore.Operation] = [
    "sha256_pair", "keccak256_message", "ecdsa_secp256k1_low_s", "black_scholes",
  ]
  .compactMap { AssayCore.Operation.named($0) }
  .filter { operation in portable.devices.contains { !portable.kernels(for: operation, on: $0).isEmpty } }

  private func expected(_ batch: Batch) throws -> Results {
    let device = try #require(Self.portable.devices.first)
    let kernel = try #require(Self.portable.kernels(for: batch.operation, on: device).first)
    let results = Results(batch.operation, rows: batch.rows)
    try kernel.run(batch, rows: 0..<batch.rows, into: results)
    return results
  }

  private func dispatcher(
    _ backend: FaultyBackend, audit: Audit, strict: Bool = false, selfTestDeadline: Duration = .seconds(60)
  ) throws -> Dispatcher {
    var configuration = Dispatcher.Configuration()
    configuration.policy = .require("faulty", strict: strict)
    configuration.audit = audit
    configuration.deadline = .milliseconds(500)
    configuration.selfTestDeadline = selfTestDeadline
    return try Dispatcher(backends: [backend, Self.portable], configuration)
  }

  @Test(arguments: operations, [FaultyBackend.Fault.throwsError, .commitsHalf, .hangs, .flipsBits, .wrongFromTheStart])
  func noRowIsLost(operation: AssayCore.Operation, fault: FaultyBackend.Fault) throws {
    let backend = FaultyBackend(fault, backing: Self.portable)
    defer { backend.release() }
    let dispatcher = try dispatcher(backend, audit: .full)
    let batch = try Corpus(operation, rows: 1_001, seed: 5).batch
    for _ in 0..<2 {
      let results = try dispatcher.execute(batch)
      #expect(try expected(batch).firstDifference(from: results) == nil)
      #expect(results.receipts.reduce(0) { $0 + $1.rows } == batch.rows)
      #expect(results.receipts.contains { $0.device == "cpu:portable" && !$0.fallbacks.isEmpty })
    }
  }

  @Test(arguments: operations) func memoryThatNobodyWroteIsNoVerdict(operation: AssayCore.Operation) throws {
    let hasVerdict = operation.outputs.contains { $0.kind == .verdict }
    let backend = FaultyBackend(.writesNothing, backing: Self.portable)
    // Digests of zeros are only found by an audit; verdicts of zeros always.
    let dispatcher = try dispatcher(backend, audit: hasVerdict ? .none : .sample)
    let batch = try Corpus(operation, rows: 600, seed: 6).batch
    let results = try dispatcher.execute(batch)
    #expect(try expected(batch).firstDifference(from: results) == nil)
    #expect(results.receipts.allSatisfy { $0.device == "cpu:portable" })
  }

  @Test func aHangingDeviceIsRetiredAndItsLateWritesAreLost() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    let backend = FaultyBackend(.hangs, backing: Self.portable)
    let dispatcher = try dispatcher(backend, audit: .none)
    let batch = try Corpus(operation, rows: 500, seed: 8).batch
    let results = try dispatcher.execute(batch)
    backend.release()
    let again = try dispatcher.execute(batch)
    #expect(try expected(batch).firstDifference(from: results) == nil)
    #expect(try expected(batch).firstDifference(from: again) == nil)
    #expect(again.receipts.first?.fallbacks.first?.reason.contains("did not answer") == true)
  }

  /// One operation's self-test is waited for, and not the other operations' too.
  @Test func aDeviceThatHangsInItsSelfTestIsRetiredAtOnce() throws {
    let backend = FaultyBackend(.hangsInSelfTest, backing: Self.portable)
    defer { backend.release() }
    let dispatcher = try dispatcher(backend, audit: .none, selfTestDeadline: .milliseconds(200))
    for operation in Self.operations {
      let results = try dispatcher.execute(Corpus(operation, rows: 10, seed: 8).batch)
      #expect(
        results.receipts.first?.fallbacks.first?.reason
          == "its self-test of sha256_pair did not end within \(Duration.milliseconds(200))")
    }
  }

  /// The deadline is a call's: a device that is merely slow gets as many calls as it needs.
  @Test(arguments: [Audit.none, .sample, .full]) func aSlowDeviceIsNotTakenForOneThatHangs(audit: Audit) throws {
    let operation = try #require(AssayCore.Operation.named("keccak256_pair"))
    let dispatcher = try dispatcher(FaultyBackend(.isSlow, backing: Self.portable), audit: audit)
    // A second's work, twice the deadline.
    let batch = try Corpus(operation, rows: 20_000, seed: 8).batch
    let results = try dispatcher.execute(batch)
    #expect(try expected(batch).firstDifference(from: results) == nil)
    #expect(results.receipts.map(\.device) == ["faulty:0"])
    #expect(results.receipts.first?.fallbacks.isEmpty == true)
  }

  /// The weight of a call is in its messages' bytes too.
  @Test func longMessagesAreSharedOutByTheirBytes() throws {
    let operation = try #require(AssayCore.Operation.named("keccak256_message"))
    let lengths = [1, 200_000, 3, 400_000, 5, 6, 100_000, 8]
    let batch = try Batch(operation, [Column(messages: lengths.map { [UInt8](repeating: 7, count: $0) })])
    let backend = FaultyBackend(.none, backing: Self.portable)
    let device = try #require(backend.devices.first)
    let candidate = Plan.Candidate(
      device: device, kernel: try #require(backend.kernels(for: operation, on: device).first))
    let pace = Pace()
    #expect(pace.next(candidate, batch, of: 0..<8, deadline: 1) == 0..<8)
    // 1 ns a row or 64 bytes; a quarter of 16,000 ns.
    pace.note(candidate, batch, rows: 0..<1, nanoseconds: 1)
    var calls: [Range<Int>] = []
    while calls.last?.upperBound != 8 {
      calls.append(pace.next(candidate, batch, of: (calls.last?.upperBound ?? 0)..<8, deadline: 16_000))
    }
    #expect(calls == [0..<3, 3..<4, 4..<8])
  }

  /// Few rows are sampled too, spread out and the same each time; other rows elsewhere.
  @Test func samplesAreSpreadAndRepeatable() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    var places: Set<[Int]> = []
    for seed in 1...8 as ClosedRange<UInt64> {
      let batch = try Corpus(operation, rows: 10_000, seed: seed).batch
      for (range, count) in [(0..<0, 0), (0..<1, 1), (7..<10, 3), (0..<200, 4), (5..<1_029, 4), (0..<10_000, 40)] {
        let rows = Audit.sample.rows(of: batch, in: [range])
        #expect(rows.count == count && rows.allSatisfy(range.contains) && rows == Set(rows).sorted())
        #expect(Audit.sample.rows(of: batch, in: [range]) == rows)
        if range.count == 200 { places.insert(rows) }
      }
      #expect(Audit.sample.rows(of: batch, in: [3..<4, 9..<10]).allSatisfy { [3, 9].contains($0) })
    }
    #expect(places.count == 8)
  }

  /// Rows of a named backend with several devices: each takes a range, and what one leaves the other is asked for first.
  @Test(arguments: [FaultyBackend.Fault.none, .throwsError, .commitsHalf])
  func aNamedBackendsDevicesShareRows(fault: FaultyBackend.Fault) throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    let backend = FaultyBackend(fault, backing: Self.portable, count: 2, failing: 1)
    let dispatcher = try dispatcher(backend, audit: .full)
    let plan = try dispatcher.plan(operation, rows: 3_000)
    #expect(plan.assignments.map(\.rows) == [0..<1_500, 1_500..<3_000])
    #expect(
      plan.assignments.map { $0.candidates.map(\.device.id) } == [
        ["faulty:0", "faulty:1", "cpu:portable"], ["faulty:1", "faulty:0", "cpu:portable"],
      ])
    // A thread's chunk is not worth sharing.
    #expect(try dispatcher.plan(operation, rows: 2_047).assignments.count == 1)
    let batch = try Corpus(operation, rows: 3_000, seed: 4).batch
    let results = try dispatcher.execute(batch)
    #expect(try expected(batch).firstDifference(from: results) == nil)
    let first = fault == .none ? ["faulty:0"] : fault == .throwsError ? ["faulty:1"] : ["faulty:0", "faulty:1"]
    #expect(results.receipts.map(\.device) == first + ["faulty:1"])
    #expect(results.receipts.reduce(0) { $0 + $1.rows } == 3_000)
  }

  /// Outside a dispatcher too, nothing waits for a device that hangs.
  @Test func aHangingDeviceIsNotMeasured() throws {
    let backend = FaultyBackend(.hangs, backing: Self.portable)
    defer { backend.release() }
    let device = try #require(backend.devices.first)
    let profiler = Profiler(quick: true, deadline: .seconds(2))
    for (operation, words) in zip(
      Self.operations, ["sha256_pair did not end within", "sha256_pair did not end within"])
    {
      let kernel = try #require(backend.kernels(for: operation, on: device).first)
      let omission = #expect(throws: Profiler.Omission.self) { try profiler.curve(kernel, on: device) }
      #expect(omission?.description.contains(words) == true)
    }
    let healthy = FaultyBackend(.wrongFromTheStart, backing: Self.portable)
    let wrong = try #require(healthy.kernels(for: Self.operations[0], on: device).first)
    #expect(throws: Profiler.Omission.self) { try Profiler(quick: true).curve(wrong, on: device) }
  }

  @Test func aHealthyDeviceCommitsEveryRowItself() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    let dispatcher = try dispatcher(FaultyBackend(.none, backing: Self.portable), audit: .full)
    let batch = try Corpus(operation, rows: 777, seed: 9).batch
    let results = try dispatcher.execute(batch)
    #expect(try expected(batch).firstDifference(from: results) == nil)
    #expect(results.receipts.map(\.device) == ["faulty:0"])
    #expect(results.receipts.first?.audited == 777)
  }

  @Test func everyOperationOfThisSuiteIsThere() { #expect(Self.operations.count == 4) }

  /// Rows are computed once, and the receipts add up: what one device left is what the next one did.
  @Test func aPartialFailureIsTold() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    let dispatcher = try dispatcher(FaultyBackend(.commitsHalf, backing: Self.portable), audit: .none)
    let batch = try Corpus(operation, rows: 1_000, seed: 5).batch
    let receipts = try dispatcher.execute(batch).receipts
    #expect(receipts.map(\.device) == ["faulty:0", "cpu:portable"])
    #expect(receipts.map(\.first) == [0, 500])
    #expect(receipts.map(\.rows) == [500, 500])
    #expect(receipts.map { $0.fallbacks.map(\.rows) } == [[], [500]])
  }

  @Test(arguments: operations, [FaultyBackend.Fault.none, .commitsHalf, .throwsError, .writesNothing])
  func rowsSplitOverDevicesAreComputedOnce(operation: AssayCore.Operation, fault: FaultyBackend.Fault) throws {
    var configuration = Dispatcher.Configuration()
    configuration.audit = .full
    let host = try #require(Self.portable.devices.first.flatMap { Self.portable.kernels(for: operation, on: $0).first })
    configuration.profile = .rated(operation, [("faulty:0", "faulty", 3e6), ("cpu:portable", host.id, 1e6)])
    let backend = FaultyBackend(fault, backing: Self.portable, isSimulated: false)
    let dispatcher = try Dispatcher(backends: [backend, Self.portable], configuration)
    let batch = try Corpus(operation, rows: 401, seed: 5).batch
    #expect(try dispatcher.plan(operation, rows: 401).assignments.map(\.rows) == [0..<300, 300..<401])
    let results = try dispatcher.execute(batch)
    #expect(try expected(batch).firstDifference(from: results) == nil)
    var next = 0
    for receipt in results.receipts {
      #expect(receipt.first == next)
      next += receipt.rows
    }
    #expect(next == 401)
  }

  /// When even the portable kernel throws, the call says so: memory that nobody wrote is not handed out as results.
  @Test func rowsThatNoKernelComputesAreNotResults() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    let dispatcher = try Dispatcher(backends: [Sabotaged(base: Self.portable, adds: false)])
    #expect(throws: AssayError.self) { try dispatcher.execute(Corpus(operation, rows: 10, seed: 8).batch) }
    let none = try Corpus(operation, rows: 0, seed: 8).batch
    #expect(try dispatcher.execute(none).receipts.isEmpty)
  }

  /// A system library's kernel belongs to the portable device, but is not the reference: it is audited.
  @Test func theHostsAuditCoversLibraryKernels() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    var configuration = Dispatcher.Configuration()
    configuration.audit = .full
    configuration.auditsHost = true
    configuration.profile = .rated(operation, [("cpu:portable", "library", 9e6), ("cpu:portable", "portable", 1e6)])
    let dispatcher = try Dispatcher(backends: [Sabotaged(base: Self.portable, adds: true)], configuration)
    let batch = try Corpus(operation, rows: 100, seed: 8).batch
    let results = try dispatcher.execute(batch)
    #expect(try expected(batch).firstDifference(from: results) == nil)
    #expect(results.receipts.map(\.kernel) == ["portable"])
    #expect(results.receipts.first?.fallbacks.first?.mismatched == 100)
  }

  /// Memory without an owner is only promised for the call; a device that hangs must not read it afterwards.
  @Test func aHangingDeviceNeverReadsTheCallersMemoryLater() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    let watcher = Watcher(base: Self.portable)
    var configuration = Dispatcher.Configuration()
    configuration.policy = .require("watcher", strict: true)
    let dispatcher = try Dispatcher(backends: [watcher, Self.portable], configuration)
    let owned = try Corpus(operation, rows: 10, seed: 8).batch
    _ = try dispatcher.execute(owned)
    #expect(watcher.last() == owned.columns.first?.data)
    try withExtendedLifetime(owned) {
      let data = try #require(owned.columns.first?.data)
      let borrowed = try Batch(operation, [Column(borrowing: data, count: 10, as: .bytes(64), owner: nil)])
      let results = try dispatcher.execute(borrowed)
      #expect(watcher.last() != data)
      #expect(try expected(owned).firstDifference(from: results) == nil)
    }
  }

  @Test func aColumnThatIsNotAlignedIsRefused() throws {
    let operation = try #require(AssayCore.Operation.named("black_scholes"))
    let memory = Memory(byteCount: 64)
    let columns = operation.inputs.map { input in
      Column(
        borrowing: UnsafeRawPointer(memory.start + (input.kind == .f64 ? 4 : 0)), count: 1, as: input.kind,
        owner: memory)
    }
    #expect(throws: AssayError.self) { try Batch(operation, columns) }
  }

  @Test func strictRefusesWhatTheDeviceCannotDo() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    let dispatcher = try dispatcher(
      FaultyBackend(.wrongFromTheStart, backing: Self.portable), audit: .none, strict: true)
    #expect(throws: AssayError.self) { try dispatcher.execute(Corpus(operation, rows: 10, seed: 8).batch) }
  }

  @Test func aBackendThatIsNotThereIsNamed() {
    var configuration = Dispatcher.Configuration()
    configuration.policy = .require("abacus", strict: false)
    #expect(throws: AssayError.self) { try Dispatcher(backends: [Self.portable], configuration) }
  }

  @Test func resultsDoNotDependOnThreadsOrSplit() throws {
    for operation in Self.operations {
      let batch = try Corpus(operation, rows: 3_000, seed: 10).batch
      let one = try Doubles.dispatcher(threads: 1).execute(batch)
      let four = try Doubles.dispatcher(threads: 4).execute(batch)
      #expect(one.digest == four.digest)
      let middle = Results(operation, rows: 3_000)
      for range in [0..<1, 1..<1_234, 1_234..<3_000] {
        let part = try Doubles.dispatcher(threads: 3).execute(batch.slice(range))
        middle.commit(range, from: part, at: 0)
      }
      #expect(one.digest == middle.digest)
    }
  }

  @Test func twoDevicesOfOneIdAreAnError() throws {
    let faulty = FaultyBackend(.none, backing: Self.portable)
    #expect { try Dispatcher(backends: [faulty, faulty, Self.portable]) } throws: { error in
      (error as? AssayError)?.kind == .usage && "\(error)".contains("faulty")
    }
  }
}
