/// A column of binary64 numbers that keeps its memory alive.
@frozen public struct Numbers: RandomAccessCollection, @unchecked Sendable {
  /// The numbers; valid as long as this value or a copy of it.
  @usableFromInline package let buffer: UnsafeBufferPointer<Double>
  @usableFromInline let owner: AnyObject?

  /// No numbers.
  static let none = Numbers(UnsafeRawBufferPointer(start: nil, count: 0), owner: nil)

  init(_ bytes: UnsafeRawBufferPointer, owner: AnyObject?) {
    buffer = bytes.assumingMemoryBound(to: Double.self)
    self.owner = owner
  }

  /// 0.
  @inlinable public var startIndex: Int { 0 }
  /// How many numbers there are.
  @inlinable public var endIndex: Int { buffer.count }

  /// Number `index`, from 0. An index that is not there ends the program with a sentence.
  @inlinable public subscript(index: Int) -> Double {
    checkRow(index, buffer.count)
    return buffer[index]
  }

  /// What algorithms over numbers use instead of one subscript after the other.
  @inlinable
  public func withContiguousStorageIfAvailable<R>(_ body: (UnsafeBufferPointer<Double>) throws -> R) rethrows -> R? {
    defer { withExtendedLifetime(owner) {} }
    return try body(buffer)
  }
}
