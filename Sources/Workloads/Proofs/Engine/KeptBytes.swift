/// Copies of bytes at addresses that stay until all are forgotten: what a plan points to and no caller keeps for it.
struct KeptBytes: ~Copyable {
  private static let blockBytes = 1 << 16

  private var blocks: [UnsafeMutableRawBufferPointer] = []
  /// The block that is being filled, and how far.
  private var block = 0
  private var used = 0

  deinit { for block in blocks { block.deallocate() } }

  /// A copy of `bytes`, valid until ``removeAll()``.
  mutating func keep(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    if !blocks.isEmpty, blocks[block].count - used < bytes.count { (block, used) = (block + 1, 0) }
    if block >= blocks.count || blocks[block].count < bytes.count {
      blocks.insert(.allocate(byteCount: max(bytes.count, Self.blockBytes), alignment: 8), at: block)
    }
    let copy = UnsafeMutableRawBufferPointer(rebasing: blocks[block][used..<used + bytes.count])
    copy.copyMemory(from: bytes)
    used += bytes.count
    return UnsafeRawBufferPointer(copy)
  }

  /// Forgets the copies. Blocks of the ordinary size are kept, those that one long value asked for are not.
  mutating func removeAll() {
    for block in blocks where block.count > Self.blockBytes { block.deallocate() }
    blocks.removeAll { $0.count > Self.blockBytes }
    (block, used) = (0, 0)
  }
}
