public import AssayCore

/// Measures kernels over batch sizes: the curves of a ``HardwareProfile``.
public struct Profiler: Sendable {
  /// The batch sizes of a full profile.
  public static let sizes = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536]

  /// The time a batch size may take before larger ones are left out.
  public var budget: Duration
  /// The most repetitions of one batch size.
  public var repetitions: Int

  /// A profiler: `quick` takes about a tenth of a second a curve, otherwise about a second.
  public init(quick: Bool) {
    budget = quick ? .milliseconds(40) : .milliseconds(400)
    repetitions = quick ? 25 : 200
  }

  /// The curve of one kernel; nil when the kernel fails its self-test or throws. Sizes that would take longer than ten times the
  /// budget are left out.
  public func curve(_ kernel: any Kernel, on device: Device) -> HardwareProfile.Curve? {
    guard let digest = try? SelfTest.digest(kernel), digest == kernel.operation.digest else { return nil }
    var points: [HardwareProfile.Point] = []
    for rows in Self.sizes {
      if let last = points.last {
        let expected = Double(last.medianNanoseconds) / Double(last.rows) * Double(rows)
        if expected > Double(budget.nanoseconds) * 10 { break }
      }
      guard let point = try? point(kernel, rows: rows) else { return nil }
      points.append(point)
    }
    return HardwareProfile.Curve(
      operation: kernel.operation.name, version: kernel.operation.version, device: device.id, kernel: kernel.id,
      origin: device.isSimulated ? "simulated" : "measured", selfTestDigest: digest, points: points)
  }

  private func point(_ kernel: any Kernel, rows: Int) throws -> HardwareProfile.Point {
    let batch = try Corpus(kernel.operation, rows: rows, seed: 1).typical
    let results = Results(kernel.operation, rows: rows)
    var times: [Int64] = []
    let clock = Stopwatch()
    // The first runs warm caches, pools and programs up.
    for _ in 0..<2 { try kernel.run(batch, rows: 0..<rows, into: results) }
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
