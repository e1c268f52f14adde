import AssayCore

/// All hashes that a block of proofs needs, level by level, and what must hold of their digests.
///
/// A format adds nodes to the plan while it checks a proof's structure: ``constant(_:)`` for given values, ``message(...)`` and
/// ``pair(...)`` for hashes, ``path(...)`` for a chain of pairs. A node's level is its distance from the proof's root, so nodes
/// that proofs of one tree share meet on one level, whatever their depth. ``hash(on:)`` then hashes the levels from the deepest
/// to the root.
///
/// **Exactness.** On a level, nodes are recognised as the same by the whole content of what is hashed: both children, or the whole
/// message. A digest is a function of that content, so sharing it cannot change any verdict, and a proof whose sibling is
/// wrong has another content, hence its own hash, from there on up.
final class HashPlan {
  /// Deeper proofs are rejected: no tree that the formats describe has more levels.
  static let depthLimit = 256

  /// Why a proof was rejected so far; accepted until then.
  @exclusivity(unchecked) private(set) var verdicts: [Verdict] = []
  @exclusivity(unchecked) private var constants = GrowingBuffer<UInt8>(capacity: 1 << 16)
  private var pairLayers: UnsafeMutablePointer<PairLayer>
  private var messageLayers: [MessageLayer?]
  @exclusivity(unchecked) private var depth = 0
  @exclusivity(unchecked) private var requirements = GrowingBuffer<Requirement>()
  private var conditions: [(proof: Int, holds: () -> Verdict)] = []
  private var observations: [UInt64] = []
  private let gatherer = PairGatherer()
  private let shared = PairRule.allCases.map { _ in SharedPaths() }
  private var retained: [Results] = []
  private static let levels = depthLimit + 3
  private static let rules = PairRule.allCases.count

  /// Where a chain of pairs ends: a value of its own, or a path that other proofs may share.
  enum PathEnd {
    case value(Reference)
    case joint(Int)
  }

  private struct Requirement: BitwiseCopyable {
    let proof: Int
    let joint: Int
    let value: Reference
    let rule: Int
    let expected: Reference
    let otherwise: UInt8
  }

  init() {
    pairLayers = .allocate(capacity: Self.levels * Self.rules)
    pairLayers.initialize(repeating: PairLayer(), count: Self.levels * Self.rules)
    messageLayers = Array(repeating: nil, count: Self.levels * 2)
  }

  deinit {
    for index in 0..<Self.levels * Self.rules { pairLayers[index].deallocate() }
    pairLayers.deallocate()
  }

  // MARK: - Adding

  /// Starts the next proof.
  func beginProof() { verdicts.append(.accepted) }

  /// How many proofs the plan holds.
  var proofs: Int { verdicts.count }

  /// About how many bytes the plan holds.
  @exclusivity(unchecked) private(set) var weight = 0

  /// Rejects the proof begun last; the first reason stays.
  func reject(_ reason: Verdict) {
    if verdicts[verdicts.count - 1].isAccepted { verdicts[verdicts.count - 1] = reason }
  }

  /// A 32-byte value that the proof gives.
  func constant(_ value: UnsafeRawBufferPointer) -> Reference {
    let position = constants.count / 32
    constants.append(value)
    return Reference(.constant, position)
  }

  /// A 32-byte value that the proof gives; nil when it has another length.
  func constant(_ value: [UInt8]) -> Reference? {
    guard value.count == 32 else { return nil }
    return value.withUnsafeBytes { constant($0) }
  }

  /// A message `level` hashes away from the root.
  func message(
    _ function: MessageFunction, level: Int, prefix: UInt8? = nil, _ message: UnsafeRawBufferPointer
  ) -> Reference {
    weight += message.count
    return Reference(function.source, messageLayer(function, level).add(prefix: prefix, message))
  }

  /// A pair `level` hashes away from the root.
  func pair(_ rule: PairRule, level: Int, _ left: Reference, _ right: Reference, observer: Int? = nil) -> Reference {
    depth = max(depth, level)
    let layer = pairLayer(rule, level)
    let position = layer.pointee.append(PairNode(first: left.onRight(0), second: right, sibling: (0, 0, 0, 0)))
    if rule == .sha256d { layer.pointee.observeLast(by: observer.map { UInt32($0) } ?? .max) }
    weight += 64
    return Reference(.pair, position)
  }

  /// A chain of pairs from `start` to the root: `count` siblings of 32 bytes each, that of `start` first. Bit `i` of
  /// `rightSides` is 1 when the i-th node is a right child. At most ``depthLimit`` siblings; sides beyond the 64th are left.
  /// With an observer nothing of the path is shared but hashes.
  func path(
    _ rule: PairRule, from start: Reference, siblings: UnsafeRawBufferPointer, rightSides: UInt64 = 0,
    observer: Int? = nil
  ) -> PathEnd {
    let count = siblings.count / 32
    guard let first = siblings.baseAddress, count > 0 else { return .value(start) }
    depth = max(depth, count)
    weight &+= count &* 64
    let paths = shared[rule.rawValue]
    let split = paths.split
    guard split > 0, count > split, observer == nil else {
      return .value(chain(rule, from: start, level: count, first, count: count, rightSides: rightSides, observer))
    }
    let own = count - split
    let middle = chain(rule, from: start, level: count, first, count: own, rightSides: rightSides, nil)
    // Sides count from the bottom, and a suffix has no more of them than siblings.
    let sides = rightSides >> UInt64(own) & (1 << UInt64(split) &- 1)
    return .joint(paths.join(middle, siblings: first + 32 * own, sides: sides))
  }

  /// `count` pairs from `start`, a value `level` hashes away from the root.
  private func chain(
    _ rule: PairRule, from start: Reference, level: Int, _ siblings: UnsafeRawPointer, count: Int, rightSides: UInt64,
    _ observer: Int?
  ) -> Reference {
    var current = start
    var sides = rightSides
    var sibling = siblings
    var layer = pairLayer(rule, level)
    for _ in 0..<count {
      layer -= Self.rules
      let side = UInt32(truncatingIfNeeded: sides & 1)
      sides >>= 1
      let node = PairNode(first: current.onRight(side), second: .sibling, sibling: words(sibling))
      current = Reference(.pair, layer.pointee.append(node))
      if rule == .sha256d { layer.pointee.observeLast(by: observer.map { UInt32($0) } ?? .max) }
      sibling += 32
    }
    return current
  }

  /// The layer of messages hashed with `function`, `level` hashes away from the root.
  func messageLayer(_ function: MessageFunction, _ level: Int) -> MessageLayer {
    depth = max(depth, level)
    let index = level * 2 + function.rawValue
    if let layer = messageLayers[index] { return layer }
    let layer = MessageLayer()
    messageLayers[index] = layer
    return layer
  }

  /// Watches a double SHA-256 chain: ``observed(_:)`` later has bit `n` set when the node n levels from the root had equal children.
  func observer() -> Int {
    observations.append(0)
    return observations.count - 1
  }

  /// Rejects the proof begun last with `reason` unless `value`, at level 0, turns out to equal `expected`.
  func require(_ value: Reference, of rule: PairRule = .sha256, equals expected: Reference, else reason: Verdict) {
    require(.value(value), of: rule, equals: expected, else: reason)
  }

  /// Rejects the proof begun last with `reason` unless the path turns out to end in `expected`.
  func require(_ end: PathEnd, of rule: PairRule = .sha256, equals expected: Reference, else reason: Verdict) {
    var (value, joint) = (expected, -1)
    switch end {
    case .value(let reference): value = reference
    case .joint(let number): joint = number
    }
    requirements.append(
      Requirement(
        proof: verdicts.count - 1, joint: joint, value: value, rule: rule.rawValue, expected: expected,
        otherwise: reason.rawValue))
  }

  /// Gives the proof begun last the verdict of `verdict`, called when all is hashed, unless it was rejected before.
  func decide(by verdict: @escaping () -> Verdict) {
    conditions.append((verdicts.count - 1, verdict))
  }

  // MARK: - After hashing

  /// The levels at which a watched chain had equal children.
  func observed(_ observer: Int) -> UInt64 { observations[observer] }

  /// The digest of a level-0 node or message, or a given value.
  func value(_ reference: Reference, of rule: PairRule = .sha256) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: operands(level: 0, rule: rule).value(reference), count: 32)
  }

  /// Hashes every level on `executor` and settles the verdicts.
  func hash(on executor: any Executor) throws(AssayError) {
    // Conditions hold the plan, so they must not outlive the hashing.
    defer { conditions.removeAll(keepingCapacity: true) }
    for level in stride(from: depth, through: 0, by: -1) {
      for rule in PairRule.allCases where shared[rule.rawValue].split == level + 1 { openShared(rule) }
      for function in MessageFunction.allCases {
        guard let layer = messageLayers[level * 2 + function.rawValue], layer.count > 0 else { continue }
        layer.resolve(from: operands(level: level + 1, rule: .sha256))
        try layer.hash(function.operation, on: executor)
      }
      for rule in PairRule.allCases where pairLayer(rule, level).pointee.count > 0 {
        try hash(rule, level, on: executor)
      }
    }
    settle()
  }

  /// Forgets all proofs, keeps the memory, and prepares for about `proofs` new ones.
  func removeAll(expecting proofs: Int = 0) {
    for paths in shared { paths.removeAll(expecting: proofs) }
    verdicts.removeAll(keepingCapacity: true)
    constants.truncate(to: 0)
    for index in 0..<Self.levels * Self.rules { pairLayers[index].removeAll() }
    for layer in messageLayers { layer?.removeAll() }
    requirements.truncate(to: 0)
    conditions.removeAll(keepingCapacity: true)
    observations.removeAll(keepingCapacity: true)
    retained.removeAll(keepingCapacity: true)
    depth = 0
    weight = 0
  }

  private func hash(_ rule: PairRule, _ level: Int, on executor: any Executor) throws(AssayError) {
    let layer = pairLayer(rule, level)
    let expected = level == depth ? layer.pointee.count : min(layer.pointee.count, gatherer.distinct)
    gatherer.gather(
      layer.pointee, from: operands(level: level + 1, rule: rule), sorted: rule == .sortedKeccak256,
      observing: rule == .sha256d, expected: expected
    ) { observer in
      if observer != .max { observations[Int(observer)] |= 1 << UInt64(level) }
    }
    let batch = try gatherer.batch(rule)
    let results = try executor.execute(batch)
    layer.pointee.digests = results.bytes("digest").map { UnsafeRawPointer($0.baseAddress) } ?? nil
    retained.append(results)
  }

  /// Adds the nodes of the shared upper parts, once the level below them is hashed.
  private func openShared(_ rule: PairRule) {
    let paths = shared[rule.rawValue]
    let below = pairLayer(rule, paths.split).pointee
    paths.open { entry in
      below.rows.unsafelyUnwrapped[entry.position]
    } path: { entry, siblings, sides in
      guard let first = siblings.baseAddress else { return entry }
      return chain(rule, from: entry, level: paths.split, first, count: paths.split, rightSides: sides, nil)
    }
  }

  private func settle() {
    let operandsByRule = PairRule.allCases.map { operands(level: 0, rule: $0) }
    for index in 0..<requirements.count {
      let requirement = requirements[index]
      guard verdicts[requirement.proof].isAccepted else { continue }
      let operands = operandsByRule[requirement.rule]
      let joint = requirement.joint
      let value = joint < 0 ? requirement.value : shared[requirement.rule].joints[joint].top
      if differ(words(operands.value(value)), words(operands.value(requirement.expected))) {
        verdicts[requirement.proof] = Verdict(rawValue: requirement.otherwise)
      }
    }
    for condition in conditions where verdicts[condition.proof].isAccepted {
      verdicts[condition.proof] = condition.holds()
    }
  }

  @inline(__always)
  private func pairLayer(_ rule: PairRule, _ level: Int) -> UnsafeMutablePointer<PairLayer> {
    pairLayers + (level &* Self.rules &+ rule.rawValue)
  }

  private func operands(level: Int, rule: PairRule) -> Operands {
    let none = MessageDigests(digests: nil, rows: nil)
    return Operands(
      constants: UnsafeRawPointer(constants.base), pairs: pairLayer(rule, level).pointee,
      sha256Messages: messageLayers[level * 2]?.digests ?? none,
      keccak256Messages: messageLayers[level * 2 + 1]?.digests ?? none)
  }
}

/// How a message becomes a digest.
enum MessageFunction: Int, CaseIterable {
  case sha256, keccak256

  var operation: Operation { self == .sha256 ? .sha256Message : .keccak256Message }
  var source: Reference.Source { self == .sha256 ? .sha256Message : .keccak256Message }
}
