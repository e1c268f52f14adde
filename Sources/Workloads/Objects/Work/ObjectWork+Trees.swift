import AssayCore

extension ObjectWork {
  /// Asks for the root of an RFC 6962 tree over SHA-256 (also Tendermint's): leaves SHA-256(00 | leaf), nodes SHA-256(01 | left |
  /// right), split at the largest power of two below the size; of no leaves, SHA-256 of nothing.
  ///
  /// Pairing neighbours level by level, an odd last node moving up as it is, gives the same tree.
  func rfc6962Root(_ leaves: [[UInt8]], then receive: @escaping ([UInt8]) -> Void) {
    guard !leaves.isEmpty else { return digest(.sha256, of: [], then: receive) }
    digests(.sha256, of: leaves.map { [0x00] + $0 }) { self.climb($0, prefix: [0x01], then: receive) }
  }

  /// Asks for the root of a full binary SHA-256 tree over chunks of 32 bytes (SSZ's `merkleize`): missing chunks are zeros up to
  /// `width`, a power of two.
  func sszRoot(_ chunks: [[UInt8]], width: Int, then receive: @escaping ([UInt8]) -> Void) {
    let zeros = [UInt8](repeating: 0, count: 32)
    climb(chunks + Array(repeating: zeros, count: max(0, width - chunks.count)), prefix: [], then: receive)
  }

  private func climb(_ nodes: [[UInt8]], prefix: [UInt8], then receive: @escaping ([UInt8]) -> Void) {
    guard nodes.count > 1 else { return receive(nodes.first ?? []) }
    let pairs = stride(from: 0, to: nodes.count - 1, by: 2).map { prefix + nodes[$0] + nodes[$0 + 1] }
    digests(.sha256, of: pairs) { digests in
      self.climb(nodes.count % 2 == 1 ? digests + [nodes[nodes.count - 1]] : digests, prefix: prefix, then: receive)
    }
  }
}
