import Assay

/// A tree that leaves go into piece by piece, and of which the root and one leaf's proof come out.
///
/// RFC 6962's needs memory for one path only, however many leaves there are; the other rules keep all leaves.
package final class LeafTree {
  /// Some leaves, end to end.
  struct Piece {
    /// The position of the first one among all, from 0.
    var first = 0
    /// The leaves' bytes.
    fileprivate(set) var bytes: [UInt8] = []
    /// Where each one is.
    fileprivate(set) var leaves: [Range<Int>] = []
    /// The leaves' hashes, for RFC 6962.
    fileprivate var hashes: [UInt8] = []

    /// Appends a leaf.
    mutating func append(_ leaf: UnsafeRawBufferPointer) {
      leaves.append(bytes.count..<bytes.count + leaf.count)
      bytes.append(contentsOf: leaf)
    }
  }

  /// What comes of a tree.
  package struct Result: Sendable {
    /// How many leaves it has.
    package let leaves: Int
    /// The root, 32 bytes.
    package let root: [UInt8]
    /// The proof that was asked for; nil when there is no such leaf.
    package let proof: MerkleProof?
  }

  /// How the tree is made.
  let rule: LeafRule
  private let kind: MerkleTree.Rule
  private let index: Int?
  private let executor: any Executor
  private var builder: RFC6962RootBuilder
  private var leaf: [UInt8] = []
  private var leaves: [[UInt8]] = []

  /// A tree without leaves, whose nodes `executor` hashes; it keeps what the proof of leaf `index` needs.
  init(_ rule: LeafRule, depth: Int?, mixesLength: Bool, proving index: Int?, on executor: any Executor) {
    self.rule = rule
    self.index = index
    self.executor = executor
    kind = rule.tree(depth: depth, mixesLength: mixesLength)
    builder = RFC6962RootBuilder(on: executor, proving: index)
  }

  /// Does what a thread can do with a piece of its own.
  func prepare(_ piece: inout Piece, on executor: any Executor) throws(AssayError) {
    guard rule == .rfc6962 else { return }
    // A closure would lose the error's type.
    let memory = Memory(byteCount: piece.bytes.count)
    memory.bytes.copyBytes(from: piece.bytes)
    piece.hashes = try RFC6962RootBuilder.leafHashes(
      of: piece.leaves, in: UnsafeRawBufferPointer(memory.bytes), on: executor)
  }

  /// Appends the next piece.
  func append(_ piece: Piece) throws(AssayError) {
    guard rule == .rfc6962 else {
      leaves += piece.leaves.map { Array(piece.bytes[$0]) }
      return
    }
    if let index, index >= piece.first, index - piece.first < piece.leaves.count {
      leaf = Array(piece.bytes[piece.leaves[index - piece.first]])
    }
    try builder.append(leafHashes: piece.hashes)
  }

  /// The root of all leaves and the proof.
  func finish() throws(AssayError) -> Result {
    guard rule == .rfc6962 else {
      let tree = try MerkleTree(kind, leaves: leaves, on: executor)
      return Result(leaves: tree.count, root: tree.root, proof: index.flatMap(tree.proof))
    }
    let root = try builder.root()
    var proof: MerkleProof?
    if let index, let path = try builder.path() {
      proof = .rfc6962Inclusion(
        RFC6962Inclusion(
          leaf: .data(leaf), index: UInt64(index), treeSize: UInt64(builder.count), path: path, root: root))
    }
    return Result(leaves: builder.count, root: root, proof: proof)
  }
}
