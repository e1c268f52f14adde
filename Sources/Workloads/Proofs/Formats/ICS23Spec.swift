/// What a tree's proofs must look like (`ProofSpec` in `cosmos/ics23/v1/proofs.proto`), for trees of two children a node.
///
/// Prefixes decide everything: without them an inner node could be presented as a leaf, or a value as an inner node (the "Dragonberry"
/// advisory), so an inner prefix never starts like a leaf's and its length leaves room for exactly the children to the left.
struct ICS23Spec: Hashable {
  /// The bytes that a tree's own rules ask for, beyond what the lengths say.
  enum Rules: Hashable {
    case none, iavl, tendermint
  }

  var leaf = ICS23.LeafOp(hash: ICS23.sha256, prehashValue: ICS23.sha256, length: ICS23.variableLength, prefix: [0])
  var rules = Rules.none
  /// Whether a leaf's prefix is exactly the specified one. A longer one would let part of a real key pose as prefix and the rest
  /// as another key; ics23-go allows it, and IAVL's rules make the prefix exact in their own way.
  var hasExactLeafPrefix = false
  /// Bytes that a child takes in a parent, its length byte included.
  var childSize = 32
  var minimumPrefix = 1
  var maximumPrefix = 1
  /// What stands for a missing child.
  var emptyChild: [UInt8] = []
  var innerHash = ICS23.sha256
  var maximumDepth = 128
  var minimumDepth = 0
  /// Whether neighbours are compared by the hash of their keys.
  var comparesHashedKeys = false

  /// Cosmos SDK's IAVL+ tree: prefixes hold height, size and version as zigzag varints.
  static let iavl = ICS23Spec(rules: .iavl, childSize: 33, minimumPrefix: 4, maximumPrefix: 12)
  /// Tendermint's (CometBFT's) RFC 6962 tree.
  static let tendermint = ICS23Spec(rules: .tendermint, hasExactLeafPrefix: true)
  /// Celestia's sparse Merkle tree.
  static let smt = ICS23Spec(
    leaf: ICS23.LeafOp(
      hash: ICS23.sha256, prehashKey: ICS23.sha256, prehashValue: ICS23.sha256, length: ICS23.noLength, prefix: [0]),
    hasExactLeafPrefix: true,
    emptyChild: [UInt8](repeating: 0, count: 32), maximumDepth: 256, comparesHashedKeys: true)

  // MARK: - Single proofs

  /// Whether leaf and steps have the form that the tree gives them.
  func admits(_ proof: ICS23.Existence, _ inners: [ICS23.InnerOp]) -> Bool {
    guard let leaf = proof.leaf, admits(leaf), proof.path.count >= minimumDepth, proof.path.count <= maximumDepth else {
      return false
    }
    return proof.path.enumerated().allSatisfy { position, inner in admits(inners[inner], layer: position + 1) }
  }

  func admits(_ op: ICS23.LeafOp) -> Bool {
    if rules == .iavl {
      guard let header = IAVLHeader(op.prefix), header.height == 0, header.size == 1, header.rest.isEmpty else {
        return false
      }
    }
    return op.hash == leaf.hash && op.prehashKey == leaf.prehashKey && op.prehashValue == leaf.prehashValue
      && op.length == leaf.length
      && (hasExactLeafPrefix ? op.prefix == leaf.prefix : op.prefix.starts(with: leaf.prefix))
  }

  /// `layer` counts inner nodes from 1 next to the leaf.
  func admits(_ op: ICS23.InnerOp, layer: Int) -> Bool {
    switch rules {
    case .none: break
    case .iavl:
      // What follows the header is the length of the left child, and with it on the left its hash and the length of the right one.
      guard let header = IAVLHeader(op.prefix), header.height >= layer,
        header.rest.count == 1 || header.rest.count == 34
      else { return false }
    case .tendermint:
      guard op.prefix.first == 1, op.suffix.isEmpty || op.prefix.count == 1 else { return false }
    }
    return op.hash == innerHash && !op.prefix.starts(with: leaf.prefix) && op.prefix.count >= minimumPrefix
      && op.prefix.count <= maximumPrefix + childSize && maximumPrefix < minimumPrefix + childSize
      && (op.suffix.isEmpty || op.suffix.count == childSize)
  }

  // MARK: - Neighbours

  /// Which child a step comes from.
  enum Side { case left, right }

  func side(of op: ICS23.InnerOp) -> Side? {
    let bare = minimumPrefix...max(minimumPrefix, maximumPrefix)
    if bare.contains(op.prefix.count), op.suffix.count == childSize { return .left }
    return bare.contains(op.prefix.count - childSize) && op.suffix.isEmpty ? .right : nil
  }

  /// Whether the step comes from the only child, which is the right one.
  func hasEmptyLeft(_ op: ICS23.InnerOp) -> Bool {
    side(of: op) == .right && op.prefix.suffix(childSize).elementsEqual(emptyChild)
  }

  /// Whether the step comes from the only child, which is the left one.
  func hasEmptyRight(_ op: ICS23.InnerOp) -> Bool {
    side(of: op) == .left && op.suffix.elementsEqual(emptyChild)
  }

  /// Whether nothing of the tree is left of the path.
  func isLeftmost(_ path: some Sequence<ICS23.InnerOp>) -> Bool {
    path.allSatisfy { side(of: $0) == .left || hasEmptyLeft($0) }
  }

  /// Whether nothing of the tree is right of the path.
  func isRightmost(_ path: some Sequence<ICS23.InnerOp>) -> Bool {
    path.allSatisfy { side(of: $0) == .right || hasEmptyRight($0) }
  }

  /// Whether nothing of the tree is between the two paths, which are not the same: from the root down they agree, then part to the
  /// left and to the right, and below that keep to the side of the gap.
  func areNeighbours(_ left: [ICS23.InnerOp], _ right: [ICS23.InnerOp]) -> Bool {
    var common = 0
    while common < min(left.count, right.count),
      left[left.count - 1 - common].prefix == right[right.count - 1 - common].prefix,
      left[left.count - 1 - common].suffix == right[right.count - 1 - common].suffix
    {
      common += 1
    }
    let (below, beside) = (left.count - common - 1, right.count - common - 1)
    guard below >= 0, beside >= 0 else { return false }
    return side(of: left[below]) == .left && side(of: right[beside]) == .right && isRightmost(left[..<below])
      && isLeftmost(right[..<beside])
  }
}

/// The start of an IAVL prefix: three non-negative zigzag varints.
private struct IAVLHeader {
  let height: Int64
  let size: Int64
  let rest: ArraySlice<UInt8>

  init?(_ prefix: ArraySlice<UInt8>) {
    var reader = ByteReader(prefix)
    func signed() -> Int64? {
      reader.varint().flatMap { $0 & 1 == 0 ? Int64($0 >> 1) : nil }
    }
    guard let height = signed(), let size = signed(), signed() != nil,
      let rest = reader.read(reader.remaining)
    else { return nil }
    self.height = height
    self.size = size
    self.rest = rest
  }
}
