public import AssayCore

/// Something to compute over the STARK field.
///
/// Any bytes are allowed here: another length is `proof-shape-invalid`, an element of p or more `scalar-out-of-range`.
public enum StarkCall: Sendable, Hashable {
  /// An ECDSA signature: digest below 2^251, key (x) and r, s in 64 bytes, r below 2^251, s below the group order and neither 0. Of
  /// the two points with this x either may have signed, and (r, n - s) is as good as (r, s).
  case verify(digest: [UInt8], publicKey: [UInt8], signature: [UInt8])
  /// The x of a scalar's multiple of the generator.
  case publicKey(scalar: [UInt8])
  /// Pedersen's hash of two elements, 64 bytes.
  case pedersen([UInt8])
  /// The first element of Poseidon's permutation of three, 96 bytes.
  case permutation([UInt8])
  /// Poseidon's hash of any number of elements, end to end.
  case poseidon([UInt8])

  fileprivate var row: (operation: Operation, values: [[UInt8]]) {
    switch self {
    case .verify(let digest, let publicKey, let signature): (.ecdsaStark, [digest, publicKey, signature])
    case .publicKey(let scalar): (.starkPublicKey, [scalar])
    case .pedersen(let pair): (.starkPedersen, [pair])
    case .permutation(let state): (.starkPoseidonPermutation, [state])
    case .poseidon(let elements): (.starkPoseidonHash, [elements])
    }
  }
}

/// What a call gives.
public struct StarkResult: Sendable, Hashable {
  /// Accepted, or why there is no output.
  public let verdict: Verdict
  /// The element, 32 bytes; empty for a signature, and when there is none.
  public let output: [UInt8]
}

/// Computes calls over the STARK field in batches, each kind by its own operation.
public enum StarkRunner {
  /// One result a call, in order; each is that of the call made alone.
  ///
  /// - Throws: ``AssayError`` when `executor` cannot run an operation at all. No call, however malformed, throws.
  public static func run(
    _ calls: some Collection<StarkCall>, on executor: any Executor
  ) throws(AssayError) -> [StarkResult] {
    var results = [StarkResult](repeating: StarkResult(verdict: .proofShapeInvalid, output: []), count: calls.count)
    var groups: [Operation: (rows: [Int], builders: [ColumnBuilder])] = [:]
    for (index, call) in calls.enumerated() {
      let (operation, values) = call.row
      guard zip(operation.inputs, values).allSatisfy({ $0.kind == .message || $0.width == $1.count }) else { continue }
      var group = groups.removeValue(forKey: operation) ?? ([], operation.inputs.map { ColumnBuilder($0.kind) })
      for (column, value) in values.enumerated() { group.builders[column].append(value) }
      group.rows.append(index)
      groups[operation] = group
    }
    for operation in groups.keys.sorted(by: { $0.id < $1.id }) {
      guard let group = groups.removeValue(forKey: operation) else { continue }
      var columns: [Column] = []
      for builder in group.builders { columns.append(try builder.finish()) }
      let batch = try Batch(operation, columns, rows: group.rows.count)
      let found = try executor.execute(batch)
      withExtendedLifetime(found) {
        let column = found.columns.last { $0.description.kind != .verdict }
        let bytes = column?.bytes
        let width = column?.description.width ?? 0
        for (place, row) in group.rows.enumerated() {
          let verdict = found.verdict(place)
          let output = verdict.isAccepted ? bytes.map { Array($0[place * width..<place * width + 32]) } ?? [] : []
          results[row] = StarkResult(verdict: verdict, output: output)
        }
      }
    }
    return results
  }
}
