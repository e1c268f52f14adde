import AssayCore
import AssaySignatures

/// A text signed in the simple form of BIP-322: the witness of a transaction that spends a made-up output of the address.
///
/// The output's transaction carries the text's tagged hash, and the spending one nothing else; its input must be good for a witness
/// key (P2WPKH), a key-path spend of Taproot, or a witness script that wants every one of its signatures (`m` of `m`, P2WSH). Other
/// scripts are `unsupported-type`. Acceptance does not say that the address has ever held anything.
public struct BitcoinSimpleSignature: ChainObject {
  /// The text's bytes.
  public var message: [UInt8]
  /// The address.
  public var address: String
  /// The witness stack: a count, then each element behind its length.
  public var witness: [UInt8]

  /// Describes a row.
  public init(message: [UInt8], address: String, witness: [UInt8]) {
    self.message = message
    self.address = address
    self.witness = witness
  }

  private static let nothing = [UInt8](repeating: 0, count: 4)

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    guard let address = BitcoinAddress(address) else { throw .malformed("address is not one of Bitcoin") }
    guard [.witnessKeyHash, .witnessScriptHash, .taproot].contains(address.kind) else {
      throw ObjectFault(.unsupportedType, "the simple form is for segregated witnesses")
    }
    let stack = try Self.stack(witness)
    let tag = HashNode([.bytes(Array("BIP0322-signed-message".utf8))])
    work.digests(.sha256, of: [HashNode([.node(tag), .node(tag), .bytes(message)])]) { digests in
      let output = UInt64(0).littleEndianBytes + BitcoinScript.sized(address.script)
      let outpoint = [UInt8](repeating: 0, count: 32) + [UInt8](repeating: 0xff, count: 4)
      let toSpend =
        Self.nothing + [1] + outpoint + BitcoinScript.sized([0x00, 0x20] + digests[0]) + Self.nothing + [1] + output
        + Self.nothing
      work.digest(.sha256d, of: toSpend) { identifier in
        let head = Self.nothing + [0x00, 0x01, 0x01] + identifier + Self.nothing + [0] + Self.nothing
        let toSign = head + [1] + UInt64(0).littleEndianBytes + [1, 0x6a] + witness + Self.nothing
        do throws(ObjectFault) {
          if address.kind == .witnessScriptHash {
            try Self.checkScript(toSign, stack, hash: address.hash, in: work, finish: finish)
          } else {
            let input = BitcoinInput(transaction: toSign, input: 0, spent: [.init(value: 0, script: address.script)])
            try input.check(in: work, finish: finish)
          }
        } catch {
          finish(.rejected(error))
        }
      }
    }
  }

  private static func stack(_ witness: [UInt8]) throws(ObjectFault) -> [[UInt8]] {
    var cursor = ByteCursor(witness, "the witness")
    var stack: [[UInt8]] = []
    for _ in 0..<min(try cursor.compactSize(), UInt64(witness.count)) { stack.append(try cursor.sizedString()) }
    try cursor.expectEnd()
    guard !stack.isEmpty else { throw ObjectFault(.signatureEncodingInvalid, "the witness is empty") }
    return stack
  }

  /// A script `m <keys> m OP_CHECKMULTISIG` with a signature by every key, in their order.
  private static func checkScript(
    _ toSign: [UInt8], _ stack: [[UInt8]], hash: [UInt8], in work: ObjectWork, finish: @escaping ObjectWork.Finish
  ) throws(ObjectFault) {
    let script = stack[stack.count - 1]
    guard script.count >= 3, let first = script.first, (0x51...0x60).contains(first),
      script.suffix(2) == [first, 0xae],
      let keys = BitcoinScript.pushes(Array(script[1..<script.count - 2])), keys.count == Int(first) - 0x50,
      keys.allSatisfy({ $0.count == 33 })
    else { throw ObjectFault(.unsupportedType, "the witness script does not want a signature by each of its keys") }
    let signatures = stack.dropFirst().dropLast()
    guard stack[0].isEmpty, signatures.count == keys.count, signatures.allSatisfy({ ($0.last ?? 0) == 1 }) else {
      throw ObjectFault(.signatureEncodingInvalid, "the witness is not nothing and a signature of type 1 by each key")
    }
    let transaction = try BitcoinTransaction(toSign)
    work.digest(.sha256, of: script) { digest in
      guard digest == hash else {
        return finish(.rejected(.valueMismatch, "the witness script does not have the address's hash"))
      }
      let signature = SignatureHash(transaction: transaction, input: 0)
      SighashDigest.digest(signature, script, value: 0, type: 1, in: work) { sighash in
        let checks = zip(keys, signatures).map { key, signature in
          SignatureCheck.ecdsa(
            ECDSACheck(
              .secp256k1, subject: .digest(sighash), publicKey: key, signature: .der(Array(signature.dropLast()))))
        }
        work.verify(checks) { outcomes in
          let bad = outcomes.first { !$0.verdict.isAccepted }
          finish(
            bad.map { .rejected($0.verdict, "a signature was not made by its key over this message") } ?? .accepted())
        }
      }
    }
  }
}
