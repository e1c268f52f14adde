import AssayCore

/// An `eth_getProof` result (EIP-1186) under a state root: the account, and every storage slot listed.
///
/// The state trie must hold, under Keccak-256 of the address, exactly RLP([nonce, balance, storageHash, codeHash]); each slot's
/// trie, under Keccak-256 of its key, exactly the RLP of its value, or nothing when the value is 0. An account that does not exist
/// is shown by exclusion, with nonce, balance and all slots 0 and either no hashes or those of nothing (nodes answer both).
public struct EthereumAccountProof: Sendable {
  /// One storage slot of the account.
  public struct Slot: Sendable {
    /// The slot, big-endian, at most 32 bytes; shorter ones are padded in front.
    public var key: [UInt8]
    /// Its value, big-endian, at most 32 bytes, leading zeros allowed.
    public var value: [UInt8]
    /// The RLP of the storage trie's nodes from its root down.
    public var nodes: [[UInt8]]

    /// A slot from its parts.
    public init(key: [UInt8], value: [UInt8], nodes: [[UInt8]]) {
      self.key = key
      self.value = value
      self.nodes = nodes
    }
  }

  /// The state root to trust, 32 bytes.
  public var stateRoot: [UInt8]
  /// The account's address, 20 bytes.
  public var address: [UInt8]
  /// How many transactions the account has sent.
  public var nonce: UInt64
  /// The balance in wei, big-endian, at most 32 bytes, leading zeros allowed.
  public var balance: [UInt8]
  /// The root of the account's storage trie, 32 bytes.
  public var storageHash: [UInt8]
  /// Keccak-256 of the account's code, 32 bytes.
  public var codeHash: [UInt8]
  /// The RLP of the state trie's nodes from the root down.
  public var nodes: [[UInt8]]
  /// The slots to be shown.
  public var slots: [Slot]

  /// A proof from its parts.
  public init(
    stateRoot: [UInt8], address: [UInt8], nonce: UInt64, balance: [UInt8], storageHash: [UInt8], codeHash: [UInt8],
    nodes: [[UInt8]], slots: [Slot]
  ) {
    self.stateRoot = stateRoot
    self.address = address
    self.nonce = nonce
    self.balance = balance
    self.storageHash = storageHash
    self.codeHash = codeHash
    self.nodes = nodes
    self.slots = slots
  }

  /// Keccak-256 of the empty string: the code hash of an account without code.
  static let emptyCodeHash: [UInt8] = [
    0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c, 0x92, 0x7e, 0x7d, 0xb2, 0xdc, 0xc7, 0x03, 0xc0,
    0xe5, 0x00, 0xb6, 0x53, 0xca, 0x82, 0x27, 0x3b, 0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70,
  ]

  func add(to plan: HashPlan) {
    guard stateRoot.count == 32, address.count == 20, balance.count <= 32, storageHash.count == 32,
      codeHash.count == 32, slots.allSatisfy({ $0.key.count <= 32 && $0.value.count <= 32 })
    else { return plan.reject(.malformedRow) }
    guard let account = PatriciaWalk(key: address, isSecure: true, nodes: nodes, in: plan) else {
      return plan.reject(.proofShapeInvalid)
    }
    var walks: [PatriciaWalk] = []
    for slot in slots {
      let key = [UInt8](repeating: 0, count: 32 - slot.key.count) + slot.key
      guard let walk = PatriciaWalk(key: key, isSecure: true, nodes: slot.nodes, in: plan) else {
        return plan.reject(.proofShapeInvalid)
      }
      walks.append(walk)
    }
    plan.decide { [self] in verdict(account, walks, in: plan) }
  }

  private func verdict(_ account: PatriciaWalk, _ walks: [PatriciaWalk], in plan: HashPlan) -> Verdict {
    let outcome = stateRoot.withUnsafeBytes { account.follow(from: $0, in: plan) }
    let hasStorage: Bool
    switch outcome {
    case .invalid(let reason): return reason
    case .value(let found):
      let nonce = withUnsafeBytes(of: nonce.bigEndian) { RLPWriter.integer($0) }
      let expected = RLPWriter.list([
        nonce, RLPWriter.integer(balance), RLPWriter.string(storageHash), RLPWriter.string(codeHash),
      ])
      guard expected.withUnsafeBytes({ haveEqualBytes($0, found) }) else { return .valueMismatch }
      hasStorage = true
    case .absent:
      let zero = [UInt8](repeating: 0, count: 32)
      guard nonce == 0, balance.allSatisfy({ $0 == 0 }),
        storageHash == PatriciaWalk.emptyRoot || storageHash == zero,
        codeHash == Self.emptyCodeHash || codeHash == zero
      else { return .valueMismatch }
      hasStorage = false
    }
    let root = hasStorage ? storageHash : PatriciaWalk.emptyRoot
    for (slot, walk) in zip(slots, walks) {
      let isZero = slot.value.allSatisfy { $0 == 0 }
      let verdict = root.withUnsafeBytes { root in
        guard !isZero else { return walk.verdict(root: root, value: nil, in: plan) }
        return RLPWriter.integer(slot.value).withUnsafeBytes { walk.verdict(root: root, value: $0, in: plan) }
      }
      guard verdict.isAccepted else { return verdict }
    }
    return .accepted
  }
}
