import ArgumentParser
import Foundation

/// What the service does, from the command line or a file; a key that is not known is an error.
struct Configuration: Codable, Sendable {
  /// Where HTTP is answered: `unix:PATH` or `tcp:HOST:PORT`.
  var listen: [String] = []
  /// Where gRPC is answered.
  var grpcListen: [String] = []
  /// The backend or device that must compute; absent for the host's processors.
  var backend: String?
  /// Threads that compute; 0 for one per processor.
  var threads = 0
  /// How long a row may wait for others, in milliseconds.
  var maxDelayMilliseconds = 20
  /// The longest request in bytes; a longer one is refused with 413, or RESOURCE_EXHAUSTED.
  var maxRequestBytes = 1 << 30
  /// How many requests compute at once; further ones are refused at once with 503, or RESOURCE_EXHAUSTED.
  var maxRequests = 64
  /// How long requests may finish after SIGTERM, in seconds.
  var drainSeconds = 30

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case listen, grpcListen, backend, threads, maxDelayMilliseconds, maxRequestBytes, maxRequests, drainSeconds
  }

  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init() {}

  init(from decoder: any Decoder) throws {
    let known = Set(CodingKeys.allCases.map(\.stringValue))
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
      throw ValidationError(
        "the key \(key.stringValue) is not known; there are: \(known.sorted().joined(separator: ", "))")
    }
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    listen = try values.decodeIfPresent([String].self, forKey: .listen) ?? listen
    grpcListen = try values.decodeIfPresent([String].self, forKey: .grpcListen) ?? grpcListen
    backend = try values.decodeIfPresent(String.self, forKey: .backend)
    threads = try values.decodeIfPresent(Int.self, forKey: .threads) ?? threads
    maxDelayMilliseconds =
      try values.decodeIfPresent(Int.self, forKey: .maxDelayMilliseconds) ?? maxDelayMilliseconds
    maxRequestBytes = try values.decodeIfPresent(Int.self, forKey: .maxRequestBytes) ?? maxRequestBytes
    maxRequests = try values.decodeIfPresent(Int.self, forKey: .maxRequests) ?? maxRequests
    drainSeconds = try values.decodeIfPresent(Int.self, forKey: .drainSeconds) ?? drainSeconds
  }

  /// Reads a configuration from a JSON file.
  init(contentsOf path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ValidationError("\(path): cannot be read.")
    }
    do {
      self = try JSONDecoder().decode(Configuration.self, from: data)
    } catch let error as ValidationError {
      throw ValidationError("\(path): \(error.message).")
    } catch {
      throw ValidationError("\(path): is not a configuration: \(error).")
    }
  }

  /// Checks every value, and that there is somewhere to listen.
  func validated() throws -> Configuration {
    guard !listen.isEmpty || !grpcListen.isEmpty else {
      throw ValidationError("There is nowhere to listen. Pass --listen unix:PATH or --listen tcp:127.0.0.1:8080.")
    }
    for text in listen + grpcListen { _ = try Address(text) }
    for (name, value, range) in [
      ("threads", threads, 0...4096), ("maxDelayMilliseconds", maxDelayMilliseconds, 0...60_000),
      ("maxRequestBytes", maxRequestBytes, 1...(1 << 40)), ("maxRequests", maxRequests, 1...4096),
      ("drainSeconds", drainSeconds, 0...3600),
    ] where !range.contains(value) {
      throw ValidationError("\(name) is \(value), which is not from \(range.lowerBound) to \(range.upperBound).")
    }
    return self
  }
}

/// Where a listener listens.
enum Address: Sendable, CustomStringConvertible {
  case unix(String)
  case tcp(host: String, port: Int)

  /// Reads `unix:PATH` or `tcp:HOST:PORT`; a host in brackets is an IPv6 address.
  init(_ text: String) throws {
    if text.hasPrefix("unix:"), text.count > 5 {
      self = .unix(String(text.dropFirst(5)))
    } else if text.hasPrefix("tcp:"), let colon = text.lastIndex(of: ":"),
      let port = Int(text[text.index(after: colon)...]),
      (0...65535).contains(port), text.index(text.startIndex, offsetBy: 4) < colon
    {
      let host = text[text.index(text.startIndex, offsetBy: 4)..<colon]
      self = .tcp(
        host: host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host),
        port: port)
    } else {
      throw ValidationError("\(text) is not an address. Write unix:PATH or tcp:HOST:PORT.")
    }
  }

  var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .tcp(let host, let port): "tcp:\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
  }
}
