import AssayCore

/// Measured speed of every operation on every kernel of a machine; see `hw-profiles/schema.json`.
public struct HardwareProfile: Codable, Sendable, Hashable {
  /// One measured batch size.
  public struct Point: Codable, Sendable, Hashable {
    /// Rows a batch.
    public var rows: Int
    /// Median time of a batch.
    public var medianNanoseconds: Int64
    /// 99th percentile of the time of a batch.
    public var p99Nanoseconds: Int64
    /// Rows a second at the median.
    public var rowsPerSecond: Double

    /// A point of a curve.
    public init(rows: Int, medianNanoseconds: Int64, p99Nanoseconds: Int64) {
      self.rows = rows
      self.medianNanoseconds = medianNanoseconds
      self.p99Nanoseconds = p99Nanoseconds
      rowsPerSecond = medianNanoseconds > 0 ? Double(rows) * 1e9 / Double(medianNanoseconds) : 0
    }
  }

  /// One operation on one kernel over batch sizes.
  public struct Curve: Codable, Sendable, Hashable {
    /// The operation's name.
    public var operation: String
    /// The operation's semantics version.
    public var version: Int
    /// The device's id.
    public var device: String
    /// The kernel's id.
    public var kernel: String
    /// `measured` or `simulated`: a simulated device's time is never a claim.
    public var origin: String
    /// SHA-256 of the kernel's output over the self-test corpus.
    public var selfTestDigest: String
    /// The points, by ascending rows.
    public var points: [Point]

    /// A curve.
    public init(
      operation: String, version: Int, device: String, kernel: String, origin: String, selfTestDigest: String,
      points: [Point]
    ) {
      self.operation = operation
      self.version = version
      self.device = device
      self.kernel = kernel
      self.origin = origin
      self.selfTestDigest = selfTestDigest
      self.points = points
    }
  }

  /// What the machine is.
  public struct Machine: Codable, Sendable, Hashable {
    /// The processor's name.
    public var processor: String
    /// The instruction-set architecture.
    public var architecture: String
    /// Threads used by the host's kernels.
    public var threads: Int
    /// The operating system.
    public var system: String
    /// Facts of every device, by device id.
    public var devices: [String: [String]]

    /// A machine.
    public init(processor: String, architecture: String, threads: Int, system: String, devices: [String: [String]]) {
      self.processor = processor
      self.architecture = architecture
      self.threads = threads
      self.system = system
      self.devices = devices
    }
  }

  /// The version of the file format.
  public var schemaVersion: Int
  /// Assay's version.
  public var assayVersion: String
  /// When it was measured, ISO 8601.
  public var measuredAt: String
  /// What it was measured on.
  public var machine: Machine
  /// The measurements.
  public var curves: [Curve]

  /// A profile.
  public init(schemaVersion: Int, assayVersion: String, measuredAt: String, machine: Machine, curves: [Curve]) {
    self.schemaVersion = schemaVersion
    self.assayVersion = assayVersion
    self.measuredAt = measuredAt
    self.machine = machine
    self.curves = curves
  }

  /// The measured rate at the measured batch size nearest to `rows`, by ratio; nil without a curve for this kernel and version.
  func rowsPerSecond(operation: Operation, device: String, kernel: String, rows: Int) -> Double? {
    let curve = curves.first {
      $0.operation == operation.name && $0.version == operation.version && $0.device == device && $0.kernel == kernel
    }
    let rows = Double(max(rows, 1))
    func distance(_ point: Point) -> Double {
      let measured = Double(max(point.rows, 1))
      return max(rows / measured, measured / rows)
    }
    return curve?.points.min { distance($0) < distance($1) }?.rowsPerSecond
  }
}
