import AssayCore
import AssaySignatures

/// The signature of one input of a Bitcoin transaction, given the outputs that it spends: to a key, to a key's hash, to a version 0
/// witness key, bare or inside P2SH (BIP-143, BIP-141), or to a Taproot output's key (BIP-341).
///
/// Accepted when the signature that the input carries, or the one given, is the output's key's over this transaction. ECDSA
/// signatures are strict DER with low s and a type of 1 to 3, alone or with 80, in the last byte. The result carries `sighash`.
///
/// Acceptance does not say that the output existed or was unspent, nor that amounts, lock times or other inputs are good. Scripts of any
/// other form are not run: `unsupported-type`.
public struct BitcoinInput: ChainObject {
  /// An output that is spent.
  public struct SpentOutput: Sendable, Hashable {
    /// The amount in satoshi.
    public var value: UInt64
    /// The script.
    public var script: [UInt8]

    /// An output from its parts.
    public init(value: UInt64, script: [UInt8]) {
      self.value = value
      self.script = script
    }
  }

  /// The transaction.
  public var transaction: [UInt8]
  /// Which input, from 0.
  public var input: Int
  /// The output that each input spends, in the inputs' order.
  public var spent: [SpentOutput]
  /// The key; nil takes it from the input or the output.
  public var publicKey: [UInt8]?
  /// The signature with its type byte; nil takes it from the input.
  public var signature: [UInt8]?
  /// What must have been signed, 32 bytes; nil leaves the check out.
  public var sighash: [UInt8]?

  /// Describes a row.
  public init(
    transaction: [UInt8], input: Int, spent: [SpentOutput], publicKey: [UInt8]? = nil, signature: [UInt8]? = nil,
    sighash: [UInt8]? = nil
  ) {
    self.transaction = transaction
    self.input = input
    self.spent = spent
    self.publicKey = publicKey
    self.signature = signature
    self.sighash = sighash
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    let transaction = try BitcoinTransaction(transaction)
    guard transaction.inputs.indices.contains(input) else { throw .malformed("the transaction has no input \(input)") }
    guard spent.count == transaction.inputs.count else {
      throw ObjectFault(
        .proofShapeInvalid, "there are \(spent.count) spent outputs and \(transaction.inputs.count) inputs")
    }
    let hash = SignatureHash(transaction: transaction, input: input)
    let script = spent[input].script
    if script.count == 34, script.starts(with: [0x51, 0x20]) {
      return try checkTaproot(hash, key: Array(script[2...]), in: work, finish: finish)
    }
    let spend = try Spend(script, transaction.inputs[input])
    guard let key = publicKey ?? spend.key else {
      throw .malformed("publicKey is missing, and the input does not show it")
    }
    guard let signature = signature ?? spend.signature, let type = signature.last else {
      throw ObjectFault(.signatureEncodingInvalid, "the input has no signature")
    }
    guard (1...3).contains(type & 0x7f) else {
      throw ObjectFault(.signatureEncodingInvalid, "the signature's type \(type) is not known")
    }
    guard !spend.isWitness || key.count == 33 else {
      throw ObjectFault(.publicKeyInvalid, "a witness key is not compressed")
    }
    work.digest(.sha256, of: key) { digest in
      if let fault = spend.fault(key: key, keyHash: RIPEMD160.digest(digest)) { return finish(.rejected(fault)) }
      SighashDigest.digest(
        hash, spend.code, value: spend.isWitness ? spent[input].value : nil, type: UInt32(type), in: work
      ) { sighash in
        let check = ECDSACheck(
          .secp256k1, subject: .digest(sighash), publicKey: key, signature: .der(Array(signature.dropLast())))
        settle(.ecdsa(check), sighash, in: work, finish: finish)
      }
    }
  }

  private func checkTaproot(
    _ hash: SignatureHash, key: [UInt8], in work: ObjectWork, finish: @escaping ObjectWork.Finish
  ) throws(ObjectFault) {
    if let publicKey, publicKey != key {
      throw ObjectFault(.valueMismatch, "publicKey is not the spent output's")
    }
    var witness = hash.transaction.inputs[input].witness
    var annex: [UInt8]?
    if witness.count > 1, witness.last?.first == 0x50 { annex = witness.removeLast() }
    guard witness.count <= 1 else { throw ObjectFault(.unsupportedType, "a spend by a script is not verified") }
    guard let signature = signature ?? witness.first else {
      throw ObjectFault(.signatureEncodingInvalid, "the input has no signature")
    }
    // 64 bytes are of the default type, which therefore must not be written out.
    guard signature.count == 64 || signature.count == 65 && signature[64] != 0 else {
      throw ObjectFault(.signatureEncodingInvalid, "the signature is not 64 bytes, or 65 with a type other than 0")
    }
    let outputs = spent.map { BitcoinTransaction.Output(value: $0.value, script: $0.script) }
    guard let node = hash.taproot(outputs, type: signature.count == 65 ? signature[64] : 0, annex: annex) else {
      throw ObjectFault(.signatureEncodingInvalid, "the signature's type is not one of BIP-341 for this input")
    }
    work.digests(.sha256, of: [node]) { digests in
      let check = SchnorrCheck(publicKey: key, message: digests[0], signature: Array(signature[..<64]))
      settle(.schnorr(check), digests[0], in: work, finish: finish)
    }
  }

  private func settle(
    _ check: SignatureCheck, _ sighash: [UInt8], in work: ObjectWork, finish: @escaping ObjectWork.Finish
  ) {
    if let wanted = self.sighash, wanted != sighash {
      return finish(.rejected(.valueMismatch, "the input's signature hash is another one"))
    }
    work.verify([check]) { outcomes in
      guard outcomes[0].verdict.isAccepted else {
        return finish(.rejected(outcomes[0].verdict, "the signature was not made by this key over this transaction"))
      }
      finish(.accepted([("sighash", .bytes(sighash))]))
    }
  }

  /// What an output's script asks for, and what the input shows.
  private struct Spend {
    /// The script that the signature is over.
    let code: [UInt8]
    let isWitness: Bool
    var key: [UInt8]?
    var signature: [UInt8]?
    /// The key itself, or its hash, that the output names.
    private let wantedKey: [UInt8]?
    private let wantedHash: [UInt8]?
    /// For P2SH: what the redeem script must hash to.
    private let redeem: (script: [UInt8], hash: [UInt8])?

    init(_ script: [UInt8], _ input: BitcoinTransaction.Input) throws(ObjectFault) {
      let pushes = BitcoinScript.pushes(input.script) ?? []
      var program = script
      var redeem: ([UInt8], [UInt8])?
      if script.count == 23, script.starts(with: [0xa9, 0x14]), script[22] == 0x87 {
        // BIP-141: the redeem script is the only thing pushed.
        guard pushes.count == 1 else {
          throw ObjectFault(.unsupportedType, "the P2SH output is not spent by a witness key")
        }
        program = pushes[0]
        redeem = (program, Array(script[2..<22]))
      }
      self.redeem = redeem
      if program.count == 22, program.starts(with: [0x00, 0x14]) {
        isWitness = true
        wantedKey = nil
        wantedHash = Array(program[2...])
        code = BitcoinScript.payToKeyHash(program[2...])
        if input.witness.count == 2 { (signature, key) = (input.witness[0], input.witness[1]) }
      } else if redeem == nil, program.count == 25, program == BitcoinScript.payToKeyHash(program[3..<23]) {
        isWitness = false
        wantedKey = nil
        wantedHash = Array(program[3..<23])
        code = program
        if pushes.count == 2 { (signature, key) = (pushes[0], pushes[1]) }
      } else if redeem == nil, program.count == 35 || program.count == 67, Int(program[0]) == program.count - 2,
        program.last == 0xac
      {
        isWitness = false
        wantedKey = Array(program[1..<program.count - 1])
        wantedHash = nil
        code = program
        key = wantedKey
        signature = pushes.count == 1 ? pushes[0] : nil
      } else {
        throw ObjectFault(.unsupportedType, "the spent output's script is not one to a single key")
      }
    }

    /// What is wrong with the key.
    func fault(key: [UInt8], keyHash: [UInt8]) -> ObjectFault? {
      if let wantedKey, wantedKey != key { return ObjectFault(.valueMismatch, "publicKey is not the spent output's") }
      if let wantedHash, wantedHash != keyHash {
        return ObjectFault(.valueMismatch, "publicKey does not have the hash in the spent output")
      }
      if let redeem {
        let hash = redeem.script.withUnsafeBytes { RIPEMD160.digest(SHA256.digest($0)) }
        if hash != redeem.hash {
          return ObjectFault(.valueMismatch, "the redeem script does not have the output's hash")
        }
      }
      return nil
    }
  }
}
