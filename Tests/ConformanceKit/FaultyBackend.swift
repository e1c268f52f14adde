public import AssayCore
import AssayRuntime

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A device that computes like another backend's and then fails in a chosen way: a test double for hardware that breaks.
public struct FaultyBackend: Backend {
  /// How the device fails once it has passed its self-test.
  public enum Fault: Sendable, Hashable {
    /// Not at all.
    case none
    /// Throws before writing anything.
    case throwsError
    /// Writes the first half of the rows and reports the second half as not written.
    case commitsHalf
    /// Writes only zeros, as memory that no device wrote to.
    case writesNothing
    /// Flips one bit in every row.
    case flipsBits
    /// Does not return until ``release()``, then writes garbage.
    case hangs
    /// Computes wrongly already in the self-test.
    case wrongFromTheStart
    /// Hangs already in the self-test.
    case hangsInSelfTest
    /// Rejects every row as `proof-shape-invalid`, from its self-test on, and writes zeros elsewhere: a device that computes nothing.
    case rejectsAll
    /// Rejects a row now and then that it should accept, once it has passed its self-test: a bit that flips.
    case rejectsSome
    /// Computes rightly, 20,000 rows per second.
    case isSlow
  }

  /// `faulty`.
  public let name = "faulty"
  /// The devices.
  public let devices: [Device]
  /// How they fail.
  public let fault: Fault
  /// How many of them, the first ones, do.
  private let failing: Int
  private let backing: any Backend
  private let gate = Gate()

  /// `count` devices that compute with the kernels of `backing`, the first `failing` of them with `fault`.
  public init(
    _ fault: Fault, backing: any Backend, isSimulated: Bool = true, sharesHostCores: Bool = false, count: Int = 1,
    failing: Int = .max
  ) {
    self.fault = fault
    self.backing = backing
    self.failing = failing
    devices = (0..<count).map {
      Device(
        id: "faulty:\($0)", backend: "faulty", name: "test double", isSimulated: isSimulated,
        sharesHostCores: sharesHostCores)
    }
  }

  /// Always there.
  public var absence: String? { nil }

  /// Lets every hanging call go on.
  public func release() {
    gate.lock.withLock {
      gate.isOpen = true
      gate.lock.wakeAll()
    }
  }

  /// The backing kernels, spoiled.
  public func kernels(for operation: Operation, on device: Device) -> [any Kernel] {
    guard let host = backing.devices.first, let index = devices.firstIndex(of: device) else { return [] }
    let fault = index < failing ? fault : .none
    return backing.kernels(for: operation, on: host).prefix(1).map {
      FaultyKernel(fault: fault, backing: $0, corpusRows: (try? Corpus.selfTest(operation).batch.rows) ?? 0, gate: gate)
    }
  }

  fileprivate final class Gate: @unchecked Sendable {
    let lock = ConditionLock()
    var isOpen = false

    func wait() {
      lock.withLock {
        while !isOpen { lock.wait() }
      }
    }
  }
}

private struct FaultyKernel: Kernel {
  let fault: FaultyBackend.Fault
  let backing: any Kernel
  let corpusRows: Int
  let gate: FaultyBackend.Gate

  var operation: Operation { backing.operation }
  var id: String { "faulty" }

  func run(_ batch: Batch, rows: Range<Int>, into results: Results) throws {
    // A real device fails later than its self-test; the corpus is told apart by its length.
    let isSelfTest = batch.rows == corpusRows
    switch (fault, isSelfTest) {
    case (.wrongFromTheStart, _), (.flipsBits, false):
      try backing.run(batch, rows: rows, into: results)
      for column in results.columns where column.description.kind != .verdict {
        guard let bytes = column.bytes else { continue }
        for row in rows { bytes[row * column.description.width] ^= 1 }
      }
      for column in results.columns where column.description.kind == .verdict {
        guard let bytes = column.bytes else { continue }
        for row in rows {
          bytes[row] =
            bytes[row] == Verdict.accepted.rawValue ? Verdict.signatureMismatch.rawValue : Verdict.accepted.rawValue
        }
      }
    case (.rejectsAll, _):
      for column in results.columns {
        guard let bytes = column.bytes else { continue }
        let width = column.description.width
        let value = column.description.kind == .verdict ? Verdict.proofShapeInvalid.rawValue : 0
        for byte in rows.lowerBound * width..<rows.upperBound * width { bytes[byte] = value }
      }
    case (.rejectsSome, false):
      try backing.run(batch, rows: rows, into: results)
      for column in results.columns where column.description.kind == .verdict {
        guard let bytes = column.bytes else { continue }
        for row in rows where row % 10 == 3 { bytes[row] = Verdict.rootMismatch.rawValue }
      }
    case (.hangsInSelfTest, _):
      gate.wait()
    case (.isSlow, _):
      try backing.run(batch, rows: rows, into: results)
      usleep(UInt32(clamping: rows.count * 50))
    case (.none, _), (_, true):
      try backing.run(batch, rows: rows, into: results)
    case (.throwsError, false):
      throw KernelFailure("the device reported an error")
    case (.commitsHalf, false):
      let middle = (rows.lowerBound + rows.upperBound) / 2
      try backing.run(batch, rows: rows.lowerBound..<middle, into: results)
      throw KernelFailure("the link went down", uncommitted: [middle..<rows.upperBound])
    case (.writesNothing, false):
      return
    case (.hangs, false):
      gate.wait()
      results.fill(0xEE)
    }
  }
}
