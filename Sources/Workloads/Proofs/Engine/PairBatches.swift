import AssayCore

extension PairRule {
  /// The operation that hashes pairs of the rule.
  private var operation: Operation {
    switch self {
    case .sha256: .sha256Pair
    case .sha256d: .sha256dPair
    case .sortedKeccak256, .keccak256: .keccak256Pair
    case .rfc6962: .sha256RFC6962Node
    }
  }

  /// The batch that hashes `count` pairs of 64 bytes at `pairs`, which `owner` keeps alive. Pairs of the sorted rule are in order.
  func batch(_ pairs: UnsafeRawPointer, count: Int, owner: AnyObject?) throws(AssayError) -> Batch {
    try Batch(operation, [Column(borrowing: pairs, count: count, as: .bytes(64), owner: owner)])
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
