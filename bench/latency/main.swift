// Latency of the async front under load, in an open loop: bench-latency [seconds per point]
//
// Calls come when a Poisson process says so, whether or not earlier ones are done, and their latency counts from the moment at which they
// were due: a server that stalls is charged for the calls that it kept waiting. Loads are fractions of the rate that the same calls reach when
// all of them are there at once.
import Assay
import Foundation
import Histogram

let seconds = CommandLine.arguments.dropFirst().first.flatMap(Double.init) ?? 5
let loads = [0.1, 0.5, 0.9]

/// Nanoseconds of the monotonic clock.
func now() -> UInt64 { DispatchTime.now().uptimeNanoseconds }

/// Sleeps until `time`, in two steps: the system wakes a thread up to 60 microseconds late.
func wait(until time: UInt64) {
  let left = Int64(bitPattern: time &- now())
  if left > 100_000 { usleep(UInt32((left - 100_000) / 1_000)) }
  while Int64(bitPattern: time &- now()) > 0 {}
}

/// Calls per second when `count` of them wait at once.
@MainActor func capacity(_ count: Int, _ call: @escaping @Sendable (Int) async throws -> Void) async throws -> Double {
  let started = now()
  try await withThrowingTaskGroup(of: Void.self) { group in
    for index in 0..<count { group.addTask { try await call(index) } }
    try await group.waitForAll()
  }
  return Double(count) / (Double(now() - started) / 1e9)
}

/// Latencies of calls at `rate` per second, in nanoseconds.
@MainActor func latencies(
  atRate rate: Double, _ call: @escaping @Sendable (Int) async throws -> Void
) async throws -> Histogram<UInt64> {
  var generator = SystemRandomNumberGenerator()
  var histogram = Histogram<UInt64>(highestTrackableValue: 60_000_000_000, numberOfSignificantValueDigits: .three)
  try await withThrowingTaskGroup(of: UInt64.self) { group in
    let started = now()
    var due = Double(started)
    var index = 0
    while due < Double(started) + seconds * 1e9 {
      due -= log(Double.random(in: Double.leastNonzeroMagnitude..<1, using: &generator)) / rate * 1e9
      let (place, time) = (index, UInt64(due))
      wait(until: time)
      group.addTask {
        try await call(place)
        return now() - time
      }
      index += 1
    }
    for try await latency in group { histogram.record(latency) }
  }
  return histogram
}

/// Prints a line for each load.
@MainActor func measure(
  _ name: String, calls: Int, statistics: @escaping @Sendable () -> QueueStatistics,
  _ call: @escaping @Sendable (Int) async throws -> Void
) async throws {
  _ = try await capacity(calls / 4, call)
  let most = try await capacity(calls, call)
  print("\(name): \(Int(most)) calls per second when all wait at once")
  for load in loads {
    let before = statistics()
    let histogram = try await latencies(atRate: load * most, call)
    let after = statistics()
    let points = [50, 90, 99, 99.9, 100].map { percentile in
      String(format: "%8.0f", Double(histogram.valueAtPercentile(percentile)) / 1_000)
    }
    let batch = Double(after.rows - before.rows) / Double(max(after.batches - before.batches, 1))
    print(
      String(format: "  %3.0f%% %8.0f/s", 100 * load, load * most), points.joined(separator: " "),
      String(format: "%7.1f rows per batch", batch))
  }
}

/// One Ed25519 row of examples/mixed.jsonl.
struct SignatureRow: Decodable {
  let type: String
  let publicKey: String?
  let message: String?
  let signature: String?

  var check: Check? {
    guard type == "ed25519", let publicKey, let message, let signature else { return nil }
    return .signature(
      .ed25519(
        Ed25519Check(
          .zip215, publicKey: Self.bytes(publicKey), message: Self.bytes(message), signature: Self.bytes(signature))))
  }

  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.hasPrefix("0x") ? hexadecimal.dropFirst(2) : hexadecimal[...]
    let values = digits.compactMap(\.hexDigitValue)
    return stride(from: 0, to: values.count - 1, by: 2).map { UInt8(16 * values[$0] + values[$0 + 1]) }
  }
}

print("microseconds                      p50      p90      p99    p99.9      max")
let engine = try Engine()
let lines = try String(contentsOfFile: "examples/mixed.jsonl", encoding: .utf8).split(separator: "\n")
let checks = lines.compactMap { try? JSONDecoder().decode(SignatureRow.self, from: Data($0.utf8)).check }
guard !checks.isEmpty else { fatalError("Run it in the repository's folder: examples/mixed.jsonl has the signatures.") }
let verifier = try await Verifier(on: engine, warm: [.ed25519ZIP215])
try await measure("Verifier, one Ed25519 signature per call", calls: 40_000, statistics: { verifier.statistics }) {
  _ = try await verifier.verify(checks[$0 % checks.count])
}
let books = try (0..<64).map { index in
  try OptionBook(
    .blackScholes, types: [index % 2 == 0 ? .call : .put],
    columns: ["spot": [90 + Double(index)], "strike": [100], "years": [0.5], "volatility": [0.2]])
}
let pricer = try await Pricer(on: engine, warm: [.blackScholes])
try await measure("Pricer, one option with six measures per call", calls: 80_000, statistics: { pricer.statistics }) {
  _ = try await pricer.price(books[$0 % books.count])
}
