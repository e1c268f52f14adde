import AssayCore
import CAssayOperations

/// A key of an Ethereum Merkle-Patricia trie with its value, or without one (yellow paper, appendix D; `eth_getProof`, EIP-1186).
///
/// Nodes are canonical RLP, hashed with Keccak-256 and listed from the root down along the key. Every listed node must be used: one
/// left over rejects the proof, and so does a missing one, also for exclusion, where a proof cut short could hide a value.
/// Nodes shorter than 32 bytes stand inside their parent; a list may name them again behind it, byte for byte, as some libraries do.
/// Exclusion is shown by an empty
/// child or value, by a leaf with another path, by an extension that leads elsewhere, or by the empty trie.
public struct PatriciaProof: Sendable {
  /// The trie's root to trust, 32 bytes.
  public var root: [UInt8]
  /// The key: as the trie has it, or to be hashed first when ``isSecure``.
  public var key: [UInt8]
  /// Whether the trie's key is the Keccak-256 of ``key``, as in state and storage tries.
  public var isSecure: Bool
  /// The value to be shown, as it lies in the trie (usually RLP); nil to show that there is none.
  public var value: [UInt8]?
  /// The RLP of the nodes from the root down.
  public var nodes: [[UInt8]]

  /// A proof from its parts.
  public init(root: [UInt8], key: [UInt8], isSecure: Bool, value: [UInt8]?, nodes: [[UInt8]]) {
    self.root = root
    self.key = key
    self.isSecure = isSecure
    self.value = value
    self.nodes = nodes
  }

  @inline(never)
  func add(to plan: HashPlan) {
    guard let root = plan.root(root) else { return plan.reject(.malformedRow) }
    guard let walk = PatriciaWalk(key: key, isSecure: isSecure, nodes: nodes, in: plan) else {
      return plan.reject(.proofShapeInvalid)
    }
    plan.require(walk, from: root, shows: value.map { plan.keep($0) })
  }
}

/// The hashes that a proof of one key needs, and the way along the key once they are there.
///
/// A plain value that points into the plan.
struct PatriciaWalk: BitwiseCopyable {
  /// A key of 1 KiB has 2,048 half bytes; real proofs have a dozen nodes.
  static let nodeLimit = 2_048
  /// Keccak-256 of the empty string's RLP: the root of a trie without keys.
  static let emptyRoot: [UInt8] = [
    0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6, 0xff, 0x83, 0x45, 0xe6, 0x92, 0xc0, 0xf8, 0x6e,
    0x5b, 0x48, 0xe0, 0x1b, 0x99, 0x6c, 0xad, 0xc0, 0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21,
  ]

  private let key: UnsafeRawBufferPointer
  private let hashedKey: Reference?
  /// Where the nodes are among the plan's messages.
  private let firstNode: Int
  private let endOfNodes: Int

  /// Adds the hashes to `plan`; nil when there are absurdly many nodes.
  init?(key: [UInt8], isSecure: Bool, nodes: [[UInt8]], in plan: HashPlan) {
    guard nodes.count <= Self.nodeLimit else { return nil }
    // A hashed key is among the plan's messages.
    self.key = isSecure ? UnsafeRawBufferPointer(start: nil, count: 0) : plan.keep(key)
    hashedKey = isSecure ? key.withUnsafeBytes { plan.message(.keccak256, level: 0, $0) } : nil
    firstNode = plan.messages(.keccak256, level: 0, nodes)
    endOfNodes = firstNode + nodes.count
  }

  /// What a proof says of its key, or why it says nothing.
  enum Outcome {
    case value(UnsafeRawBufferPointer)
    case absent
    case invalid(Verdict)
  }

  /// Accepted when the trie at `root` has `value` under the key, or nothing when `value` is nil.
  func verdict(root: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?, in plan: HashPlan) -> Verdict {
    switch follow(from: root, in: plan) {
    case .invalid(let reason): reason
    case .absent: value == nil ? .accepted : .valueMismatch
    case .value(let found): value.map { haveEqualBytes($0, found) } ?? false ? .accepted : .valueMismatch
    }
  }

  /// Follows the key from `root`. To be called when the plan is hashed.
  func follow(from root: UnsafeRawBufferPointer, in plan: HashPlan) -> Outcome {
    let key = Nibbles(hashedKey.map { plan.value($0) } ?? key)
    let layer = plan.messageLayer(.keccak256, 0)
    let digests = layer.pointee.digests
    if Self.emptyRoot.withUnsafeBytes({ haveEqualBytes($0, root) }) {
      let isShown =
        endOfNodes == firstNode || endOfNodes == firstNode + 1 && layer.pointee.message(firstNode).elementsEqual([0x80])
      return isShown ? .absent : .invalid(.proofShapeInvalid)
    }
    var rest = key
    var child = PatriciaNode.Child.hash(root)
    var used = firstNode
    while true {
      let item: RLPItem
      switch child {
      case .none: return used == endOfNodes ? .absent : .invalid(.proofShapeInvalid)
      case .embedded(let embedded):
        item = embedded
        if used < endOfNodes, haveEqualBytes(layer.pointee.message(used), embedded.encoding) { used += 1 }
      case .hash(let hash):
        guard used < endOfNodes else { return .invalid(.proofShapeInvalid) }
        guard let expected = hash.baseAddress, assay_equal_32(digests.digest(used), expected) else {
          return .invalid(.rootMismatch)
        }
        let bytes = layer.pointee.message(used)
        let isRoot = used == firstNode
        let isFullBranch = layer.pointee.isFullBranch(used)
        used += 1
        if isFullBranch, rest.count > 0 {
          child = .hash(PatriciaNode.child(rest.first, ofFullBranch: bytes))
          rest = rest.dropFirst()
          continue
        }
        guard let whole = RLPItem(bytes), isRoot || bytes.count >= 32 else { return .invalid(.nonCanonicalEncoding) }
        item = whole
      }
      guard let node = PatriciaNode(item) else { return .invalid(.nonCanonicalEncoding) }
      let end: Outcome
      switch node {
      case .leaf(let path, let value):
        end = path.count == rest.count && path.isPrefix(of: rest) ? .value(value) : .absent
      case .branch(let items) where rest.count == 0:
        guard let value = PatriciaNode.item(16, of: items) else { return .invalid(.nonCanonicalEncoding) }
        end = value.payload.isEmpty ? .absent : .value(value.payload)
      case .branch(let items):
        guard let next = PatriciaNode.item(rest.first, of: items).flatMap(PatriciaNode.child) else {
          return .invalid(.nonCanonicalEncoding)
        }
        rest = rest.dropFirst()
        child = next
        continue
      case .extension(let path, let next):
        if path.isPrefix(of: rest) {
          rest = rest.dropFirst(path.count)
          child = next
          continue
        }
        end = .absent
      }
      return used == endOfNodes ? end : .invalid(.proofShapeInvalid)
    }
  }
}
