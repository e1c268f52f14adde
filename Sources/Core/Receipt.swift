/// Who computed one row range, why others did not, and how long it took.
public struct RowsReceipt: Sendable, Codable, Hashable {
  /// Nanoseconds by kind of work.
  public struct Time: Sendable, Codable, Hashable {
    /// Waiting for a device.
    public var queue: Int64 = 0
    /// Copying to and from staging memory.
    public var copy: Int64 = 0
    /// Building programs and self-testing kernels.
    public var build: Int64 = 0
    /// Computing.
    public var compute: Int64 = 0
    /// Checking: verdict bytes, audit.
    public var check: Int64 = 0

    /// No time at all.
    public init() {}

    /// Adds another split to this one.
    public mutating func add(_ other: Time) {
      queue += other.queue
      copy += other.copy
      build += other.build
      compute += other.compute
      check += other.check
    }
  }

  /// A device that was asked first and did not deliver.
  public struct Fallback: Sendable, Codable, Hashable {
    /// The device.
    public var device: String
    /// Its kernel; empty when it has none.
    public var kernel: String
    /// How many rows it left.
    public var rows: Int
    /// Why, in words.
    public var reason: String
    /// How many of its audited rows differed from the portable kernel's: more than none is a mismatch found.
    public var mismatched: Int = 0

    /// Describes a fallback.
    public init(device: String, kernel: String, rows: Int, reason: String) {
      self.device = device
      self.kernel = kernel
      self.rows = rows
      self.reason = reason
    }
  }

  /// The operation's name.
  public var operation: String
  /// The operation's semantics version.
  public var version: Int
  /// The first row.
  public var first: Int
  /// How many rows.
  public var rows: Int
  /// The device that computed them.
  public var device: String
  /// The kernel that computed them.
  public var kernel: String
  /// Whether the device is simulated.
  public var simulated: Bool
  /// Rows that the audit computed again on the portable kernel.
  public var audited: Int = 0
  /// Devices that were asked before.
  public var fallbacks: [Fallback] = []
  /// What a lane kernel tells of its rows; nil for other kernels.
  public var lanes: LaneFacts?
  /// Where the time went.
  public var nanoseconds = Time()

  /// Starts a receipt for rows computed by `kernel` of `device`.
  public init(_ operation: Operation, rows: Range<Int>, device: Device, kernel: String) {
    self.operation = operation.name
    version = operation.version
    first = rows.lowerBound
    self.rows = rows.count
    self.device = device.id
    self.kernel = kernel
    simulated = device.isSimulated
  }
}
