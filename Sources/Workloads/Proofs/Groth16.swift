public import AssayCore

/// A Groth16 verification key over BN254 in EIP-197's encoding: alpha (G1), beta, gamma, delta (G2), then the points IC_0 to
/// IC_n (G1) of n public inputs. Any bytes are allowed here; malformed ones give every proof a verdict.
public struct Groth16Key: Sendable, Hashable {
  /// 448 + 64 (n + 1) bytes when well formed.
  public let bytes: [UInt8]

  /// A key from its encoding.
  public init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// A key from the fields of snarkjs' `verification_key.json`: `vk_alpha_1`, `vk_beta_2`, `vk_gamma_2`, `vk_delta_2`, `IC`.
  /// Nil when a field is not a point in snarkjs' form.
  public init?(
    alpha: [String], beta: [[String]], gamma: [[String]], delta: [[String]], inputs: [[String]]
  ) {
    guard var bytes = Groth16Encoding.g1(alpha) else { return nil }
    for point in [beta, gamma, delta] {
      guard let point = Groth16Encoding.g2(point) else { return nil }
      bytes += point
    }
    for point in inputs {
      guard let point = Groth16Encoding.g1(point) else { return nil }
      bytes += point
    }
    self.bytes = bytes
  }
}

/// A Groth16 proof over BN254: A (G1), B (G2), C (G1) in EIP-197's encoding.
public struct Groth16Proof: Sendable, Hashable {
  /// 256 bytes when well formed.
  public let bytes: [UInt8]

  /// A proof from its encoding.
  public init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// A proof from the fields of snarkjs' `proof.json`: `pi_a`, `pi_b`, `pi_c`. Nil when one is not a point in snarkjs' form.
  public init?(a: [String], b: [[String]], c: [String]) {
    guard let a = Groth16Encoding.g1(a), let b = Groth16Encoding.g2(b), let c = Groth16Encoding.g1(c) else {
      return nil
    }
    bytes = a + b + c
  }
}

/// One Groth16 proof with everything that its verdict depends on.
///
/// Acceptance says that the statement is true, not that the proof is unique: whoever has one proof can make others of the
/// same statement, so a proof's bytes must never serve as an identifier.
public struct Groth16Check: Sendable, Hashable {
  /// The circuit's key.
  public var key: Groth16Key
  /// The proof.
  public var proof: Groth16Proof
  /// The public inputs, 32 big-endian bytes each, in the circuit's order.
  public var publicInputs: [UInt8]

  /// A check from encoded parts.
  public init(key: Groth16Key, proof: Groth16Proof, publicInputs: [UInt8]) {
    self.key = key
    self.proof = proof
    self.publicInputs = publicInputs
  }

  /// A check whose public inputs are decimal numbers, as in snarkjs' `public.json`. Nil when one is not a decimal number.
  public init?(key: Groth16Key, proof: Groth16Proof, decimals: [String]) {
    var inputs: [UInt8] = []
    for text in decimals {
      guard let number = Groth16Encoding.number(text) else { return nil }
      inputs += number
    }
    self.init(key: key, proof: proof, publicInputs: inputs)
  }
}

/// Verifies Groth16 proofs in batches, grouped by key; the keys used last stay prepared.
///
/// The reasons, in the order in which a row is checked: `proof-shape-invalid` (the key's, the proof's or the inputs' length),
/// `non-canonical-encoding` and `point-not-on-curve` (the key), `scalar-out-of-range` (an input at or above the group order),
/// the same two (A, B, C), `point-not-in-subgroup` (the key, then B), `pairing-mismatch`.
public enum Groth16Verifier {
  /// One verdict a check, in order; each is that of the check verified alone (see docs/pairings.md).
  ///
  /// - Throws: ``AssayError`` when `executor` cannot run the operation at all. No check, however malformed, throws.
  public static func verify(
    _ checks: some Collection<Groth16Check>, on executor: any Executor
  ) throws(AssayError) -> [Verdict] {
    var verdicts = [Verdict](repeating: .proofShapeInvalid, count: checks.count)
    var groups: [Groth16Key: [(row: Int, check: Groth16Check)]] = [:]
    for (row, check) in checks.enumerated() where check.proof.bytes.count == 256 {
      groups[check.key, default: []].append((row, check))
    }
    // In the order of their first rows, lest receipts tell of them in another order every time.
    for (key, group) in groups.sorted(by: { $0.value[0].row < $1.value[0].row }) {
      var keys = ColumnBuilder(.message, capacity: 1)
      var prepared = ColumnBuilder(.message, capacity: 1)
      var proofs = ColumnBuilder(.bytes(256), capacity: group.count)
      var inputs = ColumnBuilder(.message, capacity: group.count)
      keys.append(key.bytes)
      prepared.append(try Groth16KeyCache.shared.prepared(key, on: executor))
      for (_, check) in group {
        proofs.append(check.proof.bytes)
        inputs.append(check.publicInputs)
      }
      let columns = try [keys.finish(), prepared.finish(), proofs.finish(), inputs.finish()]
      let results = try executor.execute(Batch(.groth16BN254, columns, rows: group.count))
      for (index, member) in group.enumerated() { verdicts[member.row] = results.verdict(index) }
    }
    return verdicts
  }
}
