import Assay
import AssayFormats
import GRPCCore
import NIOCore
import NIOPosix

/// Arrow Flight's `DoExchange`: a table in, a table out. The descriptor's command is `price`, `implied-volatility` or `verify`, with
/// parameters as HTTP has them: `price?measures=price,vega&model=black-76`.
struct FlightService: RegistrableRPCService {
  static let name = "arrow.flight.protocol.FlightService"

  let jobs: StreamedJobs
  let admission: Admission
  let pool: NIOThreadPool
  let longestRequest: Int

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    router.registerHandler(
      forMethod: MethodDescriptor(
        service: ServiceDescriptor(fullyQualifiedService: Self.name), method: "DoExchange"),
      deserializer: FlightDataCoding(), serializer: FlightDataCoding()
    ) { request, _ in
      StreamingServerResponse { writer in
        try await exchange(request.messages, writer)
        return [:]
      }
    }
  }

  /// Takes the whole table, computes it, and sends results as they come.
  private func exchange(
    _ messages: RPCAsyncSequence<FlightData, any Error>, _ writer: RPCWriter<FlightData>
  ) async throws {
    var table: FlightTable?
    for try await message in messages {
      if table == nil {
        guard let command = message.command else {
          throw RPCError(
            code: .invalidArgument,
            message: "The descriptor has no command. It is price, implied-volatility or verify.")
        }
        table = try admission.inWords { FlightTable(try FlightCommand(command), try NamelessFile()) }
      }
      try table?.append(message, atMost: longestRequest)
    }
    guard let table else { return }
    let output = try Pipe()
    let (jobs, pool, admission) = (jobs, pool, admission)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { output.closeWriting() }
        _ = try await admission.answer("flight-" + table.command.operation) {
          try table.command.run(jobs, from: table.file, to: output.writing)
        }
      }
      group.addTask {
        defer { output.closeReading() }
        var rest = ByteBuffer()
        while let bytes = try await output.read(on: pool) {
          rest.writeImmutableBuffer(bytes)
          while let message = rest.readFlightData() { try await writer.write(message) }
          rest.discardReadBytes()
        }
      }
      try await group.waitForAll()
    }
  }
}

/// What a descriptor's command asks for.
private struct FlightCommand: Sendable {
  let operation: String
  private let parameters: BookParameters

  init(_ text: String) throws {
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    operation = String(parts[0])
    guard ["price", "implied-volatility", "verify"].contains(operation) else {
      throw AssayError(
        .usage, "The command \(operation.prefix(64)) is not known.",
        advice: "There are: price, implied-volatility, verify.")
    }
    let query = parts.count > 1 ? BookParameters.pairs(of: parts[1]) : []
    let known = operation == "price" ? BookParameters.ofPrice : operation == "verify" ? [] : BookParameters.ofEach
    parameters = try BookParameters(query, among: known)
  }

  func run(_ jobs: StreamedJobs, from file: NamelessFile, to output: Int32) throws -> StreamedJobs.Summary {
    if operation == "verify" {
      let (rows, lines) = (try NamelessFile(), try NamelessFile())
      return try jobs.verifyArrow(
        from: file.descriptor, rows: rows.descriptor, lines: lines.descriptor, to: output)
    }
    return try jobs.compute(
      operation == "price" ? .price(parameters.measures) : .impliedVolatility, from: file.descriptor, to: output,
      format: .arrowStream, model: parameters.model, asOf: parameters.asOf)
  }
}

/// A table that comes in messages, as an IPC stream in a file.
private struct FlightTable: Sendable {
  let command: FlightCommand
  let file: NamelessFile
  private var bytes = 0

  init(_ command: FlightCommand, _ file: NamelessFile) {
    self.command = command
    self.file = file
  }

  mutating func append(_ message: FlightData, atMost limit: Int) throws {
    guard !message.header.isEmpty else { return }
    let length = message.header.withUnsafeBytes { StreamedJobs.bodyLength(ofArrowMessage: $0) }
    guard length == message.body.count else {
      throw RPCError(code: .invalidArgument, message: "A message's body is not as long as its header says.")
    }
    // Buffers lie at multiples of 64 bytes, as in a file.
    let prefix = 8
    let start = (bytes + prefix + message.header.count + 63) & ~63
    var frame = ByteBuffer()
    frame.writeInteger(UInt32.max)
    frame.writeInteger(UInt32(start - bytes - prefix), endianness: .little)
    frame.writeBytes(message.header)
    frame.writeRepeatingByte(0, count: start - bytes - prefix - message.header.count)
    frame.writeBytes(message.body)
    bytes += frame.readableBytes
    guard bytes <= limit else {
      throw RPCError(code: .resourceExhausted, message: "The request is longer than \(limit) bytes.")
    }
    try file.append(frame)
  }
}

extension ByteBuffer {
  /// The next message of an IPC stream that our own writer made; nil where it is not there yet, and at the end.
  fileprivate mutating func readFlightData() -> FlightData? {
    let start = readerIndex
    guard let size = getInteger(at: start + 4, endianness: .little, as: UInt32.self).map(Int.init), size > 0,
      let header = getBytes(at: start + 8, length: size),
      let length = header.withUnsafeBytes({ StreamedJobs.bodyLength(ofArrowMessage: $0) }),
      let body = getBytes(at: start + 8 + size, length: length)
    else { return nil }
    moveReaderIndex(to: start + 8 + size + length)
    return FlightData(header: header, body: body)
  }
}
