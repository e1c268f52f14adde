import AssayCore
import AssaySignatures

/// A call of the EVM's precompiles that verify signatures: 0x01 (ecrecover; yellow paper, appendix E) and 0x100 (P256VERIFY; RIP-7212,
/// EIP-7951).
///
/// A call is accepted whatever its input: these contracts never fail, and answer a bad signature with nothing. With an expected
/// output the answer must be that. The result carries `output`. Gas is the caller's business.
public struct SignaturePrecompile: ChainObject {
  /// The contract.
  public enum Contract: UInt64, Sendable, CaseIterable {
    /// The address that signed, from a digest, v, r and s of 32 bytes each.
    case recover = 0x01
    /// One when a P-256 signature is good, from a digest, r, s, x and y of 32 bytes each.
    case verifyP256 = 0x100
  }

  /// The contract.
  public var contract: Contract
  /// The call data.
  public var input: [UInt8]
  /// The output that it must have; nil asks for none.
  public var expected: [UInt8]?

  /// Describes a row.
  public init(_ contract: Contract, input: [UInt8], expected: [UInt8]? = nil) {
    self.contract = contract
    self.input = input
    self.expected = expected
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    func answer(_ output: [UInt8]) {
      if let expected, expected != output { return finish(.rejected(.valueMismatch, "the output is another one")) }
      finish(.accepted([("output", .bytes(output))]))
    }
    guard let check = signature else { return answer([]) }
    work.verify([check]) { outcomes in
      guard outcomes[0].verdict.isAccepted else { return answer([]) }
      switch contract {
      case .recover: answer(outcomes[0].recovered?.address.padded(to: 32) ?? [])
      case .verifyP256: answer([UInt8](repeating: 0, count: 31) + [1])
      }
    }
  }

  /// The signature in the call data; nil when the contract sees none.
  private var signature: SignatureCheck? {
    switch contract {
    case .recover:
      let data = input.prefix(128) + [UInt8](repeating: 0, count: max(0, 128 - input.count))
      guard data[32..<63].allSatisfy({ $0 == 0 }), data[63] == 27 || data[63] == 28 else { return nil }
      return .recovery(
        RecoveryCheck(digest: Array(data[..<32]), signature: data[64..<128] + [data[63] - 27]))
    case .verifyP256:
      guard input.count == 160 else { return nil }
      return .ecdsa(
        ECDSACheck(
          .p256, semantics: .anyS, subject: .digest(Array(input[..<32])), publicKey: [0x04] + input[96...],
          signature: .compact(Array(input[32..<96]))))
    }
  }
}
