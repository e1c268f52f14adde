/// The type of an Arrow column, as far as Assay reads or writes it.
public enum ArrowType: Sendable, Hashable {
  /// IEEE 754 of 16, 32 or 64 bits.
  case float(bits: Int)
  /// Whole numbers of 8 to 64 bits.
  case integer(bits: Int, isSigned: Bool)
  /// One bit per row.
  case bool
  /// Text: 32-bit offsets, or 64-bit ones.
  case text(isLarge: Bool)
  /// Text in views of 16 bytes.
  case textView
  /// Days since 1970 in 32 bits, or milliseconds in 64.
  case date(inDays: Bool)
  /// A moment: units a second, and the time zone's name where there is one.
  case timestamp(perSecond: Int, zone: String?)
  /// A decimal number of 32, 64 or 128 bits: how many digits it may have, and how many of them stand behind the point.
  case decimal(bits: Int, precision: Int, scale: Int)
  /// Indices into a dictionary of values.
  indirect case dictionary(id: Int64, index: ArrowType, values: ArrowType)
  /// Any other type, by its number in Arrow's `Type` union.
  case other(UInt8)
  /// A type with columns inside, or views of bytes, which is not read: how many nodes, buffers and columns of views it takes in a
  /// record batch.
  case unread(nodes: Int, buffers: Int, views: Int)

  /// Bytes a value in a buffer of values; nil for bits, text and others.
  public var width: Int? {
    switch self {
    case .float(let bits), .integer(let bits, _), .decimal(let bits, _, _): bits / 8
    case .date(let inDays): inDays ? 4 : 8
    case .timestamp: 8
    case .dictionary(_, let index, _): index.width
    case .textView: 16
    case .bool, .text, .other, .unread: nil
    }
  }

  /// How many buffers a column has, the variadic ones of views not counted; nil when that is not known.
  var bufferCount: Int? {
    switch self {
    case .float, .integer, .bool, .date, .timestamp, .decimal, .dictionary, .textView: 2
    case .text: 3
    // Null; binary; decimal, time, interval, fixed-size binary, duration; large binary.
    case .other(1): 0
    case .other(4), .other(19): 3
    case .other(7), .other(9), .other(11), .other(15), .other(18): 2
    case .other: nil
    case .unread(_, let buffers, _): buffers
    }
  }

  /// How many nodes a column has: itself, and the columns inside.
  var nodeCount: Int { if case .unread(let nodes, _, _) = self { nodes } else { 1 } }

  /// How many columns of views a column has, whose buffers of text are counted in each record batch.
  var viewCount: Int {
    switch self {
    case .textView: 1
    case .unread(_, _, let views): views
    default: 0
    }
  }
}

/// A column of an Arrow file.
public struct ArrowField: Sendable, Hashable {
  /// The column's name.
  public let name: String
  /// The type of its values.
  public let type: ArrowType

  /// Describes a column.
  public init(_ name: String, _ type: ArrowType) {
    self.name = name
    self.type = type
  }

  /// Reads a `Field` table of Schema.fbs.
  init(_ table: FlatTable) {
    name = table.string(0) ?? ""
    let values = Self.type(of: table, depth: 0)
    if let dictionary = table.table(4) {
      let index = dictionary.table(1).map { Self.type(2, $0) } ?? .integer(bits: 32, isSigned: true)
      type = .dictionary(id: dictionary.scalar(0, default: 0), index: index, values: values)
    } else {
      type = values
    }
  }

  /// Columns may lie inside each other to this depth.
  private static let deepest = 64

  /// The type of a `Field` table's values, with those inside where there are any.
  private static func type(of field: FlatTable, depth: Int) -> ArrowType {
    let number: UInt8 = field.scalar(2, default: 0)
    let type = Self.type(number, field.table(3))
    guard case .other = type, depth < deepest, let own = ownBuffers(number, field.table(3)) else { return type }
    var (nodes, buffers, views) = (1, own, number == 23 ? 1 : 0)
    for child in field.tables(5) {
      // A dictionary's column has the buffers of its indices.
      let inner: ArrowType =
        child.table(4) == nil ? Self.type(of: child, depth: depth + 1) : .integer(bits: 32, isSigned: true)
      guard let count = inner.bufferCount else { return type }
      nodes += inner.nodeCount
      buffers += count
      views += inner.viewCount
    }
    return .unread(nodes: nodes, buffers: buffers, views: views)
  }

  /// How many buffers a type that is not read has of its own; nil for one that has no columns inside and no views.
  private static func ownBuffers(_ number: UInt8, _ table: FlatTable?) -> Int? {
    switch number {
    case 12, 17, 21: 2  // lists and maps: validity, offsets
    case 13, 16: 1  // structs and lists of one length: validity
    case 14: table?.scalar(0, default: Int16(0)) == 0 ? 1 : 2  // unions: types, and offsets where they are dense
    case 22: 0  // runs
    case 23: 2  // views of bytes
    case 25, 26: 3  // views of lists: validity, offsets, sizes
    default: nil
    }
  }

  private static func type(_ number: UInt8, _ table: FlatTable?) -> ArrowType {
    switch number {
    case 2:
      let bits = table?.scalar(0, default: Int32(0)) ?? 0
      guard [8, 16, 32, 64].contains(bits) else { return .other(number) }
      return .integer(bits: Int(bits), isSigned: table?.scalar(1, default: UInt8(0)) == 1)
    case 3:
      let precision = table?.scalar(0, default: Int16(0)) ?? 0
      guard (0...2).contains(precision) else { return .other(number) }
      return .float(bits: 16 << Int(precision))
    case 5: return .text(isLarge: false)
    case 20: return .text(isLarge: true)
    case 24: return .textView
    case 6: return .bool
    case 7:
      let (bits, scale) = (table?.scalar(2, default: Int32(128)) ?? 128, table?.scalar(1, default: Int32(0)) ?? 0)
      guard [32, 64, 128].contains(bits), (-38...38).contains(scale) else { return .other(number) }
      return .decimal(bits: Int(bits), precision: Int(table?.scalar(0, default: Int32(0)) ?? 0), scale: Int(scale))
    case 8: return .date(inDays: table?.scalar(0, default: Int16(1)) == 0)
    case 10:
      let unit = table?.scalar(0, default: Int16(0)) ?? 0
      guard (0...3).contains(unit) else { return .other(number) }
      return .timestamp(perSecond: [1, 1_000, 1_000_000, 1_000_000_000][Int(unit)], zone: table?.string(1))
    default: return .other(number)
    }
  }

  /// The number in Arrow's `Type` union and the fields of its table.
  private var encoding: (number: Int64, fields: [FlatBufferWriter.Field]) {
    switch type {
    case .integer(let bits, let isSigned): (2, [.scalar(Int64(bits)), .scalar(isSigned ? 1 : 0)])
    case .float(let bits): (3, [.scalar(bits == 64 ? 2 : bits == 32 ? 1 : 0)])
    case .text(let isLarge): (isLarge ? 20 : 5, [])
    case .bool: (6, [])
    case .decimal(let bits, let precision, let scale):
      (7, [.scalar(Int64(precision)), .scalar(Int64(scale)), .scalar(Int64(bits))])
    case .date(let inDays): (8, [.scalar(inDays ? 0 : 1)])
    case .timestamp(let perSecond, let zone):
      (
        10,
        [
          .scalar(perSecond == 1 ? 0 : perSecond == 1_000 ? 1 : perSecond == 1_000_000 ? 2 : 3),
          zone == nil ? .absent : .reference,
        ]
      )
    case .textView, .dictionary, .other, .unread: (1, [])
    }
  }

  /// Writes the `Field` table.
  func write(to buffer: inout FlatBufferWriter, from reference: FlatBufferWriter.Reference) {
    let (number, fields) = encoding
    let parts = buffer.table([
      .reference, .scalar(1), .scalar(number), .reference, .absent, .reference,
    ])
    buffer.point(reference, to: buffer.lastTable)
    buffer.string(name, from: parts[0])
    let zone = buffer.table(fields)
    buffer.point(parts[1], to: buffer.lastTable)
    if case .timestamp(_, let name?) = type, let place = zone.first { buffer.string(name, from: place) }
    _ = buffer.references(0, from: parts[2])
  }
}
