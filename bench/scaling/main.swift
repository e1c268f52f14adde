import Assay
import Glibc

/// How batches scale over threads: the same rows through an engine of one thread and one of two, in turns, in one process.
///
/// Each row tells what both took, the shortest of all rounds over the shortest, and the median of the ratios of neighbouring
/// rounds. Processor time tells what the machine did to that: how many processors the two threads kept busy, and how much more
/// processor time than one thread they took for the same work, which is above 1 where the two processors share a core.

let rounds = 9
let operations: [(name: String, rows: Int)] = [
  ("groth16_bn254", 4_096), ("bls12381_min_pk_fast_aggregate", 4_096), ("kzg_proof", 2_048), ("kzg_cell", 1_024),
  ("kzg_blob", 128), ("ecdsa_secp256k1_low_s", 16_384), ("ed25519_rfc8032", 8_192), ("black_scholes", 4_000_000),
]

struct Time {
  var elapsed: Double
  var processor: Double
}

/// Seconds that a batch takes.
func time(_ engine: Engine, _ batch: Batch) throws -> Time {
  let (start, processor) = (ContinuousClock.now, clock())
  _ = try engine.execute(batch, wanted: nil)
  return Time(
    elapsed: (ContinuousClock.now - start) / .seconds(1),
    processor: Double(clock() - processor) / Double(CLOCKS_PER_SEC))
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }

let one = try Engine(threads: 1)
let two = try Engine(threads: 2)
for (name, rows) in operations where CommandLine.arguments.count == 1 || CommandLine.arguments.contains(name) {
  guard let operation = Operation.named(name) else {
    print("\(name): no operation of this build")
    continue
  }
  guard let portable = one.dispatcher.backends.first(where: { $0.name == "portable" }),
    let device = portable.devices.first, let kernel = portable.kernels(for: operation, on: device).first
  else { continue }
  let batch = try Corpus(operation, rows: rows, seed: 1).typical(acceptedBy: kernel)
  // The first call makes each engine's self-tests.
  _ = try (time(one, batch), time(two, batch))
  var pairs: [(one: Time, two: Time)] = []
  for _ in 0..<rounds { pairs.append((try time(one, batch), try time(two, batch))) }
  guard let single = pairs.map(\.one.elapsed).min(), let double = pairs.map(\.two.elapsed).min() else { continue }
  print(
    """
    \(name), \(rows) rows: \(rounded(single * 1_000)) ms, \(rounded(double * 1_000)) ms; \
    shortest \(rounded(single / double))x, median \(rounded(median(pairs.map { $0.one.elapsed / $0.two.elapsed })))x; \
    busy \(rounded(median(pairs.map { $0.two.processor / $0.two.elapsed }))), \
    processor time \(rounded(median(pairs.map { $0.two.processor / $0.one.processor })))x
    """)
}
