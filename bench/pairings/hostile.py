#!/usr/bin/env python3
"""What bad rows cost: one block of proofs of which a growing share is bad, beside the same block all good.

  taskset -c 1 python3 bench/pairings/hostile.py [TABLE]

Every bad row is well formed, so that only the pairing equation finds it: a Groth16 proof whose C is another point, a KZG opening at
another value, a BLS signature by another key. Bad rows stand at random places, then side by side, then spread evenly; the worst of the
three counts. Rows and keys are made here by py_ecc, every row another one. Processor time, the shortest of
several calls, good and bad in turns.
"""
import hashlib
import os
import random
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../Tests/kernels/pairings"))
from kernel_library import ACCEPTED, Kernels

from py_ecc import optimized_bn128 as bn128
from py_ecc.bls.hash_to_curve import hash_to_G2
from py_ecc.bls.point_compression import compress_G1, compress_G2, decompress_G1
from py_ecc.optimized_bls12_381 import G1, add, curve_order, multiply

DOMAIN = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"
random.seed(6)


def multiples(point, add_to, n):
    """2 P, 3 P ... of a point, an addition each."""
    listed = [add_to(point, point)]
    while len(listed) < n:
        listed.append(add_to(listed[-1], point))
    return listed


def groth16(n, inputs=5):
    """Proofs made from the key's discrete logarithms, as kernels/operations/seeds/pairings.py makes them; A = B's scalar = row + 2."""
    order = bn128.curve_order
    alpha, beta, gamma, delta = (random.randrange(1, order) for _ in range(4))
    ic = [random.randrange(1, order) for _ in range(inputs + 1)]
    key = bn_g1(bn128.multiply(bn128.G1, alpha))
    key += b"".join(bn_g2(bn128.multiply(bn128.G2, s)) for s in (beta, gamma, delta))
    key += b"".join(bn_g1(bn128.multiply(bn128.G1, s)) for s in ic)
    a, b = multiples(bn128.G1, bn128.add, n), multiples(bn128.G2, bn128.add, n)
    proofs, wrong, columns = [], [], []
    for i in range(n):
        x = [random.randrange(order) for _ in range(inputs)]
        c = ((i + 2) ** 2 - alpha * beta - gamma * (ic[0] + sum(u * v for u, v in zip(x, ic[1:])))) * pow(delta, -1, order)
        proofs.append(bn_g1(a[i]) + bn_g2(b[i]) + bn_g1(bn128.multiply(bn128.G1, c % order)))
        wrong.append(proofs[-1][:192] + bn_g1(a[n - 1 - i]))
        columns.append(b"".join(scalar(v) for v in x))
    return "groth16_bn254", {"verificationKey": key}, [("proof", proofs, wrong), ("publicInputs", columns, columns)]


def scalar(value):
    return value.to_bytes(32, "big")


def bn_g1(point):
    return b"".join(scalar(int(c)) for c in bn128.normalize(point))


def bn_g2(point):
    return b"".join(scalar(int(c)) for k in bn128.normalize(point) for c in reversed(k.coeffs))


def kzg(n):
    """Openings of linear polynomials y + a (x - z): C = (y - a z) G1 + a [tau] G1 and the proof is a G1."""
    lines = [line for line in open(os.path.join(HERE, "../../kernels/field/kzg_setup.txt")) if not line.startswith("#")]
    tau = decompress_G1(int(lines[1], 16))
    rows, wrong = [], []
    for _ in range(n):
        a, y, z = (random.randrange(1, curve_order) for _ in range(3))
        commitment = add(multiply(G1, (y - a * z) % curve_order), multiply(tau, a))
        encoded = [compress_G1(point).to_bytes(48, "big") for point in (commitment, multiply(G1, a))]
        rows.append([encoded[0], z.to_bytes(32, "big"), y.to_bytes(32, "big"), encoded[1]])
        wrong.append(((y + 1) % curve_order).to_bytes(32, "big"))
    c, zs, ys, ps = map(list, zip(*rows))
    return "kzg_proof", {}, [("commitment", c, c), ("z", zs, zs), ("y", ys, wrong), ("proof", ps, ps)]


def fast_aggregate(n):
    """Signatures of one message by the keys 2, 3 ...; a wrong one is its neighbour's."""
    text = b"one message"
    keys = [compress_G1(point).to_bytes(48, "big") for point in multiples(G1, add, n)]
    hashed = hash_to_G2(text, DOMAIN, hashlib.sha256)
    signatures = [b"".join(z.to_bytes(48, "big") for z in compress_G2(point)) for point in multiples(hashed, add, n)]
    return "bls12381_min_pk_fast_aggregate", {"domain": DOMAIN}, [
        ("publicKeys", keys, keys), ("message", [text] * n, [text] * n),
        ("signature", signatures, signatures[1:] + signatures[:1])]


def places(n, bad):
    """Where the bad rows stand: at random, side by side, spread evenly."""
    yield set(random.sample(range(n), bad))
    yield set(range(bad))
    yield {i * n // bad for i in range(bad)} if bad else set()


def best(call, rounds=3):
    times = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)


def main():
    kernels = Kernels()
    for operation, shared, columns in (groth16(64), kzg(128), fast_aggregate(128)):
        n = len(columns[0][1])
        table = sys.argv[1] if len(sys.argv) > 1 else kernels.providers(operation)[-1]
        if operation == "groth16_bn254":
            key = kernels.run(table, "groth16_bn254_prepare", verificationKey=[shared["verificationKey"]])
            shared["prepared"] = key["prepared"][0]
        good_call, good, _ = kernels.prepare(table, operation, **shared, **{name: right for name, right, _ in columns})
        reference = best(good_call)
        assert set(good["verdict"][0].raw[:n]) == {ACCEPTED}
        print("%s, %d rows, %s: %.0f us a row all good" % (operation, n, table, reference / n * 1e6))
        for bad in sorted({1, 2, 4, n // 16, n // 10, n // 8, n // 4, n // 2, n}):
            worst = 0
            for where in places(n, bad):
                mixed = {name: [w if i in where else r for i, (r, w) in enumerate(zip(right, wrong))]
                         for name, right, wrong in columns}
                call, outputs, _ = kernels.prepare(table, operation, **shared, **mixed)
                reference = min(reference, best(good_call, 1))
                worst = max(worst, best(call))
                verdicts = outputs["verdict"][0].raw[:n]
                assert all((verdicts[i] == ACCEPTED) == (i not in where) for i in range(n)), (operation, bad)
            print("  %3d bad: %.2f times all good" % (bad, worst / reference))


if __name__ == "__main__":
    main()
