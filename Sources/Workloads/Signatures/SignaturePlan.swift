import AssayCore

/// Rows gathered into one batch for each operation that they need.
struct SignaturePlan {
  /// The rows of one operation: which they are, and their columns.
  private struct Group {
    let operation: Operation
    var rows: [Int] = []
    /// ECDSA and recovery: 32 bytes per row. A message's digest is filled in when it has been hashed.
    var digests: [UInt8] = []
    var keys: ColumnBuilder
    var messages = ColumnBuilder(.message)
    var signatures: ColumnBuilder
  }

  /// A message to hash: its digest belongs to this row of the group at `group`.
  private struct Hashing {
    let group: Int
    let row: Int
  }

  /// How many rows were appended.
  private(set) var rows = 0
  /// How many bytes of messages they hold.
  private(set) var messageBytes = 0
  /// The verdicts known without arithmetic; nil for rows of a group.
  private var verdicts: [Verdict?] = []
  private var groups: [Group] = []
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
    let place = place(of: check.operation, keys: .message, signatureBytes: 64)
    switch check.subject {
    case .digest(let digest): groups[place].digests += digest
    case .message(let message):
      hashed.append(Hashing(group: place, row: groups[place].rows.count))
      hashing.append(message)
      messageBytes += message.count
      groups[place].digests += repeatElement(0, count: 32)
    }
    groups[place].rows.append(rows)
    groups[place].keys.append(check.publicKey)
    groups[place].signatures.append(compact)
    return nil
  }

  private mutating func append(_ check: RecoveryCheck) -> Verdict? {
    guard check.digest.count == 32, check.address?.count ?? 20 == 20 else { return .malformedRow }
    guard check.signature.count == 65 else { return .signatureEncodingInvalid }
    let place = place(of: .ecdsaSecp256k1Recover, keys: .message, signatureBytes: 65)
    groups[place].rows.append(rows)
    groups[place].digests += check.digest
    groups[place].signatures.append(check.signature)
    if let address = check.address { addresses[rows] = address }
    return nil
  }

  private mutating func append(
    _ operation: Operation, key: [UInt8], message: [UInt8], signature: [UInt8]
  ) -> Verdict? {
    guard signature.count == 64 else { return .signatureEncodingInvalid }
    guard key.count == 32 else { return .publicKeyInvalid }
    let place = place(of: operation, keys: .bytes(32), signatureBytes: 64)
    groups[place].rows.append(rows)
    groups[place].keys.append(key)
    groups[place].messages.append(message)
    groups[place].signatures.append(signature)
    messageBytes += message.count
    return nil
  }

  /// The place of an operation's group, which is made when there is none yet. Only a dozen operations verify signatures.
  private mutating func place(of operation: Operation, keys: ColumnDescription.Kind, signatureBytes: Int) -> Int {
    if let place = groups.firstIndex(where: { $0.operation.id == operation.id }) { return place }
    groups.append(Group(operation: operation, keys: .init(keys), signatures: .init(.bytes(signatureBytes))))
    return groups.count - 1
  }

  /// Runs every group and gives one outcome a row, in the order of `append`.
  consuming func outcomes(on executor: any Executor) throws(AssayError) -> [SignatureOutcome] {
    try hashMessages(on: executor)
    var outcomes = verdicts.map { SignatureOutcome($0 ?? .malformedRow) }
    // In the order of operations.def, so that receipts of equal jobs are equal.
    for group in groups.sorted(by: { $0.operation.id < $1.operation.id }) {
      let results = try executor.execute(Batch(group.operation, Self.columns(of: group)))
      for (index, row) in group.rows.enumerated() { outcomes[row].verdict = results.verdict(index) }
      if group.operation == .ecdsaSecp256k1Recover {
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
        groups[item.group].digests.replaceSubrange(
          32 * item.row..<32 * item.row + 32, with: digests[32 * index..<32 * index + 32])
      }
    }
  }

  private static func columns(of group: Group) throws(AssayError) -> [Column] {
    let signatures = try group.signatures.finish()
    guard !group.digests.isEmpty else { return try [group.keys.finish(), group.messages.finish(), signatures] }
    let digests = try Column(packed: group.digests, width: 32)
    return group.operation == .ecdsaSecp256k1Recover
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
