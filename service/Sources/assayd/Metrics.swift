import Synchronization

/// What the service counts, in the text format of Prometheus.
final class Metrics: Sendable {
  /// Upper bounds of the duration histogram's buckets, in seconds.
  private static let bounds = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

  private struct Key: Hashable {
    let operation: String
    let outcome: String
  }

  private struct Histogram {
    var buckets = [UInt64](repeating: 0, count: Metrics.bounds.count + 1)
    var sum = 0.0
    var count: UInt64 = 0
  }

  private struct State {
    var requests: [Key: UInt64] = [:]
    var rows: [Key: UInt64] = [:]
    var fallbacks: UInt64 = 0
    var durations: [String: Histogram] = [:]
    var running = 0
  }

  private let state = Mutex(State())

  /// A request that was let in; ``finished(_:outcome:seconds:)`` ends it.
  func started() { state.withLock { $0.running += 1 } }

  /// How many requests run.
  var running: Int { state.withLock { $0.running } }

  /// A request that ended.
  func finished(_ operation: String, outcome: String, seconds: Double) {
    state.withLock { state in
      state.running -= 1
      state.requests[Key(operation: operation, outcome: outcome), default: 0] += 1
      var histogram = state.durations[operation] ?? Histogram()
      histogram.buckets[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
      histogram.sum += seconds
      histogram.count += 1
      state.durations[operation] = histogram
    }
  }

  /// A request that was refused before it ran.
  func refused(_ operation: String, outcome: String) {
    state.withLock { $0.requests[Key(operation: operation, outcome: outcome), default: 0] += 1 }
  }

  /// Rows that came to an end.
  func add(rows: Int, accepted: Int, fallbacks: Int, of operation: String) {
    state.withLock { state in
      state.rows[Key(operation: operation, outcome: "accepted"), default: 0] += UInt64(accepted)
      state.rows[Key(operation: operation, outcome: "rejected"), default: 0] += UInt64(rows - accepted)
      state.fallbacks += UInt64(fallbacks)
    }
  }

  /// All of it as text, names sorted.
  var text: String {
    let state = state.withLock { $0 }
    var text = ""
    func head(_ name: String, _ kind: String, _ help: String) {
      text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }
    func sorted(_ values: [Key: UInt64]) -> [(Key, UInt64)] {
      values.sorted { ($0.key.operation, $0.key.outcome) < ($1.key.operation, $1.key.outcome) }
    }
    head("assay_requests_total", "counter", "Requests by operation and outcome.")
    for (key, count) in sorted(state.requests) {
      text += "assay_requests_total{operation=\"\(key.operation)\",outcome=\"\(key.outcome)\"} \(count)\n"
    }
    head("assay_rows_total", "counter", "Rows by operation and outcome.")
    for (key, count) in sorted(state.rows) {
      text += "assay_rows_total{operation=\"\(key.operation)\",outcome=\"\(key.outcome)\"} \(count)\n"
    }
    head("assay_fallbacks_total", "counter", "Row ranges that a device left to another.")
    text += "assay_fallbacks_total \(state.fallbacks)\n"
    head("assay_requests_running", "gauge", "Requests that compute now.")
    text += "assay_requests_running \(state.running)\n"
    head("assay_request_seconds", "histogram", "Seconds from a request's first byte to its last answer.")
    for (operation, histogram) in state.durations.sorted(by: { $0.key < $1.key }) {
      var below: UInt64 = 0
      for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], histogram.buckets) {
        below += count
        text += "assay_request_seconds_bucket{operation=\"\(operation)\",le=\"\(bound)\"} \(below)\n"
      }
      text += "assay_request_seconds_sum{operation=\"\(operation)\"} \(histogram.sum)\n"
      text += "assay_request_seconds_count{operation=\"\(operation)\"} \(histogram.count)\n"
    }
    return text
  }
}
