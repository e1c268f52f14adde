import AssayCore

extension ObjectWork {
  /// Asks for the root of an RFC 6962 tree over SHA-256 (also Tendermint's): leaves SHA-256(00 | leaf), nodes SHA-256(01 | left |
  /// right), split at the largest power of two below the size; of no leaves, SHA-256 of nothing.
  ///
  /// Pairing neighbours level by level, an odd last node moving up as it is, gives the same tree. `compose` adds a leaf to a message.
  func rfc6962Root(
    count: Int, _ compose: (Int, inout [UInt8]) -> Void, then receive: @escaping ([UInt8]) -> Void
  ) {
    guard count > 0 else { return digest(.sha256, of: [], then: receive) }
    digests(.sha256, count: count) { index, message in
      message.append(0x00)
      compose(index, &message)
    } then: {
      self.climb($0.bytes, prefix: [0x01], then: receive)
    }
  }

  /// Asks for the root of a full binary SHA-256 tree over chunks of 32 bytes (SSZ's `merkleize`): missing chunks are zeros up to
  /// `width`, a power of two.
  func sszRoot(_ chunks: [[UInt8]], width: Int, then receive: @escaping ([UInt8]) -> Void) {
    let missing = 32 * max(0, width - chunks.count)
    climb(Array(chunks.joined()) + [UInt8](repeating: 0, count: missing), prefix: [], then: receive)
  }

  /// Hashes pairs of the nodes, which lie end to end, until one is left.
  private func climb(_ nodes: [UInt8], prefix: [UInt8], then receive: @escaping ([UInt8]) -> Void) {
    let count = nodes.count / 32
    guard count > 1 else { return receive(nodes) }
    digests(.sha256, count: count / 2) { pair, message in
      message += prefix
      message += nodes[64 * pair..<64 * pair + 64]
    } then: {
      self.climb(count % 2 == 1 ? $0.bytes + nodes.suffix(32) : $0.bytes, prefix: prefix, then: receive)
    }
  }
}
