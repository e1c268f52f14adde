import AssayCore
import AssaySignatures

/// A signed Ethereum transaction of any type (yellow paper 4.2; EIP-155, EIP-2718, EIP-2930, EIP-1559, EIP-4844, EIP-7702).
///
/// Accepted when the bytes are the canonical encoding of a signed transaction, s is in the lower half (EIP-2), a sender can be
/// recovered, and chain and sender are those asked for. The result carries `from`, `hash`, `transactionType` and, for EIP-7702,
/// `authorities`: the accounts whose authorization is well signed; one that is not does not concern the transaction.
///
/// Acceptance does not say that the transaction would be executed: balance, nonce, fees against each other and against a block,
/// intrinsic gas and the size of init code are a chain's state and rules. Blobs of the network form are verified against their
/// commitments and proofs where they are there (EIP-4844; of EIP-7594's form the commitments only).
public struct EthereumTransaction: ChainObject {
  /// The transaction's bytes as `eth_getRawTransactionByHash` and `eth_sendRawTransaction` have them.
  public var raw: [UInt8]
  /// The chain that it must be for; a transaction without replay protection is for any.
  public var chainId: UInt64?
  /// The 20-byte address that must have signed it.
  public var from: [UInt8]?

  /// Describes a row.
  public init(raw: [UInt8], chainId: UInt64? = nil, from: [UInt8]? = nil) {
    self.raw = raw
    self.chainId = chainId
    self.from = from
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    if let from, from.count != 20 { throw .malformed("from is not 20 bytes long") }
    let decoded = try DecodedTransaction(raw)
    if let wanted = chainId, let chain = decoded.chainId, Array(wanted.bigEndianBytes.drop { $0 == 0 }) != chain {
      throw ObjectFault(.valueMismatch, "the transaction is for another chain")
    }
    guard decoded.sidecar != nil else { return Self.recover(decoded, from: from, in: work, finish: finish) }
    decoded.checkBlobs(in: work) { fault in
      if let fault { return finish(.rejected(fault)) }
      Self.recover(decoded, from: from, in: work, finish: finish)
    }
  }

  private static func recover(
    _ decoded: DecodedTransaction, from: [UInt8]?, in work: ObjectWork, finish: @escaping ObjectWork.Finish
  ) {
    // What waits for the answers holds no more of the transaction than it needs.
    let authorities = decoded.authorizations, signature = decoded.signature, type = decoded.type
    work.digests(.keccak256, count: 2 + authorities.count) { index, message in
      switch index {
      case 0: decoded.signedPayload.append(to: &message)
      case 1: decoded.canonical.append(to: &message)
      default: authorities[index - 2].signedPayload.append(to: &message)
      }
    } then: { hashes in
      var checks = [
        SignatureCheck.recovery(RecoveryCheck(digest: hashes[0], signature: signature, address: from))
      ]
      for (index, authorization) in authorities.enumerated() {
        checks.append(.recovery(RecoveryCheck(digest: hashes[2 + index], signature: authorization.signature)))
      }
      work.verify(checks) { outcomes in
        guard outcomes[0].verdict.isAccepted, let sender = outcomes[0].recovered else {
          return finish(.rejected(outcomes[0].verdict, Self.detail(outcomes[0].verdict)))
        }
        var fields: [(String, ObjectOutcome.Value)] = [
          ("from", .bytes(sender.address)), ("hash", .bytes(hashes[1])),
          ("transactionType", .number(UInt64(type))),
        ]
        if type == 4 {
          fields.append(("authorities", .list(outcomes.dropFirst().compactMap { $0.recovered?.address })))
        }
        finish(.accepted(fields))
      }
    }
  }

  private static func detail(_ verdict: Verdict) -> String {
    verdict == .addressMismatch
      ? "from is not the address that signed" : "no sender can be recovered from r, s and the parity"
  }
}
