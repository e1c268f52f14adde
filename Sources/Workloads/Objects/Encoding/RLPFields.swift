import AssayProofs

/// One item of canonical RLP inside a byte string: a string, or a list whose items are read one level at a time.
struct RLPField {
  /// Whether it is a list.
  let isList: Bool
  /// The whole item.
  let encoding: ArraySlice<UInt8>
  /// Where the payload begins.
  private let payloadStart: Int
  /// The string, or the list's items end to end.
  var payload: ArraySlice<UInt8> { encoding[payloadStart...] }

  /// The only item of `bytes`; nil when it is not canonical or something follows it.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard let field = RLPField(firstOf: bytes), field.encoding.count == bytes.count else { return nil }
    self = field
  }

  private init?(firstOf bytes: ArraySlice<UInt8>) {
    let layout: (isList: Bool, payload: Int, whole: Int)? = bytes.withUnsafeBytes { raw in
      RLPItem(firstOf: raw).map { ($0.isList, $0.payload.count, $0.encoding.count) }
    }
    guard let layout else { return nil }
    self.init(bytes.prefix(layout.whole), isList: layout.isList, payload: layout.payload)
  }

  private init(_ encoding: ArraySlice<UInt8>, isList: Bool, payload: Int) {
    self.encoding = encoding
    self.isList = isList
    payloadStart = encoding.endIndex - payload
  }

  /// The list's items; nil when it is not a list or one is not canonical.
  var items: [RLPField]? {
    guard isList else { return nil }
    let payload = payload
    return payload.withUnsafeBytes { raw -> [RLPField]? in
      var items: [RLPField] = []
      items.reserveCapacity(min(16, raw.count))
      var start = 0
      while start < raw.count {
        guard let item = RLPItem(firstOf: UnsafeRawBufferPointer(rebasing: raw[start...])) else { return nil }
        let first = payload.startIndex + start
        start += item.encoding.count
        items.append(
          RLPField(payload[first..<payload.startIndex + start], isList: item.isList, payload: item.payload.count))
      }
      return items
    }
  }

  /// The string as an unsigned integer of at most `width` bytes without leading zeros.
  func integer(_ name: String, width: Int = 32) throws(ObjectFault) -> ArraySlice<UInt8> {
    guard !isList else { throw .malformed("\(name) is a list") }
    guard payload.first != 0 else { throw ObjectFault(.nonCanonicalEncoding, "\(name) has a leading zero") }
    guard payload.count <= width else { throw .malformed("\(name) is longer than \(width) bytes") }
    return payload
  }

  /// The string.
  func string(_ name: String) throws(ObjectFault) -> ArraySlice<UInt8> {
    guard !isList else { throw .malformed("\(name) is a list") }
    return payload
  }

  /// The string of exactly `count` bytes.
  func string(_ name: String, count: Int) throws(ObjectFault) -> ArraySlice<UInt8> {
    let string = try string(name)
    guard string.count == count else { throw .malformed("\(name) is not \(count) bytes long") }
    return string
  }

  /// The items of a list.
  func list(_ name: String) throws(ObjectFault) -> [RLPField] {
    guard let items else { throw .malformed("\(name) is not a list of canonical RLP") }
    return items
  }
}
