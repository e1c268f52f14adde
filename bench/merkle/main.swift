import Assay

// Times batches of Merkle proofs on one thread; see README.md for the peers and the command.

/// Repeatable random bytes (SplitMix64).
struct Noise {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

/// The rows of a tree over 2^depth random leaves, each row one array; `hash` maps a row of pairs to the row above.
func tree(depth: Int, _ noise: inout Noise, _ hash: ([UInt8]) throws -> [UInt8]) rethrows -> [[UInt8]] {
  var rows = [noise.bytes(32 << depth)]
  for _ in 0..<depth { rows.append(try hash(rows[rows.count - 1])) }
  return rows
}

func path(_ rows: [[UInt8]], _ index: Int) -> [UInt8] {
  var path: [UInt8] = []
  for (level, row) in rows.dropLast().enumerated() {
    let sibling = (index >> level) ^ 1
    path += row[sibling * 32..<sibling * 32 + 32]
  }
  return path
}

/// The best of `runs` times, in nanoseconds.
func best(of runs: Int, _ body: () throws -> Void) rethrows -> Double {
  var best = Double.infinity
  let clock = ContinuousClock()
  for _ in 0..<runs {
    let time = try clock.measure(body)
    best = min(best, Double(time.components.seconds) * 1e9 + Double(time.components.attoseconds) / 1e9)
  }
  return best
}

/// Spends no time on hashing: what remains is the engine's own work.
final class Replay: Executor, @unchecked Sendable {
  var recorded: [Results] = []
  var next = 0
  let inner: (any Executor)?
  init(_ inner: (any Executor)?) { self.inner = inner }
  func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
    if let inner {
      let results = try inner.execute(batch, wanted: wanted)
      recorded.append(results)
      return results
    }
    next += 1
    return recorded[next - 1]
  }
}

let engine = try Engine(threads: 1)
var noise = Noise(state: 1)
let depth = 20
let rows = try tree(depth: depth, &noise) { row in
  let results = try engine.execute(Batch(.sha256Pair, [Column(packed: row, width: 64)]))
  return Array(results.bytes("digest") ?? .init(start: nil, count: 0))
}
let proofs: [MerkleProof] = (0..<10_000).map { _ in
  let index = Int(noise.next() % (1 << 20))
  return .ssz(
    SSZProof(
      leaf: Array(rows[0][index * 32..<index * 32 + 32]), generalizedIndex: UInt64(1 << depth + index),
      path: MerklePath(packed: path(rows, index)), root: rows[depth]))
}
let recorder = Replay(engine)
guard try MerkleVerifier.verify(proofs, on: recorder).allSatisfy(\.isAccepted) else {
  fatalError("a good proof was rejected")
}
let hashed = recorder.recorded.reduce(0) { $0 + $1.rows }
let verifier = MerkleVerifier(on: engine)
let time = try best(of: 20) { _ = try verifier.verify(proofs) }
let replay = Replay(nil)
replay.recorded = recorder.recorded
let replaying = MerkleVerifier(on: replay)
let own = try best(of: 40) {
  replay.next = 0
  _ = try replaying.verify(proofs)
}
print(
  "ssz depth 20, 10000 proofs: \(time / 10_000) ns a proof, of which \(own / 10_000) without hashing; \(hashed) hashes")
