/// A growing array of plain values in raw memory, for loops that fill millions of elements: no reference counting, no uniqueness
/// checks, and its memory is kept from one use to the next.
struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable {
  /// The first element. Changes when the buffer grows.
  private(set) var base: UnsafeMutablePointer<Element>
  /// How many elements are in use.
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 64) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  subscript(index: Int) -> Element {
    @inline(__always) get { base[index] }
    @inline(__always) nonmutating set { base[index] = newValue }
  }

  /// Appends one element and returns its index.
  @inline(__always) @discardableResult
  mutating func append(_ element: Element) -> Int {
    if count == capacity { grow(by: 1) }
    base[count] = element
    count += 1
    return count - 1
  }

  /// Appends `extra` elements whose values the caller writes, and returns the first.
  @inline(__always)
  mutating func appendUninitialized(_ extra: Int) -> UnsafeMutablePointer<Element> {
    if capacity - count < extra { grow(by: extra) }
    count += extra
    return base + (count - extra)
  }

  /// Makes room for `extra` more elements.
  mutating func reserve(_ extra: Int) {
    if capacity - count < extra { grow(by: extra) }
  }

  /// Keeps the first `count` elements, and the memory.
  mutating func truncate(to count: Int) {
    self.count = min(self.count, count)
  }

  private mutating func grow(by extra: Int) {
    let larger = max(capacity * 2, count + extra)
    let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    moved.update(from: base, count: count)
    base.deallocate()
    base = moved
    capacity = larger
  }
}

extension GrowingBuffer where Element == UInt8 {
  /// Appends bytes.
  @inline(__always)
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    let target = appendUninitialized(bytes.count)
    UnsafeMutableRawBufferPointer(start: target, count: bytes.count).copyMemory(from: bytes)
  }
}
