import Assay
import AssayIO

/// Starknet's signatures, hashes and typed data. Elements are written as Starknet's nodes do, `0x` and any number of digits, or as
/// decimal numbers.
extension RowType {
  private static let operations: [Operation] = [
    .keccak256Message, .starkPedersen, .starkPoseidonPermutation, .starkPoseidonHash,
  ]

  static let starknet = RowType(
    "starknet",
    [
      .required("publicKey", .json, "the key's x coordinate, an element"),
      .optional("hash", .json, "what was signed, an element"),
      .optional("typedData", .json, "what was signed, as SNIP-12 has it; with account"),
      .optional("account", .json, "the account's address, with typedData"),
      .required("signature", .json, "a list of r and s"),
    ],
    rule:
      "ECDSA on the STARK curve over hash or typedData, of which one is given; either point with the key's x may have signed.",
    results: [.required("hash", .bytes, "32 bytes")], operations: operations + [.ecdsaStark], workload: .objects
  ) { row throws(RowProblem) in
    let parts = try row.node("signature").elements
    guard parts.count == 2 else { throw .malformed("signature is not a list of r and s") }
    let hasHash = try row.one(of: "hash", or: "typedData")
    let subject: StarknetSubject = hasHash ? .hash(try row.node("hash").felt) : try row.starknetTypedData()
    return StarknetSignature(
      subject, publicKey: try row.node("publicKey").felt, signature: try parts[0].felt + parts[1].felt)
  }

  private enum Function: String, CaseIterable { case pedersen, poseidon }

  private enum Kind: String, CaseIterable { case hash, single, many }

  static let starknetHash = RowType(
    "starknet-hash",
    [
      .required("function", .word(Function.allCases.map(\.rawValue))), .required("inputs", .json, "a list of elements"),
      .optional(
        "kind", .word(Kind.allCases.map(\.rawValue)), "of Poseidon: hash of two, single, or many, which is the default"),
      .required("hash", .json, "the element that the inputs must give"),
    ],
    rule: "The inputs have this hash: Pedersen's of two elements, or Poseidon's.", operations: operations,
    workload: .objects
  ) { row throws(RowProblem) in
    var inputs: [[UInt8]] = []
    for input in try row.node("inputs").elements { inputs.append(try input.felt) }
    let joined = Array(inputs.joined())
    guard let function = try row.choice("function", of: Function.self) else { throw .malformed("function is missing") }
    let call: StarkCall
    switch (function, try row.choice("kind", of: Kind.self) ?? .many, inputs.count) {
    case (.pedersen, _, 2): call = .pedersen(joined)
    case (.poseidon, .many, _): call = .poseidon(joined)
    case (.poseidon, .hash, 2): call = .permutation(joined + element(2))
    case (.poseidon, .single, 1): call = .permutation(joined + element(0) + element(1))
    default: throw .malformed("inputs does not have the number of elements that function and kind take")
    }
    return StarknetValue(.call(call), value: try row.node("hash").felt)
  }

  private static func element(_ value: UInt8) -> [UInt8] { [UInt8](repeating: 0, count: 31) + [value] }

  static let starknetKey = RowType(
    "starknet-key",
    [
      .required("scalar", .json, "a whole number from 1 to the group order, not included"),
      .required("publicKey", .json, "the x coordinate that it must have"),
    ],
    rule:
      "The scalar's multiple of the generator has this x coordinate. For published test keys: a secret is not to be written here.",
    operations: [.starkPublicKey], workload: .objects
  ) { row throws(RowProblem) in
    StarknetValue(.call(.publicKey(scalar: try row.node("scalar").felt)), value: try row.node("publicKey").felt)
  }

  static let starknetTypedData = RowType(
    "starknet-typed-data",
    [
      .required("typedData", .json, "types, primaryType, domain and message as SNIP-12 has them"),
      .required("account", .json, "the account's address"),
      .required("messageHash", .json, "the element that is signed"),
    ],
    rule: "The typed data have this hash for the account (SNIP-12, revisions 0 and 1).", operations: operations,
    workload: .objects
  ) { row throws(RowProblem) in
    StarknetValue(.subject(try row.starknetTypedData()), value: try row.node("messageHash").felt)
  }
}

extension NodeValue {
  /// A number of at most 256 bits in 32 bytes.
  fileprivate var felt: [UInt8] {
    get throws(RowProblem) {
      let number = try number.drop { $0 == 0 }
      guard number.count <= 32 else { throw .malformed("\(path) is 2^256 or more") }
      return [UInt8](repeating: 0, count: 32 - number.count) + number
    }
  }
}

extension Row {
  fileprivate func starknetTypedData() throws(RowProblem) -> StarknetSubject {
    let node = try node("typedData")
    var types: [String: [StarknetTypedData.Member]] = [:]
    let declared = try node.member("types")
    guard let declarations = declared.members else { throw .malformed("\(declared.path) is not an object") }
    for (name, value) in declarations {
      var members: [StarknetTypedData.Member] = []
      for member in try value.elements {
        members.append(
          .init(
            name: try member.member("name").text, type: try member.member("type").text,
            contains: try member.optional("contains")?.text))
      }
      guard types.updateValue(members, forKey: name) == nil else {
        throw .malformed("\(declared.path).\(name) is there twice")
      }
    }
    return .typedData(
      StarknetTypedData(
        types: types, primaryType: try node.member("primaryType").text,
        domain: try TypedDataJSON.members(node.member("domain")),
        message: try TypedDataJSON.members(node.member("message"))),
      account: try self.node("account").felt)
  }
}
