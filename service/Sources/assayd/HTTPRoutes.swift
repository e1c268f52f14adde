import Assay
import AssayFormats
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOPosix

/// What HTTP answers: health, metrics, rows and books in the command's own formats.
struct HTTPRoutes: Sendable {
  let jobs: StreamedJobs
  let admission: Admission
  let pool: NIOThreadPool
  let configuration: Configuration

  var router: Router<BasicRequestContext> {
    let router = Router()
    router.get("/") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
        body: .init(byteBuffer: ByteBuffer(string: StatusPage.html)))
    }
    router.get("/healthz") { _, _ in Response.text("ok\n") }
    router.get("/readyz") { _, _ in
      admission.isReady ? Response.text("ready\n") : Response.text("draining\n", status: .serviceUnavailable)
    }
    router.get("/metrics") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
        body: .init(byteBuffer: ByteBuffer(string: admission.metrics.text)))
    }
    router.post("/v1/verify") { request, _ in try await verify(request) }
    router.post("/v1/price") { request, _ in
      try await book(request, "price", BookParameters.ofPrice + ["operation"])
    }
    router.post("/v1/implied-volatility") { request, _ in
      try await book(request, "implied-volatility", BookParameters.ofEach)
    }
    router.post("/v1/risk") { request, _ in try await book(request, "risk", BookParameters.ofRisk) }
    return router
  }

  /// JSON Lines in, the lines of `assay verify` out, both as they come.
  private func verify(_ request: Request) async throws -> Response {
    let (input, output) = (try Pipe(), try Pipe())
    let jobs = jobs
    return try await stream(request, "verify", contentType: "application/x-ndjson", from: input, through: output) {
      try jobs.verify(from: input.reading, to: output.writing)
    }
  }

  /// A book in; out results, CSV or Arrow as `Accept` asks, or the document of `assay risk --json`.
  private func book(_ request: Request, _ operation: String, _ known: [String]) async throws -> Response {
    let parameters: BookParameters
    do {
      parameters = try BookParameters(BookParameters.pairs(of: request.uri.query ?? ""), among: known)
    } catch {
      return Self.failure(error)
    }
    let operation = parameters.operation ?? operation
    guard known.contains("by") || ["price", "implied-volatility"].contains(operation) else {
      return .text("The parameter operation is price or implied-volatility.\n", status: .badRequest)
    }
    guard !admission.isFull else { return Self.failure(Admission.Refusal.full) }
    // An Arrow book is read from its end: it must be whole. So is every book, for one way through.
    let book = try NamelessFile()
    var bytes = 0
    for try await buffer in request.body {
      bytes += buffer.readableBytes
      guard bytes <= configuration.maxRequestBytes else {
        return Self.failure(TooLong(limit: configuration.maxRequestBytes))
      }
      try book.append(buffer)
    }
    let output = try Pipe()
    let jobs = jobs
    if operation == "risk" {
      return try await respond(operation, contentType: "application/json", through: output) {
        try jobs.risk(
          from: book.descriptor, to: output.writing, by: parameters.by, measures: parameters.measures,
          scenarios: parameters.scenarios, model: parameters.model, asOf: parameters.asOf)
      }
    }
    let format = StreamedJobs.Format(accept: request.headers[.accept] ?? "")
    return try await respond(operation, contentType: format.contentType, through: output) {
      try jobs.compute(
        operation == "price" ? .price(parameters.measures) : .impliedVolatility, from: book.descriptor,
        to: output.writing, format: format, model: parameters.model, asOf: parameters.asOf)
    }
  }

  /// Feeds the request's body to a job while its output goes into the response.
  private func stream(
    _ request: Request, _ operation: String, contentType: String, from input: Pipe, through output: Pipe,
    _ job: @escaping @Sendable () throws -> StreamedJobs.Summary
  ) async throws -> Response {
    let (pool, limit) = (pool, configuration.maxRequestBytes)
    let body = request.body
    let feeder = Task {
      defer { input.closeWriting() }
      var bytes = 0
      for try await buffer in body {
        bytes += buffer.readableBytes
        // What was read so far must not pass for the whole.
        guard bytes <= limit else { throw TooLong(limit: limit) }
        guard try await input.write(buffer, on: pool) else { return }
      }
    }
    return try await respond(operation, contentType: contentType, through: output) {
      defer { input.closeReading() }
      return try job()
    } afterwards: {
      try await feeder.value
    } refused: {
      input.closeReading()
      feeder.cancel()
    }
  }

  /// Runs a job whose output is the response's body. A job that fails before its first byte is an error with words; one that fails
  /// later breaks the connection off, so that nobody takes half an answer for a whole one.
  private func respond(
    _ operation: String, contentType: String, through output: Pipe,
    _ job: @escaping @Sendable () throws -> StreamedJobs.Summary,
    afterwards: @escaping @Sendable () async throws -> Void = {}, refused: () -> Void = {}
  ) async throws -> Response {
    let (admission, pool) = (admission, pool)
    let running = Task {
      defer { output.closeWriting() }
      let summary = try await admission.run(operation, job)
      admission.metrics.add(
        rows: summary.rows, accepted: summary.accepted, fallbacks: summary.fallbacks, of: operation)
      try await afterwards()
    }
    let first = try await output.read(on: pool)
    guard let first else {
      defer { output.closeReading() }
      do {
        try await running.value
        return Response(status: .ok, headers: [.contentType: contentType], body: .init())
      } catch {
        refused()
        return Self.failure(error)
      }
    }
    let body = ResponseBody { writer in
      defer { output.closeReading() }
      try await writer.write(first)
      while let buffer = try await output.read(on: pool) { try await writer.write(buffer) }
      try await running.value
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: [.contentType: contentType], body: body)
  }

  private static func failure(_ error: any Error) -> Response {
    switch error {
    case let refusal as Admission.Refusal:
      .text(refusal.rawValue + "\n", status: refusal == .full ? .tooManyRequests : .serviceUnavailable)
    case let error as TooLong: .text("The request is longer than \(error.limit) bytes.\n", status: .contentTooLarge)
    case let error as AssayError where error.kind == .unavailable: .text("\(error)\n", status: .serviceUnavailable)
    default: .text("\(error)\n", status: .badRequest)
    }
  }
}

/// A request of more bytes than the service takes.
private struct TooLong: Error {
  let limit: Int
}

extension StreamedJobs.Format {
  /// The format that an `Accept` header asks for: a stream where it names one, else an Arrow file where it names Arrow, else CSV.
  fileprivate init(accept: String) {
    let arrow = "application/vnd.apache.arrow."
    self = accept.contains(arrow + "stream") ? .arrowStream : accept.contains("arrow") ? .arrowFile : .csv
  }

  /// The media type.
  fileprivate var contentType: String {
    switch self {
    case .csv: "text/csv; charset=utf-8"
    case .arrowFile: "application/vnd.apache.arrow.file"
    case .arrowStream: "application/vnd.apache.arrow.stream"
    }
  }
}

extension Response {
  /// A response of plain text.
  static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "text/plain; charset=utf-8"],
      body: .init(byteBuffer: ByteBuffer(string: text)))
  }
}
