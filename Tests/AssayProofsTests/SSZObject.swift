import Assay

/// `hash_tree_root` of a few objects of the consensus specification, written down as it says, and a branch hashed node by node.
enum SSZObject {
  /// The offset that stands at `place` of a container.
  static func offset(_ bytes: ArraySlice<UInt8>, _ place: Int) -> Int {
    bytes.dropFirst(place).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The root of a vector of chunks.
  static func merkleize(_ chunks: [[UInt8]]) -> [UInt8] {
    var row = chunks
    while row.count & (row.count - 1) != 0 { row.append([UInt8](repeating: 0, count: 32)) }
    while row.count > 1 { row = stride(from: 0, to: row.count, by: 2).map { sha256(row[$0] + row[$0 + 1]) } }
    return row[0]
  }

  /// The root of a list with room for `1 << depth` chunks.
  static func list(_ chunks: [[UInt8]], depth: Int) -> [UInt8] {
    var zero = [UInt8](repeating: 0, count: 32)
    var root = chunks.isEmpty ? zero : merkleize(chunks)
    for level in 0..<depth {
      if 1 << level >= chunks.count { root = sha256(root + zero) }
      zero = sha256(zero + zero)
    }
    return sha256(root + padded(littleEndian(chunks.count)))
  }

  static func beaconHeader(_ bytes: [UInt8]) -> [UInt8] {
    merkleize(
      [padded(bytes[0..<8]), padded(bytes[8..<16])]
        + stride(from: 16, to: 112, by: 32).map { Array(bytes[$0..<$0 + 32]) })
  }

  /// 512 public keys and their sum.
  static func syncCommittee(_ bytes: [UInt8]) -> [UInt8] {
    let keys = stride(from: 0, to: bytes.count, by: 48).map {
      sha256(Array(bytes[$0..<$0 + 48]) + [UInt8](repeating: 0, count: 16))
    }
    return sha256(merkleize(Array(keys[..<512])) + keys[512])
  }

  /// The header of a payload of Capella or, with two fields more, of Deneb.
  static func executionPayloadHeader(_ bytes: [UInt8]) -> [UInt8] {
    var next = 0
    func take(_ count: Int) -> ArraySlice<UInt8> {
      next += count
      return bytes[next - count..<next]
    }
    var fields: [[UInt8]] = []
    for width in [32, 20, 32, 32] { fields.append(padded(take(width))) }
    fields.append(merkleize((0..<8).map { _ in Array(take(32)) }))
    fields.append(Array(take(32)))
    for _ in 0..<4 { fields.append(padded(take(8))) }
    let end = offset(take(4), 0)
    // At most 32 bytes: one chunk.
    fields.append(sha256(padded(bytes[end...]) + padded(littleEndian(bytes.count - end))))
    for _ in 0..<4 { fields.append(Array(take(32))) }
    while next < end { fields.append(padded(take(8))) }
    return merkleize(fields)
  }

  /// Where a branch leads.
  static func top(_ leaf: [UInt8], _ generalizedIndex: UInt64, _ path: ArraySlice<UInt8>) -> [UInt8] {
    var (node, index, rest) = (leaf, generalizedIndex, path)
    while !rest.isEmpty {
      node = index & 1 == 1 ? sha256(rest.prefix(32) + node) : sha256(node + rest.prefix(32))
      (index, rest) = (index / 2, rest.dropFirst(32))
    }
    return node
  }

  static func littleEndian(_ value: Int) -> ArraySlice<UInt8> {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }[...]
  }

  static func padded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    Array(bytes) + [UInt8](repeating: 0, count: 32 - bytes.count)
  }
}
