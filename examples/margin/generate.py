#!/usr/bin/env python3
"""Writes the example: a book of twelve accounts, their cash, RedStone price reports signed by three keys made here, and who may sign.

Needs pycryptodome for Keccak-256. The keys are those of this example and sign nothing else; ECDSA nonces come from a hash of key and
digest, so that the files are the same every time.
"""
import csv
import hashlib
import json
import pathlib
import random

from Crypto.Hash import keccak

here = pathlib.Path(__file__).resolve().parent
random.seed(20261130)
TIME = 1796083200  # 2026-12-01T00:00:00Z
SPOTS = {"BTC": 97000.0, "ETH": 2700.0}
REPORTED = {"BTC": [96412.55, 96420.01, 96431.4], "ETH": [2688.12, 2689.0, 2689.77]}

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
     0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)


def add(a, b):
    if a is None:
        return b
    if b is None:
        return a
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def multiply(k, point=G):
    result = None
    while k:
        if k & 1:
            result = add(result, point)
        point, k = add(point, point), k >> 1
    return result


def keccak256(data):
    return keccak.new(digest_bits=256, data=data).digest()


def sign(key, digest):
    nonce = int.from_bytes(hashlib.sha256(key.to_bytes(32, "big") + digest).digest(), "big") % N
    x, y = multiply(nonce)
    s = pow(nonce, -1, N) * (int.from_bytes(digest, "big") + x * key) % N
    parity = y & 1
    if s > N // 2:
        s, parity = N - s, parity ^ 1
    return x.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([27 + parity])


def address(key):
    x, y = multiply(key)
    return keccak256(x.to_bytes(32, "big") + y.to_bytes(32, "big"))[12:]


keys = [int.from_bytes(hashlib.sha256(b"assay example signer %d" % i).digest(), "big") % N for i in range(3)]


def payload(feed):
    """A RedStone payload: one package per signer, each with one point of 32 bytes and 8 decimals."""
    data = b""
    for key, price in zip(keys, REPORTED[feed]):
        body = feed.encode().ljust(32, b"\0") + round(price * 10**8).to_bytes(32, "big")
        body += (TIME * 1000).to_bytes(6, "big") + (32).to_bytes(4, "big") + (1).to_bytes(3, "big")
        data += body + sign(key, keccak256(body))
    return data + len(keys).to_bytes(2, "big") + (0).to_bytes(3, "big") + bytes.fromhex("000002ed57011e0000")


with open(here / "reports.jsonl", "w") as file:
    for feed in SPOTS:
        row = {"type": "oracle-report", "underlying": feed, "format": "redstone", "report": "0x" + payload(feed).hex()}
        file.write(json.dumps(row) + "\n")
signers = {"redstone": [{"signers": ["0x" + address(key).hex() for key in keys], "quorum": 2, "validFrom": 1764547200}]}
(here / "signers.json").write_text(json.dumps(signers, indent=2) + "\n")

rows = []
for number in range(12):
    account = f"account-{number + 1:02}"
    for _ in range(8):
        underlying = random.choice(list(SPOTS))
        spot = SPOTS[underlying]
        kind = random.choice(["call", "put", "call", "put", "perpetual"])
        size = random.choice([1, 2, 5]) * (1 if underlying == "BTC" else 10)
        row = {
            "account": account, "underlying": underlying, "type": kind, "spot": spot, "quantity": random.choice([-1, 1]) * size / 10
        }
        if kind != "perpetual":
            row |= {
                "strike": round(spot * random.choice([0.8, 0.9, 1, 1.1, 1.25]), -1),
                "expiry": random.choice(["2026-12-25T08:00Z", "2027-03-26T08:00Z"]),
                "rate": 0.03, "volatility": random.choice([0.5, 0.55, 0.6, 0.7]),
            }
        rows.append(row)
columns = ["account", "underlying", "type", "spot", "strike", "expiry", "rate", "volatility", "quantity"]
with open(here / "book.csv", "w", newline="") as file:
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
accounts = [
    {"account": f"account-{number + 1:02}", "cash": random.choice([2000, 9000, 25000, 60000]), "collateral": {"BTC": 0.05 * (number % 3)}}
    for number in range(12)
]
(here / "accounts.json").write_text(json.dumps(accounts, indent=1) + "\n")
trade = {
    "account": "account-01", "underlying": "BTC", "type": "put", "spot": SPOTS["BTC"], "strike": 77600.0,
    "expiry": "2026-12-25T08:00Z", "rate": 0.03, "volatility": 0.7, "quantity": -1,
}
with open(here / "trades.csv", "w", newline="") as file:
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerow(trade)
