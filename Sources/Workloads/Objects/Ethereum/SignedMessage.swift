import AssayCore
public import AssaySignatures

/// What a wallet signs, before its hash is taken.
public enum MessageForm: Sendable {
  /// A digest of 32 bytes, as it is.
  case digest([UInt8])
  /// A message under a hash function.
  case message([UInt8], HashName)
  /// Structured data (EIP-712).
  case typedData(TypedData)

  /// The ways from a message to a digest.
  public enum HashName: String, Sendable, CaseIterable {
    /// SHA-256.
    case sha256
    /// SHA-256 of SHA-256.
    case sha256d
    /// Keccak-256.
    case keccak256
    /// Keccak-256 behind Ethereum's prefix and the message's length (EIP-191, version 0x45, `personal_sign`).
    case eip191
  }

  /// Asks for the digest.
  func digest(in work: ObjectWork, then receive: @escaping ([UInt8]) -> Void) throws(ObjectFault) {
    switch self {
    case .digest(let digest):
      guard digest.count == 32 else { throw .malformed("digest is not 32 bytes long") }
      receive(digest)
    case .message(let message, .sha256): work.digest(.sha256, of: message, then: receive)
    case .message(let message, .sha256d): work.digest(.sha256d, of: message, then: receive)
    case .message(let message, .keccak256): work.digest(.keccak256, of: message, then: receive)
    case .message(let message, .eip191):
      let prefix = Array("\u{19}Ethereum Signed Message:\n\(message.count)".utf8)
      work.digest(.keccak256, of: prefix + message, then: receive)
    case .typedData(let data):
      work.digests(.keccak256, of: [try data.digestNode()]) { receive($0[0]) }
    }
  }
}

/// A signature of a message in any form: by a given key, or by a key that is recovered and may have to have an address.
public struct SignedMessage: ChainObject {
  /// Who must have signed.
  public enum Signer: Sendable {
    /// The holder of a key, 33 or 65 bytes, on a curve and under a rule for s.
    case key([UInt8], ECDSACheck.Curve, ECDSACheck.Semantics, ECDSACheck.Signature)
    /// Whoever can be recovered from r, s and a parity (65 bytes, see ``RecoverableSignature``), with the address when one is given.
    case recovered(signature: [UInt8], address: [UInt8]?, ECDSACheck.Semantics)
    /// Nobody: the form's digest is to be this one.
    case none(digest: [UInt8])
  }

  /// What was signed.
  public var form: MessageForm
  /// By whom.
  public var signer: Signer

  /// Describes a row.
  public init(_ form: MessageForm, signer: Signer) {
    self.form = form
    self.signer = signer
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    switch signer {
    case .none(let wanted):
      try form.digest(in: work) { digest in
        finish(digest == wanted ? .accepted() : .rejected(.valueMismatch, "the digest is another one"))
      }
    case .key(let key, let curve, let semantics, let signature):
      try form.digest(in: work) { digest in
        let check = ECDSACheck(
          curve, semantics: semantics, subject: .digest(digest), publicKey: key, signature: signature)
        work.verify([.ecdsa(check)]) { outcomes in
          let verdict = outcomes[0].verdict
          finish(
            verdict.isAccepted
              ? .accepted() : .rejected(verdict, "the signature was not made by this key over this message"))
        }
      }
    case .recovered(let signature, let address, let semantics):
      if let address, address.count != 20 { throw .malformed("address is not 20 bytes long") }
      if semantics == .lowS, signature.count == 65, DecodedTransaction.isHighS(Array(signature[32..<64])) {
        throw ObjectFault(.highS, "s is above half the group order")
      }
      try form.digest(in: work) { digest in
        let check = RecoveryCheck(digest: digest, signature: signature, address: address)
        work.verify([.recovery(check)]) { outcomes in
          var outcome = ObjectOutcome.accepted()
          if let key = outcomes[0].recovered {
            outcome = .accepted([("address", .bytes(key.address)), ("publicKey", .bytes(key.publicKey))])
          }
          outcome.verdict = outcomes[0].verdict
          if !outcome.verdict.isAccepted {
            outcome.detail =
              outcome.verdict == .addressMismatch
              ? "address is not that of the key that signed" : "no key can be recovered from the signature"
          }
          finish(outcome)
        }
      }
    }
  }
}

/// The ways in which Ethereum's tools write r, s and a parity.
public enum RecoverableSignature {
  /// r, s and a parity of 0 or 1 in 65 bytes.
  ///
  /// - Parameters:
  ///   - bytes: r and s, and, unless it is given as `v`, a v of 0, 1, 27 or 28 behind them, or the parity in the highest bit of s
  ///     (EIP-2098). With `chainId`, v may also be 35 or 36 + 2 chainId (EIP-155): bytes alone do not say which chain is meant, and
  ///     31 to 42 are other things in Bitcoin's messages.
  ///   - v: the v, also one of EIP-155 for any chain.
  ///   - chainId: the chain that a v of EIP-155 must be for.
  /// - Throws: ``ObjectFault`` with `signature-encoding-invalid`.
  public static func normalized(
    _ bytes: [UInt8], v: UInt64? = nil, chainId: UInt64? = nil
  ) throws(ObjectFault) -> [UInt8] {
    if let v {
      guard bytes.count == 64 else { throw fault("signature is not 64 bytes long, r and s, beside v") }
      return bytes + [try parity(v, chainId: chainId, mayBeAnyChain: true)]
    }
    if bytes.count == 64 {
      var signature = bytes + [bytes[32] >> 7]
      signature[32] &= 0x7f
      return signature
    }
    guard bytes.count == 65 || chainId != nil && (66...73).contains(bytes.count) else {
      throw fault("signature is not 64 or 65 bytes long")
    }
    let tail = bytes[64...]
    guard tail.count == 1 || tail.first != 0, tail.count <= 8 else {
      throw fault("signature has a v with leading zeros, or longer than 8 bytes")
    }
    return bytes[..<64] + [try parity(tail.bigEndian, chainId: chainId, mayBeAnyChain: false)]
  }

  private static func parity(_ v: UInt64, chainId: UInt64?, mayBeAnyChain: Bool) throws(ObjectFault) -> UInt8 {
    switch v {
    case 0, 1: return UInt8(v)
    case 27, 28: return UInt8(v - 27)
    case 35...:
      if let chainId {
        guard (v - 35) / 2 == chainId else { throw fault("v is \(v), which is not of chain \(chainId)") }
      } else if !mayBeAnyChain {
        throw fault("v is \(v), not 0, 1, 27 or 28; a v of EIP-155 needs chainId, or a field v of its own")
      }
      return UInt8((v - 35) % 2)
    default: throw fault("v is \(v), not 0, 1, 27 or 28")
    }
  }

  private static func fault(_ detail: String) -> ObjectFault { ObjectFault(.signatureEncodingInvalid, detail) }
}
