#!/usr/bin/env python3
"""Writes pairings.seed.h: valid rows of the pairing operations, made by py_ecc and ckzg (PyPI py-ecc, ckzg).

  python3 kernels/operations/seeds/pairings.py TRUSTED_SETUP.txt

TRUSTED_SETUP.txt is the Ethereum ceremony's setup as c-kzg-4844 distributes it (src/trusted_setup.txt).
"""
import os
import random
import sys

import ckzg
from py_ecc import bn128
from py_ecc.bls import G2ProofOfPossession as pop
from py_ecc.bls.hash_to_curve import hash_to_G1
from py_ecc.bls.point_compression import compress_G1, compress_G2
from py_ecc.optimized_bls12_381 import G2 as G2_GENERATOR, multiply

from pairings_format import initialiser, message

random.seed(20261121)
R = bn128.curve_order
DOMAIN = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"


def be(value):
    return int(value).to_bytes(32, "big")


def g1(point):
    return bytes(64) if point is None else be(point[0]) + be(point[1])


def g2(point):
    return bytes(128) if point is None else b"".join(be(c) for k in (0, 1) for c in reversed(point[k].coeffs))


def times(point, scalar):
    return bn128.multiply(point, scalar % R) if scalar % R else None


def groth16(rows, inputs):
    """Proofs made from the key's discrete logarithms: c = (a b - alpha beta - gamma sum x_j ic_j) / delta."""
    alpha, beta, gamma, delta = (random.randrange(1, R) for _ in range(4))
    ic = [random.randrange(1, R) for _ in range(inputs)] + [0]
    key = g1(times(bn128.G1, alpha)) + b"".join(g2(times(bn128.G2, s)) for s in (beta, gamma, delta))
    key += b"".join(g1(times(bn128.G1, s)) for s in ic)
    for row in range(rows):
        a, b = random.randrange(1, R), random.randrange(1, R)
        x = [random.choice([0, 1, R - 1, random.randrange(R), random.randrange(2**64)]) for _ in range(inputs)]
        c = (a * b - alpha * beta - gamma * (ic[0] + sum(u * v for u, v in zip(x, ic[1:])))) * pow(delta, -1, R)
        proof = g1(times(bn128.G1, a)) + g2(times(bn128.G2, b)) + g1(times(bn128.G1, c))
        yield [message(key), message(b""), proof, message(b"".join(map(be, x)))]


def bn254_rows():
    points = [None, bn128.G1, bn128.neg(bn128.G1), times(bn128.G1, 2**200), times(bn128.G1, 12345)]
    for a in points:
        for b in points[1:4]:
            yield "bn254_add", [message(g1(a) + g1(b))]
    for a in points:
        for scalar in (0, 1, R - 1, R, 2**256 - 1, random.randrange(R)):
            yield "bn254_mul", [message(g1(a) + be(scalar))]
    a, b = 6, 35
    good = g1(times(bn128.G1, a)) + g2(times(bn128.G2, b)) + g1(times(bn128.G1, -a * b)) + g2(bn128.G2)
    yield "bn254_pairing", [message(b"")]
    yield "bn254_pairing", [message(good)]
    yield "bn254_pairing", [message(good[:192])]
    yield "bn254_pairing", [message(good + g1(None) + g2(bn128.G2) + g1(bn128.G1) + g2(None))]


def kzg_rows(setup):
    n, scalar = 4096, lambda value: int(value).to_bytes(32, "big")
    sparse = bytearray(32 * n)
    for index in (0, 1, 7, 4095):
        sparse[32 * index:32 * index + 32] = scalar(index * 7 + 3)
    for blob in (bytes(32 * n), bytes(sparse)):
        commitment = ckzg.blob_to_kzg_commitment(blob, setup)
        proof = ckzg.compute_blob_kzg_proof(blob, commitment, setup)
        yield "kzg_blob", [blob, commitment, proof]
        for z in (0, 1, 2**200):
            opening, y = ckzg.compute_kzg_proof(blob, scalar(z), setup)
            yield "kzg_proof", [commitment, scalar(z), y, opening]
            import hashlib
            versioned = b"\x01" + hashlib.sha256(commitment).digest()[1:]
            yield "kzg_point_evaluation", [message(versioned + scalar(z) + y + commitment + opening)]
        cells, proofs = ckzg.compute_cells_and_kzg_proofs(blob, setup)
        for k in (1, 127):
            yield "kzg_cell", [commitment, k.to_bytes(8, "little"), cells[k], proofs[k]]


def bls_rows():
    keys = [random.randrange(1, 2**250) for _ in range(4)]
    public = [pop.SkToPk(k) for k in keys]
    text = b"assay"
    for row in range(3):
        yield "bls12381_min_pk_fast_aggregate", [
            message(DOMAIN), message(public[row]), message(text * row), pop.Sign(keys[row], text * row)]
    yield "bls12381_min_pk_fast_aggregate", [
        message(DOMAIN), message(b"".join(public)), message(text), pop.Aggregate([pop.Sign(k, text) for k in keys])]
    texts = [bytes([i]) * (i + 1) for i in range(4)]
    for n in (1, 4):
        yield "bls12381_min_pk_aggregate", [
            message(DOMAIN), message(b"".join(public[:n])), message(b"".join(map(message, texts[:n]))),
            pop.Aggregate([pop.Sign(k, t) for k, t in zip(keys[:n], texts[:n])])]


def min_sig_rows():
    import hashlib
    domain = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
    keys = [random.randrange(1, 2**250) for _ in range(2)]
    for row in range(4):
        # Two rows of one key, whose pairings are shared.
        key, text = keys[row // 2], b"assay" * row
        public = b"".join(c.to_bytes(48, "big") for c in compress_G2(multiply(G2_GENERATOR, key)))
        signature = compress_G1(multiply(hash_to_G1(text, domain, hashlib.sha256), key)).to_bytes(48, "big")
        yield "bls12381_min_sig", [message(domain), public, message(text), signature]


def main():
    setup = ckzg.load_trusted_setup(sys.argv[1], 0)
    operations = {"groth16_bn254": list(groth16(6, 3))}
    operations["groth16_bn254_prepare"] = [operations["groth16_bn254"][0][:1]]
    for rows in (bn254_rows(), kzg_rows(setup), bls_rows(), min_sig_rows()):
        for name, columns in rows:
            operations.setdefault(name, []).append(columns)
    out = ["// Generated by kernels/operations/seeds/pairings.py with py_ecc and ckzg. Do not edit."]
    for name, rows in operations.items():
        data = b"".join(b"".join(columns) for columns in rows)
        out += ["", "#define ASSAY_SEEDS_%s ~, 1" % name, "static const uint8_t assay_seeds_%s[%d] = {" % (name, len(data))]
        out += ["  " + line for line in initialiser(data)] + ["};"]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pairings.seed.h")
    with open(path, "w") as f:
        f.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
