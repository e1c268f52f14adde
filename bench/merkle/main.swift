import Assay
import Glibc

// Times batches of Merkle proofs on one thread, and our verifier one proof at a time; README.md has the peers and the command.
// Prints one line a measurement: name, nanoseconds a proof.

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

/// The processor time of this thread, in nanoseconds: what other processes do to the machine counts less than on a wall clock.
func threadNanoseconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// The best of `runs` times of `body`, divided by `count`.
func best(of runs: Int, each count: Int, _ body: () throws -> Void) rethrows -> Double {
  var best = Double.infinity
  for _ in 0..<runs {
    let start = threadNanoseconds()
    try body()
    best = min(best, threadNanoseconds() - start)
  }
  return best / Double(count)
}

/// Replays recorded digests: what remains is the engine's own work.
final class Replay: Executor, @unchecked Sendable {
  var recorded: [Results] = []
  var next = 0
  let source: (any Executor)?

  init(recording source: (any Executor)?) { self.source = source }

  func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
    if let source {
      let results = try source.execute(batch, wanted: wanted)
      recorded.append(results)
      return results
    }
    next += 1
    return recorded[next - 1]
  }
}

/// Times `proofs` in one batch, without the hashing, and the first `singles` of them one by one.
///
/// The program's arguments are the first letters of a measurement's name, to make only that one, and how many runs it has.
func measure(_ name: String, _ proofs: [MerkleProof], singles: Int, on engine: any Executor) throws {
  let runs = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 15 : 15
  guard CommandLine.arguments.count < 2 || name.hasPrefix(CommandLine.arguments[1]) else { return }
  let recorder = Replay(recording: engine)
  let accepted = try MerkleVerifier.verify(proofs, on: recorder).count(where: \.isAccepted)
  guard accepted == proofs.count else {
    throw AssayError(.mismatch, "\(name): only \(accepted) of \(proofs.count) proofs were accepted.")
  }
  let hashes = recorder.recorded.reduce(0) { $0 + $1.rows }
  let verifier = MerkleVerifier(on: engine)
  let batch = try best(of: runs, each: proofs.count) { _ = try verifier.verify(proofs) }
  let replay = Replay(recording: nil)
  replay.recorded = recorder.recorded
  let replaying = MerkleVerifier(on: replay)
  let own = try best(of: 15, each: proofs.count) {
    replay.next = 0
    _ = try replaying.verify(proofs)
  }
  let alone = try best(of: 3, each: singles) { for proof in proofs[..<singles] { _ = try verifier.verify([proof]) } }
  print(
    "assay \(name), batch of \(proofs.count): \(Int(batch)) ns a proof, \(Int(own)) of them without hashing, \(hashes) hashes"
  )
  print("assay \(name), one by one: \(Int(alone)) ns a proof, \(Int(alone / batch * 10))/10 of the batch's")
}

func digests(_ operation: Operation, _ rows: [UInt8], width: Int, on engine: any Executor) throws -> [UInt8] {
  let results = try engine.execute(Batch(operation, [try Column(packed: rows, width: width)]))
  return results.bytes("digest").map { Array($0) } ?? []
}

func digests(_ operation: Operation, ofMessages messages: [[UInt8]], on engine: any Executor) throws -> [UInt8] {
  let results = try engine.execute(Batch(operation, [Column(messages: messages)]))
  return results.bytes("digest").map { Array($0) } ?? []
}

let engine = try Engine(threads: 1)
var noise = Noise(state: 1)
let depth = 20

// SSZ: a million leaves, 10,000 proofs.
var rows = [noise.bytes(32 << depth)]
for _ in 0..<depth { rows.append(try digests(.sha256Pair, rows[rows.count - 1], width: 64, on: engine)) }
let chosen = (0..<10_000).map { _ in Int(noise.next() % (1 << UInt64(depth))) }
func path(_ rows: [[UInt8]], _ index: Int) -> MerklePath {
  MerklePath(
    packed: rows.dropLast().enumerated().flatMap { level, row in
      row[((index >> level) ^ 1) * 32..<((index >> level) ^ 1) * 32 + 32]
    })
}
try measure(
  "ssz depth 20",
  chosen.map { index in
    .ssz(
      SSZProof(
        leaf: Array(rows[0][index * 32..<index * 32 + 32]), generalizedIndex: UInt64(1 << depth + index),
        path: path(rows, index), root: rows[depth]))
  }, singles: 200, on: engine)

// RFC 6962: the same leaves as data.
let leaves = (0..<1 << depth).map { Array(rows[0][$0 * 32..<$0 * 32 + 32]) }
let log = try MerkleTree(.rfc6962, leaves: leaves, on: engine)
let logged = chosen.compactMap { log.proof($0) }
try measure("rfc6962 depth 20", logged, singles: 200, on: engine)
let leafHashes = try digests(.sha256Message, ofMessages: chosen.map { [0] + leaves[$0] }, on: engine)
try measure(
  "leaf hashes of rfc6962 depth 20",
  logged.enumerated().map { place, proof in
    guard case .rfc6962Inclusion(var inclusion) = proof else { return proof }
    inclusion.leaf = .hash(Array(leafHashes[32 * place..<32 * place + 32]))
    return .rfc6962Inclusion(inclusion)
  }, singles: 200, on: engine)

// A state trie's proofs in shape: seven branches of sixteen hashes and a leaf, the upper branches shared as in a trie of 200
// million accounts.
func keccak(_ message: [UInt8]) throws -> [UInt8] {
  try digests(.keccak256Message, ofMessages: [message], on: engine)
}
/// The nodes on the way to some keys; every other child is random.
struct StateTrie {
  var noise: Noise
  /// Nodes by the half bytes that lead to them.
  var nodes: [[UInt8]: [UInt8]] = [:]

  /// Builds the node at `place` for the keys below it and returns its hash.
  mutating func build(_ place: [UInt8], _ keys: [[UInt8]]) throws -> [UInt8] {
    let node: [UInt8]
    if place.count == 7 {
      // One key ends here; 57 half bytes are left, an odd number.
      let rest = Array(keys[0].dropFirst(7))
      var packed = [0x30 | rest[0]]
      for index in stride(from: 1, to: rest.count, by: 2) { packed.append(rest[index] << 4 | rest[index + 1]) }
      let payload = [0x80 + UInt8(packed.count)] + packed + [0xb8, 70] + noise.bytes(70)
      node = [0xf8, UInt8(payload.count)] + payload
    } else {
      var payload: [UInt8] = []
      for nibble in UInt8(0)..<16 {
        let below = keys.filter { $0[place.count] == nibble }
        payload += [0xa0] + (below.isEmpty ? noise.bytes(32) : try build(place + [nibble], below))
      }
      payload.append(0x80)
      node = [0xf9, UInt8(payload.count >> 8), UInt8(payload.count & 255)] + payload
    }
    nodes[place] = node
    return try keccak(node)
  }
}
var accounts: [(address: [UInt8], key: [UInt8])] = []
for _ in 0..<1000 {
  let address = noise.bytes(20)
  accounts.append((address, try keccak(address).flatMap { [$0 >> 4, $0 & 15] }))
}
var trie = StateTrie(noise: noise)
let stateRoot = try trie.build([], accounts.map(\.key))
let states: [MerkleProof] = accounts.map { account in
  let nodes = (0...7).compactMap { trie.nodes[Array(account.key[..<$0])] }
  return .patricia(
    PatriciaProof(
      root: stateRoot, key: account.address, isSecure: true, value: Array(nodes[7].suffix(70)), nodes: nodes))
}
try measure("eth_getProof", states, singles: 200, on: engine)
