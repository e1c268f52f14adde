import Assay

/// Ethereum's Merkle-Patricia trie (yellow paper, appendix D) written down as the recursion that it is: what the tests' proofs
/// are made of.
struct PatriciaOracle {
  indirect enum Item {
    case string([UInt8])
    case list([Item])

    var encoding: [UInt8] {
      switch self {
      case .string(let bytes):
        if bytes.count == 1, bytes[0] < 0x80 { return bytes }
        return Self.header(0x80, bytes.count) + bytes
      case .list(let items):
        let payload = items.flatMap(\.encoding)
        return Self.header(0xc0, payload.count) + payload
      }
    }

    private static func header(_ base: UInt8, _ count: Int) -> [UInt8] {
      if count < 56 { return [base + UInt8(count)] }
      let length = count < 256 ? [UInt8(count)] : [UInt8(count >> 8), UInt8(count & 255)]
      return [base + 55 + UInt8(length.count)] + length
    }
  }

  /// One node: its item, and its children by half byte.
  indirect enum Node {
    case leaf([UInt8], [UInt8])
    case `extension`([UInt8], Node)
    case branch([Node?], [UInt8])
  }

  let top: Node?

  init(_ pairs: [[UInt8]: [UInt8]]) {
    top = Self.build(
      pairs.map { ($0.key.flatMap { [$0 >> 4, $0 & 15] }, $0.value) }.sorted { $0.0.lexicographicallyPrecedes($1.0) })
  }

  private static func build(_ pairs: [([UInt8], [UInt8])]) -> Node? {
    guard let first = pairs.first, let last = pairs.last else { return nil }
    if pairs.count == 1 { return .leaf(first.0, first.1) }
    let common = zip(first.0, last.0).prefix { $0 == $1 }.count
    if common > 0 {
      let rest = pairs.map { (Array($0.0.dropFirst(common)), $0.1) }
      return build(rest).map { .extension(Array(first.0.prefix(common)), $0) }
    }
    let children = (0..<16).map { nibble in
      build(pairs.filter { $0.0.first == UInt8(nibble) }.map { (Array($0.0.dropFirst()), $0.1) })
    }
    return .branch(children, first.0.isEmpty ? first.1 : [])
  }

  static func hexPrefix(_ path: [UInt8], isLeaf: Bool) -> [UInt8] {
    let flag: UInt8 = isLeaf ? 2 : 0
    let nibbles = path.count % 2 == 0 ? [flag, 0] + path : [flag + 1] + path
    return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
  }

  static func item(_ node: Node) throws -> Item {
    switch node {
    case .leaf(let path, let value): .list([.string(hexPrefix(path, isLeaf: true)), .string(value)])
    case .extension(let path, let child): .list([.string(hexPrefix(path, isLeaf: false)), try reference(child)])
    case .branch(let children, let value):
      .list(try children.map { try $0.map(reference) ?? .string([]) } + [.string(value)])
    }
  }

  private static func reference(_ node: Node) throws -> Item {
    let item = try item(node)
    return item.encoding.count < 32 ? item : .string(try keccak256(item.encoding))
  }

  func root() throws -> [UInt8] {
    try keccak256(try top.map { try Self.item($0).encoding } ?? [0x80])
  }

  /// The nodes from the root along `key`, those that stand inside others left out.
  func proof(_ key: [UInt8]) throws -> [[UInt8]] {
    var nodes: [[UInt8]] = []
    var rest = key.flatMap { [$0 >> 4, $0 & 15] }
    var next = top
    while let node = next {
      let encoding = try Self.item(node).encoding
      if encoding.count >= 32 || nodes.isEmpty { nodes.append(encoding) }
      switch node {
      case .leaf: next = nil
      case .extension(let path, let child):
        next = rest.starts(with: path) ? child : nil
        rest = Array(rest.dropFirst(path.count))
      case .branch(let children, _):
        next = rest.first.flatMap { children[Int($0)] }
        rest = Array(rest.dropFirst())
      }
    }
    return nodes
  }
}
