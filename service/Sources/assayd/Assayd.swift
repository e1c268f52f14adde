import ArgumentParser
import Assay
import AssayFormats
import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// `assayd`: the engine behind HTTP and gRPC.
@main struct Assayd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assayd",
    abstract: "Serve verification and pricing over HTTP and gRPC.",
    discussion: """
      --listen and --grpc-listen take unix:PATH or tcp:HOST:PORT and may be repeated. Nothing listens beyond this host unless an \
      address says so. SIGTERM ends the service with 0 once running requests have finished.
      """,
    version: AssayVersion.current)

  @Option(help: "Answer HTTP here: unix:PATH or tcp:HOST:PORT.")
  var listen: [String] = []

  @Option(help: "Answer gRPC here: unix:PATH or tcp:HOST:PORT.")
  var grpcListen: [String] = []

  @Option(help: "A JSON file of settings; options given here count more.")
  var config: String?

  @Option(help: "The backend or device that must compute; the host's processors by default.")
  var backend: String?

  @Option(help: "Threads that compute; 0 for one per processor.")
  var threads: Int?

  @Option(help: "How long a row may wait for others, in milliseconds.")
  var maxDelay: Int?

  @Flag(help: "Check the settings and end.")
  var check = false

  func settings() throws -> Configuration {
    var settings = try config.map(Configuration.init(contentsOf:)) ?? Configuration()
    if !listen.isEmpty { settings.listen = listen }
    if !grpcListen.isEmpty { settings.grpcListen = grpcListen }
    if let backend { settings.backend = backend }
    if let threads { settings.threads = threads }
    if let maxDelay { settings.maxDelayMilliseconds = maxDelay }
    return try settings.validated()
  }

  func run() async throws {
    let settings = try settings()
    if check { return print("assayd: the settings are good") }
    // A client that goes away must not end the service.
    signal(SIGPIPE, SIG_IGN)
    var logger = Logger(label: "assayd") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .info
    var engineSettings = Dispatcher.Configuration()
    if let backend = settings.backend { engineSettings.policy = .require(backend, strict: false) }
    let threads = settings.threads == 0 ? ProcessInfo.processInfo.activeProcessorCount : settings.threads
    let engine = try Engine(engineSettings, threads: threads)
    let admission = Admission(limit: settings.maxRequests, metrics: Metrics())
    // A request holds two threads of the pool at most: one that writes to its job, one that reads from it.
    let pool = NIOThreadPool(numberOfThreads: 2 * settings.maxRequests + 2)
    pool.start()
    let jobs = StreamedJobs(
      engine: engine, workers: 1, longestDelay: .milliseconds(settings.maxDelayMilliseconds))
    var services: [any Service] = [Drain(admission: admission)]
    for text in settings.listen {
      let address = try Address(text)
      let routes = HTTPRoutes(jobs: jobs, admission: admission, pool: pool, configuration: settings)
      services.append(
        Application(
          router: routes.router,
          configuration: .init(address: try address.bound(), serverName: "assayd"),
          onServerRunning: { [logger] channel in
            logger.info("answering HTTP", metadata: ["address": "\(channel.localAddress.map { "\($0)" } ?? text)"])
          },
          logger: logger))
    }
    for text in settings.grpcListen {
      services.append(
        GRPCListener(
          address: try Address(text), jobs: jobs, admission: admission, pool: pool, settings: settings, logger: logger))
    }
    var group = ServiceGroupConfiguration(
      services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(settings.drainSeconds)
    try await ServiceGroup(configuration: group).run()
    try await pool.shutdownGracefully()
    logger.info("drained")
  }
}

/// Lets no further request in once the service is told to end.
private struct Drain: Service {
  let admission: Admission

  func run() async throws {
    await withGracefulShutdownHandler {
      // Waits without end; a graceful shutdown cancels the wait.
      try? await gracefulShutdown()
    } onGracefulShutdown: {
      admission.drain()
    }
  }
}

extension Address {
  /// The address as Hummingbird binds it; a socket that an earlier run left behind is removed.
  func bound() throws -> BindAddress {
    switch self {
    case .tcp(let host, let port): return .hostname(host, port: port)
    case .unix(let path):
      try Self.removeSocket(path)
      return .unixDomainSocket(path: path)
    }
  }

  /// Removes a socket at `path`; anything else there is an error.
  static func removeSocket(_ path: String) throws {
    var facts = stat()
    guard lstat(path, &facts) == 0 else { return }
    guard facts.st_mode & S_IFMT == S_IFSOCK else { throw ValidationError("\(path): is there and is not a socket.") }
    unlink(path)
  }
}
