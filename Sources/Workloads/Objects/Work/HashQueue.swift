import AssayCore

/// Digests of 32 bytes each, end to end.
struct DigestList: RandomAccessCollection {
  /// All of them.
  let bytes: [UInt8]

  var startIndex: Int { 0 }
  var endIndex: Int { bytes.count / 32 }

  /// A digest as bytes of its own.
  subscript(index: Int) -> [UInt8] { Array(self[bytesOf: index]) }

  /// A digest where it lies.
  subscript(bytesOf index: Int) -> ArraySlice<UInt8> { bytes[32 * index..<32 * index + 32] }
}

/// Messages that one function is to hash, end to end as the batch has them, and who waits for their digests.
struct HashQueue {
  private let function: ObjectWork.HashFunction
  private var messages: ColumnBuilder
  private var receivers: [(count: Int, receive: (DigestList) -> Void)] = []

  var isEmpty: Bool { receivers.isEmpty }

  init(_ function: ObjectWork.HashFunction) {
    self.function = function
    // Pedersen's hash is of two elements.
    messages = ColumnBuilder(function == .pedersen ? .bytes(64) : .message)
  }

  mutating func append(
    _ count: Int, _ compose: (Int, inout [UInt8]) -> Void, _ receive: @escaping (DigestList) -> Void
  ) {
    for index in 0..<count { messages.append { compose(index, &$0) } }
    receivers.append((count, receive))
  }

  /// Empties the queue and hands over what was in it.
  mutating func take() -> HashQueue {
    defer { self = HashQueue(function) }
    return self
  }

  /// Hashes all messages in one batch and hands each receiver its digests, in the order in which they asked.
  consuming func deliver(on executor: any Executor) throws(AssayError) {
    let count = messages.count
    var digests = [UInt8](repeating: 0, count: 32 * count)
    if count > 0 {
      let results = try executor.execute(Batch(function.operation, [messages.finish()]))
      withExtendedLifetime(results) {
        guard let bytes = results.bytes("digest") else { return }
        digests.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(bytes)) }
      }
      if function == .starknetKeccak {
        for index in 0..<count { digests[32 * index] &= 0x03 }
      }
    }
    var next = 0
    for receiver in receivers {
      let end = next + 32 * receiver.count
      receiver.receive(DigestList(bytes: next == 0 && end == digests.count ? digests : Array(digests[next..<end])))
      next = end
    }
  }
}
