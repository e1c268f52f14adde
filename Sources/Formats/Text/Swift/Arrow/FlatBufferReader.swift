/// A table in a FlatBuffer (https://flatbuffers.dev/internals), read from untrusted bytes: whatever lies outside them reads as
/// missing.
struct FlatTable {
  private let bytes: UnsafeRawBufferPointer
  private let position: Int

  /// The root table of a buffer.
  init?(root bytes: UnsafeRawBufferPointer) {
    guard let offset = bytes.integer(at: 0, as: UInt32.self) else { return nil }
    self.init(bytes, at: Int(offset))
  }

  private init?(_ bytes: UnsafeRawBufferPointer, at position: Int) {
    guard bytes.integer(at: position, as: Int32.self) != nil else { return nil }
    self.bytes = bytes
    self.position = position
  }

  /// Where field `index` is; nil when it has its default.
  private func place(_ index: Int) -> Int? {
    guard let back = bytes.integer(at: position, as: Int32.self) else { return nil }
    let table = position - Int(back)
    guard let size = bytes.integer(at: table, as: UInt16.self), 4 + 2 * index + 2 <= Int(size),
      let offset = bytes.integer(at: table + 4 + 2 * index, as: UInt16.self), offset != 0
    else { return nil }
    return position + Int(offset)
  }

  /// A scalar field, or its default.
  func scalar<T: FixedWidthInteger>(_ index: Int, default value: T) -> T {
    place(index).flatMap { bytes.integer(at: $0, as: T.self) } ?? value
  }

  private func target(_ index: Int) -> Int? {
    guard let place = place(index), let offset = bytes.integer(at: place, as: UInt32.self) else { return nil }
    return place + Int(offset)
  }

  /// A table field.
  func table(_ index: Int) -> FlatTable? { target(index).flatMap { FlatTable(bytes, at: $0) } }

  /// A string field; nil also for one longer than any name is.
  func string(_ index: Int) -> String? {
    guard let start = target(index), let count = bytes.integer(at: start, as: UInt32.self), count <= 1 << 16,
      start + 4 + Int(count) <= bytes.count
    else { return nil }
    return String(decoding: bytes[start + 4..<start + 4 + Int(count)], as: UTF8.self)
  }

  /// A vector of tables.
  func tables(_ index: Int) -> [FlatTable] {
    guard let (start, count) = vector(index, stride: 4) else { return [] }
    return (0..<count).compactMap { element in
      let place = start + 4 * element
      return bytes.integer(at: place, as: UInt32.self).flatMap { FlatTable(bytes, at: place + Int($0)) }
    }
  }

  /// A vector of structs of two 64-bit words each.
  func pairs(_ index: Int) -> [(Int64, Int64)] {
    guard let (start, count) = vector(index, stride: 16) else { return [] }
    return (0..<count).map { (word(start + 16 * $0), word(start + 16 * $0 + 8)) }
  }

  /// The first words of a vector of structs of `words` 64-bit words each.
  func firstWords(_ index: Int, words: Int) -> [Int64] {
    guard let (start, count) = vector(index, stride: 8 * words) else { return [] }
    return (0..<count).map { word(start + 8 * words * $0) }
  }

  private func word(_ place: Int) -> Int64 { bytes.integer(at: place, as: Int64.self) ?? 0 }

  private func vector(_ index: Int, stride: Int) -> (start: Int, count: Int)? {
    guard let start = target(index), let count = bytes.integer(at: start, as: UInt32.self),
      Int(count) <= (bytes.count - start - 4) / stride
    else { return nil }
    return (start + 4, Int(count))
  }
}

extension UnsafeRawBufferPointer {
  /// A little-endian integer; nil outside the bytes.
  func integer<T: FixedWidthInteger>(at offset: Int, as type: T.Type) -> T? {
    guard offset >= 0, offset <= count - MemoryLayout<T>.size else { return nil }
    return T(littleEndian: loadUnaligned(fromByteOffset: offset, as: T.self))
  }
}
