/// Writes a FlatBuffer front to back: every table before what it points to, every field in eight bytes of its own.
struct FlatBufferWriter {
  /// A field of a table.
  enum Field {
    /// The default: nothing is stored.
    case absent
    /// A scalar of up to 64 bits; shorter types read its lower bytes.
    case scalar(Int64)
    /// A reference, filled in by ``point(_:)``.
    case reference
  }

  /// Where a reference is to be filled in.
  typealias Reference = Int

  /// The bytes so far.
  private(set) var bytes: [UInt8] = [0, 0, 0, 0]

  /// Writes a table; gives its references in order. The root table is written first.
  mutating func table(_ fields: [Field], isRoot: Bool = false) -> [Reference] {
    align(8)
    let virtual = bytes.count
    append(UInt16(4 + 2 * fields.count))
    append(UInt16(8 + 8 * fields.count))
    for (index, field) in fields.enumerated() {
      if case .absent = field { append(UInt16(0)) } else { append(UInt16(8 + 8 * index)) }
    }
    align(8)
    let position = bytes.count
    if isRoot { store(UInt32(position), at: 0) }
    append(Int32(position - virtual))
    append(Int32(0))
    var references: [Reference] = []
    for field in fields {
      switch field {
      case .absent: append(Int64(0))
      case .scalar(let value): append(value)
      case .reference:
        references.append(bytes.count)
        append(Int64(0))
      }
    }
    lastTable = position
    return references
  }

  /// Where the last table starts.
  private(set) var lastTable = 0

  /// Points `reference` to `target`, or to what is written next.
  mutating func point(_ reference: Reference, to target: Int? = nil) {
    store(UInt32((target ?? bytes.count) - reference), at: reference)
  }

  /// Writes a string and points `reference` to it.
  mutating func string(_ text: String, from reference: Reference) {
    align(4)
    point(reference)
    append(UInt32(text.utf8.count))
    bytes += Array(text.utf8) + [0]
  }

  /// Writes a vector of `count` references and points `reference` to it.
  mutating func references(_ count: Int, from reference: Reference) -> [Reference] {
    align(4)
    point(reference)
    append(UInt32(count))
    return (0..<count).map { _ in
      append(UInt32(0))
      return bytes.count - 4
    }
  }

  /// Writes a vector of structs of two 64-bit words and points `reference` to it.
  mutating func pairs(_ values: [(Int64, Int64)], from reference: Reference) {
    structs(values.count, from: reference)
    for (first, second) in values {
      append(first)
      append(second)
    }
  }

  /// Writes a vector of structs of three 64-bit words and points `reference` to it.
  mutating func triples(_ values: [(Int64, Int64, Int64)], from reference: Reference) {
    structs(values.count, from: reference)
    for (first, second, third) in values {
      append(first)
      append(second)
      append(third)
    }
  }

  /// Starts a vector of structs of 64-bit words.
  private mutating func structs(_ count: Int, from reference: Reference) {
    align(8)
    append(UInt32(0))  // so that the words are aligned
    point(reference)
    append(UInt32(count))
  }

  /// Pads to a multiple of `alignment` bytes.
  mutating func align(_ alignment: Int) {
    while bytes.count % alignment != 0 { bytes.append(0) }
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private mutating func store(_ value: UInt32, at position: Int) {
    withUnsafeBytes(of: value.littleEndian) { bytes.replaceSubrange(position..<position + 4, with: $0) }
  }
}
