import Foundation
import GRPCCore
import SwiftProtobuf

/// grpc.health.v1: whether the service takes requests.
struct HealthService: RegistrableRPCService {
  let admission: Admission

  private static let name = "grpc.health.v1.Health"
  private static let known = ["", "assay.v1.Assay", FlightService.name]

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    let admission = admission
    @Sendable func status(of service: String) -> Grpc_Health_V1_HealthCheckResponse? {
      guard Self.known.contains(service) else { return nil }
      var response = Grpc_Health_V1_HealthCheckResponse()
      response.status = admission.isReady ? .serving : .notServing
      return response
    }
    router.register(
      Self.name, "Check", Grpc_Health_V1_HealthCheckRequest.self, Grpc_Health_V1_HealthCheckResponse.self
    ) { requests, writer in
      for try await request in requests {
        guard let response = status(of: request.service) else {
          throw RPCError(code: .notFound, message: "There is no service \(request.service.prefix(64)).")
        }
        try await writer.write(response)
      }
    }
    router.register(
      Self.name, "Watch", Grpc_Health_V1_HealthCheckRequest.self, Grpc_Health_V1_HealthCheckResponse.self
    ) { requests, writer in
      for try await request in requests {
        var last: Grpc_Health_V1_HealthCheckResponse?
        while !Task.isCancelled {
          var now = Grpc_Health_V1_HealthCheckResponse()
          now.status = .serviceUnknown
          now = status(of: request.service) ?? now
          if now != last { try await writer.write(now) }
          last = now
          if now.status == .notServing { return }
          try await Task.sleep(for: .milliseconds(200))
        }
      }
    }
  }
}

/// grpc.reflection.v1: the services and the files that describe them. Clients of before it ask by the name v1alpha and with the same
/// messages.
struct ReflectionService: RegistrableRPCService {
  private static let services = ["assay.v1.Assay", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"]

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    for version in ["v1", "v1alpha"] {
      router.register(
        "grpc.reflection.\(version).ServerReflection", "ServerReflectionInfo",
        Grpc_Reflection_V1_ServerReflectionRequest.self, Grpc_Reflection_V1_ServerReflectionResponse.self
      ) { requests, writer in
        for try await request in requests { try await writer.write(Self.answer(request)) }
      }
    }
  }

  private static func answer(
    _ request: Grpc_Reflection_V1_ServerReflectionRequest
  ) -> Grpc_Reflection_V1_ServerReflectionResponse {
    var response = Grpc_Reflection_V1_ServerReflectionResponse()
    response.validHost = request.host
    response.originalRequest = request
    switch request.messageRequest {
    case .listServices:
      response.listServicesResponse.service = services.map { name in
        var service = Grpc_Reflection_V1_ServiceResponse()
        service.name = name
        return service
      }
    case .fileByFilename(let name):
      fill(&response, Descriptors.files.first { $0.name == name }?.base64, name)
    case .fileContainingSymbol(let symbol):
      // A file's symbols are those of its package.
      let packages = [
        "assay.v1.": "assay.proto", "grpc.health.v1.": "health.proto", "grpc.reflection.v1.": "reflection.proto",
      ]
      let file = packages.first { symbol.hasPrefix($0.key) }?.value
      fill(&response, Descriptors.files.first { $0.name == file }?.base64, symbol)
    default:
      response.errorResponse = failure(.unimplemented, "This service does not have extensions.")
    }
    return response
  }

  private static func fill(
    _ response: inout Grpc_Reflection_V1_ServerReflectionResponse, _ base64: String?, _ what: String
  ) {
    guard let data = base64.flatMap({ Data(base64Encoded: $0) }) else {
      response.errorResponse = failure(.notFound, "There is no \(what.prefix(64)).")
      return
    }
    response.fileDescriptorResponse.fileDescriptorProto = [data]
  }

  private static func failure(_ code: RPCError.Code, _ message: String) -> Grpc_Reflection_V1_ErrorResponse {
    var error = Grpc_Reflection_V1_ErrorResponse()
    error.errorCode = Int32(code.rawValue)
    error.errorMessage = message
    return error
  }
}
