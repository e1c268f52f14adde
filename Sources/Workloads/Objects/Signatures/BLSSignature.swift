import AssayCore
public import AssaySignatures

/// A BLS signature with keys in G1 under the rules of its suite, which its hash-to-curve tag names
/// (draft-irtf-cfrg-bls-signature-05, 3): basic (`..._NUL_`) refuses a message that two keys sign, message augmentation (`..._AUG_`)
/// puts each key in front of its message, and proof of possession (`..._POP_`), as any other tag, does neither.
public struct BLSSignature: ChainObject {
  /// What is beside the suite's own rules.
  public enum Semantics: String, Sendable, CaseIterable {
    /// The draft's rules.
    case draft
    /// Ethereum's `eth_fast_aggregate_verify`: no keys and the signature at infinity are good.
    case ethFastAggregate = "eth-fast-aggregate"
  }

  /// The signature with everything that its verdict depends on.
  public var check: BLSCheck
  /// What is beside the suite's own rules.
  public var semantics: Semantics

  /// Describes a row.
  public init(_ check: BLSCheck, semantics: Semantics = .draft) {
    self.check = check
    self.semantics = semantics
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    if semantics == .ethFastAggregate, check.publicKeys.isEmpty,
      check.signature == [0xc0] + [UInt8](repeating: 0, count: 95)
    {
      return finish(.accepted())
    }
    work.verify([try ruled()]) { verdicts in finish(ObjectOutcome(verdict: verdicts[0])) }
  }

  /// The check as its suite has it.
  private func ruled() throws(ObjectFault) -> BLSCheck {
    let suffix = check.domain.suffix(5)
    var ruled = check
    if suffix.elementsEqual("_NUL_".utf8) {
      let isDistinct: Bool =
        switch check.subject {
        case .message: check.publicKeys.count < 2
        case .messages(let messages): Set(messages).count == messages.count
        }
      guard isDistinct else {
        throw ObjectFault(.proofShapeInvalid, "the basic scheme refuses a message that two keys sign")
      }
    } else if suffix.elementsEqual("_AUG_".utf8) {
      switch check.subject {
      case .message(let message): ruled.subject = .messages(check.publicKeys.map { $0 + message })
      case .messages(let messages) where messages.count == check.publicKeys.count:
        ruled.subject = .messages(zip(check.publicKeys, messages).map { $0 + $1 })
      case .messages: break
      }
    }
    return ruled
  }
}
