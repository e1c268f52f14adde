import Assay
import AssayFormats
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import SwiftProtobuf

/// gRPC on one address.
struct GRPCListener: Service {
  let address: Address
  let jobs: StreamedJobs
  let admission: Admission
  let pool: NIOThreadPool
  let settings: Configuration
  let logger: Logger

  func run() async throws {
    let socket: GRPCNIOTransportCore.SocketAddress
    switch address {
    case .unix(let path):
      try Address.removeSocket(path)
      socket = .unixDomainSocket(path: path)
    case .tcp(let host, let port):
      socket =
        host.contains(":")
        ? .ipv6(host: host, port: port) : .ipv4(host: host == "localhost" ? "127.0.0.1" : host, port: port)
    }
    let limit = settings.maxRequestBytes
    let transport = HTTP2ServerTransport.Posix(
      address: socket, transportSecurity: .plaintext,
      config: .defaults { $0.rpc.maxRequestPayloadSize = min(limit, Int(Int32.max)) })
    let server = GRPCServer(
      transport: transport,
      services: [
        AssayService(jobs: jobs, admission: admission, pool: pool),
        FlightService(jobs: jobs, admission: admission, pool: pool, longestRequest: limit),
        HealthService(admission: admission),
        ReflectionService(),
      ])
    let (logger, text) = (logger, "\(address)")
    try await withGracefulShutdownHandler {
      logger.info("answering gRPC", metadata: ["address": "\(text)"])
      try await server.serve()
    } onGracefulShutdown: {
      server.beginGracefulShutdown()
    }
  }
}

/// Protobuf messages for methods that are registered by hand: four methods do not need a generator.
extension RPCRouter {
  /// Registers a method of any number of messages in and out.
  mutating func register<Input: SwiftProtobuf.Message, Output: SwiftProtobuf.Message>(
    _ service: String, _ method: String, _ input: Input.Type, _ output: Output.Type,
    _ handle: @escaping @Sendable (RPCAsyncSequence<Input, any Error>, RPCWriter<Output>) async throws -> Void
  ) {
    registerHandler(
      forMethod: MethodDescriptor(service: ServiceDescriptor(fullyQualifiedService: service), method: method),
      deserializer: ProtobufDeserializer<Input>(), serializer: ProtobufSerializer<Output>()
    ) { request, _ in
      StreamingServerResponse { writer in
        try await handle(request.messages, writer)
        return [:]
      }
    }
  }
}
