import AssayCore
import BackendCPU
import ConformanceKit
import Testing

@testable import AssayRuntime

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Kernels are tested before their first call, not before, and not again in the next process.
@Suite struct SelfTestRecordTests {
  private static let portable = CPUBackend(.portable, pool: ThreadPool(threads: 1))

  /// Two kernels that count their self-tests: the host's first, and one that stands behind it.
  private struct Counting: Backend {
    let tests = Guarded<[String: Int]>([:])
    let name = "portable"
    let devices = SelfTestRecordTests.portable.devices
    let absence: String? = nil
    /// Which of the kernels fails its self-test.
    var failing = ""

    func kernels(for operation: AssayCore.Operation, on device: Device) -> [any Kernel] {
      SelfTestRecordTests.portable.kernels(for: operation, on: device).prefix(1).flatMap { base in
        ["first", "second"].map { Counted(base: base, id: $0, tests: tests, fails: $0 == failing) }
      }
    }
  }

  private struct Counted: Kernel {
    let base: any Kernel
    let id: String
    let tests: Guarded<[String: Int]>
    let fails: Bool
    var operation: AssayCore.Operation { base.operation }

    func run(_ batch: Batch, rows: Range<Int>, into results: Results) throws {
      if try Corpus.selfTest(operation).batch.rows == batch.rows { tests.withLock { $0[id, default: 0] += 1 } }
      if fails { throw KernelFailure("broken") }
      try base.run(batch, rows: rows, into: results)
    }
  }

  private func folder() throws -> String {
    var template = Array("/tmp/assay-selftests-XXXXXX".utf8CString)
    return String(cString: try #require(mkdtemp(&template)))
  }

  /// How often each kernel was tested by a process of its own over `backend`.
  private func tests(_ backend: Counting, _ record: SelfTestRecord?) throws -> [String: Int] {
    backend.tests.withLock { $0 = [:] }
    var configuration = Dispatcher.Configuration()
    configuration.selfTests = record
    let operation = try #require(AssayCore.Operation.named("sha256_pair"))
    let dispatcher = try Dispatcher(backends: [backend], configuration)
    for _ in 0..<2 { _ = try dispatcher.execute(Corpus(operation, rows: 10, seed: 1).batch) }
    return backend.tests.withLock { $0 }
  }

  @Test func onlyTheFirstKernelIsTestedBeforeTheCall() throws {
    #expect(try tests(Counting(), nil) == ["first": 1])
    #expect(try tests(Counting(failing: "first"), nil) == ["first": 1, "second": 1])
  }

  @Test func whatPassedIsRemembered() throws {
    let folder = try folder()
    let path = folder + "/selftests"
    defer {
      unlink(path)
      rmdir(folder)
    }
    func record(_ digest: [UInt8] = [1], libraries: Set<String> = []) throws -> SelfTestRecord {
      try #require(SelfTestRecord(path: path, program: "/proc/self/exe", libraries: libraries) { digest })
    }
    #expect(try tests(Counting(), record()) == ["first": 1])
    #expect(try tests(Counting(), record()) == [:])
    // The file is the same as when it was hashed: it is not hashed again.
    #expect(try tests(Counting(), record([2])) == [:])
    // What others can write, and a link, is not believed.
    chmod(path, 0o666)
    #expect(try tests(Counting(), record()) == ["first": 1])
    #expect(rename(path, path + ".real") == 0 && symlink(path + ".real", path) == 0)
    #expect(try tests(Counting(), record()) == ["first": 1])
    unlink(path + ".real")
    // Damage costs time only.
    #expect(truncate(path, 70) == 0)
    #expect(try tests(Counting(), record()) == ["first": 1])
    // Another program, or a kernel of a system library, is tested.
    #expect(try tests(Counting(), record(libraries: ["first"])) == ["first": 1])
    unlink(path)
    #expect(try tests(Counting(), record([3], libraries: ["first"])) == ["first": 1])
    #expect(SelfTestRecord(path: path, program: folder + "/none", libraries: []) { [1] } == nil)
  }

  @Test func aFailureIsNotRemembered() throws {
    let folder = try folder()
    let path = folder + "/selftests"
    defer {
      unlink(path)
      rmdir(folder)
    }
    for _ in 0..<2 {
      let record = try #require(SelfTestRecord(path: path, program: "/proc/self/exe", libraries: []) { [1] })
      let tested = try tests(Counting(failing: "first"), record)
      #expect(tested["first"] == 1)
    }
  }

  /// A device's rejection is computed again on the host, whatever the audit is.
  @Test(arguments: [Audit.none, .sample]) func aBitThatFlipsIsNotToldAsARejection(audit: Audit) throws {
    let operation = try #require(AssayCore.Operation.named("black_scholes"))
    var configuration = Dispatcher.Configuration()
    configuration.policy = .require("faulty", strict: false)
    configuration.audit = audit
    let dispatcher = try Dispatcher(
      backends: [FaultyBackend(.rejectsSome, backing: Self.portable), Self.portable], configuration)
    let batch = try Corpus(operation, rows: 500, seed: 3).batch
    let device = try #require(Self.portable.devices.first)
    let expected = Results(operation, rows: 500)
    try #require(Self.portable.kernels(for: operation, on: device).first).run(batch, rows: 0..<500, into: expected)
    let results = try dispatcher.execute(batch)
    #expect(expected.firstDifference(from: results) == nil)
    #expect(results.receipts.map(\.device) == ["cpu:portable"])
    #expect(results.receipts.first?.fallbacks.first?.mismatched ?? 0 > 0)
    #expect(dispatcher.host != nil)
    #expect(try Dispatcher(backends: [Self.portable]).host == nil)
  }
}
