import AssayCore
import AssayRuntime
import BackendCPU
import BackendOpenCL
import CAssayOpenCL
import Synchronization
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Drivers that fail in every way that was seen: rows before the failure are right, the rest is reported, nothing crashes.
@Suite(.serialized, .enabled(if: Support.hasDevice, "no OpenCL device here")) struct FailureTests {
  private static let rows = 60_000

  /// A clock that moves when told to.
  private final class Clock: Sendable {
    private let now = Mutex<Int64>(0)
    func advance(_ nanoseconds: Int64) { now.withLock { $0 += nanoseconds } }
    func read() -> Int64 { now.withLock(\.self) }
  }

  private struct Outcome {
    let batch: Batch
    let results: Results
    let failure: KernelFailure?

    /// Whether the rows outside `failure` are those of the portable kernel.
    func isRight(in rows: Range<Int>) throws -> Bool {
      results.agrees(with: try Support.expected(batch), in: rows)
    }
  }

  private func run(_ kernel: any Kernel, rows: Int = Self.rows) throws -> Outcome {
    let batch = try Support.randomBytes(kernel.operation, rows: rows, seed: 3)
    let results = Results(batch.operation, rows: rows)
    do {
      try kernel.run(batch, rows: 0..<rows, into: results)
      return Outcome(batch: batch, results: results, failure: nil)
    } catch let failure as KernelFailure {
      return Outcome(batch: batch, results: results, failure: failure)
    }
  }

  private func pairs() throws -> Operation { try Support.operation("sha256_pair") }

  @Test(arguments: [CL_OUT_OF_RESOURCES, CL_OUT_OF_HOST_MEMORY, CL_INVALID_COMMAND_QUEUE], [false, true])
  func diesMidBatchAndComesBack(_ code: Int32, _ copies: Bool) throws {
    let clock = Clock()
    let kernel = try Support.kernel(pairs(), Faults.library(), clock: { clock.read() }, copies: copies)
    Faults.launches.withLock { $0 = .init(after: 2, code: code, times: 1) }

    let first = try run(kernel)
    let failure = try #require(first.failure)
    #expect(failure.reason.contains("clEnqueueNDRangeKernel") && failure.reason.contains("(\(code))"))
    #expect(!failure.retiresDevice)
    let left = try #require(failure.uncommitted?.first)
    #expect(left.upperBound == Self.rows && failure.uncommitted?.count == 1)
    #expect(try first.isRight(in: 0..<left.lowerBound))

    #expect(try #require(try run(kernel).failure).reason.contains("tried again in 1 s"))
    clock.advance(1_100_000_000)
    let again = try run(kernel)
    #expect(again.failure == nil)
    #expect(try again.isRight(in: 0..<Self.rows))
  }

  @Test func pausesGrow() throws {
    let clock = Clock()
    let kernel = try Support.kernel(pairs(), Faults.library(), clock: { clock.read() })
    Faults.launches.withLock { $0 = .init() }
    for seconds in [1, 2, 4, 8, 16, 32, 60, 60] as [Int64] {
      #expect(try run(kernel).failure != nil)
      #expect(try #require(try run(kernel).failure).reason.contains("tried again in \(seconds) s"))
      clock.advance(seconds * 1_000_000_000)
    }
  }

  @Test func aCommandThatEndsWithAnErrorIsAFailure() throws {
    let kernel = try Support.kernel(pairs(), Faults.library())
    Faults.eventStatus.withLock { $0 = .init(code: CL_OUT_OF_RESOURCES) }
    let failure = try #require(try run(kernel).failure)
    #expect(failure.reason.contains("a command gave CL_OUT_OF_RESOURCES (-5)"))
    #expect(failure.uncommitted == [0..<Self.rows])
  }

  /// The device goes on writing after its event told of an error: the memory it writes to is there until the queues are finished.
  @Test(arguments: [false, true]) func memoryIsKeptUntilTheQueuesAreFinished(_ copies: Bool) throws {
    var library = try Faults.library()
    library.functions.clFinish = { queue in
      Faults.finishes.withLock { $0 += 1 }
      return Faults.finish(queue)
    }
    let kernel = try Support.kernel(pairs(), library, copies: copies)
    for round in 1...8 {
      Faults.eventStatus.withLock { $0 = .init(code: CL_OUT_OF_RESOURCES, times: 1) }
      _ = try? run(Support.kernel(pairs(), library, copies: copies))
      #expect(Faults.finishes.withLock(\.self) == 3 * round)
    }
    #expect(try run(kernel).failure == nil)
  }

  /// A driver that cannot say whether the device has stopped: its memory is kept, and after the third time it is not used again.
  @Test func aDriverThatCannotFinishIsRetiredInTheEnd() throws {
    let clock = Clock()
    var library = try Faults.library()
    library.functions.clFinish = { queue in
      _ = Faults.finish(queue)
      return CL_OUT_OF_RESOURCES
    }
    let kernel = try Support.kernel(pairs(), library, clock: { clock.read() })
    for time in 1...3 {
      Faults.eventStatus.withLock { $0 = .init(code: CL_OUT_OF_RESOURCES, times: 1) }
      let failure = try #require(try run(kernel).failure)
      #expect(failure.reason.contains("may still be at work") && failure.retiresDevice == (time == 3))
      clock.advance(61_000_000_000)
    }
    #expect(try #require(try run(kernel).failure).retiresDevice)
  }

  /// Queues that never finish: as a command that never ends.
  @Test func queuesThatDoNotFinishAreAHang() throws {
    var library = try Faults.library()
    library.functions.clFinish = { queue in
      let status = Faults.finish(queue)
      sleep(2)
      return status
    }
    let limits = Limits(launch: 50_000_000, firstLaunch: 120_000_000_000)
    let kernel = try Support.kernel(pairs(), library, limits: limits)
    Faults.eventStatus.withLock { $0 = .init(code: CL_OUT_OF_RESOURCES, times: 1) }
    let failure = try #require(try run(kernel).failure)
    #expect(failure.retiresDevice && failure.reason.contains("did not end"))
  }

  @Test(arguments: [false, true]) func halvesUntilBuffersFit(_ copies: Bool) throws {
    let kernel = try Support.kernel(pairs(), Faults.library(), copies: copies)
    Faults.largestBuffer.withLock { $0 = 64 * 1_000 }
    let outcome = try run(kernel)
    #expect(outcome.failure == nil)
    #expect(try outcome.isRight(in: 0..<Self.rows))
  }

  @Test func oneRowThatFindsNoMemoryIsAFailure() throws {
    let kernel = try Support.kernel(pairs(), Faults.library())
    Faults.largestBuffer.withLock { $0 = 63 }
    let failure = try #require(try run(kernel, rows: 100).failure)
    #expect(failure.reason.contains("CL_MEM_OBJECT_ALLOCATION_FAILURE (-4)"))
  }

  /// A command whose end is never reported: the device is given up, and what it may still write to stays allocated.
  @Test func hangs() throws {
    var library = try Faults.library()
    library.functions.clSetEventCallback = { _, _, _, _ in CL_SUCCESS }
    library.functions.clGetEventInfo = { _, _, _, value, _ in
      value?.storeBytes(of: 1, as: cl_int.self)
      return CL_SUCCESS
    }
    let limits = Limits(launch: 30_000_000, firstLaunch: 60_000_000)
    let kernel = try Support.kernel(pairs(), library, limits: limits)
    let failure = try #require(try run(kernel, rows: 100).failure)
    #expect(failure.retiresDevice && failure.reason.contains("did not end"))
    #expect(try #require(try run(kernel, rows: 100).failure).retiresDevice)
  }

  /// A driver that does not call back: the event is asked instead.
  @Test func aLostCallbackIsNotAHang() throws {
    var library = try Faults.library()
    library.functions.clSetEventCallback = { _, _, _, _ in CL_SUCCESS }
    let outcome = try run(Support.kernel(pairs(), library))
    #expect(outcome.failure == nil)
    #expect(try outcome.isRight(in: 0..<Self.rows))
  }

  @Test func aProgramThatDoesNotCompileIsReportedOnce() throws {
    var library = try Faults.library()
    library.functions.clBuildProgram = { _, _, _, _, _, _ in -11 }
    let kernel = try Support.kernel(pairs(), library)
    for _ in 0..<2 {
      let failure = try #require(try run(kernel, rows: 100).failure)
      #expect(failure.reason.contains("does not compile") && !failure.retiresDevice)
    }
    #expect(Faults.sourceBuilds.withLock(\.self) == 1)
  }

  @Test func aDeviceThatWasShutDownComputesNothing() throws {
    let library = try Faults.library()
    let backend = OpenCLBackend(load: { library }, cache: ProgramCache(directory: nil))
    let device = try #require(backend.devices.first)
    let kernel = try #require(backend.kernels(for: pairs(), on: device).first)
    #expect(try run(kernel, rows: 100).failure == nil)
    backend.shutDown()
    backend.shutDown()
    let failure = try #require(try run(kernel, rows: 100).failure)
    #expect(failure.retiresDevice && failure.reason.contains("shut down"))
  }

  /// What a user sees: whatever the device does, every row is right, and the receipt says who computed it and why.
  @Test func theDispatcherFinishesTheBatch() throws {
    let library = try Faults.library()
    let backend = OpenCLBackend(load: { library }, cache: ProgramCache(directory: nil))
    var configuration = Dispatcher.Configuration()
    configuration.policy = .require("opencl", strict: false)
    let dispatcher = try Dispatcher(backends: [backend, Support.portable], configuration)
    let batch = try Support.randomBytes(pairs(), rows: Self.rows, seed: 9)
    let expected = try Support.expected(batch)

    let healthy = try dispatcher.execute(batch)
    #expect(healthy.agrees(with: expected, in: 0..<Self.rows))
    #expect(healthy.receipts.allSatisfy { $0.device == "opencl:0" })

    Faults.launches.withLock { $0 = .init(after: 1) }
    let broken = try dispatcher.execute(batch)
    #expect(broken.agrees(with: expected, in: 0..<Self.rows))
    #expect(broken.receipts.contains { $0.device == "cpu:portable" })
    #expect(broken.receipts.flatMap(\.fallbacks).contains { $0.reason.contains("CL_OUT_OF_RESOURCES") })
  }
}
