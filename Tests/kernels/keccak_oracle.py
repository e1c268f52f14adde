"""Writes keccak_oracle.h: what PyCryptodome says of the messages that hash_test.c makes (pip install pycryptodome)."""
import hashlib
import pathlib
from Crypto.Hash import keccak


def digest(length):
    message = bytes((7 * i + length) & 0xFF for i in range(length))
    return keccak.new(digest_bits=256, data=message).digest()


def line(name, digests):
    return f'static const char {name}[] = "{hashlib.sha256(b"".join(digests)).hexdigest()}";\n'


pathlib.Path(__file__).with_suffix(".h").write_text(
    "// Made by keccak_oracle.py: SHA-256 over the Keccak-256 digests of the messages in hash_test.c.\n"
    + line("keccak_oracle_messages", [digest(n) for n in [*range(701), 100000]])
    + line("keccak_oracle_pair", [digest(64)]))
