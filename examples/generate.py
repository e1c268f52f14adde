#!/usr/bin/env python3
"""Writes the inputs under examples/: signatures and proofs made by independent libraries, and an option book.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install cryptography coincurve pycryptodome
    /tmp/venv/bin/python examples/generate.py

Keys and nonces are derived from a seed, so the files come out the same every time. A few rows are wrong on purpose: the
summary of `assay verify examples/mixed.jsonl` names each of them.
"""

import hashlib
import json
import pathlib
import random

import coincurve
from Crypto.Hash import keccak
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

HERE = pathlib.Path(__file__).parent
RANDOM = random.Random(20261121)
SECP256K1_N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def keccak256(data: bytes) -> bytes:
    return keccak.new(digest_bits=256, data=data).digest()


def secp256k1_rows(count: int) -> list[dict]:
    rows = []
    for i in range(count):
        key = coincurve.PrivateKey(RANDOM.randbytes(32))
        message = f"transfer {i}: {RANDOM.randrange(10**6)} to account {RANDOM.randrange(100)}".encode()
        der = key.sign(message)
        row = {"type": "ecdsa-secp256k1", "id": f"tx-{i}", "publicKey": key.public_key.format().hex()}
        if i % 3 == 0:
            row |= {"message": message.hex(), "encoding": "der", "signature": der.hex()}
        else:
            r, s = decode_dss_signature(der)
            if i == 7:
                s = SECP256K1_N - s  # the other signature of the same statement: high-s
            row |= {"digest": sha256(message).hex(), "signature": f"{r:064x}{s:064x}"}
        rows.append(row)
    return rows


def recovery_rows(count: int) -> list[dict]:
    rows = []
    for i in range(count):
        key = coincurve.PrivateKey(RANDOM.randbytes(32))
        digest = keccak256(f"order {i}".encode())
        address = keccak256(key.public_key.format(compressed=False)[1:])[-20:]
        if i == 11:
            address = address[:-1] + bytes([address[-1] ^ 1])
        rows.append({
            "type": "ecdsa-secp256k1-recover", "id": f"order-{i}", "digest": "0x" + digest.hex(),
            "signature": "0x" + key.sign_recoverable(digest, hasher=None).hex(), "address": "0x" + address.hex(),
        })
    return rows


def schnorr_rows(count: int) -> list[dict]:
    rows = []
    for i in range(count):
        key = coincurve.PrivateKey(RANDOM.randbytes(32))
        message = sha256(f"taproot spend {i}".encode())
        signature = bytearray(key.sign_schnorr(message, RANDOM.randbytes(32)))
        if i == 5:
            signature[40] ^= 1
        rows.append({
            "type": "schnorr-secp256k1", "id": f"spend-{i}", "publicKey": key.public_key.format()[1:].hex(),
            "message": message.hex(), "signature": bytes(signature).hex(),
        })
    return rows


def ed25519_rows(count: int) -> list[dict]:
    rows = []
    for i in range(count):
        key = ed25519.Ed25519PrivateKey.from_private_bytes(RANDOM.randbytes(32))
        public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        message = f"vote {i} for block {sha256(bytes([i % 7])).hex()}".encode()
        row = {
            "type": "ed25519", "id": f"vote-{i}", "publicKey": public.hex(), "message": message.hex(),
            "signature": key.sign(message).hex(),
        }
        if i == 3:
            row["message"] = message.replace(b"vote", b"Vote").hex()
        if i == 20:
            del row["signature"]
        rows.append(row)
    return rows


def p256_rows(count: int) -> list[dict]:
    rows = []
    for i in range(count):
        key = ec.derive_private_key(RANDOM.randrange(1, 2**255), ec.SECP256R1())
        public = key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        message = f"passkey assertion {i}".encode()
        signature = key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        rows.append({
            "type": "ecdsa-p256", "id": f"passkey-{i}", "publicKey": public.hex(), "message": message.hex(),
            "encoding": "der", "signature": signature.hex(),
        })
    return rows


def tree(leaves: list[bytes], node) -> list[list[bytes]]:
    """The levels of a tree whose number of leaves is a power of two."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        level = levels[-1]
        levels.append([node(level[i], level[i + 1]) for i in range(0, len(level), 2)])
    return levels


def path(levels: list[list[bytes]], index: int) -> list[bytes]:
    return [level[(index >> depth) ^ 1] for depth, level in enumerate(levels[:-1])]


def transparency_rows() -> list[dict]:
    """A certificate log of 64 entries (RFC 6962)."""
    data = [f"certificate {i}".encode() for i in range(64)]
    levels = tree([sha256(b"\0" + entry) for entry in data], lambda a, b: sha256(b"\1" + a + b))
    rows = []
    for index in range(0, 64, 2):
        rows.append({
            "type": "merkle-rfc6962-inclusion", "id": f"certificate-{index}", "leaf": data[index].hex(),
            "index": index + (1 if index == 10 else 0), "treeSize": 64,
            "path": [sibling.hex() for sibling in path(levels, index)], "root": levels[-1][0].hex(),
        })
    return rows


def airdrop_rows() -> list[dict]:
    """An OpenZeppelin tree of 32 leaves."""
    leaves = sorted(keccak256(keccak256(RANDOM.randbytes(64))) for _ in range(32))
    levels = tree(leaves, lambda a, b: keccak256(min(a, b) + max(a, b)))
    return [{
        "type": "merkle-keccak-sorted", "id": f"airdrop-{index}", "leaf": "0x" + leaves[index].hex(),
        "path": ["0x" + sibling.hex() for sibling in path(levels, index)], "root": "0x" + levels[-1][0].hex(),
    } for index in range(32)]


def bitcoin_rows() -> list[dict]:
    """The four transactions of Bitcoin's block 100,000."""
    ids = [bytes.fromhex(text)[::-1] for text in (
        "8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87",
        "fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4",
        "6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4",
        "e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d")]
    levels = tree(ids, lambda a, b: sha256(sha256(a + b)))
    root = levels[-1][0][::-1].hex()
    assert root == "f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766"
    return [{
        "type": "merkle-bitcoin", "id": f"block-100000-{index}", "txid": ids[index][::-1].hex(), "index": index,
        "treeSize": 4, "path": [sibling[::-1].hex() for sibling in path(levels, index)], "root": root,
    } for index in range(4)]


def mixed() -> None:
    rows = (
        secp256k1_rows(150) + recovery_rows(60) + schnorr_rows(80) + ed25519_rows(120) + p256_rows(40)
        + transparency_rows() + airdrop_rows() + bitcoin_rows())
    RANDOM.shuffle(rows)
    lines = [json.dumps(row, separators=(",", ":")) for row in rows]
    lines.insert(100, '{"type":"ed25519","id":"cut off in transit"')
    lines.insert(200, '{"type":"rot13","id":"no such type","message":"00"}')
    (HERE / "mixed.jsonl").write_text("\n".join(lines) + "\n")


def book() -> None:
    """Options on four underlyings, as a desk exports them; a few rows are unusable on purpose."""
    lines = ["id,underlying,type,strike,spot,years,rate,dividendYield,volatility,quantity,multiplier,trader"]
    markets = {"BTC": (97_000, 0.04, 0.0, 0.55), "ETH": (3_300, 0.04, 0.02, 0.7), "SPX": (5_900, 0.045, 0.013, 0.16),
               "EURUSD": (1.085, 0.045, 0.03, 0.08)}
    for i in range(4000):
        name = RANDOM.choice(list(markets))
        spot, rate, dividend, volatility = markets[name]
        moneyness = RANDOM.uniform(0.7, 1.4)
        years = RANDOM.choice([1, 2, 7, 14, 30, 91, 182, 365, 730]) / 365
        smile = volatility * (1 + 0.8 * (moneyness - 1) ** 2)
        cells = [
            f"{name}-{i}", name, RANDOM.choice(["call", "put"]), f"{spot * moneyness:.6g}", f"{spot}", f"{years:.6f}",
            f"{rate}", f"{dividend}", f"{smile:.4f}", f"{RANDOM.randrange(-50, 50)}", "1", RANDOM.choice(["ana", "bo"])]
        lines.append(",".join(cells))
    for index, (column, cell) in {1000: (8, "-0.2"), 2000: (4, "n/a"), 3000: (5, "-0.01"), 3500: (4, "inf")}.items():
        cells = lines[index].split(",")
        cells[column] = cell
        lines[index] = ",".join(cells)
    (HERE / "book.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    mixed()
    book()
