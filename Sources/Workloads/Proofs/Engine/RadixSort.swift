/// A number to be sorted by 128 bits.
struct SortedNumber: BitwiseCopyable {
  /// The upper half of the key.
  let high: UInt64
  /// The lower half of the key.
  let low: UInt64
  /// What the key belongs to.
  let number: UInt32
}

/// Sorts numbers by their keys, byte by byte from the lowest; bytes that all keys have in common cost nothing.
struct RadixSort: ~Copyable {
  private var spare = GrowingBuffer<SortedNumber>()

  /// Brings `numbers` into ascending order; equal keys stay as they are.
  mutating func sort(_ numbers: inout GrowingBuffer<SortedNumber>) {
    let count = numbers.count
    guard count > 1 else { return }
    var (high, low): (UInt64, UInt64) = (0, 0)
    for index in 1..<count {
      high |= numbers[index].high ^ numbers[0].high
      low |= numbers[index].low ^ numbers[0].low
    }
    spare.truncate(to: 0)
    _ = spare.appendUninitialized(count)
    for shift in stride(from: UInt64(0), to: 64, by: 8) where low >> shift & 255 != 0 {
      Self.distribute(numbers.base, count, into: spare.base) { $0.low >> shift }
      swap(&numbers, &spare)
    }
    for shift in stride(from: UInt64(0), to: 64, by: 8) where high >> shift & 255 != 0 {
      Self.distribute(numbers.base, count, into: spare.base) { $0.high >> shift }
      swap(&numbers, &spare)
    }
  }

  /// Copies `count` numbers to `target` in the order of a byte of their keys.
  @inline(__always)
  private static func distribute(
    _ source: UnsafeMutablePointer<SortedNumber>, _ count: Int, into target: UnsafeMutablePointer<SortedNumber>,
    by byte: (SortedNumber) -> UInt64
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { places in
      places.initialize(repeating: 0)
      for index in 0..<count { places[Int(byte(source[index]) & 255)] += 1 }
      var next = 0
      for value in 0..<256 { (places[value], next) = (next, next + places[value]) }
      for index in 0..<count {
        let value = Int(byte(source[index]) & 255)
        target[places[value]] = source[index]
        places[value] += 1
      }
    }
  }
}
