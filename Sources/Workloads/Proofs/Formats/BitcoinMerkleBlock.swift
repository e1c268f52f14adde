import AssayCore

/// A Bitcoin `merkleblock` (BIP 37): the part of a block's tree that leads to the transactions matched by a filter.
///
/// The tree is walked depth first; a flag bit tells of each node whether it leads to a match, and each node that does not, or is a
/// leaf, takes the next hash. As Bitcoin Core's `CPartialMerkleTree::ExtractMatches` does, a left child equal to its right one
/// is rejected (CVE-2012-2459), and every hash and every flag byte must be used; unlike it, unused bits must be zero.
public struct BitcoinMerkleBlock: Sendable {
  /// How many transactions the block has.
  public var transactionCount: UInt32
  /// The given hashes in the order of the walk, in the hashed byte order.
  public var hashes: MerklePath
  /// The flag bits, the lowest of each byte first.
  public var flags: [UInt8]
  /// The block's Merkle root to trust, 32 bytes as displayed.
  public var root: [UInt8]
  /// Identifiers of transactions, as displayed, that must all be among the matched ones.
  public var transactions: [[UInt8]]

  /// Whether a message's header has another root than the one asked for.
  private var isOfOtherRoot = false

  /// A proof from its parts.
  public init(
    transactionCount: UInt32, hashes: MerklePath, flags: [UInt8], root: [UInt8], transactions: [[UInt8]]
  ) {
    self.transactionCount = transactionCount
    self.hashes = hashes
    self.flags = flags
    self.root = root
    self.transactions = transactions
  }

  /// A proof from the payload of a `merkleblock` message: block header (80 bytes), transaction count, hashes, flags. Nil when
  /// it is not one. The tree must have the root that the header names, which `root`, when given, must equal: trust in the
  /// header is the caller's.
  public init?(message: [UInt8], root: [UInt8]?, transactions: [[UInt8]]) {
    var reader = ByteReader(message)
    guard let header = reader.read(80), let count = reader.littleEndian(4), let hashCount = reader.compactSize(),
      let hashes = reader.read(count: hashCount, of: 32), let flagCount = reader.compactSize(),
      let flags = reader.read(count: flagCount, of: 1), reader.isAtEnd
    else { return nil }
    self.init(
      transactionCount: UInt32(truncatingIfNeeded: count), hashes: MerklePath(packed: Array(hashes)),
      flags: Array(flags), root: header.dropFirst(36).prefix(32).reversed(), transactions: transactions)
    isOfOtherRoot = root.map { $0 != self.root } ?? false
  }

  func add(to plan: HashPlan) {
    guard let root = plan.constant(root.reversed()), transactions.allSatisfy({ $0.count == 32 }) else {
      return plan.reject(.malformedRow)
    }
    if isOfOtherRoot { plan.reject(.rootMismatch) }
    guard hashes.isWellFormed, transactionCount > 0, hashes.count <= transactionCount else {
      return plan.reject(.proofShapeInvalid)
    }
    var walk = Walk(proof: self, plan: plan)
    guard let top = walk.visit(height: walk.height, position: 0), walk.usedEverything else {
      return plan.reject(.proofShapeInvalid)
    }
    guard transactions.allSatisfy({ walk.matches.contains($0.reversed()) }) else { return plan.reject(.valueMismatch) }
    plan.require(top, of: .sha256d, equals: root, else: .rootMismatch)
    plan.decide { [observer = walk.observer] in plan.observed(observer) == 0 ? .accepted : .proofShapeInvalid }
  }

  /// The depth-first walk. Recursion is at most 33 deep and visits at most two nodes a flag bit.
  private struct Walk {
    let proof: BitcoinMerkleBlock
    let plan: HashPlan
    let height: Int
    let observer: Int
    var matches: Set<[UInt8]> = []
    private var usedBits = 0
    private var usedHashes = 0

    init(proof: BitcoinMerkleBlock, plan: HashPlan) {
      self.proof = proof
      self.plan = plan
      height = UInt32.bitWidth - (proof.transactionCount - 1).leadingZeroBitCount
      observer = plan.observer()
    }

    var usedEverything: Bool {
      guard usedHashes == proof.hashes.count, (usedBits + 7) / 8 == proof.flags.count else { return false }
      return usedBits % 8 == 0 || proof.flags[usedBits / 8] >> UInt8(usedBits % 8) == 0
    }

    /// How many nodes the row `height` above the leaves has.
    private func width(_ height: Int) -> UInt64 {
      (UInt64(proof.transactionCount) + (1 << UInt64(height)) - 1) >> UInt64(height)
    }

    mutating func visit(height: Int, position: UInt64) -> Reference? {
      guard usedBits / 8 < proof.flags.count else { return nil }
      let leads = proof.flags[usedBits / 8] >> UInt8(usedBits % 8) & 1 == 1
      usedBits += 1
      guard height > 0, leads else {
        guard usedHashes < proof.hashes.count else { return nil }
        let hash = proof.hashes.bytes[32 * usedHashes..<32 * usedHashes + 32]
        usedHashes += 1
        if leads { matches.insert(Array(hash)) }
        return hash.withUnsafeBytes { plan.constant($0) }
      }
      guard let left = visit(height: height - 1, position: 2 * position) else { return nil }
      let level = self.height - height
      guard 2 * position + 1 < width(height - 1) else { return plan.pair(.sha256d, level: level, left, left) }
      guard let right = visit(height: height - 1, position: 2 * position + 1) else { return nil }
      return plan.pair(.sha256d, level: level, left, right, observer: observer)
    }
  }
}
