import Assay
import AssayIO

/// A proof as the row that `assay verify` reads.
package struct ProofLine {
  /// The row: one JSON object on one line, with its line end.
  package let text: String

  /// The row of a proof that a tree made; nil for a format that no tree makes.
  package init?(_ proof: MerkleProof, identifier: String) {
    var text = "{\"id\":\"\(identifier)\",\"type\":\""
    func hex(_ bytes: [UInt8]) -> String { "\"0x\(bytes.hexadecimal)\"" }
    func end(_ path: MerklePath, _ root: [UInt8]) -> String {
      let siblings = (0..<path.count).map { hex(Array(path.bytes[$0 * 32..<$0 * 32 + 32])) }
      return ",\"path\":[\(siblings.joined(separator: ","))],\"root\":\(hex(root))}\n"
    }
    switch proof {
    case .rfc6962Inclusion(let proof):
      text += "merkle-rfc6962-inclusion\","
      switch proof.leaf {
      case .data(let data): text += "\"leaf\":\(hex(data))"
      case .hash(let hash): text += "\"leafHash\":\(hex(hash))"
      }
      text += ",\"index\":\(proof.index),\"treeSize\":\(proof.treeSize)" + end(proof.path, proof.root)
    case .ssz(let proof):
      text += "merkle-ssz\",\"leaf\":\(hex(proof.leaf)),\"generalizedIndex\":\(proof.generalizedIndex)"
      text += end(proof.path, proof.root)
    case .sortedKeccak(let proof):
      text += "merkle-keccak-sorted\","
      switch proof.leaf {
      case .hash(let hash): text += "\"leaf\":\(hex(hash))"
      case .encoded(let encoding): text += "\"encodedLeaf\":\(hex(encoding))"
      }
      text += end(proof.path, proof.root)
    default: return nil
    }
    self.text = text
  }
}
