public import AssayCore
import AssayProofs
import AssaySignatures

/// What came of a report's signatures and proofs.
public struct VerifiedReport: Sendable {
  /// One feed's price: the median of what distinct signers say, which is the one value of reports that are signed whole.
  public struct Price: Sendable, Hashable {
    /// The feed as its oracle names it.
    public let feed: String
    /// The price as an integer, big-endian two's complement of 32 bytes; nil where the report's schema is not known.
    public let price: [UInt8]?
    /// The power of ten that the integer is multiplied by.
    public let exponent: Int
    /// The price's uncertainty in the same unit; nil where the oracle states none.
    public let confidence: UInt64?
    /// When it was observed or published, nanoseconds since 1970; the earliest of several.
    public let nanoseconds: UInt64
    /// After this time it is no longer valid; nil where the report does not say.
    public let expiresNanoseconds: UInt64?
    /// The distinct signers behind it.
    public let signers: [OracleAddress]
  }

  /// Accepted, or why not.
  public let verdict: Verdict
  /// What is wrong, in words; empty when accepted.
  public let detail: String
  /// Every signer that was recovered, in the order of the signatures; nil where none can be.
  public let recovered: [OracleAddress?]
  /// Whether a signer set of the caller's was behind it. Without one the signatures hold, but nobody has said whose they have to be.
  public let hasAuthority: Bool
  /// The prices, empty unless accepted.
  public let prices: [Price]
}

extension Executor {
  /// Verifies reports: all hashes in a few batches, all signatures in one, whatever the reports are.
  ///
  /// With signer sets a report needs one that covers it, and only the set's members count, each once. Without any the signatures
  /// are recovered and the report's own expectations checked; ``VerifiedReport/hasAuthority`` is then false.
  ///
  /// - Parameters:
  ///   - quorum: distinct signers that a price needs at least, on top of the set's own quorum.
  /// - Throws: ``AssayError`` when no device computes.
  public func verify(
    _ reports: [OracleReport], signers sets: [SignerSet] = [], quorum: Int = 1
  ) throws(AssayError) -> [VerifiedReport] {
    let digests = try digests(of: reports)
    let signatures = try recover(reports, digests)
    let branches = try branchFailures(reports)
    let publishers = try publisherFailures(reports, digests)
    return reports.indices.map { index in
      ReportJudge(
        report: reports[index], outcomes: signatures[index], sets: sets, quorum: quorum,
        failure: branches[index] ?? publishers[index]
      ).judged
    }
  }

  /// Keccak-256 of every message.
  private func keccak(_ messages: [[UInt8]]) throws(AssayError) -> [[UInt8]] {
    guard !messages.isEmpty else { return [] }
    let results = try execute(Batch(.keccak256Message, [Column(messages: messages)]))
    return withExtendedLifetime(results) {
      guard let bytes = results.bytes("digest") else { return [] }
      return (0..<messages.count).map { Array(bytes[32 * $0..<32 * $0 + 32]) }
    }
  }

  /// For every report the digest of each message, before and within its envelope.
  private func digests(
    of reports: [OracleReport]
  ) throws(AssayError) -> [[(inner: [UInt8], signed: [UInt8])]] {
    let messages = reports.flatMap(\.messages)
    let inner = try keccak(messages.map(\.body))
    let wrapped = messages.indices.filter { messages[$0].envelope != nil }
    let outer = try keccak(
      wrapped.map { index in
        (messages[index].envelope?.prefix ?? []) + inner[index] + (messages[index].envelope?.suffix ?? [])
      })
    var signed = inner
    for (index, digest) in zip(wrapped, outer) { signed[index] = digest }
    var rest = zip(inner, signed).map { (inner: $0, signed: $1) }[...]
    return reports.map { report in
      defer { rest = rest.dropFirst(report.messages.count) }
      return Array(rest.prefix(report.messages.count))
    }
  }

  /// For every report the signer of each signature, in order, or why there is none.
  private func recover(
    _ reports: [OracleReport], _ digests: [[(inner: [UInt8], signed: [UInt8])]]
  ) throws(AssayError) -> [[SignatureOutcome]] {
    let count = reports.reduce(0) { $0 + $1.signatures }
    let hashes = Memory(byteCount: 32 * count), signatures = Memory(byteCount: 65 * count)
    var row = 0
    for (report, digests) in zip(reports, digests) {
      for (message, digest) in zip(report.messages, digests) {
        for signature in message.signatures {
          let ownHash = UnsafeMutableRawBufferPointer(rebasing: hashes.bytes[32 * row..<32 * row + 32])
          digest.signed.withUnsafeBytes { ownHash.copyMemory(from: $0) }
          let ownSignature = UnsafeMutableRawBufferPointer(rebasing: signatures.bytes[65 * row..<65 * row + 65])
          signature.withUnsafeBytes { ownSignature.copyMemory(from: $0) }
          row += 1
        }
      }
    }
    let batch = try Batch(
      .ecdsaSecp256k1Recover,
      [
        Column(borrowing: hashes.start, count: count, as: .bytes(32), owner: hashes),
        Column(borrowing: signatures.start, count: count, as: .bytes(65), owner: signatures),
      ], rows: count)
    let results = try execute(batch, wanted: nil)
    return withExtendedLifetime(results) {
      guard let addresses = results.bytes("address"), let verdicts = results.bytes("verdict") else { return [] }
      var row = 0
      return reports.map { report in
        var outcomes: [SignatureOutcome] = []
        outcomes.reserveCapacity(report.signatures)
        for message in report.messages.indices {
          for place in report.messages[message].signatures.indices {
            let verdict = Verdict(rawValue: verdicts[row])
            outcomes.append(
              SignatureOutcome(
                message: message, place: place, verdict: verdict,
                signer: verdict.isAccepted ? OracleAddress(loading: addresses, at: 20 * row) : nil))
            row += 1
          }
        }
        return outcomes
      }
    }
  }

  /// Reports with a branch that does not lead to its root: which one. Nodes lie end to end, 20 bytes each.
  private func branchFailures(_ reports: [OracleReport]) throws(AssayError) -> [String?] {
    var failures = [String?](repeating: nil, count: reports.count)
    let owners = reports.indices.flatMap { index in reports[index].branches.indices.map { (report: index, branch: $0) }
    }
    guard !owners.isEmpty else { return failures }
    let branches = owners.map { reports[$0.report].branches[$0.branch] }
    var nodes = [UInt8](repeating: 0, count: 20 * branches.count)
    try keccak(of: branches.indices, into: &nodes) { index, message in
      message.append(0)
      message.append(contentsOf: branches[index].leaf)
    }
    for level in 0..<(branches.map(\.siblings.count).max() ?? 0) {
      let before = nodes
      try keccak(of: branches.indices.filter { level < branches[$0].siblings.count }, into: &nodes) { index, message in
        let node = before[20 * index..<20 * index + 20], sibling = branches[index].siblings[level][...]
        let isFirst = node.lexicographicallyPrecedes(sibling)
        message.append(1)
        message.append(contentsOf: isFirst ? node : sibling)
        message.append(contentsOf: isFirst ? sibling : node)
      }
    }
    for (index, owner) in owners.enumerated() where failures[owner.report] == nil {
      if !nodes[20 * index..<20 * index + 20].elementsEqual(branches[index].root) {
        failures[owner.report] = "the proof of price \(owner.branch) leads to another root"
      }
    }
    return failures
  }

  /// The first 20 bytes of Keccak-256 of a message per index, each to its place in `nodes`.
  private func keccak(
    of indices: some Collection<Int>, into nodes: inout [UInt8], _ message: (Int, inout [UInt8]) -> Void
  ) throws(AssayError) {
    var data: [UInt8] = [], offsets: [Int64] = [0]
    data.reserveCapacity(64 * indices.count)
    for index in indices {
      message(index, &data)
      offsets.append(Int64(data.count))
    }
    let memory = Memory(byteCount: 8 * offsets.count + data.count)
    offsets.withUnsafeBytes { memory.bytes.copyMemory(from: $0) }
    let start = memory.start + 8 * offsets.count
    data.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: start, count: $0.count).copyMemory(from: $0) }
    let table = UnsafePointer(memory.start.bindMemory(to: Int64.self, capacity: offsets.count))
    let column = Column(borrowing: start, offsets: table, count: indices.count, as: .message, owner: memory)
    let results = try execute(Batch(.keccak256Message, [column]), wanted: nil)
    withExtendedLifetime(results) {
      guard let digests = results.bytes("digest") else { return }
      nodes.withUnsafeMutableBytes { nodes in
        for (row, index) in indices.enumerated() {
          UnsafeMutableRawBufferPointer(rebasing: nodes[20 * index..<20 * index + 20])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: digests[32 * row..<32 * row + 20]))
        }
      }
    }
  }

  /// Stork's reports whose publishers' digests make another root: pairs of Keccak-256, the last one of an odd level doubled.
  private func publisherFailures(
    _ reports: [OracleReport], _ digests: [[(inner: [UInt8], signed: [UInt8])]]
  ) throws(AssayError) -> [String?] {
    var levels: [Int: [[UInt8]]] = [:]
    for index in reports.indices where reports[index].publishers != nil {
      levels[index] = digests[index].dropFirst().map(\.inner)
    }
    while true {
      let open = levels.keys.filter { (levels[$0]?.count ?? 0) > 1 }.sorted()
      if open.isEmpty { break }
      var pairs: [[UInt8]] = [], counts: [Int] = []
      for index in open {
        let nodes = levels[index] ?? []
        let level = stride(from: 0, to: nodes.count, by: 2).map { nodes[$0] + nodes[min($0 + 1, nodes.count - 1)] }
        pairs += level
        counts.append(level.count)
      }
      var parents = try keccak(pairs)[...]
      for (index, count) in zip(open, counts) {
        levels[index] = Array(parents.prefix(count))
        parents = parents.dropFirst(count)
      }
    }
    return reports.indices.map { index in
      guard let publishers = reports[index].publishers else { return nil }
      return levels[index]?.first == publishers.root ? nil : "the publishers' prices have another Merkle root"
    }
  }
}

/// What came of one signature.
struct SignatureOutcome: Sendable {
  /// The message's place in its report.
  let message: Int
  /// The signature's place in its message.
  let place: Int
  /// Accepted when a key was recovered.
  let verdict: Verdict
  /// The recovered signer.
  let signer: OracleAddress?
}
