import Assay
import BackendCPU
import ConformanceKit
import Testing

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

  @Test func aDeviceThatHangsInItsSelfTestIsNotUsed() throws {
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    let backend = FaultyBackend(.hangsInSelfTest, backing: Self.portable)
    defer { backend.release() }
    let dispatcher = try dispatcher(backend, audit: .none, selfTestDeadline: .milliseconds(200))
    let results = try dispatcher.execute(Corpus(operation, rows: 10, seed: 8).batch)
    #expect(results.receipts.first?.fallbacks.first?.reason.contains("self-test did not end") == true)
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
      let one = try Engine(threads: 1).execute(batch)
      let four = try Engine(threads: 4).execute(batch)
      #expect(one.digest == four.digest)
      let middle = Results(operation, rows: 3_000)
      for range in [0..<1, 1..<1_234, 1_234..<3_000] {
        let part = try Engine(threads: 3).execute(batch.slice(range))
        middle.commit(range, from: part, at: 0)
      }
      #expect(one.digest == middle.digest)
    }
  }
}
