import AssayCore
public import AssayProofs

/// An account with its storage slots under a state root (EIP-1186), which says of a bad one what is bad.
///
/// The verdict is that of ``EthereumAccountProof``. Of a rejected one, the account alone and each slot alone are verified again, so
/// that the detail names the first part that does not hold.
public struct EthereumAccountState: ChainObject {
  /// The proof.
  public var proof: EthereumAccountProof

  /// Describes a row.
  public init(_ proof: EthereumAccountProof) { self.proof = proof }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    work.verify([.ethereumAccount(proof)]) { verdicts in
      guard !verdicts[0].isAccepted else { return finish(.accepted()) }
      var account = proof
      account.slots = []
      let slots = proof.slots.map { slot in
        MerkleProof.patricia(
          PatriciaProof(
            root: proof.storageHash, key: slot.key.padded(to: 32), isSecure: true,
            value: slot.value.allSatisfy { $0 == 0 } ? nil : RLPWriter.integer(slot.value), nodes: slot.nodes))
      }
      work.verify([.ethereumAccount(account)] + slots) { parts in
        let place =
          switch parts.firstIndex(where: { !$0.isAccepted }) {
          case 0?: "accountProof does not show the account's fields"
          case let index?: "storageProof[\(index - 1)] does not show its value"
          case nil: "the account and its slots do not hold together"
          }
        finish(.rejected(verdicts[0], place))
      }
    }
  }
}
