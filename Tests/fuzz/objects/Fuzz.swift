import AssayCore
import AssayObjects
import AssaySignatures
import Glibc

/// Computes nothing and accepts everything: digests are zeros and every verdict is good, so that what comes after a signature is
/// reached too.
struct CredulousExecutor: Executor {
  func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
    let results = Results(batch.operation, rows: batch.rows, wanted: wanted)
    for column in results.columns where column.description.kind == .verdict {
      column.bytes?.initializeMemory(as: UInt8.self, repeating: Verdict.accepted.rawValue)
    }
    return results
  }
}

/// Cuts input into pieces, each preceded by two bytes of length.
struct Pieces {
  var rest: ArraySlice<UInt8>

  mutating func next() -> [UInt8] {
    guard rest.count >= 2 else { return [] }
    let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
    let piece = rest.dropFirst(2).prefix(length)
    rest = rest.dropFirst(2 + length)
    return Array(piece)
  }

  mutating func number() -> UInt64 { next().prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}

let zero = [UInt8](repeating: 0, count: 32)
let address = Array(zero[..<20])
/// The SubjectPublicKeyInfo of some Ed25519 key.
let logKey = LogKey([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00] + zero)

/// Every decoder of objects, by name.
let targets: [(name: String, make: @Sendable ([UInt8]) -> (any ChainObject)?)] = [
  ("eth-transaction", { EthereumTransaction(raw: $0) }),
  (
    "eth-transactions",
    { input in
      var pieces = Pieces(rest: input[...])
      return EthereumTransactions(transactions: (0..<8).map { _ in pieces.next() }, transactionsRoot: zero)
    }
  ),
  (
    "comet-update",
    { input in
      CometLightUpdate(protobuf: input).map {
        CometBFTCommit(
          chainId: $0.header.chainId, header: $0.header, commit: $0.commit, validators: $0.validators,
          trusted: $0.trusted)
      }
    }
  ),
  (
    "typed-data",
    { input in
      var pieces = Pieces(rest: input[...])
      func text() -> String { String(decoding: pieces.next(), as: UTF8.self) }
      let types = [text(): [TypedData.Member(name: text(), type: text()), .init(name: text(), type: text())]]
      let values: [TypedValue] = [.text(text()), .number(text()), .list([.text(text())]), .bool(true), .null]
      let members = Dictionary(
        zip((0..<5).map { _ in text() }, values).map { ($0, $1) }, uniquingKeysWith: { first, _ in first })
      let data = TypedData(types: types, primaryType: text(), domain: members, message: members)
      return SignedMessage(.typedData(data), signer: .none(digest: zero))
    }
  ),
  ("vaa", { WormholeVAA(vaa: $0, guardians: [address, address, address]) }),
  (
    "sct",
    { input in
      logKey.map { SignedCertificateTimestamp(key: $0, bytes: input, entry: .certificate([1])) }
    }
  ),
  (
    "checkpoint",
    { input in
      logKey.map {
        RekorEntry(
          key: $0, body: [1], index: 0, treeSize: 1, path: [], root: zero, checkpoint: input, timestamp: nil)
      }
    }
  ),
  (
    "webauthn",
    { input in
      WebAuthnAssertion(
        publicKey: [], authenticatorData: zero + [0xff, 0, 0, 0, 1], clientDataJSON: input, challenge: [],
        signature: [])
    }
  ),
  (
    "bitcoin-input",
    { input in
      var pieces = Pieces(rest: input[...])
      let script = pieces.next()
      return BitcoinInput(transaction: pieces.next(), input: 0, spent: [.init(value: 1, script: script)])
    }
  ),
  (
    "bitcoin-sighash",
    { input in
      var pieces = Pieces(rest: input[...])
      let (script, type) = (pieces.next(), UInt32(truncatingIfNeeded: pieces.number()))
      return BitcoinSighash(transaction: pieces.next(), input: 0, script: script, value: nil, type: type, digest: zero)
    }
  ),
  (
    "bitcoin-message",
    { input in
      var pieces = Pieces(rest: input[...])
      let signature = pieces.next()
      return BitcoinSignedMessage(
        message: pieces.next(), address: String(decoding: pieces.next(), as: UTF8.self), signature: signature)
    }
  ),
  (
    "ics23-chain",
    { input in
      ICS23Chain.proofs(ofMerkleProof: input).map {
        ICS23Chain(root: zero, key: [1], value: nil, proofs: $0, path: [[1]])
      }
    }
  ),
  ("sp1", { SP1Proof(proof: $0, programKey: zero, publicValues: []) }),
  ("risc0", { RISCZeroProof(seal: $0, imageId: zero, journal: .digest(zero)) }),
  (
    "drand",
    { input in
      var pieces = Pieces(rest: input[...])
      return DrandRound(
        scheme: .chained, publicKey: pieces.next(), round: pieces.number(), previousSignature: pieces.next(),
        signature: pieces.next())
    }
  ),
  (
    "op-output-root",
    { input in
      var pieces = Pieces(rest: input[...])
      let output = OptimismOutput.Output(
        version: zero, stateRoot: zero, messagePasserStorageRoot: zero, blockHash: zero, root: zero)
      return OptimismOutput(
        output: output, withdrawalHash: zero, storageProof: [pieces.next(), pieces.next(), pieces.next()])
    }
  ),
  (
    "starknet-typed-data",
    { input in
      var pieces = Pieces(rest: input[...])
      func text() -> String { String(decoding: pieces.next(), as: UTF8.self) }
      let domain = ["StarknetDomain": [StarknetTypedData.Member(name: text(), type: text())]]
      let types = domain.merging([text(): [.init(name: text(), type: text(), contains: text())]]) { first, _ in first }
      let values: [TypedValue] = [.text(text()), .number(text()), .list([.text(text())]), .bool(true), .null]
      let members = Dictionary(
        zip((0..<5).map { _ in text() }, values).map { ($0, $1) }, uniquingKeysWith: { first, _ in first })
      let data = StarknetTypedData(
        types: types, primaryType: text(), domain: ["revision": .text("1")], message: members)
      return StarknetValue(.subject(.typedData(data, account: zero)), value: zero)
    }
  ),
  ("pem", { SubjectPublicKey(pem: String(decoding: $0, as: UTF8.self)).map { _ in EthereumTransaction(raw: []) } }),
  (
    "comet-time",
    { CometTime(String(decoding: $0, as: UTF8.self)).map { _ in EthereumTransaction(raw: []) } }
  ),
]

/// The decoder that the environment names in ASSAY_FUZZ_TARGET.
let chosen: Int? = getenv("ASSAY_FUZZ_TARGET").flatMap { name in
  targets.firstIndex { $0.name == String(cString: name) }
}

/// libFuzzer's entry: the first byte chooses the decoder, unless one is named.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: data, count: count)
  guard let first = input.first else { return 0 }
  if let object = targets[chosen ?? Int(first) % targets.count].make(Array(input.dropFirst())) {
    // Twice, so that objects also meet in one batch.
    let outcomes = try? ObjectVerifier.verify([object, object], on: CredulousExecutor())
    precondition(outcomes?.count == 2 && outcomes?[0] == outcomes?[1])
  }
  return 0
}
