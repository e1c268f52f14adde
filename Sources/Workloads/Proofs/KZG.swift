public import AssayCore

/// A KZG opening over the Ethereum ceremony's setup with everything that its verdict depends on.
///
/// Commitments and proofs are 48 bytes, compressed, and may be infinity; scalars are 32 big-endian bytes below the group order.
/// Any bytes are allowed here: another length is `proof-shape-invalid`.
public enum KZGCheck: Sendable, Hashable {
  /// EIP-4844's verify_kzg_proof: the committed polynomial takes the value `y` at `z`.
  case proof(commitment: [UInt8], z: [UInt8], y: [UInt8], proof: [UInt8])
  /// EIP-4844's verify_blob_kzg_proof: the commitment is that of the 131,072 bytes of `blob`.
  case blob([UInt8], commitment: [UInt8], proof: [UInt8])
  /// EIP-7594's verify_cell_kzg_proof_batch for one cell: the 2,048 bytes of `cell` are the extended blob's cell `index`.
  case cell([UInt8], index: UInt64, commitment: [UInt8], proof: [UInt8])
}

/// Verifies KZG openings in batches, each kind by its own operation.
///
/// The reasons: `proof-shape-invalid` (a length, a cell index of 128 or more), `scalar-out-of-range`,
/// `non-canonical-encoding`, `point-not-on-curve`, `point-not-in-subgroup` and `pairing-mismatch`.
public enum KZGVerifier {
  /// How many bytes are gathered before they are sent: 256 blobs.
  static let blockBytes = 32 << 20

  /// One verdict a check, in order; each is that of the check verified alone (see docs/pairings.md).
  ///
  /// - Throws: ``AssayError`` when `executor` cannot run an operation at all. No check, however malformed, throws.
  public static func verify(
    _ checks: some Sequence<KZGCheck>, on executor: any Executor
  ) throws(AssayError) -> [Verdict] {
    var verdicts: [Verdict] = []
    var gatherings: [Operation: Gathering] = [:]
    for check in checks {
      let (operation, values) = check.row
      let row = verdicts.count
      verdicts.append(.proofShapeInvalid)
      guard zip(operation.inputs, values).allSatisfy({ $0.width == $1.count }) else { continue }
      gatherings[operation, default: Gathering(operation)].append(values, row: row)
      if let full = gatherings[operation], full.bytes >= blockBytes {
        try full.verify(into: &verdicts, on: executor)
        gatherings[operation] = nil
      }
    }
    for gathering in gatherings.values { try gathering.verify(into: &verdicts, on: executor) }
    return verdicts
  }
}

extension KZGCheck {
  /// The operation, and the row's values in the order of its columns.
  fileprivate var row: (Operation, [[UInt8]]) {
    switch self {
    case .proof(let commitment, let z, let y, let proof): (.kzgProof, [commitment, z, y, proof])
    case .blob(let blob, let commitment, let proof): (.kzgBlob, [blob, commitment, proof])
    case .cell(let cell, let index, let commitment, let proof):
      (.kzgCell, [commitment, withUnsafeBytes(of: index) { Array($0) }, cell, proof])
    }
  }
}

/// The rows of one operation on their way into a batch.
private struct Gathering {
  let operation: Operation
  var bytes = 0
  private var builders: [ColumnBuilder]
  private var rows: [Int] = []

  init(_ operation: Operation) {
    self.operation = operation
    builders = operation.inputs.map { ColumnBuilder($0.kind) }
  }

  mutating func append(_ values: [[UInt8]], row: Int) {
    for (index, value) in values.enumerated() {
      builders[index].append(value)
      bytes += value.count
    }
    rows.append(row)
  }

  func verify(into verdicts: inout [Verdict], on executor: any Executor) throws(AssayError) {
    let columns = try builders.map { builder throws(AssayError) in try builder.finish() }
    let results = try executor.execute(Batch(operation, columns, rows: rows.count))
    for (index, row) in rows.enumerated() { verdicts[row] = results.verdict(index) }
  }
}
