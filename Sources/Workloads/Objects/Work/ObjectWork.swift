public import AssayCore
public import AssayProofs
public import AssaySignatures

/// What objects need computed, gathered into one batch of each kind, and who waits for the answers.
///
/// Answers may ask for more: a transaction's signature needs the hash of its payload first. Hashes are run until none is asked for
/// any more, then everything else at once, so that signatures of objects of every kind meet in one batch.
public final class ObjectWork {
  /// Takes an object's outcome.
  public typealias Finish = (ObjectOutcome) -> Void

  /// How a message becomes a digest of 32 bytes.
  public enum HashFunction: Int, CaseIterable, Sendable, Hashable {
    /// SHA-256 (FIPS 180-4).
    case sha256
    /// SHA-256 of SHA-256.
    case sha256d
    /// Keccak-256 with Ethereum's original padding.
    case keccak256
    /// The lower 250 bits of Keccak-256 (Starknet).
    case starknetKeccak
    /// Poseidon's hash of elements of the STARK field, end to end.
    case poseidon
    /// Pedersen's hash of two elements of the STARK field.
    case pedersen

    var operation: Operation {
      switch self {
      case .sha256: .sha256Message
      case .sha256d: .sha256dMessage
      case .keccak256, .starknetKeccak: .keccak256Message
      case .poseidon: .starkPoseidonHash
      case .pedersen: .starkPedersen
      }
    }
  }

  /// Requests of one kind, and the answers' receivers with how many requests each made.
  private struct Queue<Request, Answer> {
    var requests: [Request] = []
    var receivers: [(count: Int, receive: ([Answer]) -> Void)] = []
    var isEmpty: Bool { receivers.isEmpty }

    mutating func append(_ new: [Request], _ receive: @escaping ([Answer]) -> Void) {
      requests += new
      receivers.append((new.count, receive))
    }

    /// Empties the queue and hands each receiver its answers, in the order in which they asked.
    mutating func take() -> Queue {
      defer { self = Queue() }
      return self
    }

    func deliver(_ answers: [Answer]) {
      var next = 0
      for receiver in receivers {
        receiver.receive(Array(answers[next..<next + receiver.count]))
        next += receiver.count
      }
    }
  }

  private var hashes = HashFunction.allCases.map { HashQueue($0) }
  private var signatures = Queue<SignatureCheck, SignatureOutcome>()
  private var proofs = Queue<MerkleProof, Verdict>()
  private var bls = Queue<BLSCheck, Verdict>()
  private var minSig = Queue<BLSMinSigCheck, Verdict>()
  private var groth16 = Queue<Groth16Check, Verdict>()
  private var kzg = Queue<KZGCheck, Verdict>()
  private var calls = Queue<EVMCall, EVMReturn>()
  private var stark = Queue<StarkCall, StarkResult>()
  private var points = Queue<[UInt8], [UInt8]>()

  init() {}

  /// Asks for digests of 32 bytes, one a message.
  public func digests(
    _ function: HashFunction, of messages: [[UInt8]], then receive: @escaping ([[UInt8]]) -> Void
  ) {
    digests(function, count: messages.count) {
      $1 += messages[$0]
    } then: {
      receive(Array($0))
    }
  }

  /// Asks for the digests of `count` messages, each of which `compose` writes where it is hashed: it is called at once, in their
  /// order, and adds to bytes that are there already.
  func digests(
    _ function: HashFunction, count: Int, _ compose: (Int, inout [UInt8]) -> Void,
    then receive: @escaping (DigestList) -> Void
  ) {
    hashes[function.rawValue].append(count, compose, receive)
  }

  /// Asks for the digest of one message.
  public func digest(_ function: HashFunction, of message: [UInt8], then receive: @escaping ([UInt8]) -> Void) {
    digests(function, of: [message]) { receive($0[0]) }
  }

  /// Asks for outcomes of signatures.
  public func verify(_ checks: [SignatureCheck], then receive: @escaping ([SignatureOutcome]) -> Void) {
    signatures.append(checks, receive)
  }

  /// Asks for verdicts of Merkle proofs.
  public func verify(_ checks: [MerkleProof], then receive: @escaping ([Verdict]) -> Void) {
    proofs.append(checks, receive)
  }

  /// Asks for verdicts of BLS signatures with keys in G1.
  public func verify(_ checks: [BLSCheck], then receive: @escaping ([Verdict]) -> Void) {
    bls.append(checks, receive)
  }

  /// Asks for verdicts of BLS signatures with keys in G2.
  public func verify(_ checks: [BLSMinSigCheck], then receive: @escaping ([Verdict]) -> Void) {
    minSig.append(checks, receive)
  }

  /// Asks for verdicts of Groth16 proofs.
  public func verify(_ checks: [Groth16Check], then receive: @escaping ([Verdict]) -> Void) {
    groth16.append(checks, receive)
  }

  /// Asks for verdicts of KZG openings.
  public func verify(_ checks: [KZGCheck], then receive: @escaping ([Verdict]) -> Void) {
    kzg.append(checks, receive)
  }

  /// Asks for what calls of precompiled contracts return.
  public func call(_ precompiles: [EVMCall], then receive: @escaping ([EVMReturn]) -> Void) {
    calls.append(precompiles, receive)
  }

  /// Asks for what calls over the STARK field give.
  public func run(_ requests: [StarkCall], then receive: @escaping ([StarkResult]) -> Void) {
    stark.append(requests, receive)
  }

  /// Asks for points of BN254's G1, 64 bytes each, of 96 uniform bytes each.
  func mapToBN254(_ uniform: [[UInt8]], then receive: @escaping ([[UInt8]]) -> Void) {
    points.append(uniform, receive)
  }

  /// Runs what was asked for, and what answers ask for, until nobody waits.
  func run(on executor: any Executor) throws(AssayError) {
    repeat {
      while hashes.contains(where: { !$0.isEmpty }) {
        for function in HashFunction.allCases where !hashes[function.rawValue].isEmpty {
          try hashes[function.rawValue].take().deliver(on: executor)
        }
      }
      if !points.isEmpty {
        let queue = points.take()
        queue.deliver(try Self.map(queue.requests, on: executor))
        continue
      }
      if !proofs.isEmpty {
        let queue = proofs.take()
        queue.deliver(try MerkleVerifier.verify(queue.requests, on: executor))
        continue
      }
      if !signatures.isEmpty {
        let queue = signatures.take()
        queue.deliver(try SignatureVerifier.verify(queue.requests, on: executor))
      }
      if !bls.isEmpty {
        let queue = bls.take()
        queue.deliver(try BLSVerifier.verify(queue.requests, on: executor))
      }
      if !minSig.isEmpty {
        let queue = minSig.take()
        queue.deliver(try BLSMinSigVerifier.verify(queue.requests, on: executor))
      }
      if !groth16.isEmpty {
        let queue = groth16.take()
        queue.deliver(try Groth16Verifier.verify(queue.requests, on: executor))
      }
      if !kzg.isEmpty {
        let queue = kzg.take()
        queue.deliver(try KZGVerifier.verify(queue.requests, on: executor))
      }
      if !calls.isEmpty {
        let queue = calls.take()
        queue.deliver(try EVMPrecompileRunner.run(queue.requests, on: executor))
      }
      if !stark.isEmpty {
        let queue = stark.take()
        queue.deliver(try StarkRunner.run(queue.requests, on: executor))
      }
    } while isWaiting
  }

  private var isWaiting: Bool {
    hashes.contains { !$0.isEmpty } || !proofs.isEmpty || !signatures.isEmpty || !bls.isEmpty || !minSig.isEmpty
      || !groth16.isEmpty || !kzg.isEmpty || !calls.isEmpty || !stark.isEmpty || !points.isEmpty
  }

  private static func map(_ uniform: [[UInt8]], on executor: any Executor) throws(AssayError) -> [[UInt8]] {
    var column = ColumnBuilder(.bytes(96), capacity: uniform.count)
    for bytes in uniform { column.append(bytes) }
    let results = try executor.execute(Batch(.bn254MapUniformToG1, [try column.finish()]))
    return withExtendedLifetime(results) {
      guard let points = results.bytes("point") else { return uniform.map { _ in [] } }
      return uniform.indices.map { Array(points[64 * $0..<64 * $0 + 64]) }
    }
  }
}
