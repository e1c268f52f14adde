import AssayCore

/// Rows gathered into one batch for each operation that they need.
struct SignaturePlan {
  /// The rows of one operation: which they are, and their columns.
  private struct Group {
    var rows: [Int] = []
    /// ECDSA and recovery: 32 bytes a row. A message's digest is filled in when it has been hashed.
    var digests: [UInt8] = []
    var keys: ColumnBuilder
    var messages = ColumnBuilder(.message)
    var signatures: ColumnBuilder
  }

  /// A message to hash: its digest belongs to this row of the group of `operation`.
  private struct Hashing {
    let operation: Operation
    let row: Int
  }

  /// How many rows were appended.
  private(set) var rows = 0
  /// How many bytes of messages they hold.
  private(set) var messageBytes = 0
  /// The verdicts known without arithmetic; nil for rows of a group.
  private var verdicts: [Verdict?] = []
  private var groups: [Operation: Group] = [:]
  private var hashed: [Hashing] = []
  private var hashing = ColumnBuilder(.message)
  /// The addresses asked for, by row.
  private var addresses: [Int: [UInt8]] = [:]

  /// Adds a row: gives its verdict when its structure decides, else puts it into its group.
  mutating func append(_ check: SignatureCheck) {
    let verdict: Verdict? =
      switch check {
      case .ecdsa(let check): append(check)
      case .recovery(let check): append(check)
      case .schnorr(let check):
        append(.schnorrSecp256k1, key: check.publicKey, message: check.message, signature: check.signature)
      case .ed25519(let check):
        append(check.operation, key: check.publicKey, message: check.message, signature: check.signature)
      }
    verdicts.append(verdict)
    rows += 1
  }

  private mutating func append(_ check: ECDSACheck) -> Verdict? {
    if case .digest(let digest) = check.subject, digest.count != 32 { return .malformedRow }
    let compact: [UInt8]? =
      switch check.signature {
      case .compact(let bytes): bytes.count == 64 ? bytes : nil
      case .der(let bytes): StrictDER.compact(bytes)
      }
    guard let compact else { return .signatureEncodingInvalid }
    // The kernel would say the same; keys of absurd length need not be copied to it.
    guard check.publicKey.count == 33 || check.publicKey.count == 65 else { return .publicKeyInvalid }
    let operation = check.operation
    var group = groups.removeValue(forKey: operation) ?? Group(keys: .init(.message), signatures: .init(.bytes(64)))
    switch check.subject {
    case .digest(let digest): group.digests += digest
    case .message(let message):
      hashed.append(Hashing(operation: operation, row: group.rows.count))
      hashing.append(message)
      messageBytes += message.count
      group.digests += repeatElement(0, count: 32)
    }
    group.rows.append(rows)
    group.keys.append(check.publicKey)
    group.signatures.append(compact)
    groups[operation] = group
    return nil
  }

  private mutating func append(_ check: RecoveryCheck) -> Verdict? {
    guard check.digest.count == 32, check.address?.count ?? 20 == 20 else { return .malformedRow }
    guard check.signature.count == 65 else { return .signatureEncodingInvalid }
    let operation = Operation.ecdsaSecp256k1Recover
    var group = groups.removeValue(forKey: operation) ?? Group(keys: .init(.message), signatures: .init(.bytes(65)))
    group.rows.append(rows)
    group.digests += check.digest
    group.signatures.append(check.signature)
    groups[operation] = group
    addresses[rows] = check.address
    return nil
  }

  private mutating func append(
    _ operation: Operation, key: [UInt8], message: [UInt8], signature: [UInt8]
  ) -> Verdict? {
    guard signature.count == 64 else { return .signatureEncodingInvalid }
    guard key.count == 32 else { return .publicKeyInvalid }
    var group = groups.removeValue(forKey: operation) ?? Group(keys: .init(.bytes(32)), signatures: .init(.bytes(64)))
    group.rows.append(rows)
    group.keys.append(key)
    group.messages.append(message)
    group.signatures.append(signature)
    groups[operation] = group
    messageBytes += message.count
    return nil
  }

  /// Runs every group and gives one outcome a row, in the order of `append`.
  consuming func outcomes(on executor: any Executor) throws(AssayError) -> [SignatureOutcome] {
    try hashMessages(on: executor)
    var outcomes = verdicts.map { SignatureOutcome($0 ?? .malformedRow) }
    // In the order of operations.def, so that receipts of equal jobs are equal.
    for operation in groups.keys.sorted(by: { $0.id < $1.id }) {
      guard let group = groups.removeValue(forKey: operation) else { continue }
      let results = try executor.execute(Batch(operation, Self.columns(of: operation, group)))
      for (index, row) in group.rows.enumerated() { outcomes[row].verdict = results.verdict(index) }
      if operation == .ecdsaSecp256k1Recover {
        withExtendedLifetime(results) { addKeys(of: results, rows: group.rows, to: &outcomes) }
      }
    }
    return outcomes
  }

  private mutating func hashMessages(on executor: any Executor) throws(AssayError) {
    guard !hashed.isEmpty else { return }
    let results = try executor.execute(Batch(.sha256Message, [hashing.finish()]))
    hashing = ColumnBuilder(.message)
    withExtendedLifetime(results) {
      guard let digests = results.bytes("digest") else { return }
      for (index, item) in hashed.enumerated() {
        groups[item.operation]?.digests.replaceSubrange(
          32 * item.row..<32 * item.row + 32, with: digests[32 * index..<32 * index + 32])
      }
    }
  }

  private static func columns(of operation: Operation, _ group: consuming Group) throws(AssayError) -> [Column] {
    let signatures = try group.signatures.finish()
    guard !group.digests.isEmpty else { return try [group.keys.finish(), group.messages.finish(), signatures] }
    let digests = try Column(packed: group.digests, width: 32)
    return operation == .ecdsaSecp256k1Recover
      ? [digests, signatures] : [digests, try group.keys.finish(), signatures]
  }

  private func addKeys(of results: Results, rows: [Int], to outcomes: inout [SignatureOutcome]) {
    guard let keys = results.bytes("publicKey"), let found = results.bytes("address") else { return }
    for (index, row) in rows.enumerated() where outcomes[row].verdict.isAccepted {
      let key = RecoveredKey(
        publicKey: Array(keys[65 * index..<65 * index + 65]), address: Array(found[20 * index..<20 * index + 20]))
      outcomes[row].recovered = key
      if let address = addresses[row], address != key.address { outcomes[row].verdict = .addressMismatch }
    }
  }
}

extension ECDSACheck {
  /// The operation that verifies the row.
  var operation: Operation {
    switch (curve, semantics) {
    case (.secp256k1, .lowS): .ecdsaSecp256k1LowS
    case (.secp256k1, .anyS): .ecdsaSecp256k1AnyS
    case (.p256, .lowS): .ecdsaP256LowS
    case (.p256, .anyS): .ecdsaP256AnyS
    }
  }
}

extension Ed25519Check {
  /// The operation that verifies the row.
  var operation: Operation {
    switch semantics {
    case .rfc8032: .ed25519RFC8032
    case .dalekStrict: .ed25519DalekStrict
    case .libsodium: .ed25519Libsodium
    case .simd0376: .ed25519SIMD0376
    case .zip215: .ed25519ZIP215
    }
  }
}
