import AssayCore
import AssayProofs
import Glibc

/// Hashes nothing: every digest is zero, so that input whose hashes are zero is followed all the way instead of being rejected at
/// the first hash.
struct ZeroExecutor: Executor {
  func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
    Results(batch.operation, rows: batch.rows, wanted: wanted)
  }
}

/// Cuts input into pieces, each preceded by two bytes of length.
struct Pieces {
  var rest: ArraySlice<UInt8>
  mutating func next() -> [UInt8]? {
    guard rest.count >= 2 else { return nil }
    let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
    let piece = rest.dropFirst(2).prefix(length)
    rest = rest.dropFirst(2 + length)
    return Array(piece)
  }
  mutating func number() -> UInt64 { (next() ?? []).prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
  mutating func all() -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    while let piece = next() { pieces.append(piece) }
    return pieces
  }
}

let zero = [UInt8](repeating: 0, count: 32)

/// Every parser of Merkle proofs, by name.
let targets: [(name: String, run: @Sendable ([UInt8]) -> MerkleProof?)] = [
  ("ics23-iavl", { .ics23(ICS23Proof(root: zero, key: [1], value: [2], proof: $0, tree: .iavl)) }),
  ("ics23-tendermint", { .ics23(ICS23Proof(root: zero, key: [1], value: nil, proof: $0, tree: .tendermint)) }),
  ("ics23-smt", { .ics23(ICS23Proof(root: zero, key: [1], value: nil, proof: $0, tree: .smt)) }),
  (
    "merkleblock",
    { BitcoinMerkleBlock(message: $0, root: zero, transactions: []).map { .bitcoinMerkleBlock($0) } }
  ),
  (
    "patricia",
    { input in
      var pieces = Pieces(rest: input[...])
      let key = pieces.next() ?? []
      return .patricia(PatriciaProof(root: zero, key: key, isSecure: false, value: [1], nodes: pieces.all()))
    }
  ),
  (
    "eth-account",
    { input in
      var pieces = Pieces(rest: input[...])
      let slot = EthereumAccountProof.Slot(
        key: pieces.next() ?? [], value: pieces.next() ?? [], nodes: [pieces.next() ?? []])
      return .ethereumAccount(
        EthereumAccountProof(
          stateRoot: zero, address: Array(zero[..<20]), nonce: pieces.number(), balance: pieces.next() ?? [],
          storageHash: zero, codeHash: zero, nodes: pieces.all(), slots: [slot]))
    }
  ),
  (
    "keccak-encoded",
    { input in
      var pieces = Pieces(rest: input[...])
      return .sortedKeccak(
        SortedKeccakProof(leaf: .encoded(pieces.next() ?? []), path: MerklePath(pieces.all()), root: zero))
    }
  ),
  (
    "keccak-multiproof",
    { input in
      var pieces = Pieces(rest: input[...])
      let flags = (pieces.next() ?? []).map { $0 & 1 == 1 }
      let path = MerklePath(packed: pieces.next() ?? [])
      return .sortedKeccakMultiproof(
        SortedKeccakMultiproof(leaves: pieces.all().map { .encoded($0) }, path: path, flags: flags, root: zero))
    }
  ),
  (
    "ssz-multiproof",
    { input in
      var pieces = Pieces(rest: input[...])
      let path = MerklePath(packed: pieces.next() ?? [])
      let indices = pieces.all().map { $0.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
      return .sszMultiproof(
        SSZMultiproof(leaves: indices.map { _ in zero }, generalizedIndices: indices, path: path, root: zero))
    }
  ),
  (
    "paths",
    { input in
      var pieces = Pieces(rest: input[...])
      let (kind, a, b, c) = (pieces.number(), pieces.number(), pieces.number(), pieces.number())
      let path = MerklePath(packed: pieces.next() ?? [])
      switch kind % 6 {
      case 0:
        return .rfc6962Inclusion(RFC6962Inclusion(leaf: .hash(zero), index: a, treeSize: b, path: path, root: zero))
      case 1:
        return .rfc6962Consistency(
          RFC6962Consistency(firstSize: a, secondSize: b, firstRoot: zero, secondRoot: zero, path: path))
      case 2:
        return .rfc6962SubtreeInclusion(
          RFC6962SubtreeInclusion(leaf: .hash(zero), index: c, start: a, end: b, path: path, root: zero))
      case 3:
        return .rfc6962SubtreeConsistency(
          RFC6962SubtreeConsistency(start: a, end: b, treeSize: c, subtreeRoot: zero, root: zero, path: path))
      case 4: return .bitcoinBranch(BitcoinBranch(transaction: zero, index: a, path: path, root: zero, treeSize: b))
      default: return .ssz(SSZProof(leaf: zero, generalizedIndex: a, path: path, root: zero))
      }
    }
  ),
]

/// The parser that the environment names in ASSAY_FUZZ_TARGET.
let chosen: Int? = getenv("ASSAY_FUZZ_TARGET").flatMap { name in
  targets.firstIndex { $0.name == String(cString: name) }
}

/// libFuzzer's entry: the first byte chooses the parser, unless one is named.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: data, count: count)
  guard let first = input.first else { return 0 }
  if let proof = targets[chosen ?? Int(first) % targets.count].run(Array(input.dropFirst())) {
    // Twice, so that proofs also meet in one batch.
    let verdicts = try? MerkleVerifier.verify([proof, proof], on: ZeroExecutor())
    precondition(verdicts?.count == 2 && verdicts?[0] == verdicts?[1])
  }
  return 0
}
