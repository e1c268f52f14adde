#!/usr/bin/env python3
"""Times the pairing kernels beside public libraries on one core, in one run.

  python3 bench/pairings/bench.py VECTORS [groth16|kzg|bls ...]    VECTORS holds zk/groth16-bn254/margin and zk/c-kzg-4844

Peers, each used when it can be imported: arkworks through groth16py (GPL, an opponent only), c-kzg-4844 through ckzg, blst
through chia_rs, py_ecc to sign; BLST_BATCH names a library made of blst_batch.c and blst. Ours and theirs are called in turns, and the shortest processor time of each counts; ratios
are theirs over ours, above one is faster. Bars are those of the project's issue; a bar that is missed is printed as missed.
"""
import ctypes
import json
import os
import random
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT + "/Tests/kernels/pairings")
from kernel_library import Kernels  # noqa: E402

POP = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"
ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001


def best(*calls, seconds=1.5):
    """The shortest processor time of each call, the calls taking turns."""
    for call in calls:
        call()
    shortest, start = [1e9] * len(calls), time.process_time()
    while time.process_time() - start < seconds * len(calls):
        for i, call in enumerate(calls):
            t = time.process_time()
            call()
            shortest[i] = min(shortest[i], time.process_time() - t)
    return shortest


def peer(name):
    try:
        return __import__(name)
    except ImportError:
        print("%-52s not installed" % name)
        return None


def row(what, ours, theirs, who, bar=None):
    ratio = theirs / ours
    verdict = "" if bar is None else "   bar %.2fx: %s" % (bar, "met" if ratio >= bar else "MISSED")
    print("%-46s %9.1f us   %-26s %9.1f us   %6.2fx%s" % (what, ours * 1e6, who, theirs * 1e6, ratio, verdict), flush=True)


def be(value):
    return int(value).to_bytes(32, "big")


def prepared(kernels, table, operation, **columns):
    """A call of the kernel that must accept every row; it has been checked once."""
    call, outputs, _ = kernels.prepare(table, operation, **columns)
    call()
    assert set(outputs["verdict"][0].raw) == {0xA5}
    return call


def groth16(kernels, table, vectors):
    folder = vectors + "/zk/groth16-bn254/margin/"
    key = json.load(open(folder + "verification_key.json"))
    g1 = lambda p: be(p[0]) + be(p[1])
    g2 = lambda p: be(p[0][1]) + be(p[0][0]) + be(p[1][1]) + be(p[1][0])
    encoded = g1(key["vk_alpha_1"]) + b"".join(g2(key["vk_%s_2" % k]) for k in ("beta", "gamma", "delta"))
    encoded += b"".join(map(g1, key["IC"]))
    proofs = [bytes.fromhex(open(folder + "proof_%02d.eth.hex" % i).read().strip().removeprefix("0x")) for i in range(16)]
    inputs = [[int(x) for x in json.load(open(folder + "public_%02d.json" % i))] for i in range(16)]
    module = peer("groth16py")
    if not module:
        return
    verifier = module.Verifier(module.VerifyingKey.from_snarkjs_file(folder + "verification_key.json"))
    assert verifier.verify(proofs[0], inputs[0]) is not False
    packed = [b"".join(map(be, x)) for x in inputs]
    # arkworks' verifier has prepared its key too; so does the library for every key that it has seen.
    ready = kernels.run(table, "groth16_bn254_prepare", verificationKey=[encoded])["prepared"][0]
    for n, bar in ((1, 1.6), (8, None), (16, None), (64, None), (1024, 5)):
        call = prepared(kernels, table, "groth16_bn254", verificationKey=encoded, prepared=ready,
                        proof=(proofs * 64)[:n], publicInputs=(packed * 64)[:n])
        ours, theirs = best(call, lambda: verifier.verify(proofs[0], inputs[0]))
        row("groth16 %s: %d proofs, each" % (table, n), ours / n, theirs, "arkworks (groth16py)", bar)


def kzg(kernels, table, vectors):
    ckzg = peer("ckzg")
    if not ckzg:
        return
    setup = ckzg.load_trusted_setup(vectors + "/zk/c-kzg-4844/trusted_setup.txt", 0)
    random.seed(1)
    blobs = [b"".join(be(random.randrange(ORDER)) for _ in range(4096)) for _ in range(6)]
    commitments = [ckzg.blob_to_kzg_commitment(b, setup) for b in blobs]
    proofs = [ckzg.compute_blob_kzg_proof(b, c, setup) for b, c in zip(blobs, commitments)]
    for n, bar in ((1, None), (6, 1 / 1.3), (64, None)):
        data = [(column * 11)[:n] for column in (blobs, commitments, proofs)]
        call = prepared(kernels, table, "kzg_blob", blob=data[0], commitment=data[1], proof=data[2])
        joined = [b"".join(column) for column in data]
        ours, theirs = best(call, lambda: ckzg.verify_blob_kzg_proof_batch(*joined, setup))
        row("kzg_blob %s: %d blobs, each" % (table, n), ours / n, theirs / n, "ckzg (blst), the same batch", bar)
    z = be(12345)
    opening, y = ckzg.compute_kzg_proof(blobs[0], z, setup)
    for n in (1, 64):
        call = prepared(kernels, table, "kzg_proof", commitment=commitments[:1] * n, z=[z] * n, y=[y] * n, proof=[opening] * n)
        ours, theirs = best(call, lambda: ckzg.verify_kzg_proof(commitments[0], z, y, opening, setup))
        row("kzg_proof %s: %d proofs, each" % (table, n), ours / n, theirs, "ckzg (blst), single")
    cells, cell_proofs = ckzg.compute_cells_and_kzg_proofs(blobs[0], setup)
    for n in (1, 8, 128):
        call = prepared(kernels, table, "kzg_cell", commitment=commitments[:1] * n, cell=cells[:n],
                        cellIndex=[k.to_bytes(8, "little") for k in range(n)], proof=cell_proofs[:n])
        ours, theirs = best(call, lambda: ckzg.verify_cell_kzg_proof_batch(
            commitments[:1] * n, list(range(n)), cells[:n], cell_proofs[:n], setup))
        row("kzg_cell %s: %d cells, each" % (table, n), ours / n, theirs / n, "ckzg (blst), the same batch")


def blst_batch(domain, rows):
    """A call of blst's own batch over (key, message, signature); None when BLST_BATCH is not set."""
    if not os.environ.get("BLST_BATCH"):
        return None
    batch = ctypes.CDLL(os.environ["BLST_BATCH"]).blst_batch
    ends, total = (ctypes.c_size_t * len(rows))(), 0
    for i, (_, message, _) in enumerate(rows):
        total += len(message)
        ends[i] = total
    keys, messages, signatures = (b"".join(column) for column in zip(*rows))

    def call():
        factors = os.urandom(8 * len(rows))
        assert batch(keys, signatures, messages, ends, ctypes.c_size_t(len(rows)), domain, ctypes.c_size_t(len(domain)), factors) == 1

    return call


def bls(kernels, table, _):
    """128 signatures over 32-byte messages, each by a key of its own.

    chia_rs signs with the augmented scheme, whose message is key | message, so the rows name that scheme's tag. Its two
    opponents: each signature on its own, and all decoded, added up and checked as one aggregate, which is what blst needs
    for a batch at the least: a batch that cannot be tricked also multiplies each key and signature by a random factor.
    """
    chia = peer("chia_rs")
    if not chia:
        return
    scheme, augmented = chia.AugSchemeMPL, b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_AUG_"
    keys = [scheme.key_gen(bytes([i]) * 32) for i in range(128)]
    public = [k.get_g1() for k in keys]
    messages = [be(i) for i in range(128)]
    raw = [(bytes(p), m, bytes(scheme.sign(k, m))) for p, k, m in zip(public, keys, messages)]

    def single(rows):
        for p, m, s in rows:
            assert scheme.verify(chia.G1Element.from_bytes(p), m, chia.G2Element.from_bytes(s))

    def aggregate(rows):
        total = scheme.aggregate([chia.G2Element.from_bytes(s) for _, _, s in rows])
        assert scheme.aggregate_verify([chia.G1Element.from_bytes(p) for p, _, _ in rows], messages[:len(rows)], total)

    for n in (1, 128):
        call = prepared(kernels, table, "bls12381_min_pk_fast_aggregate", domain=augmented, publicKeys=[p for p, _, _ in raw[:n]],
                        message=[p + m for p, m, _ in raw[:n]], signature=[s for _, _, s in raw[:n]])
        ours, one, many = best(call, lambda: single(raw[:min(n, 16)]), lambda: aggregate(raw[:n]))
        row("bls %s: %d distinct messages, each" % (table, n), ours / n, one / min(n, 16), "blst (chia_rs), single")
        if n > 1:
            row("bls %s: the same" % table, ours / n, many / n, "blst, decoded and added", 1 / 1.6)
            batch = blst_batch(augmented, [(p, p + m, s) for p, m, s in raw[:n]])
            if batch:
                ours, theirs = best(call, batch)
                row("bls %s: the same" % table, ours / n, theirs / n, "blst, its own batch", 1 / 1.6)
    # Nine in ten messages equal: Ethereum's suite, signed by py_ecc. blst's work does not depend on which messages are equal.
    from py_ecc.bls import G2ProofOfPossession as pop
    secrets = list(range(1, 129))
    texts = [b"head" if i % 10 else be(i) for i in range(128)]
    signed = [(pop.SkToPk(s), t, pop.Sign(s, t)) for s, t in zip(secrets, texts)]
    call = prepared(kernels, table, "bls12381_min_pk_fast_aggregate", domain=POP, publicKeys=[p for p, _, _ in signed],
                    message=texts, signature=[s for _, _, s in signed])
    ours, one, many = best(call, lambda: single(raw[:16]), lambda: aggregate(raw))
    row("bls %s: 128, nine in ten messages equal" % table, ours / 128, one / 16, "blst (chia_rs), single", 3)
    row("bls %s: the same" % table, ours / 128, many / 128, "blst, decoded and added")
    batch = blst_batch(POP, signed)
    if batch:
        ours, theirs = best(call, batch)
        row("bls %s: the same" % table, ours / 128, theirs / 128, "blst, its own batch", 3)


def main():
    vectors, chosen = sys.argv[1], sys.argv[2:]
    kernels = Kernels()
    tables = os.environ.get("ASSAY_TABLES", "").split() or kernels.providers("groth16_bn254")
    for table in tables:
        for part in (groth16, kzg, bls):
            if not chosen or part.__name__ in chosen:
                part(kernels, table, vectors)


if __name__ == "__main__":
    main()
