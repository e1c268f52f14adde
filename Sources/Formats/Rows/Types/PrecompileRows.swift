import Assay

/// The EVM's precompiled contracts.
extension RowType {
  static let evmPrecompile = RowType(
    "evm-precompile",
    [
      .required("address", .quantity, "0x01, 0x06 to 0x08, 0x0a to 0x11, 0x100; of any width"),
      .required("input", .bytes, "call data"), .optional("output", .bytes, "what the call must return"),
    ],
    rule: "The EVM's call succeeds and, where output is given, returns it (EIP-196, 197, 2537, 4844, 7951; ecrecover). "
      + "0x01 and 0x100 succeed with nothing on a bad signature.",
    results: [.optional("output", .bytes)],
    operations: EVMPrecompile.allCases.map(\.operation) + [.ecdsaSecp256k1Recover, .ecdsaP256AnyS], workload: .objects
  ) { row throws(RowProblem) in
    let address = try row.quantity("address").drop { $0 == 0 }
    let input = try row.bytes("input")
    let expected = try row.optionalBytes("output")
    if address.count <= 2,
      let contract = SignaturePrecompile.Contract(rawValue: address.reduce(0) { $0 << 8 | UInt64($1) })
    {
      return SignaturePrecompile(contract, input: input, expected: expected)
    }
    guard address.count == 1, let precompile = address.first.flatMap(EVMPrecompile.init(rawValue:)) else {
      throw .unsupported("no precompile of this version has this address")
    }
    return PrecompileCall(EVMCall(precompile, input: input), expected: expected)
  }
}
