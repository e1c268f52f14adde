import Assay
import AssayFormats
import Foundation
import GRPCCore
import NIOCore
import NIOPosix
import Synchronization

/// The methods of assay.proto.
struct AssayService: RegistrableRPCService {
  let jobs: StreamedJobs
  let admission: Admission
  let pool: NIOThreadPool

  private static let name = "assay.v1.Assay"

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    router.register(Self.name, "VerifyRows", Assay_V1_VerifyRowsRequest.self, Assay_V1_VerifyRowsResponse.self) {
      for try await request in $0 { try await $1.write(try await verify(request)) }
    }
    router.register(Self.name, "VerifyStream", Assay_V1_VerifyRow.self, Assay_V1_RowVerdict.self) {
      try await verifyStream($0, $1)
    }
    // One handler serves both: each request has one response, in order.
    for method in ["Price", "PriceStream"] {
      router.register(Self.name, method, Assay_V1_PriceRequest.self, Assay_V1_PriceResponse.self) {
        for try await request in $0 { try await $1.write(try await price(request)) }
      }
    }
  }

  private func verify(_ request: Assay_V1_VerifyRowsRequest) async throws -> Assay_V1_VerifyRowsResponse {
    let (input, output) = (try NamelessFile(), try NamelessFile())
    try input.append(ByteBuffer(bytes: request.rows))
    let summary = try await admission.answer("verify") {
      try jobs.verify(from: input.descriptor, to: output.descriptor)
    }
    var response = Assay_V1_VerifyRowsResponse()
    response.lines = Data(try output.contents())
    if request.wantReceipt { response.receipt = Data(summary.receipt.utf8) }
    return response
  }

  private func price(_ request: Assay_V1_PriceRequest) async throws -> Assay_V1_PriceResponse {
    let computation: StreamedJobs.Computation
    switch request.operation {
    case "", "price": computation = .price(request.measures)
    case "implied-volatility": computation = .impliedVolatility
    default: throw RPCError(code: .invalidArgument, message: "The operation is price or implied-volatility.")
    }
    let (input, output) = (try NamelessFile(), try NamelessFile())
    try input.append(ByteBuffer(bytes: request.arrow))
    let summary = try await admission.answer("price") {
      try jobs.compute(
        computation, from: input.descriptor, to: output.descriptor, format: .arrowStream,
        model: request.model.isEmpty ? nil : request.model, asOf: request.asOf.isEmpty ? nil : request.asOf)
    }
    var response = Assay_V1_PriceResponse()
    response.arrow = Data(try output.contents())
    if request.wantReceipt { response.receipt = Data(summary.receipt.utf8) }
    return response
  }

  /// Rows go into one job as they come; its lines leave with the sequence numbers of their rows, in order.
  private func verifyStream(
    _ rows: RPCAsyncSequence<Assay_V1_VerifyRow, any Error>, _ writer: RPCWriter<Assay_V1_RowVerdict>
  ) async throws {
    let (input, output) = (try Pipe(), try Pipe())
    let (jobs, pool, admission) = (jobs, pool, admission)
    let sequences = SequenceQueue()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer {
          input.closeReading()
          output.closeWriting()
        }
        _ = try await admission.answer("verify-stream") { try jobs.verify(from: input.reading, to: output.writing) }
      }
      group.addTask {
        defer { input.closeWriting() }
        for try await row in rows {
          // A row is one line: a blank one would have no answer, so it goes as an empty list, which is malformed.
          var line = row.row.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 }
          if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) { line = Array("0".utf8) }
          sequences.append(row.sequence)
          guard try await input.write(ByteBuffer(bytes: line + [UInt8(ascii: "\n")]), on: pool) else { return }
        }
      }
      group.addTask {
        defer { output.closeReading() }
        var rest = ByteBuffer()
        while let buffer = try await output.read(on: pool) {
          rest.writeImmutableBuffer(buffer)
          while let end = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")),
            let line = rest.readBytes(length: end - rest.readerIndex + 1), let sequence = sequences.next()
          {
            try await writer.write(Self.verdict(line, sequence))
          }
          rest.discardReadBytes()
        }
      }
      try await group.waitForAll()
    }
  }

  private static func verdict(_ line: [UInt8], _ sequence: UInt64) throws -> Assay_V1_RowVerdict {
    struct Line: Decodable {
      let accepted: Bool
      let reason: String?
      let detail: String?
    }
    let parsed = try JSONDecoder().decode(Line.self, from: Data(line))
    var verdict = Assay_V1_RowVerdict()
    verdict.sequence = sequence
    verdict.accepted = parsed.accepted
    verdict.reason = parsed.reason ?? ""
    verdict.detail = parsed.detail ?? ""
    verdict.line = Data(line)
    return verdict
  }
}

/// The sequence numbers of rows that wait for their lines.
private final class SequenceQueue: Sendable {
  private let numbers = Mutex<(first: Int, list: [UInt64])>((0, []))

  func append(_ number: UInt64) { numbers.withLock { $0.list.append(number) } }

  func next() -> UInt64? {
    numbers.withLock { state in
      guard state.first < state.list.count else { return nil }
      defer {
        state.first += 1
        if state.first == state.list.count { state = (0, []) }
      }
      return state.list[state.first]
    }
  }
}

extension Admission {
  /// Runs a job and counts its rows, with gRPC's codes for what it throws.
  func answer(
    _ operation: String, _ job: @escaping @Sendable () throws -> StreamedJobs.Summary
  ) async throws -> StreamedJobs.Summary {
    do {
      let summary = try await run(operation, job)
      metrics.add(rows: summary.rows, accepted: summary.accepted, fallbacks: summary.fallbacks, of: operation)
      return summary
    } catch {
      throw Self.status(of: error)
    }
  }

  /// Runs `body`, with gRPC's codes for what it throws.
  func inWords<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch { throw Self.status(of: error) }
  }

  private static func status(of error: any Error) -> any Error {
    switch error {
    case let refusal as Refusal:
      RPCError(code: refusal == .full ? .resourceExhausted : .unavailable, message: refusal.rawValue)
    case let error as AssayError:
      RPCError(code: error.kind == .unavailable ? .unavailable : .invalidArgument, message: "\(error)")
    default: error
    }
  }
}
