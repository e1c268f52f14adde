/// One message of Arrow's IPC formats (Message.fbs): its header, and the buffers that follow it.
struct ArrowMessage {
  /// The number in Arrow's `MessageHeader` union.
  enum Kind: UInt8 {
    case schema = 1, dictionary, batch
  }

  /// What the header is; nil for one that Assay does not read.
  let kind: Kind?
  /// The header's table.
  let header: FlatTable
  /// The buffers.
  let body: UnsafeRawBufferPointer
  /// Where the message lies in its file.
  let place: Range<Int>

  /// The message at `offset`; nil when it is broken or not complete.
  init?(in file: UnsafeRawBufferPointer, at offset: Int) {
    guard let (prefix, size) = Self.prefix(in: file, at: offset), size > 0,
      size <= file.count - offset - prefix,
      let message = FlatTable(root: file.part(offset + prefix..<offset + prefix + size)),
      let header = message.table(2)
    else { return nil }
    let start = offset + prefix + size
    let length = message.scalar(3, default: Int64(0))
    guard length >= 0, length <= Int64(file.count - start) else { return nil }
    kind = Kind(rawValue: message.scalar(1, default: UInt8(0)))
    self.header = header
    body = file.part(start..<start + Int(length))
    place = offset..<start + Int(length)
  }

  /// The length of the prefix at `offset` and that of the metadata behind it. Since Arrow 0.15 four bytes of ones come first.
  private static func prefix(in file: UnsafeRawBufferPointer, at offset: Int) -> (prefix: Int, size: Int)? {
    guard let first = file.integer(at: offset, as: UInt32.self) else { return nil }
    guard first == 0xffff_ffff else { return (4, Int(first)) }
    return file.integer(at: offset + 4, as: UInt32.self).map { (8, Int($0)) }
  }

  /// Where the messages of a stream start, which ends with one of no length or where the file does; nil when it breaks off inside one.
  static func stream(in file: UnsafeRawBufferPointer) -> [Int]? {
    var messages: [Int] = []
    var position = 0
    while position < file.count {
      if let (_, size) = prefix(in: file, at: position), size == 0 { break }
      guard let message = ArrowMessage(in: file, at: position) else { return nil }
      messages.append(position)
      position = message.place.upperBound
    }
    return messages
  }

  /// Where the messages start that a file's footer lists, dictionaries before record batches; nil when one is broken, of another kind, or
  /// shares bytes with another, by which a small file could pretend to be a huge one.
  static func listed(in footer: FlatTable, of file: UnsafeRawBufferPointer) -> [Int]? {
    var places: [Range<Int>] = []
    for (field, kind) in [(2, Kind.dictionary), (3, Kind.batch)] {
      for offset in footer.firstWords(field, words: 3) {
        guard let offset = Int(exactly: offset), let message = ArrowMessage(in: file, at: offset), message.kind == kind
        else { return nil }
        places.append(message.place)
      }
    }
    let messages = places.map(\.lowerBound)
    places.sort { $0.lowerBound < $1.lowerBound }
    for (place, next) in zip(places, places.dropFirst()) where place.upperBound > next.lowerBound { return nil }
    return messages
  }
}

/// What a program has to know that passes messages of Arrow's IPC formats on.
public enum ArrowFrame {
  /// How many bytes of buffers follow a message's metadata, which `metadata` is without its prefix; nil when it is not a message.
  public static func bodyLength(after metadata: UnsafeRawBufferPointer) -> Int? {
    guard let message = FlatTable(root: metadata), let length = Int(exactly: message.scalar(3, default: Int64(0))),
      message.table(2) != nil, length >= 0
    else { return nil }
    return length
  }
}
