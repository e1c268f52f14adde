import AssayCore

extension PairRule {
  /// The batch that hashes `count` pairs of 64 bytes at `pairs`, which `owner` keeps alive. Pairs of the sorted rule are in order.
  func batch(_ pairs: UnsafeRawPointer, count: Int, owner: AnyObject?) throws(AssayError) -> Batch {
    switch self {
    case .sha256: try Batch(.sha256Pair, [Column(borrowing: pairs, count: count, as: .bytes(64), owner: owner)])
    case .sha256d: try Batch(.sha256dPair, [Column(borrowing: pairs, count: count, as: .bytes(64), owner: owner)])
    case .sortedKeccak256:
      try Batch(.keccak256Pair, [Column(borrowing: pairs, count: count, as: .bytes(64), owner: owner)])
    case .rfc6962: try Batch(.sha256Message, [Self.prefixed(pairs, count: count)])
    }
  }

  /// RFC 6962's nodes as messages of 65 bytes: 0x01, left, right.
  private static func prefixed(_ pairs: UnsafeRawPointer, count: Int) -> Column {
    let memory = Memory(byteCount: count * 65 + (count + 1) * 8)
    let offsets = memory.start.bindMemory(to: Int64.self, capacity: count + 1)
    let data = memory.start + (count + 1) * 8
    offsets[0] = 0
    for row in 0..<count {
      data.storeBytes(of: 0x01, toByteOffset: row * 65, as: UInt8.self)
      (data + row * 65 + 1).copyMemory(from: pairs + row * 64, byteCount: 64)
      offsets[row + 1] = Int64(row + 1) * 65
    }
    return Column(borrowing: data, offsets: offsets, count: count, as: .message, owner: memory)
  }

  /// The digests, end to end, of nodes that lie end to end in `nodes`, two by two; a last one without a partner is left out.
  func parents(of nodes: UnsafeRawBufferPointer, on executor: any Executor) throws(AssayError) -> [UInt8] {
    let count = nodes.count / 64
    guard count > 0 else { return [] }
    let memory = Memory(byteCount: count * 64)
    memory.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: nodes[..<(count * 64)]))
    if self == .sortedKeccak256 {
      for row in 0..<count {
        let (left, right) = (words(memory.start + row * 64), words(memory.start + row * 64 + 32))
        guard exceeds(left, right) else { continue }
        (memory.start + row * 64).storeBytes(of: right, as: Words.self)
        (memory.start + row * 64 + 32).storeBytes(of: left, as: Words.self)
      }
    }
    let results = try executor.execute(batch(memory.start, count: count, owner: memory))
    return withExtendedLifetime(results) { results.bytes("digest").map { Array($0) } ?? [] }
  }
}

extension Operation {
  /// The digests of messages, 32 bytes each, end to end. Each message is `prefix` and a row of `rows`.
  func digests(prefix: [UInt8] = [], of rows: some Collection<[UInt8]>, on executor: any Executor) throws(AssayError)
    -> [UInt8]
  {
    var messages = ColumnBuilder(.message, capacity: rows.count)
    for row in rows { messages.append(prefix.isEmpty ? row : prefix + row) }
    let results = try executor.execute(Batch(self, [messages.finish()]))
    return withExtendedLifetime(results) { results.bytes("digest").map { Array($0) } ?? [] }
  }
}
