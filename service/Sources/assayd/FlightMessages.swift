import GRPCCore

/// `FlightData` of Arrow Flight's protocol (https://github.com/apache/arrow/blob/main/format/Flight.proto): a message of Arrow's
/// IPC format in two parts. Written by hand, so that bodies of megabytes are copied once.
struct FlightData: Sendable {
  /// The command of the descriptor, which a stream's first message has; nil without one.
  var command: String?
  /// The metadata of an IPC message; empty where the message carries none.
  var header: [UInt8] = []
  /// The buffers of the IPC message.
  var body: [UInt8] = []
}

/// Reads and writes ``FlightData``. Fields: `flight_descriptor` 1 (with `cmd` 2), `data_header` 2, `app_metadata` 3, which is not looked at,
/// and `data_body` 1000.
struct FlightDataCoding: MessageDeserializer, MessageSerializer {
  func deserialize<Bytes: GRPCContiguousBytes>(_ serialized: Bytes) throws -> FlightData {
    try serialized.withUnsafeBytes { bytes in
      var data = FlightData()
      try Self.fields(of: bytes) { number, value in
        switch number {
        case 1:
          try Self.fields(of: value) { number, value in
            if number == 2 { data.command = String(decoding: value, as: UTF8.self) }
          }
        case 2: data.header = Array(value)
        case 1000: data.body = Array(value)
        default: break
        }
      }
      return data
    }
  }

  func serialize<Bytes: GRPCContiguousBytes>(_ message: FlightData) throws -> Bytes {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(message.header.count + message.body.count + 16)
    for (number, value) in [(2, message.header), (1000, message.body)] where !value.isEmpty {
      Self.append(number << 3 | 2, to: &bytes)
      Self.append(value.count, to: &bytes)
      bytes += value
    }
    return Bytes(bytes)
  }

  /// Calls `body` with every field that is a string of bytes; numbers are skipped.
  ///
  /// The encoding: https://protobuf.dev/programming-guides/encoding/.
  private static func fields(
    of bytes: UnsafeRawBufferPointer, _ body: (Int, UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var rest = bytes[...]
    func skip(_ count: Int) throws -> UnsafeRawBufferPointer {
      guard count >= 0, count <= rest.count else { throw broken }
      defer { rest = rest.dropFirst(count) }
      return UnsafeRawBufferPointer(rebasing: rest.prefix(count))
    }
    while !rest.isEmpty {
      let tag = try number(&rest)
      switch tag & 7 {
      case 0: _ = try number(&rest)
      case 1: _ = try skip(8)
      case 2: try body(Int(tag >> 3), skip(Int(clamping: number(&rest))))
      case 5: _ = try skip(4)
      default: throw broken
      }
    }
  }

  private static func number(_ bytes: inout Slice<UnsafeRawBufferPointer>) throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = bytes.popFirst() else { throw broken }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    throw broken
  }

  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    var rest = UInt(number)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private static let broken = RPCError(code: .invalidArgument, message: "The message is not FlightData.")
}
