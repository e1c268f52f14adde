/// How calls that come one by one become batches.
///
/// ```swift
/// let batching = Batching.upTo(1_024, within: .microseconds(500))
/// ```
/// A batch starts when it is full, or when its oldest row has waited that long: a lone call waits no longer.
public struct Batching: Sendable, Hashable {
  /// The most rows of a batch.
  public var rows: Int
  /// How long a row waits for others at most.
  public var delay: Duration

  /// Batches of up to `rows` rows, which wait up to `delay` for one another.
  public static func upTo(_ rows: Int, within delay: Duration) -> Batching {
    Batching(rows: max(rows, 1), delay: max(delay, .zero))
  }
}

/// How much may wait for a batch at once; calls beyond it are suspended until there is room.
public struct QueueLimit: Sendable, Hashable {
  /// The most rows.
  public var rows: Int
  /// The most bytes of input. A single call of more is let in when nothing else waits.
  public var bytes: Int

  /// A limit; one row at least always fits.
  public init(rows: Int = 65_536, bytes: Int = 256 << 20) {
    self.rows = max(rows, 1)
    self.bytes = max(bytes, 1)
  }
}

/// Which calls go into the next batch first. Calls of one priority go in the order in which they came.
public enum CallPriority: Int, Sendable, Hashable, CaseIterable, Comparable {
  /// Before all others: a block that a validator votes on.
  case urgent
  /// In between.
  case ordinary
  /// When nothing else waits: gossip.
  case background

  /// Whether `left` goes first.
  public static func < (left: CallPriority, right: CallPriority) -> Bool { left.rawValue < right.rawValue }
}

/// A call was not computed before its deadline.
public struct DeadlinePassed: Error, Sendable, Hashable, CustomStringConvertible {
  /// One sentence.
  public var description: String { "The call's deadline passed before its batch was computed." }
}

/// What a queue has done so far, and what it holds now.
public struct QueueStatistics: Sendable, Hashable {
  /// Rows that were computed.
  public var rows = 0
  /// Batches that they were computed in.
  public var batches = 0
  /// Calls that were cancelled before they were computed.
  public var cancelled = 0
  /// Calls whose deadline passed before they were computed.
  public var expired = 0
  /// Calls that had to wait for room.
  public var delayed = 0
  /// Rows that wait for a batch now.
  public var pendingRows = 0
  /// The bytes of their input.
  public var pendingBytes = 0
  /// The most rows that ever waited at once.
  public var mostPendingRows = 0

  /// Rows a batch, on average; 0 before the first.
  public var rowsPerBatch: Double { batches == 0 ? 0 : Double(rows) / Double(batches) }
}
