public import AssayCore

/// Measures kernels over batch sizes: the curves of a ``HardwareProfile``.
public struct Profiler: Sendable {
  /// The batch sizes of a full profile.
  public static let sizes = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536]

  /// The time a batch size may take before larger ones are left out.
  public var budget: Duration
  /// The most repetitions of one batch size.
  public var repetitions: Int

  private let watchdog: Watchdog

  /// A profiler: `quick` takes about a tenth of a second a curve, otherwise about a second. No call of a device may take longer than
  /// `deadline`.
  public init(quick: Bool, deadline: Duration = .seconds(120)) {
    watchdog = Watchdog(deadline: deadline)
    budget = quick ? .milliseconds(40) : .milliseconds(400)
    repetitions = quick ? 25 : 200
  }

  /// Why a kernel has no curve, in words.
  public struct Omission: Error, CustomStringConvertible {
    /// The sentence.
    public let description: String
  }

  /// The curve of one kernel, over rows of which nine in ten at least are accepted. Sizes that would take longer than ten times the
  /// budget are left out; a device that does not answer within the watchdog's deadline is not measured, nor asked again.
  public func curve(_ kernel: any Kernel, on device: Device) throws(Omission) -> HardwareProfile.Curve {
    do {
      return try measured(watchdog.watch(kernel, on: device), on: device)
    } catch let omission as Omission {
      throw omission
    } catch {
      throw Omission(description: "\(error)")
    }
  }

  private func measured(_ kernel: any Kernel, on device: Device) throws -> HardwareProfile.Curve {
    let digest = try SelfTest.digest(kernel)
    guard digest == kernel.operation.digest else { throw Omission(description: "it fails its self-test") }
    var points: [HardwareProfile.Point] = []
    for rows in Self.sizes {
      if let last = points.last {
        let expected = Double(last.medianNanoseconds) / Double(last.rows) * Double(rows)
        if expected > Double(budget.nanoseconds) * 10 { break }
      }
      points.append(try point(kernel, rows: rows))
    }
    return HardwareProfile.Curve(
      operation: kernel.operation.name, version: kernel.operation.version, device: device.id, kernel: kernel.id,
      origin: device.isSimulated ? "simulated" : "measured", selfTestDigest: digest, points: points)
  }

  private func point(_ kernel: any Kernel, rows: Int) throws -> HardwareProfile.Point {
    let batch = try Corpus(kernel.operation, rows: rows, seed: 1).typical(acceptedBy: kernel)
    let results = Results(kernel.operation, rows: rows)
    var times: [Int64] = []
    let clock = Stopwatch()
    // The first runs warm caches, pools and programs up.
    for _ in 0..<2 { try kernel.run(batch, rows: 0..<rows, into: results) }
    let rejected = results.verdicts.count { !$0.isAccepted }
    guard rejected * 10 <= rows else {
      throw Omission(description: "it rejects \(rejected) of \(rows) rows, and a rejection does not measure the work")
    }
    let end = monotonicNanoseconds() + budget.nanoseconds
    while times.count < 3 || times.count < repetitions && monotonicNanoseconds() < end {
      _ = clock.lap()
      try kernel.run(batch, rows: 0..<rows, into: results)
      times.append(clock.lap())
    }
    times.sort()
    return HardwareProfile.Point(
      rows: rows, medianNanoseconds: times[times.count / 2], p99Nanoseconds: times[(times.count * 99) / 100])
  }
}
