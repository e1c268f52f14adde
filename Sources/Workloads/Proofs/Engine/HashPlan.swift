import AssayCore
import CAssayOperations

/// All hashes that a block of proofs needs, level by level, and what must hold of their digests.
///
/// A format adds nodes to the plan while it checks a proof's structure: ``constant(_:)`` for given values, ``message(...)`` and
/// ``pair(...)`` for hashes, ``climb(...)`` for a chain of pairs up to a root. A node's level is its distance from the proof's root,
/// so nodes that proofs of one tree share meet on one level, whatever their depth. ``hash(on:)`` then hashes the levels from the
/// deepest to the root.
///
/// **Exactness.** On a level, nodes are recognised as the same by the whole content of what is hashed: both children, or the whole
/// message. A digest is a function of that content, so sharing it cannot change any verdict, and a proof whose sibling is
/// wrong has another content, hence its own hash, from there on up. ``SharedPaths`` says the same of paths.
final class HashPlan {
  /// Deeper proofs are rejected: no tree that the formats describe has more levels.
  static let depthLimit = 256

  /// Each proof's verdict so far: accepted until it is rejected.
  @exclusivity(unchecked) private var reasons = GrowingBuffer<UInt8>()
  private let accepted = Verdict.accepted.rawValue
  @exclusivity(unchecked) private var constants = GrowingBuffer<UInt8>(capacity: 1 << 16)
  private var pairLayers: UnsafeMutablePointer<PairLayer>
  /// By level and function; nil where there was no message yet.
  private let messageLayers: UnsafeMutablePointer<UnsafeMutablePointer<MessageLayer>?>
  @exclusivity(unchecked) private var depth = 0
  @exclusivity(unchecked) private var requirements = GrowingBuffer<Requirement>()
  @exclusivity(unchecked) private var claims = GrowingBuffer<TrieClaim>()
  private var conditions: [(proof: Int, holds: () -> Verdict)] = []
  private var observations: [UInt64] = []
  private let gatherer = PairGatherer()
  /// By rule.
  private let paths: UnsafeMutablePointer<SharedPaths>
  @exclusivity(unchecked) private var lastRoot: Reference?
  private var retained: [Results] = []
  @exclusivity(unchecked) private var kept = KeptBytes()
  private static let levels = depthLimit + 3
  /// How much of a message is called for ahead: as much as an Ethereum trie's largest nodes have.
  private static let prefetchedBytes = 576
  private static let rules = PairRule.allCases.count

  private struct Requirement: BitwiseCopyable {
    let proof: Int
    let value: Reference
    let rule: Int
    let expected: Reference
    let otherwise: UInt8
  }

  /// That a trie holds a value under a key, or nothing.
  private struct TrieClaim: BitwiseCopyable {
    let proof: Int
    let walk: PatriciaWalk
    let root: Reference
    let value: UnsafeRawBufferPointer?
  }

  init() {
    pairLayers = .allocate(capacity: Self.levels * Self.rules)
    pairLayers.initialize(repeating: PairLayer(), count: Self.levels * Self.rules)
    messageLayers = .allocate(capacity: Self.levels * 2)
    messageLayers.initialize(repeating: nil, count: Self.levels * 2)
    paths = .allocate(capacity: Self.rules)
    for rule in PairRule.allCases { (paths + rule.rawValue).initialize(to: SharedPaths(rule)) }
  }

  deinit {
    paths.deinitialize(count: Self.rules)
    paths.deallocate()
    for index in 0..<Self.levels * Self.rules { pairLayers[index].deallocate() }
    pairLayers.deallocate()
    for index in 0..<Self.levels * 2 {
      messageLayers[index]?.deinitialize(count: 1)
      messageLayers[index]?.deallocate()
    }
    messageLayers.deallocate()
  }

  // MARK: - Adding

  /// Starts the next proof.
  func beginProof() { reasons.append(accepted) }

  /// How many proofs the plan holds.
  var proofs: Int { reasons.count }

  /// About how many bytes the plan holds.
  @exclusivity(unchecked) private(set) var weight = 0

  /// Rejects the proof begun last; the first reason stays.
  func reject(_ reason: Verdict) {
    settle(reasons.count - 1, reason)
  }

  /// Gives a proof its verdict unless it has a reason already.
  private func settle(_ proof: Int, _ verdict: Verdict) {
    if isAccepted(proof) { reasons[proof] = verdict.rawValue }
  }

  /// Whether nothing speaks against a proof so far.
  private func isAccepted(_ proof: Int) -> Bool { reasons[proof] == accepted }

  /// A 32-byte value that the proof gives.
  func constant(_ value: UnsafeRawBufferPointer) -> Reference {
    let position = constants.count / 32
    if value.count == 32, let start = value.baseAddress {
      UnsafeMutableRawPointer(constants.appendUninitialized(32)).storeBytes(of: words(start), as: Words.self)
    } else {
      constants.append(value)
    }
    return Reference(.constant, position)
  }

  /// The root that a proof is to lead to, a value of 32 bytes; nil when it has another length. Neighbours often have the same.
  func root(_ value: [UInt8]) -> Reference? {
    guard value.count == 32 else { return nil }
    return value.withUnsafeBytes { value in
      guard let start = value.baseAddress else { return nil }
      if let lastRoot, !differ(words(UnsafeRawPointer(constants.base) + lastRoot.position * 32), words(start)) {
        return lastRoot
      }
      let reference = constant(value)
      lastRoot = reference
      return reference
    }
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
    return Reference(function.source, messageLayer(function, level).pointee.add(prefix: prefix, message))
  }

  /// Messages `level` hashes away from the root, one after the other; the position of the first.
  func messages(_ function: MessageFunction, level: Int, _ messages: [[UInt8]]) -> Int {
    let layer = messageLayer(function, level)
    let first = layer.pointee.count
    // They lie all over memory.
    messages.withUnsafeBytes { if let start = $0.baseAddress { assay_prefetch_referents(start, $0.count) } }
    for index in messages.indices {
      let next = messages[min(index + 2, messages.count - 1)].withUnsafeBytes { $0 }
      if let start = next.baseAddress { assay_prefetch(start, min(next.count, Self.prefetchedBytes)) }
      // The caller holds them; here each would be retained and released.
      let message = messages[index].withUnsafeBytes { $0 }
      weight &+= message.count
      _ = layer.pointee.add(message)
    }
    return first
  }

  /// A pair `level` hashes away from the root.
  func pair(_ rule: PairRule, level: Int, _ left: Reference, _ right: Reference, observer: Int? = nil) -> Reference {
    depth = max(depth, level)
    let layer = pairLayer(rule, level)
    let position = layer.pointee.append(PairNode(left: left, right: right))
    if rule == .sha256d { layer.pointee.observeLast(by: observer.map { UInt32($0) } ?? .max) }
    weight += 64
    return Reference(.pair, position)
  }

  /// Rejects the proof begun last as `root-mismatch` unless the path from `start`, a given value or a message, ends in `root`, a
  /// given value. `siblings` has 32 bytes for each level, that of `start` first, and is not copied: it must stay until the plan
  /// is hashed. Bit `i` of `rightSides` is 1 when the i-th node is a right child. At most ``depthLimit`` siblings, and 64 where
  /// there are sides.
  func climb(
    _ rule: PairRule, from start: Reference, siblings: UnsafeRawBufferPointer, rightSides: UInt64 = 0,
    to root: Reference
  ) {
    guard let first = siblings.baseAddress, !siblings.isEmpty else {
      return require(start, of: rule, equals: root, else: .rootMismatch)
    }
    weight &+= siblings.count &* 2
    paths[rule.rawValue].add(
      from: start, siblings: first, count: siblings.count / 32, rightSides: rightSides, to: root,
      constants: constants.base, proof: reasons.count - 1)
  }

  /// A copy of bytes that the plan points to and nobody else keeps, valid until the plan forgets its proofs.
  func keep(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
    bytes.withUnsafeBytes { kept.keep($0) }
  }

  /// The layer of messages hashed with `function`, `level` hashes away from the root.
  func messageLayer(_ function: MessageFunction, _ level: Int) -> UnsafeMutablePointer<MessageLayer> {
    depth = max(depth, level)
    let index = level * 2 + function.rawValue
    if let layer = messageLayers[index] { return layer }
    let layer = UnsafeMutablePointer<MessageLayer>.allocate(capacity: 1)
    layer.initialize(to: MessageLayer())
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
    requirements.append(
      Requirement(
        proof: reasons.count - 1, value: value, rule: rule.rawValue, expected: expected, otherwise: reason.rawValue))
  }

  /// Rejects the proof begun last unless the trie at `root`, a given value, turns out to hold `value` at the end of `walk`, or
  /// nothing when it is nil. The value's memory must stay until the plan is hashed.
  func require(_ walk: PatriciaWalk, from root: Reference, shows value: UnsafeRawBufferPointer?) {
    claims.append(TrieClaim(proof: reasons.count - 1, walk: walk, root: root, value: value))
  }

  /// Gives the proof begun last the verdict of `verdict`, called when all is hashed, unless it was rejected before.
  func decide(by verdict: @escaping () -> Verdict) {
    conditions.append((reasons.count - 1, verdict))
  }

  // MARK: - After hashing

  /// One verdict per proof, in the order they were begun.
  var verdicts: some Collection<Verdict> { (0..<reasons.count).lazy.map { [self] in Verdict(rawValue: reasons[$0]) } }

  /// The levels at which a watched chain had equal children.
  func observed(_ observer: Int) -> UInt64 { observations[observer] }

  /// The digest of a level-0 node or message, or a given value.
  func value(_ reference: Reference, of rule: PairRule = .sha256) -> UnsafeRawBufferPointer {
    if reference.source == Reference.Source.constant.rawValue {
      return UnsafeRawBufferPointer(start: constants.base + reference.position * 32, count: 32)
    }
    return UnsafeRawBufferPointer(start: operands(level: 0, rule: rule).value(reference), count: 32)
  }

  /// Hashes every level on `executor` and settles the verdicts.
  func hash(on executor: any Executor) throws(AssayError) {
    // Conditions hold the plan, so they must not outlive the hashing.
    defer { conditions.removeAll(keepingCapacity: true) }
    for level in stride(from: depth, through: 0, by: -1) {
      for function in MessageFunction.allCases {
        guard let layer = messageLayers[level * 2 + function.rawValue], layer.pointee.count > 0 else { continue }
        layer.pointee.resolve(from: operands(level: level + 1, rule: .sha256))
        try layer.pointee.hash(function.operation, on: executor)
      }
      for rule in PairRule.allCases where pairLayer(rule, level).pointee.count > 0 {
        try hash(rule, level, on: executor)
      }
    }
    settle()
    // Nothing but a verdict waits for the end of a path.
    for rule in PairRule.allCases {
      try paths[rule.rawValue].hash(
        from: { operands(level: $0, rule: rule) }, constants: UnsafeRawPointer(constants.base), on: executor
      ) { settle($0, .rootMismatch) }
    }
    for index in 0..<claims.count where isAccepted(claims[index].proof) {
      let claim = claims[index]
      settle(claim.proof, claim.walk.verdict(root: value(claim.root), value: claim.value, in: self))
    }
    for condition in conditions where isAccepted(condition.proof) { settle(condition.proof, condition.holds()) }
  }

  /// Forgets all proofs, and keeps the memory.
  func removeAll() {
    for rule in 0..<Self.rules { paths[rule].removeAll() }
    reasons.truncate(to: 0)
    constants.truncate(to: 0)
    for index in 0..<Self.levels * Self.rules { pairLayers[index].removeAll() }
    for index in 0..<Self.levels * 2 { messageLayers[index]?.pointee.removeAll() }
    requirements.truncate(to: 0)
    claims.truncate(to: 0)
    conditions.removeAll(keepingCapacity: true)
    observations.removeAll(keepingCapacity: true)
    retained.removeAll(keepingCapacity: true)
    kept.removeAll()
    lastRoot = nil
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

  private func settle() {
    let operandsByRule = PairRule.allCases.map { operands(level: 0, rule: $0) }
    for index in 0..<requirements.count {
      let requirement = requirements[index]
      guard isAccepted(requirement.proof) else { continue }
      let operands = operandsByRule[requirement.rule]
      if differ(words(operands.value(requirement.value)), words(operands.value(requirement.expected))) {
        reasons[requirement.proof] = requirement.otherwise
      }
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
      sha256Messages: messageLayers[level * 2]?.pointee.digests ?? none,
      keccak256Messages: messageLayers[level * 2 + 1]?.pointee.digests ?? none)
  }
}

/// How a message becomes a digest.
enum MessageFunction: Int, CaseIterable {
  case sha256, keccak256

  var operation: Operation { self == .sha256 ? .sha256Message : .keccak256Message }
  var source: Reference.Source { self == .sha256 ? .sha256Message : .keccak256Message }
}
