/// What a lane kernel tells of its rows beside their results: which it did not decide itself, and which keys it knew.
public struct LaneFacts: Sendable, Codable, Hashable {
  /// Rows whose sum met two points that are equal or opposite: the reference kernel decided them.
  public var redone = 0
  /// Rows whose public key was registered.
  public var registered = 0
  /// Rows of operations that can use a registered key.
  public var looked = 0
  /// Bytes that registered keys took when the rows were computed.
  public var keyBytes = 0

  /// No rows.
  public init() {}

  /// Adds what came of other rows, which were computed later.
  public mutating func add(_ other: LaneFacts) {
    redone += other.redone
    registered += other.registered
    looked += other.looked
    keyBytes = max(keyBytes, other.keyBytes)
  }

  /// These facts and those of other rows.
  public func adding(_ other: LaneFacts) -> LaneFacts {
    var sum = self
    sum.add(other)
    return sum
  }
}
