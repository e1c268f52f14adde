/// A beacon block's header (consensus specification, phase 0).
public struct BeaconHeader: Sendable, Hashable {
  /// The slot.
  public var slot: UInt64
  /// Who proposed the block.
  public var proposerIndex: UInt64
  /// The root of the block before, 32 bytes.
  public var parentRoot: [UInt8]
  /// The state's root, 32 bytes.
  public var stateRoot: [UInt8]
  /// The body's root, 32 bytes.
  public var bodyRoot: [UInt8]

  /// A header from its parts.
  public init(slot: UInt64, proposerIndex: UInt64, parentRoot: [UInt8], stateRoot: [UInt8], bodyRoot: [UInt8]) {
    self.slot = slot
    self.proposerIndex = proposerIndex
    self.parentRoot = parentRoot
    self.stateRoot = stateRoot
    self.bodyRoot = bodyRoot
  }

  var isWellFormed: Bool { [parentRoot, stateRoot, bodyRoot].allSatisfy { $0.count == 32 } }

  /// Whether every field is zero: what stands for no header.
  var isEmpty: Bool {
    slot == 0 && proposerIndex == 0 && [parentRoot, stateRoot, bodyRoot].allSatisfy { $0.allSatisfy { $0 == 0 } }
  }

  var root: HashNode {
    SSZTree.container([
      SSZTree.integer(slot), SSZTree.integer(proposerIndex), .bytes(parentRoot), .bytes(stateRoot), .bytes(bodyRoot),
    ])
  }
}

/// The execution payload's header inside a beacon block (Capella; two fields more from Deneb on).
public struct BeaconExecutionHeader: Sendable, Hashable {
  /// The fields in the specification's order as the bytes of their SSZ encoding: integers little-endian.
  public var fields: [[UInt8]]

  /// How long each field is; `extra_data` alone may be shorter.
  public static let widths = [32, 20, 32, 32, 256, 32, 8, 8, 8, 8, 32, 32, 32, 32, 32, 8, 8]
  /// The position of `extra_data`.
  public static let extraData = 10
  /// How many fields the header has from Capella on.
  public static let capellaFields = 15
  /// How many fields the header has from Deneb on.
  public static let denebFields = 17

  /// A header from its fields.
  public init(fields: [[UInt8]]) { self.fields = fields }

  var isWellFormed: Bool {
    (fields.count == Self.capellaFields || fields.count == Self.denebFields)
      && fields.indices.allSatisfy {
        $0 == Self.extraData ? fields[$0].count <= Self.widths[$0] : fields[$0].count == Self.widths[$0]
      }
  }

  var root: HashNode {
    SSZTree.container(
      fields.enumerated().map { index, field in
        let chunks = SSZTree.chunks(field)
        if index == Self.extraData {
          return .node(
            HashNode([SSZTree.vector(chunks.isEmpty ? [SSZTree.zero] : chunks), SSZTree.integer(UInt64(field.count))]))
        }
        return SSZTree.vector(chunks)
      })
  }
}

/// A header as light clients get it: the beacon block's and, from Capella on, the execution payload's with its branch.
public struct LightClientHeader: Sendable, Hashable {
  /// The beacon block's header.
  public var beacon: BeaconHeader
  /// The execution payload's header.
  public var execution: BeaconExecutionHeader?
  /// The branch from the execution header's root to the body's root.
  public var executionBranch: [[UInt8]]

  /// A header from its parts.
  public init(beacon: BeaconHeader, execution: BeaconExecutionHeader? = nil, executionBranch: [[UInt8]] = []) {
    self.beacon = beacon
    self.execution = execution
    self.executionBranch = executionBranch
  }
}

/// The validators that sign for light clients during a period.
public struct SyncCommittee: Sendable, Hashable {
  /// Their keys, 48 bytes each: 512 on mainnet, 32 with the minimal preset.
  public var publicKeys: [[UInt8]]
  /// The sum of the keys, 48 bytes.
  public var aggregate: [UInt8]

  /// A committee from its parts.
  public init(publicKeys: [[UInt8]], aggregate: [UInt8]) {
    self.publicKeys = publicKeys
    self.aggregate = aggregate
  }

  var isWellFormed: Bool {
    (publicKeys.count == 512 || publicKeys.count == 32) && publicKeys.allSatisfy { $0.count == 48 }
      && aggregate.count == 48
  }

  var root: HashNode {
    HashNode([
      SSZTree.vector(publicKeys.map { SSZTree.vector(SSZTree.chunks($0)) }), SSZTree.vector(SSZTree.chunks(aggregate)),
    ])
  }
}

/// The rules that changed on the way: where things are in the state.
public enum BeaconFork: String, Sendable, CaseIterable {
  /// Altair, 2021.
  case altair
  /// Bellatrix, 2022.
  case bellatrix
  /// Capella, 2023: execution headers.
  case capella
  /// Deneb, 2024: two more fields.
  case deneb
  /// Electra, 2025: a deeper state.
  case electra
  /// Fulu, 2025.
  case fulu

  var hasDeepState: Bool { self == .electra || self == .fulu }
  var finalityIndex: UInt64 { hasDeepState ? 169 : 105 }
  var currentCommitteeIndex: UInt64 { hasDeepState ? 86 : 54 }
  var nextCommitteeIndex: UInt64 { hasDeepState ? 87 : 55 }
  /// How many fields the execution header has; none before Capella.
  var executionFields: Int? {
    switch self {
    case .altair, .bellatrix: nil
    case .capella: BeaconExecutionHeader.capellaFields
    case .deneb, .electra, .fulu: BeaconExecutionHeader.denebFields
    }
  }

  /// The execution payload's header in the body.
  static let executionIndex: UInt64 = 25
}

/// Merkleization as SSZ has it (consensus specification, `ssz/simple-serialize.md`), of nodes still to be hashed.
enum SSZTree {
  static var zero: HashNode.Part { .bytes([UInt8](repeating: 0, count: 32)) }

  /// An unsigned integer in a chunk.
  static func integer(_ value: UInt64) -> HashNode.Part {
    .bytes(value.littleEndianBytes + [UInt8](repeating: 0, count: 24))
  }

  /// Bytes in chunks of 32, the last one filled with zeros.
  static func chunks(_ bytes: [UInt8]) -> [HashNode.Part] {
    stride(from: 0, to: bytes.count, by: 32).map { start in
      let chunk = bytes[start..<min(start + 32, bytes.count)]
      return .bytes(chunk + [UInt8](repeating: 0, count: 32 - chunk.count))
    }
  }

  /// The root over parts of 32 bytes, filled with zeros up to a power of two.
  static func vector(_ parts: [HashNode.Part]) -> HashNode.Part {
    var level = parts
    while level.count > 1 {
      // A missing subtree of zeros is never deeper than one level here but at the end, where zeros are paired again.
      if level.count % 2 == 1 { level.append(zeroSubtree(height(of: level.count, in: parts.count))) }
      level = stride(from: 0, to: level.count, by: 2).map { .node(HashNode([level[$0], level[$0 + 1]])) }
    }
    return level.first ?? zero
  }

  /// The root of a container of these fields.
  static func container(_ fields: [HashNode.Part]) -> HashNode {
    if case .node(let node) = vector(fields) { return node }
    return HashNode(fields)
  }

  /// How many levels above the leaves a level of `count` nodes over `leaves` leaves is.
  private static func height(of count: Int, in leaves: Int) -> Int {
    var (height, nodes) = (0, leaves)
    while nodes > count {
      nodes = (nodes + 1) / 2
      height += 1
    }
    return height
  }

  /// A full subtree of zero chunks.
  private static func zeroSubtree(_ height: Int) -> HashNode.Part {
    var part = zero
    for _ in 0..<height { part = .node(HashNode([part, part])) }
    return part
  }
}
