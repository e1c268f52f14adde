import Assay
import AssayIO

/// Signatures in Bitcoin transactions and under messages.
extension RowType {
  static let bitcoinInput = RowType(
    "bitcoin-input",
    [
      .required("tx", .bytes, "the raw transaction"), .required("inputIndex", .whole, "from 0"),
      .required("spentOutputs", .json, "value in satoshi and scriptPubKey of what each input spends, in order"),
      .optional("publicKey", .bytes, "taken from the input or the output by default"),
      .optional("signature", .bytes, "with its type byte; taken from the input by default"),
      .optional("sighash", .bytes, "32 bytes, what must have been signed"),
    ],
    rule:
      "The output's key signed the input: P2PK, P2PKH, P2WPKH bare or in P2SH (BIP-143), Taproot's key path (BIP-341).",
    results: [.required("sighash", .bytes, "32 bytes")],
    operations: [.sha256Message, .sha256dMessage, .ecdsaSecp256k1LowS, .schnorrSecp256k1], workload: .objects
  ) { row throws(RowProblem) in
    var spent: [BitcoinInput.SpentOutput] = []
    for output in try row.node("spentOutputs").elements {
      spent.append(.init(value: try output.member("value").whole, script: try output.member("scriptPubKey").bytes))
    }
    return BitcoinInput(
      transaction: try row.bytes("tx"), input: Int(clamping: try row.unsigned("inputIndex")), spent: spent,
      publicKey: try row.optionalBytes("publicKey"), signature: try row.optionalBytes("signature"),
      sighash: try row.optionalBytes("sighash"))
  }

  static let bitcoinSighash = RowType(
    "bitcoin-sighash",
    [
      .required("tx", .bytes, "the raw transaction"), .required("inputIndex", .whole, "from 0"),
      .required("scriptCode", .bytes, "the script that the signature is over"),
      .optional("value", .whole, "satoshi: a version 0 witness (BIP-143)"),
      .required("hashType", .json, "a whole number of 32 bits, signed or not"),
      .optional("sighash", .bytes, "32 bytes as they are signed"),
      .optional("sighashReversed", .bytes, "32 bytes as the reference client shows them"),
    ],
    rule: "The signature hash of one input is sighash or sighashReversed, of which one is given.",
    results: [.required("sighash", .bytes, "32 bytes")], operations: [.sha256dMessage], workload: .objects
  ) { row throws(RowProblem) in
    let type = try row.node("hashType")
    let isSigned = type.json.double.map { $0 < 0 } ?? false
    let bits: UInt32?
    if isSigned {
      bits = type.json.double.flatMap { Int32(exactly: $0) }.map { UInt32(bitPattern: $0) }
    } else {
      bits = UInt32(exactly: try type.whole)
    }
    guard let bits else { throw .malformed("hashType is not a whole number of 32 bits") }
    let isReversed = try row.one(of: "sighashReversed", or: "sighash")
    return BitcoinSighash(
      transaction: try row.bytes("tx"), input: Int(clamping: try row.unsigned("inputIndex")),
      script: try row.bytes("scriptCode"), value: try row.optionalUnsigned("value"), type: bits,
      digest: isReversed ? try row.bytes("sighashReversed").reversed() : try row.bytes("sighash"))
  }

  static let bitcoinSignedMessage = RowType(
    "bitcoin-signed-message",
    [
      .required("message", .text, "the text itself, which is not decoded"),
      .required("address", .text, "base58 or bech32, of a key or a witness key, bare or in P2SH"),
      .required("signature", .text, "65 bytes in base64"),
    ],
    rule: "The address's key signed the text (signmessage; segregated witnesses by BIP-137's headers).",
    results: [.required("publicKey", .bytes)],
    operations: [.sha256Message, .sha256dMessage, .ecdsaSecp256k1Recover], workload: .objects
  ) { row throws(RowProblem) in
    BitcoinSignedMessage(
      message: Array(try row.text("message").utf8), address: try row.text("address"),
      signature: try row.node("signature").base64)
  }

  static let bip322 = RowType(
    "bip322",
    [
      .required("message", .text, "the text itself, which is not decoded"),
      .required("address", .text, "bech32 or bech32m, of a witness key, a witness script or a Taproot key"),
      .required("signature", .text, "the witness in base64, smp in front or not"),
    ],
    rule:
      "The simple form of BIP-322: a witness key, Taproot's key path, or every signature of a multisignature script.",
    operations: [.sha256Message, .sha256dMessage, .ecdsaSecp256k1LowS, .schnorrSecp256k1], workload: .objects
  ) { row throws(RowProblem) in
    let signature = try row.text("signature")
    let text = signature.hasPrefix("smp") ? String(signature.dropFirst(3)) : signature
    guard let witness = Array(text.utf8).withUnsafeBytes(Base64.decode) else {
      throw .malformed("signature is not base64")
    }
    return BitcoinSimpleSignature(
      message: Array(try row.text("message").utf8), address: try row.text("address"), witness: witness)
  }
}
