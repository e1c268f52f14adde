/// One Merkle proof with everything that its verdict depends on: what is proven, the proof, and the root to trust.
///
/// Hashes are 32 bytes. Malformed contents (a root of 31 bytes, a path that is too long) are allowed here: they get a verdict.
public enum MerkleProof: Sendable {
  /// A leaf of a Certificate Transparency tree.
  case rfc6962Inclusion(RFC6962Inclusion)
  /// Two sizes of a Certificate Transparency log.
  case rfc6962Consistency(RFC6962Consistency)
  /// A leaf of a subtree of a Certificate Transparency log.
  case rfc6962SubtreeInclusion(RFC6962SubtreeInclusion)
  /// A subtree of a Certificate Transparency log.
  case rfc6962SubtreeConsistency(RFC6962SubtreeConsistency)
  /// A transaction of a Bitcoin block.
  case bitcoinBranch(BitcoinBranch)
  /// The transactions of a Bitcoin block that match a filter.
  case bitcoinMerkleBlock(BitcoinMerkleBlock)
  /// A leaf of an OpenZeppelin tree.
  case sortedKeccak(SortedKeccakProof)
  /// A leaf of a tree over Keccak-256 at a position.
  case positionalKeccak(PositionalKeccakProof)
  /// Several leaves of an OpenZeppelin tree.
  case sortedKeccakMultiproof(SortedKeccakMultiproof)
  /// A node of an SSZ object.
  case ssz(SSZProof)
  /// Several nodes of an SSZ object.
  case sszMultiproof(SSZMultiproof)
  /// A key of an Ethereum trie.
  case patricia(PatriciaProof)
  /// An Ethereum account with storage slots.
  case ethereumAccount(EthereumAccountProof)
  /// A key of a Cosmos tree.
  case ics23(ICS23Proof)
}

/// The siblings of a path, each 32 bytes, that of the leaf first, laid end to end.
public struct MerklePath: Sendable, Hashable {
  /// All siblings end to end; empty when ``isWellFormed`` is false.
  public let bytes: [UInt8]
  /// Whether every sibling has 32 bytes.
  public let isWellFormed: Bool

  /// A path from its siblings end to end.
  public init(packed bytes: [UInt8]) {
    isWellFormed = bytes.count % 32 == 0
    self.bytes = isWellFormed ? bytes : []
  }

  /// A path from its siblings one by one; one that is not 32 bytes long makes the proof's verdict `proof-shape-invalid`.
  public init(_ siblings: [[UInt8]]) {
    isWellFormed = siblings.allSatisfy { $0.count == 32 }
    bytes = isWellFormed ? Array(siblings.joined()) : []
  }

  /// How many siblings there are.
  public var count: Int { bytes.count / 32 }
}

extension MerkleProof {
  /// Checks the proof's structure and adds its hashes to `plan`, which may point into the proof until it is hashed.
  ///
  /// Neither this nor what is called for frequent formats is inlined: there the compiler retains and releases every byte string
  /// of every proof, which takes longer than the rest.
  @inline(never)
  func add(to plan: HashPlan) {
    switch self {
    case .rfc6962Inclusion(let proof): proof.add(to: plan)
    case .rfc6962Consistency(let proof): proof.add(to: plan)
    case .rfc6962SubtreeInclusion(let proof): proof.add(to: plan)
    case .rfc6962SubtreeConsistency(let proof): proof.add(to: plan)
    case .bitcoinBranch(let proof): proof.add(to: plan)
    case .bitcoinMerkleBlock(let proof): proof.add(to: plan)
    case .sortedKeccak(let proof): proof.add(to: plan)
    case .positionalKeccak(let proof): proof.add(to: plan)
    case .sortedKeccakMultiproof(let proof): proof.add(to: plan)
    case .ssz(let proof): proof.add(to: plan)
    case .sszMultiproof(let proof): proof.add(to: plan)
    case .patricia(let proof): proof.add(to: plan)
    case .ethereumAccount(let proof): proof.add(to: plan)
    case .ics23(let proof): proof.add(to: plan)
    }
  }
}
