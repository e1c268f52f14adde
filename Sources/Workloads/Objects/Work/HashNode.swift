import AssayCore

/// A digest that is still to be computed: of byte strings and of other such digests, one behind the other. Shared parts are hashed
/// once.
final class HashNode {
  /// A part of what is hashed.
  enum Part {
    case bytes([UInt8])
    case node(HashNode)
  }

  private let parts: [Part]
  /// How it is hashed; nil as the whole tree is.
  fileprivate let function: ObjectWork.HashFunction?
  private var height: Int
  private var isListed = false
  private(set) var digest: [UInt8] = []

  init(_ parts: [Part], _ function: ObjectWork.HashFunction? = nil) {
    self.parts = parts
    self.function = function
    height = parts.reduce(0) { height, part in
      if case .node(let node) = part { return max(height, node.height + 1) }
      return height
    }
  }

  /// A digest of given bytes.
  convenience init(_ bytes: [UInt8]) { self.init([.bytes(bytes)]) }

  /// The bytes to hash, when the parts have their digests.
  fileprivate var message: [UInt8] {
    var message: [UInt8] = []
    for part in parts {
      switch part {
      case .bytes(let bytes): message += bytes
      case .node(let node): message += node.digest
      }
    }
    return message
  }

  /// Adds the node and all that it depends on to the levels, each once.
  fileprivate func list(in levels: inout [[HashNode]]) {
    var pending = [self]
    while let node = pending.popLast() {
      guard !node.isListed else { continue }
      node.isListed = true
      while levels.count <= node.height { levels.append([]) }
      levels[node.height].append(node)
      for case .node(let part) in node.parts { pending.append(part) }
    }
  }

  fileprivate func settle(_ digest: [UInt8]) { self.digest = digest }
}

extension ObjectWork {
  /// Asks for the digests of nodes and of everything that they depend on, one height in a batch. `function` hashes the nodes that do
  /// not say how.
  func digests(
    _ function: HashFunction = .sha256, of nodes: [HashNode], then receive: @escaping ([[UInt8]]) -> Void
  ) {
    var levels: [[HashNode]] = []
    for node in nodes { node.list(in: &levels) }
    hash(function, levels[...]) { receive(nodes.map(\.digest)) }
  }

  private func hash(_ function: HashFunction, _ levels: ArraySlice<[HashNode]>, then done: @escaping () -> Void) {
    guard let lowest = levels.first else { return done() }
    let groups = Dictionary(grouping: lowest) { $0.function ?? function }
    var waiting = groups.count
    for (own, nodes) in groups.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      digests(own, of: nodes.map(\.message)) { digests in
        for (node, digest) in zip(nodes, digests) { node.settle(digest) }
        waiting -= 1
        if waiting == 0 { self.hash(function, levels.dropFirst(), then: done) }
      }
    }
  }
}
