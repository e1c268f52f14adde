import AssayCore
import AssayProofs

/// A block's transactions with the root that its header has of them: every one valid, in this order, and no other.
///
/// The root is that of the trie from RLP(index) to the transaction's bytes (yellow paper 4.3.2; EIP-2718). The result carries
/// `senders` and `hashes`, in the block's order. It does not say that the block is on a chain, nor that the transactions were
/// executed.
public struct EthereumTransactions: ChainObject {
  /// The transactions' bytes in the block's order, without blobs.
  public var transactions: [[UInt8]]
  /// The header's `transactionsRoot`, 32 bytes.
  public var transactionsRoot: [UInt8]
  /// The chain that they must be for.
  public var chainId: UInt64?

  /// Describes a row.
  public init(transactions: [[UInt8]], transactionsRoot: [UInt8], chainId: UInt64? = nil) {
    self.transactions = transactions
    self.transactionsRoot = transactionsRoot
    self.chainId = chainId
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    guard transactionsRoot.count == 32 else { throw .malformed("transactionsRoot is not 32 bytes long") }
    let members = transactions.map { EthereumTransaction(raw: $0, chainId: chainId) }
    let gathering = Gathering<ObjectOutcome>(members.count) { outcomes in
      if let index = outcomes.firstIndex(where: { !$0.verdict.isAccepted }) {
        return finish(.rejected(outcomes[index].verdict, "transaction \(index): \(outcomes[index].detail ?? "")"))
      }
      finish(
        .accepted([("senders", .list(Self.bytes("from", outcomes))), ("hashes", .list(Self.bytes("hash", outcomes)))]))
    }
    OrderedTrie.root(of: transactions, in: work) { root in
      guard root == transactionsRoot else {
        return finish(.rejected(.rootMismatch, "the transactions have another root"))
      }
      gathering.begin()
    }
    for (index, member) in members.enumerated() {
      do throws(ObjectFault) {
        try member.check(in: work) { gathering.put($0, at: index) }
      } catch {
        gathering.put(.rejected(error), at: index)
      }
    }
  }

  private static func bytes(_ name: String, _ outcomes: [ObjectOutcome]) -> [[UInt8]] {
    outcomes.compactMap { outcome in
      guard case .bytes(let bytes)? = outcome.fields.first(where: { $0.name == name })?.value else { return nil }
      return bytes
    }
  }
}
