/// A column of binary64 numbers that keeps its memory alive.
@frozen public struct Numbers: RandomAccessCollection, @unchecked Sendable {
  /// The numbers; valid as long as this value or a copy of it.
  public let buffer: UnsafeBufferPointer<Double>
  @usableFromInline let owner: AnyObject?

  init(_ bytes: UnsafeRawBufferPointer, owner: AnyObject?) {
    buffer = bytes.assumingMemoryBound(to: Double.self)
    self.owner = owner
  }

  /// 0.
  @inlinable public var startIndex: Int { 0 }
  /// How many numbers there are.
  @inlinable public var endIndex: Int { buffer.count }
  /// Number `index`.
  @inlinable public subscript(index: Int) -> Double { buffer[index] }
}
