#!/usr/bin/env python3
"""Writes the proofs in this folder, made by libraries that have nothing to do with Assay.

    python3 -m venv /tmp/venv
    /tmp/venv/bin/pip install pymerkle==7.0.0 trie==4.0.0 'eth-hash[pycryptodome]==0.8.0'
    /tmp/venv/bin/pip install --no-deps trinity==0.1.0a37
    /tmp/venv/bin/python examples/merkle/generate.py

Ethereum's mainnet and Bitcoin are real: the state of Ethereum's first block is built from its 8,893 accounts (a list that the
package trinity carries) with py-trie, and its root compared with the block's; the transactions of Bitcoin's block 100,000 are
paired with hashlib and compared with the block's Merkle root. The contract with storage and the log are made up: the former with
py-trie, the latter with pymerkle. Files come out the same every time.
"""

import hashlib
import importlib.metadata
import json
import pathlib

import rlp
from eth_hash.auto import keccak
from pymerkle import InmemoryTree
from trie import HexaryTrie

HERE = pathlib.Path(__file__).parent

MAINNET_STATE_ROOT = "d7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544"
EMPTY_CODE = keccak(b"")
EMPTY_TRIE = keccak(rlp.encode(b""))

BLOCK_100000 = {
    "root": "f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766",
    "transactions": [
        "8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87",
        "fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4",
        "6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4",
        "e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d",
    ],
}


def write(name: str, rows: list[dict]) -> None:
    (HERE / name).write_text("".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows))
    print(f"{name}: {len(rows)} rows")


def nodes(trie: HexaryTrie, key: bytes) -> list[str]:
    """The nodes along a hashed key as eth_getProof lists them: those below 32 bytes stand inside their parents."""
    encoded = [rlp.encode(node) for node in trie.get_proof(keccak(key)) if node != b""]
    return ["0x" + node.hex() for depth, node in enumerate(encoded) if depth == 0 or len(node) >= 32]


def account(trie: HexaryTrie, address: bytes, nonce: int, balance: int, storage: bytes, code: bytes) -> dict:
    return {
        "type": "eth-account",
        "stateRoot": "0x" + trie.root_hash.hex(),
        "address": "0x" + address.hex(),
        "nonce": hex(nonce),
        "balance": hex(balance),
        "storageHash": "0x" + storage.hex(),
        "codeHash": "0x" + code.hex(),
        "accountProof": nodes(trie, address),
        "storageProof": [],
    }


def big_endian(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def mainnet() -> list[dict]:
    """Three accounts of Ethereum's genesis block, and one address that it does not have."""
    files = importlib.metadata.files("trinity") or []
    genesis = next(file for file in files if str(file).endswith("assets/eip1085/mainnet.json"))
    balances = {
        bytes.fromhex(address[2:]): int(entry["balance"], 16)
        for address, entry in json.loads(genesis.locate().read_text())["accounts"].items()
    }
    state = HexaryTrie({})
    for address, balance in balances.items():
        state[keccak(address)] = rlp.encode([b"", big_endian(balance), EMPTY_TRIE, EMPTY_CODE])
    assert state.root_hash.hex() == MAINNET_STATE_ROOT
    richest = sorted(balances, key=balances.get)[-3:]
    rows = [account(state, address, 0, balances[address], EMPTY_TRIE, EMPTY_CODE) for address in richest]
    rows.append(account(state, bytes(19) + b"\x2a", 0, 0, EMPTY_TRIE, EMPTY_CODE))
    for row, name in zip(rows, ["third richest", "second richest", "richest", "nobody"]):
        row["id"] = f"genesis, {name}"
    return rows


def contract() -> dict:
    """A made-up token with 200 balances among 500 accounts: two slots that are set and one that is not."""
    slots = {keccak(b"holder %d" % n): 10**18 * n + n for n in range(1, 201)}
    storage = HexaryTrie({})
    for slot, value in slots.items():
        storage[keccak(slot)] = rlp.encode(big_endian(value))
    token, code = keccak(b"token")[-20:], keccak(b"the token's code")
    state = HexaryTrie({})
    for n in range(500):
        state[keccak(keccak(b"account %d" % n)[-20:])] = rlp.encode(
            [big_endian(n), big_endian(10**15 * n), EMPTY_TRIE, EMPTY_CODE]
        )
    state[keccak(token)] = rlp.encode([b"\x01", b"", storage.root_hash, code])
    row = account(state, token, 1, 0, storage.root_hash, code) | {"id": "token with slots"}
    wanted = [keccak(b"holder 7"), keccak(b"holder 200"), keccak(b"holder 201")]
    row["storageProof"] = [
        {"key": "0x" + slot.hex(), "value": hex(slots.get(slot, 0)), "proof": nodes(storage, slot)} for slot in wanted
    ]
    return row


def bitcoin() -> list[dict]:
    rows = [[bytes.fromhex(identifier)[::-1] for identifier in BLOCK_100000["transactions"]]]
    while len(rows[-1]) > 1:
        row = rows[-1] + rows[-1][-1:] * (len(rows[-1]) % 2)
        pairs = [row[i] + row[i + 1] for i in range(0, len(row), 2)]
        rows.append([hashlib.sha256(hashlib.sha256(pair).digest()).digest() for pair in pairs])
    assert rows[-1][0][::-1].hex() == BLOCK_100000["root"]
    return [
        {
            "type": "merkle-bitcoin",
            "id": f"block 100000, transaction {index}",
            "txid": identifier,
            "index": index,
            "treeSize": len(rows[0]),
            "path": [row[min(index >> level ^ 1, len(row) - 1)][::-1].hex() for level, row in enumerate(rows[:-1])],
            "root": BLOCK_100000["root"],
        }
        for index, identifier in enumerate(BLOCK_100000["transactions"])
    ]


def transparency() -> tuple[list[dict], list[bytes]]:
    """Inclusion of three entries in a log of 1,000."""
    entries = [f"release {n}: sha256 {hashlib.sha256(b'artifact %d' % n).hexdigest()}".encode() for n in range(1000)]
    log = InmemoryTree(algorithm="sha256")
    for entry in entries:
        log.append_entry(entry)
    rows = [
        {
            "type": "merkle-rfc6962-inclusion",
            "id": f"log entry {index}",
            "leaf": entries[index].hex(),
            "index": index,
            "treeSize": len(entries),
            "path": log.prove_inclusion(index + 1).serialize()["path"][1:],
            "root": log.get_root().hex(),
        }
        for index in (0, 421, 999)
    ]
    return rows, entries


write("ethereum-accounts.jsonl", mainnet() + [contract()])
write("bitcoin-block.jsonl", bitcoin())
inclusions, entries = transparency()
write("transparency-log.jsonl", inclusions)
(HERE / "transparency-log.txt").write_bytes(b"".join(entry + b"\n" for entry in entries))
