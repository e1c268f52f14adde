public import AssayCore

/// The EVM's precompiled contracts over pairing-friendly curves, by their addresses.
public enum EVMPrecompile: UInt8, Sendable, CaseIterable {
  /// EIP-196: the sum of two BN254 points.
  case bn254Add = 0x06
  /// EIP-196: a multiple of a BN254 point.
  case bn254Mul = 0x07
  /// EIP-197: BN254's pairing check.
  case bn254Pairing = 0x08
  /// EIP-4844: a KZG opening against a versioned hash.
  case kzgPointEvaluation = 0x0A
  /// EIP-2537: the sum of two points of BLS12-381's G1.
  case bls12381G1Add = 0x0B
  /// EIP-2537: a sum of multiples in G1.
  case bls12381G1MSM = 0x0C
  /// EIP-2537: the sum of two points of G2.
  case bls12381G2Add = 0x0D
  /// EIP-2537: a sum of multiples in G2.
  case bls12381G2MSM = 0x0E
  /// EIP-2537: BLS12-381's pairing check.
  case bls12381Pairing = 0x0F
  /// EIP-2537: a field element mapped to G1.
  case bls12381MapFpToG1 = 0x10
  /// EIP-2537: an element of Fp2 mapped to G2.
  case bls12381MapFp2ToG2 = 0x11

  /// The operation that computes it.
  public var operation: Operation {
    switch self {
    case .bn254Add: .bn254Add
    case .bn254Mul: .bn254Mul
    case .bn254Pairing: .bn254Pairing
    case .kzgPointEvaluation: .kzgPointEvaluation
    case .bls12381G1Add: .bls12381G1Add
    case .bls12381G1MSM: .bls12381G1MSM
    case .bls12381G2Add: .bls12381G2Add
    case .bls12381G2MSM: .bls12381G2MSM
    case .bls12381Pairing: .bls12381Pairing
    case .bls12381MapFpToG1: .bls12381MapFpToG1
    case .bls12381MapFp2ToG2: .bls12381MapFp2ToG2
    }
  }
}

/// A call of a precompiled contract.
public struct EVMCall: Sendable, Hashable {
  /// The contract.
  public var precompile: EVMPrecompile
  /// The call data, of any length: what a wrong length means is the contract's rule.
  public var input: [UInt8]

  /// A call from its parts.
  public init(_ precompile: EVMPrecompile, input: [UInt8]) {
    self.precompile = precompile
    self.input = input
  }
}

/// What a call of a precompiled contract gives.
public struct EVMReturn: Sendable, Hashable {
  /// Accepted when the EVM's call succeeds, else why it fails. A pairing check whose product is not one succeeds, with an
  /// output that says so.
  public let verdict: Verdict
  /// The return data; empty when the call fails.
  public let output: [UInt8]
}

/// Computes calls of precompiled contracts in batches, each contract's by its own operation. Gas is the caller's business.
public enum EVMPrecompileRunner {
  /// One return a call, in order; each is that of the call made alone.
  ///
  /// - Throws: ``AssayError`` when `executor` cannot run an operation at all. No call, however malformed, throws.
  public static func run(_ calls: some Collection<EVMCall>, on executor: any Executor) throws(AssayError) -> [EVMReturn]
  {
    var returns = [EVMReturn](repeating: EVMReturn(verdict: .malformedRow, output: []), count: calls.count)
    var groups: [EVMPrecompile: [(row: Int, input: [UInt8])]] = [:]
    for (row, call) in calls.enumerated() { groups[call.precompile, default: []].append((row, call.input)) }
    // In the order of their first rows, lest receipts tell of them in another order every time.
    for (precompile, members) in groups.sorted(by: { $0.value[0].row < $1.value[0].row }) {
      var inputs = ColumnBuilder(.message, capacity: members.count)
      for member in members { inputs.append(member.input) }
      let results = try executor.execute(Batch(precompile.operation, [inputs.finish()], rows: members.count))
      let outputs = results.bytes("output").map { Array($0) } ?? []
      let width = outputs.count / members.count
      for (index, member) in members.enumerated() {
        let verdict = results.verdict(index)
        returns[member.row] = EVMReturn(
          verdict: verdict, output: verdict.isAccepted ? Array(outputs[index * width..<(index + 1) * width]) : [])
      }
    }
    return returns
  }
}
