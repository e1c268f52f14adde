import AssayCore
import AssayProofs

/// An output root of an OP-stack chain, its parts, and, when given, a withdrawal in it (OP Stack specification, "L2 output root
/// proposals", "withdrawals").
///
/// Accepted when Keccak-256 of version 0, state root, message-passer storage root and block hash is the output root; the
/// withdrawal's hash is that of its fields; and the storage proof, when there, shows 1 in its slot under the message-passer storage
/// root. Acceptance does not say that the output was proposed, is final or was not used before.
public struct OptimismOutput: ChainObject {
  /// The parts of an output root.
  public struct Output: Sendable {
    /// The version: 32 zero bytes.
    public var version: [UInt8]
    /// The state's root.
    public var stateRoot: [UInt8]
    /// The root of the message passer's storage.
    public var messagePasserStorageRoot: [UInt8]
    /// The block's hash.
    public var blockHash: [UInt8]
    /// The root that the parts must have.
    public var root: [UInt8]

    /// An output from its parts, 32 bytes each.
    public init(
      version: [UInt8], stateRoot: [UInt8], messagePasserStorageRoot: [UInt8], blockHash: [UInt8], root: [UInt8]
    ) {
      self.version = version
      self.stateRoot = stateRoot
      self.messagePasserStorageRoot = messagePasserStorageRoot
      self.blockHash = blockHash
      self.root = root
    }
  }

  /// A withdrawal transaction.
  public struct Withdrawal: Sendable {
    /// The nonce, 32 bytes.
    public var nonce: [UInt8]
    /// Who sent it, 20 bytes.
    public var sender: [UInt8]
    /// Whom it calls, 20 bytes.
    public var target: [UInt8]
    /// The value in wei, at most 32 bytes.
    public var value: [UInt8]
    /// The gas limit, at most 32 bytes.
    public var gasLimit: [UInt8]
    /// The call data.
    public var data: [UInt8]

    /// A withdrawal from its parts.
    public init(
      nonce: [UInt8], sender: [UInt8], target: [UInt8], value: [UInt8], gasLimit: [UInt8], data: [UInt8]
    ) {
      self.nonce = nonce
      self.sender = sender
      self.target = target
      self.value = value
      self.gasLimit = gasLimit
      self.data = data
    }

    /// The fields as Solidity's `abi.encode` has them.
    var encoding: [UInt8] {
      let head = [nonce, sender, target, value, gasLimit].flatMap { $0.padded(to: 32) }
      let tail = [UInt8](repeating: 0, count: (32 - data.count % 32) % 32)
      return head + UInt64(192).bigEndianBytes.padded(to: 32) + UInt64(data.count).bigEndianBytes.padded(to: 32) + data
        + tail
    }
  }

  /// The output root; nil when only the withdrawal is to be checked.
  public var output: Output?
  /// The withdrawal; nil when only the output root is to be checked.
  public var withdrawal: Withdrawal?
  /// The hash that the withdrawal must have, 32 bytes.
  public var withdrawalHash: [UInt8]?
  /// The slot that its hash must be stored in, 32 bytes.
  public var slot: [UInt8]?
  /// The storage trie's nodes from its root down.
  public var storageProof: [[UInt8]]?

  /// Describes a row.
  public init(
    output: Output?, withdrawal: Withdrawal? = nil, withdrawalHash: [UInt8]? = nil, slot: [UInt8]? = nil,
    storageProof: [[UInt8]]? = nil
  ) {
    self.output = output
    self.withdrawal = withdrawal
    self.withdrawalHash = withdrawalHash
    self.slot = slot
    self.storageProof = storageProof
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    try checkForm()
    let outputs = output.map { [$0.version + $0.stateRoot + $0.messagePasserStorageRoot + $0.blockHash] } ?? []
    work.digests(.keccak256, of: outputs + (withdrawal.map { [$0.encoding] } ?? [])) { digests in
      if let output, digests[0] != output.root {
        return finish(.rejected(.rootMismatch, "the parts have another output root"))
      }
      let computed = withdrawal == nil ? nil : digests.last
      if let computed, let withdrawalHash, computed != withdrawalHash {
        return finish(.rejected(.valueMismatch, "the withdrawal's fields have another hash than withdrawalHash"))
      }
      guard let hash = computed ?? withdrawalHash else { return finish(.accepted()) }
      work.digest(.keccak256, of: hash + [UInt8](repeating: 0, count: 32)) { found in
        if let slot, slot != found {
          return finish(.rejected(.valueMismatch, "the withdrawal is stored in another slot"))
        }
        let proofs = zip(output.map { [$0] } ?? [], storageProof.map { [$0] } ?? []).map { output, nodes in
          MerkleProof.patricia(
            PatriciaProof(
              root: output.messagePasserStorageRoot, key: found, isSecure: true, value: [0x01], nodes: nodes))
        }
        work.verify(proofs) { verdicts in
          if let verdict = verdicts.first, !verdict.isAccepted {
            return finish(.rejected(verdict, "the storage proof does not show the withdrawal"))
          }
          finish(.accepted([("withdrawalHash", .bytes(hash)), ("slot", .bytes(found))]))
        }
      }
    }
  }

  private func checkForm() throws(ObjectFault) {
    guard output != nil || withdrawal != nil else {
      throw .malformed("there is neither an output root nor a withdrawal")
    }
    if let output {
      let parts = [output.version, output.stateRoot, output.messagePasserStorageRoot, output.blockHash, output.root]
      guard parts.allSatisfy({ $0.count == 32 }) else {
        throw .malformed("a part of the output root is not 32 bytes long")
      }
      guard output.version.allSatisfy({ $0 == 0 }) else {
        throw ObjectFault(.unsupportedType, "the output root is not of version 0")
      }
    }
    if let withdrawal {
      guard withdrawal.sender.count == 20, withdrawal.target.count == 20, withdrawal.nonce.count <= 32,
        withdrawal.value.count <= 32, withdrawal.gasLimit.count <= 32
      else { throw .malformed("a field of the withdrawal does not have its length") }
    }
    if storageProof != nil, output == nil || withdrawal == nil && withdrawalHash == nil {
      throw .malformed("storageProof needs the output root's parts and a withdrawal")
    }
  }
}
