import Assay

/// The trees of `assay merkle`.
package enum LeafRule: String, CaseIterable {
  /// RFC 6962: leaves of any length.
  case rfc6962
  /// SSZ chunks of 32 bytes.
  case ssz
  /// OpenZeppelin's `SimpleMerkleTree`: leaves of 32 bytes, sorted.
  case keccakSorted = "keccak-sorted"
  /// OpenZeppelin's `StandardMerkleTree`: leaves are ABI encodings, hashed twice, sorted.
  case keccakStandard = "keccak-standard"

  /// How long a leaf must be; nil for any length.
  var leafBytes: Int? { self == .ssz || self == .keccakSorted ? 32 : nil }

  /// The operations of its nodes.
  var operations: [Operation] {
    switch self {
    case .rfc6962: [.sha256Message, .sha256RFC6962Node]
    case .ssz: [.sha256Pair]
    case .keccakSorted: [.keccak256Pair]
    case .keccakStandard: [.keccak256Pair, .keccak256Message]
    }
  }

  /// The tree as the library names it.
  func tree(depth: Int?, mixesLength: Bool) -> MerkleTree.Rule {
    switch self {
    case .rfc6962: .rfc6962
    case .ssz: .ssz(depth: depth, mixesLength: mixesLength)
    case .keccakSorted: .sortedKeccak(sorted: true)
    case .keccakStandard: .standardKeccak(sorted: true)
    }
  }
}
