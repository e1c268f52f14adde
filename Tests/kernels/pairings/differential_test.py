"""Random and edge rows against independent implementations: py_ecc, ckzg, arkworks and, where it is installed, milagro
(PyPI py-ecc, ckzg, py-arkworks-bls12381, milagro-bls-binding), and batches against single rows.

  python3 differential_test.py TRUSTED_SETUP.txt [ROWS]
"""
import hashlib
import random
import sys

import ckzg
import py_arkworks_bls12381 as ark
from py_ecc import optimized_bls12_381
from py_ecc import optimized_bn128 as bn128
from py_ecc.bls import G2ProofOfPossession as pop
from py_ecc.bls.hash_to_curve import clear_cofactor_G1, clear_cofactor_G2, map_to_curve_G1, map_to_curve_G2
from py_ecc.fields import optimized_bls12_381_FQ as FQ
from py_ecc.fields import optimized_bls12_381_FQ2 as FQ2

from kernel_library import Kernels

POP = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"
P, R = bn128.field_modulus, bn128.curve_order
Q, S = optimized_bls12_381.field_modulus, optimized_bls12_381.curve_order
random.seed(6)
failures = checks = compared = 0


def counting(run):
    """run, counting the rows that it gives back to be compared."""
    def counted(operation, **columns):
        global compared
        result = run(operation, **columns)
        compared += len(result["verdict"])
        return result

    return counted


def expect(condition, *what):
    global failures, checks
    checks += 1
    if not condition:
        failures += 1
        print("FAIL", *what)


def be(value, width=32):
    return int(value).to_bytes(width, "big")


def g1(point):
    if bn128.is_inf(point):
        return bytes(64)
    x, y = bn128.normalize(point)
    return be(x) + be(y)


def g2(point):
    if bn128.is_inf(point):
        return bytes(128)
    return b"".join(be(c) for k in bn128.normalize(point) for c in reversed(k.coeffs))


def times(point, scalar):
    return bn128.multiply(point, scalar % R)


def scalars(modulus):
    return random.choice([0, 1, 2, modulus - 1, modulus, modulus + 1, 2**256 - 1, random.randrange(modulus),
                          random.randrange(2**256), 2**random.randrange(256), random.randrange(2**64)])


def bn254(run, rows):
    points = [bn128.Z1, bn128.G1, bn128.neg(bn128.G1)] + [times(bn128.G1, random.randrange(R)) for _ in range(12)]
    data, expected = [], []
    for _ in range(rows):
        a, b = random.choice(points), random.choice(points)
        data.append(g1(a) + g1(b))
        expected.append(g1(bn128.add(a, b)))
    result = run("bn254_add", input=data)
    expect(result["output"] == expected and set(result["verdict"]) == {"accepted"}, "bn254_add")
    data, expected = [], []
    for _ in range(rows // 4):
        a, k = random.choice(points), scalars(R)
        data.append(g1(a) + be(k))
        expected.append(g1(bn128.multiply(a, k)))
    expect(run("bn254_mul", input=data)["output"] == expected, "bn254_mul")
    data, expected = [], []
    for _ in range(rows // 8):
        # Pairs (a_i G, b_i H) multiply to one exactly when sum a_i b_i = 0.
        terms = [(random.choice([0, 1, R - 1, random.randrange(R)]), random.choice([0, 1, 5, random.randrange(R)]))
                 for _ in range(random.choice([0, 1, 2, 3, 5, 33]) if len(data) < 6 else 2)]
        if random.random() < 0.7:
            terms.append((-sum(a * b for a, b in terms) % R, 1))
        data.append(b"".join(g1(times(bn128.G1, a)) + g2(times(bn128.G2, b)) for a, b in terms))
        expected.append(be(sum(a * b for a, b in terms) % R == 0))
    expect(run("bn254_pairing", input=data)["output"] == expected, "bn254_pairing")


def groth16_rows(inputs, rows):
    alpha, beta, gamma, delta = (random.randrange(1, R) for _ in range(4))
    ic = [random.randrange(R) for _ in range(inputs + 1)]
    key = g1(times(bn128.G1, alpha)) + b"".join(g2(times(bn128.G2, s)) for s in (beta, gamma, delta)) + b"".join(
        g1(times(bn128.G1, s)) for s in ic)
    made = []
    for _ in range(rows):
        a, b = random.randrange(R), random.randrange(R)
        x = [random.choice([0, 1, R - 1, random.randrange(R)]) for _ in range(inputs)]
        c = (a * b - alpha * beta - gamma * (ic[0] + sum(u * v for u, v in zip(x, ic[1:])))) * pow(delta, -1, R)
        made.append((a, b, c, x))
    return key, made


def groth16(run):
    for inputs in (0, 1, 9, 17):
        key, made = groth16_rows(inputs, 4)
        encode = lambda a, b, c: g1(times(bn128.G1, a)) + g2(times(bn128.G2, b)) + g1(times(bn128.G1, c))
        data = [b"".join(map(be, m[3])) for m in made]
        proofs = [encode(*m[:3]) for m in made]
        # Two wrong proofs whose errors cancel when factors are equal: C + E and C - E.
        error = random.randrange(1, R)
        wrong = [encode(made[0][0], made[0][1], made[0][2] + error), encode(made[1][0], made[1][1], made[1][2] - error)]
        verdicts = lambda p, d: run("groth16_bn254", verificationKey=key, proof=p, publicInputs=d)["verdict"]
        expect(verdicts(proofs, data) == ["accepted"] * 4, "groth16 valid", inputs)
        expect(verdicts(wrong + proofs[2:], data) == ["pairing-mismatch"] * 2 + ["accepted"] * 2, "groth16 cancelling", inputs)
        # Any pattern of bad rows in a batch of more than one block.
        for bad in (1, 3, 40, 99):
            marks = [True] * bad + [False] * (100 - bad)
            random.shuffle(marks)
            p = [wrong[0] if m else proofs[0] for m in marks]
            expect(verdicts(p, [data[0]] * 100) == ["pairing-mismatch" if m else "accepted" for m in marks], "groth16 bad", bad)
        # A rerandomised proof is another proof of the same statement: Groth16 is malleable.
        a, b, c, _ = made[0]
        k = random.randrange(2, R)
        expect(verdicts([encode(a * k, b * pow(k, -1, R), c)], data[:1]) == ["accepted"], "groth16 malleability")


def fq(value):
    return bytes(16) + be(value, 48)


def ark_g1(point):
    if point == ark.G1Point.identity():
        return bytes(128)
    affine = optimized_bls12_381_from(bytes(point.to_compressed_bytes()))
    return fq(affine[0]) + fq(affine[1])


def optimized_bls12_381_from(data):
    from py_ecc.bls.point_compression import decompress_G1
    x, y, z = decompress_G1(int.from_bytes(data, "big"))
    return int(x / z), int(y / z)


def ark_g2(point):
    from py_ecc.bls.point_compression import decompress_G2
    if point == ark.G2Point.identity():
        return bytes(256)
    data = bytes(point.to_compressed_bytes())
    x, y, z = decompress_G2((int.from_bytes(data[:48], "big"), int.from_bytes(data[48:], "big")))
    return b"".join(fq(c) for k in (x / z, y / z) for c in k.coeffs)


def eip2537(run, rows):
    for group, encode, add, msm in ((ark.G1Point, ark_g1, "bls12381_g1_add", "bls12381_g1_msm"),
                                    (ark.G2Point, ark_g2, "bls12381_g2_add", "bls12381_g2_msm")):
        bases = [group.identity(), group(), -group()]
        bases += [group() * ark.Scalar(random.randrange(2**64)) for _ in range(6)]
        encoded = [encode(b) for b in bases]
        data, expected = [], []
        for i in range(len(bases)):
            for j in range(len(bases)):
                data.append(encoded[i] + encoded[j])
                expected.append(encode(bases[i] + bases[j]))
        expect(run(add, input=data)["output"] == expected, add)
        data, expected = [], []
        for n in [1, 2, 15, 16, 17, 33] + [1] * rows:
            terms = [(random.randrange(len(bases)), scalars(S)) for _ in range(n)]
            data.append(b"".join(encoded[i] + be(k) for i, k in terms))
            total = group.identity()
            for i, k in terms:
                total = total + bases[i] * ark.Scalar.from_be_bytes(be(k % S))
            expected.append(encode(total))
        expect(run(msm, input=data)["output"] == expected, msm)
    data, expected = [], []
    for _ in range(rows):
        u = random.choice([0, 1, Q - 1, random.randrange(Q)])
        point = clear_cofactor_G1(map_to_curve_G1(FQ(u)))
        x, y = point[0] / point[2], point[1] / point[2]
        data.append(fq(u))
        expected.append(fq(x) + fq(y))
    expect(run("bls12381_map_fp_to_g1", input=data)["output"] == expected, "map_fp_to_g1")
    data, expected = [], []
    for _ in range(rows):
        u = [random.choice([0, 1, Q - 1, random.randrange(Q)]) for _ in range(2)]
        point = clear_cofactor_G2(map_to_curve_G2(FQ2(u)))
        x, y = point[0] / point[2], point[1] / point[2]
        data.append(fq(u[0]) + fq(u[1]))
        expected.append(b"".join(fq(c) for k in (x, y) for c in k.coeffs))
    expect(run("bls12381_map_fp2_to_g2", input=data)["output"] == expected, "map_fp2_to_g2")
    g, h = ark.G1Point(), ark.G2Point()
    data, expected = [], []
    for n in (1, 2, 3, 17):
        terms = [(random.randrange(2**60), random.randrange(2**60)) for _ in range(n)]
        for balanced in (False, True):
            total = sum(a * b for a, b in terms)
            pairs = terms + ([(-total % S, 1)] if balanced else [])
            data.append(b"".join(ark_g1(g * ark.Scalar.from_be_bytes(be(a))) + ark_g2(h * ark.Scalar.from_be_bytes(be(b)))
                                 for a, b in pairs))
            expected.append(be(balanced))
    expect(run("bls12381_pairing", input=data)["output"] == expected, "bls12381_pairing")


def kzg(run, setup, rows):
    n = 4096
    blobs = [b"".join(be(random.choice([0, 1, S - 1, random.randrange(S)])) for _ in range(n)) for _ in range(3)]
    commitments = [ckzg.blob_to_kzg_commitment(b, setup) for b in blobs]
    claims = []
    for row in range(rows):
        k = row % 3
        z = be(random.choice([0, 1, S - 1, random.randrange(S), pow(7, (S - 1) // n * random.randrange(n), S)]))
        proof, y = ckzg.compute_kzg_proof(blobs[k], z, setup) if row < 24 else claims[row - 24][3:1:-1]
        if row >= 24:
            z = claims[row - 24][1]
            k = (row - 24) % 3
        claims.append([commitments[k], z, y, proof])
    for claim in claims[::5]:
        field = random.randrange(4)
        claim[field] = bytes(claim[field][:-1]) + bytes([claim[field][-1] ^ 1 << random.randrange(8)])

    def oracle(c, z, y, proof):
        try:
            return "accepted" if ckzg.verify_kzg_proof(c, z, y, proof, setup) else "pairing-mismatch"
        except Exception:
            return None

    columns = [list(map(bytes, column)) for column in zip(*claims)]
    verdicts = run("kzg_proof", commitment=columns[0], z=columns[1], y=columns[2], proof=columns[3])["verdict"]
    for claim, verdict in zip(claims, verdicts):
        wanted = oracle(*map(bytes, claim))
        expect(verdict == wanted if wanted else verdict not in ("accepted", "pairing-mismatch"), "kzg_proof", verdict, wanted)
    proofs = [ckzg.compute_blob_kzg_proof(b, c, setup) for b, c in zip(blobs, commitments)]
    wrong = [be(12345) + blobs[0][32:]] + blobs[1:]
    verdicts = run("kzg_blob", blob=wrong + blobs, commitment=commitments * 2, proof=proofs * 2)["verdict"]
    expect(verdicts == ["pairing-mismatch"] + ["accepted"] * 5, "kzg_blob", verdicts)
    cells, cell_proofs = ckzg.compute_cells_and_kzg_proofs(blobs[0], setup)
    order = random.sample(range(128), 128)
    data = [cells[k] for k in order]
    data[17] = data[17][:31] + bytes([data[17][31] ^ 1]) + data[17][32:]
    verdicts = run("kzg_cell", commitment=[commitments[0]] * 128, cellIndex=[k.to_bytes(8, "little") for k in order], cell=data,
                   proof=[cell_proofs[k] for k in order])["verdict"]
    expect([i for i, v in enumerate(verdicts) if v != "accepted"] == [17], "kzg_cell", verdicts)
    moved = run("kzg_cell", commitment=[commitments[0]], cellIndex=[(order[0] ^ 1).to_bytes(8, "little")], cell=[data[0]],
                proof=[cell_proofs[order[0]]])["verdict"]
    expect(moved == ["pairing-mismatch"], "kzg_cell at another index")


def bls(run, rows):
    keys = [random.randrange(1, S) for _ in range(4)]
    public = [pop.SkToPk(k) for k in keys]
    messages = [b"", b"a", bytes(200), hashlib.sha256(b"x").digest()]
    signed = {(i, j): pop.Sign(keys[i], messages[j]) for i in range(4) for j in range(4)}
    p, m, s, expected = [], [], [], []
    for _ in range(rows):
        i, j = random.randrange(4), random.randrange(4)
        bad = random.random() < 0.1
        p.append(public[i])
        m.append(messages[j])
        s.append(signed[(i, (j + 1) % 4)] if bad else signed[(i, j)])
        expected.append("signature-mismatch" if bad else "accepted")
    name = "bls12381_min_pk_fast_aggregate"
    verdicts = run(name, domain=POP, publicKeys=p, message=m, signature=s)["verdict"]
    expect(verdicts == expected, name)
    for row in random.sample(range(rows), 8):
        single = run(name, domain=POP, publicKeys=[p[row]], message=[m[row]], signature=[s[row]])["verdict"]
        expect(single == [expected[row]], name, "alone", row)
    # Errors that cancel under equal factors: swapped halves of two signatures' sum.
    swapped = [signed[(1, 0)], signed[(0, 0)]]
    verdicts = run(name, domain=POP, publicKeys=public[:2], message=[messages[0]] * 2, signature=swapped)["verdict"]
    expect(verdicts == ["signature-mismatch"] * 2, name, "cancelling")
    # A key and its negative add up to infinity, which signs nothing.
    negative = bytes([public[0][0] ^ 0x20]) + public[0][1:]
    verdicts = run(name, domain=POP, publicKeys=[public[0] + negative], message=[b""], signature=[b"\xc0" + bytes(95)])["verdict"]
    expect(verdicts == ["public-key-invalid"], name, "infinite sum", verdicts)
    long_tag = b"T" * 300
    hashed = hashlib.sha256(b"H2C-OVERSIZE-DST-" + long_tag).digest()
    from py_ecc.bls.hash_to_curve import hash_to_G2
    from py_ecc.bls.g2_primitives import G2_to_signature
    point = optimized_bls12_381.multiply(hash_to_G2(b"m", hashed, hashlib.sha256), keys[0])
    verdicts = run(name, domain=long_tag, publicKeys=[public[0]], message=[b"m"], signature=[G2_to_signature(point)])["verdict"]
    expect(verdicts == ["accepted"], name, "long tag", verdicts)
    n = 40
    framed = lambda x: len(x).to_bytes(4, "little") + x
    texts = [be(i, 8) for i in range(n)]
    total = pop.Aggregate([pop.Sign(keys[i % 4], t) for i, t in enumerate(texts)])
    many = b"".join(public[i % 4] for i in range(n))
    name = "bls12381_min_pk_aggregate"
    verdicts = run(name, domain=POP, publicKeys=[many] * 3, messages=[
        b"".join(map(framed, texts)), b"".join(map(framed, texts[::-1])), b"".join(map(framed, texts)) + b"\0"],
                   signature=[total] * 3)["verdict"]
    expect(verdicts == ["accepted", "signature-mismatch", "proof-shape-invalid"], name, verdicts)


def milagro(run, rows):
    """Thousands of signatures of random keys over random messages, many damaged: each verdict is milagro's."""
    try:
        import milagro_bls_binding as oracle
    except ImportError:
        print("SKIP milagro: milagro-bls-binding is not installed")
        return
    name = "bls12381_min_pk_fast_aggregate"
    secrets = [be(random.randrange(1, S)) for _ in range(64)]
    public = [oracle.SkToPk(k) for k in secrets]
    keys, messages, signatures, expected = [], [], [], []
    for row in range(rows):
        signers = random.sample(range(64), random.choice([1, 1, 1, 2, 5]))
        message = b"slot" if random.random() < 0.3 else random.randbytes(random.randrange(80))
        signature = oracle.Aggregate([oracle.Sign(secrets[k], message) for k in signers])
        chosen = [public[k] for k in signers]
        flip = lambda data: data[:(at := random.randrange(len(data)))] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1:]
        damage = random.randrange(10)
        if damage == 0:
            signature = flip(signature)
        elif damage == 1:
            chosen[0] = flip(chosen[0])
        elif damage == 2:
            message = message + b"!"
        elif damage == 3:
            signature = bytes([signature[0] ^ 0x20]) + signature[1:]
        elif damage == 4 and len(chosen) > 1:
            chosen.pop()
        try:
            verdict = oracle.FastAggregateVerify(chosen, message, signature)
        except Exception:
            verdict = False
        keys.append(b"".join(chosen))
        messages.append(message)
        signatures.append(signature)
        expected.append(bool(verdict))
    verdicts = run(name, domain=POP, publicKeys=keys, message=messages, signature=signatures)["verdict"]
    for row, (verdict, wanted) in enumerate(zip(verdicts, expected)):
        expect((verdict == "accepted") == wanted, name, "milagro", row, verdict, wanted)


def main():
    setup = ckzg.load_trusted_setup(sys.argv[1], 0)
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    kernels = Kernels()
    for table in kernels.providers("groth16_bn254"):
        @counting
        def run(operation, **columns):
            return kernels.run(table, operation, **columns)

        random.seed(rows)
        bn254(run, 4 * rows)
        groth16(run)
        eip2537(run, rows // 8)
        kzg(run, setup, rows)
        bls(run, rows)
        milagro(run, rows)
        print("%s: %d rows compared so far, %d failures" % (table, compared, failures))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
