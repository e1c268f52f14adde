"""Readers of the objects' files: each turns a file into cases, rows of `assay verify` with what they must give."""
from . import bitcoin, cosmos, ethereum, logs, pairings, signatures, starknet

READERS = {
    "eth-transaction": ethereum.transactions,
    "eip712-eip191": ethereum.messages,
    "op-output-root": ethereum.outputs,
    "evm-precompile": ethereum.precompiles,
    "cometbft-commit": cosmos.commits,
    "ics23-chain": cosmos.chains,
    "beacon-update": pairings.beacon,
    "bls12381-min-sig": pairings.min_sig,
    "wrappers": pairings.wrappers,
    "webauthn": signatures.webauthn,
    "starknet": starknet.starknet,
    "transparency-log": logs.transparency,
    "wormhole-vaa": logs.vaas,
    "bitcoin-sighash": bitcoin.bitcoin,
}
