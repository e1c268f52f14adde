public import Assay

extension RowType {
  /// Every row type of this build, in the order of tables. A new type is a line here.
  public static let all: [RowType] = [
    .ecdsaSecp256k1,
    .ecdsaP256,
    .ecdsaSecp256k1Recover,
    .schnorrSecp256k1,
    .ed25519,
    .bls12381MinPk,
    .merkleRFC6962Inclusion,
    .merkleRFC6962Consistency,
    .merkleRFC6962SubtreeInclusion,
    .merkleRFC6962SubtreeConsistency,
    .merkleBitcoin,
    .merkleBitcoinBlock,
    .merkleKeccak,
    .merkleKeccakSorted,
    .merkleSSZ,
    .merklePatricia,
    .ethereumAccount,
    .ics23,
    .groth16BN254,
    .kzgProof,
    .kzgBlob,
    .kzgCell,
    .evmPrecompile,
    .ethereumTransaction,
    .ethereumTransactions,
    .ethereumAuthorization,
    .typedData,
    .optimismOutput,
    .optimismWithdrawal,
    .cometBFTCommit,
    .cometBFTVote,
    .cometBFTTransaction,
    .ics23Chain,
    .beaconUpdate,
    .beaconBootstrap,
    .bls12381MinSig,
    .bn254MinSig,
    .drandRound,
    .webAuthn,
    .rekorEntry,
    .certificateTimestamp,
    .vaa,
    .bitcoinInput,
    .bitcoinSighash,
    .bitcoinSignedMessage,
    .bip322,
    .sp1,
    .risc0,
    .oracleReport,
    .starknet,
    .starknetHash,
    .starknetKey,
    .starknetTypedData,
  ]

  /// The type called `name`; nil when there is none.
  public static func named(_ name: String) -> RowType? { all.first { $0.name == name } }

  /// Every operation that some row may need, each once.
  public static let allOperations: [Operation] = {
    var seen = Set<Operation>()
    return all.flatMap(\.operations).filter { seen.insert($0).inserted }
  }()
}
