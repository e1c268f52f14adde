#!/usr/bin/env python3
"""Times the pairing kernels beside public libraries on one core, in one run.

  python3 bench/pairings/bench.py VECTORS          VECTORS holds zk/groth16-bn254/margin and zk/c-kzg-4844

Peers, each used when it can be imported: arkworks through groth16py (GPL, an opponent only), c-kzg-4844 through ckzg, blst
through ckzg and chia_rs, py_ecc. Every figure is processor time, best of several runs, so that a busy
machine disturbs it little; ratios are peer over ours, above one is faster.
"""
import json
import os
import random
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT + "/Tests/kernels/pairings")
from kernel_library import Kernels  # noqa: E402

POP = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"


def best(call, seconds=1.0):
    call()
    shortest, start = 1e9, time.process_time()
    while time.process_time() - start < seconds:
        t = time.process_time()
        call()
        shortest = min(shortest, time.process_time() - t)
    return shortest


def peer(name):
    try:
        return __import__(name)
    except ImportError:
        print("%-44s not installed" % name)
        return None


def row(what, ours, theirs=None, who=""):
    line = "%-44s %10.1f us" % (what, ours * 1e6)
    if theirs:
        line += "   %-22s %10.1f us   %6.2fx" % (who, theirs * 1e6, theirs / ours)
    print(line, flush=True)


def be(value):
    return int(value).to_bytes(32, "big")


def groth16(kernels, table, folder):
    key = json.load(open(folder + "verification_key.json"))
    g1 = lambda p: be(p[0]) + be(p[1])
    g2 = lambda p: be(p[0][1]) + be(p[0][0]) + be(p[1][1]) + be(p[1][0])
    encoded = g1(key["vk_alpha_1"]) + b"".join(g2(key["vk_%s_2" % k]) for k in ("beta", "gamma", "delta"))
    encoded += b"".join(map(g1, key["IC"]))
    proofs = [bytes.fromhex(open(folder + "proof_%02d.eth.hex" % i).read().strip().removeprefix("0x")) for i in range(16)]
    inputs = [[int(x) for x in json.load(open(folder + "public_%02d.json" % i))] for i in range(16)]
    theirs = None
    module = peer("groth16py")
    if module:
        verifier = module.Verifier(module.VerifyingKey.from_snarkjs_file(folder + "verification_key.json"))
        assert verifier.verify(proofs[0], inputs[0]) is not False
        theirs = best(lambda: verifier.verify(proofs[0], inputs[0]))
    packed = [b"".join(map(be, x)) for x in inputs]
    for n in (1, 8, 64, 1024):
        call, outputs, _ = kernels.prepare(table, "groth16_bn254", verificationKey=encoded, proof=(proofs * 64)[:n],
                                           publicInputs=(packed * 64)[:n])
        ours = best(call) / n
        assert set(outputs["verdict"][0].raw) == {0xA5}
        row("groth16 %s: %d proofs, each" % (table, n), ours, theirs, "arkworks (groth16py)")


def kzg(kernels, table, setup_path):
    ckzg = peer("ckzg")
    if not ckzg:
        return
    setup = ckzg.load_trusted_setup(setup_path, 0)
    random.seed(1)
    order = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001
    blobs = [b"".join(be(random.randrange(order)) for _ in range(4096)) for _ in range(6)]
    commitments = [ckzg.blob_to_kzg_commitment(b, setup) for b in blobs]
    proofs = [ckzg.compute_blob_kzg_proof(b, c, setup) for b, c in zip(blobs, commitments)]
    for n in (1, 6):
        call, outputs, _ = kernels.prepare(table, "kzg_blob", blob=blobs[:n], commitment=commitments[:n], proof=proofs[:n])
        ours = best(call) / n
        assert set(outputs["verdict"][0].raw) == {0xA5}
        theirs = best(lambda: ckzg.verify_blob_kzg_proof_batch(blobs[:n], commitments[:n], proofs[:n], setup)) / n
        row("kzg_blob %s: %d blobs, each" % (table, n), ours, theirs, "ckzg (blst)")
    z = be(12345)
    opening, y = ckzg.compute_kzg_proof(blobs[0], z, setup)
    for n in (1, 64):
        call, outputs, _ = kernels.prepare(table, "kzg_proof", commitment=commitments[:1] * n, z=[z] * n, y=[y] * n,
                                           proof=[opening] * n)
        ours = best(call) / n
        assert set(outputs["verdict"][0].raw) == {0xA5}
        theirs = best(lambda: ckzg.verify_kzg_proof(commitments[0], z, y, opening, setup))
        row("kzg_proof %s: %d proofs, each" % (table, n), ours, theirs, "ckzg (blst), single")
    cells, cell_proofs = ckzg.compute_cells_and_kzg_proofs(blobs[0], setup)
    for n in (1, 8, 128):
        call, outputs, _ = kernels.prepare(table, "kzg_cell", commitment=commitments[:1] * n, cell=cells[:n],
                                           cellIndex=[k.to_bytes(8, "little") for k in range(n)], proof=cell_proofs[:n])
        ours = best(call) / n
        assert set(outputs["verdict"][0].raw) == {0xA5}
        theirs = best(lambda: ckzg.verify_cell_kzg_proof_batch(commitments[:1] * n, list(range(n)), cells[:n],
                                                               cell_proofs[:n], setup)) / n
        row("kzg_cell %s: %d cells, each" % (table, n), ours, theirs, "ckzg (blst)")


def bls(kernels, table):
    """128 signatures of distinct messages. chia_rs signs with the augmented scheme, whose message is key | message."""
    chia = peer("chia_rs")
    if not chia:
        return
    scheme, augmented = chia.AugSchemeMPL, b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_AUG_"
    keys = [scheme.key_gen(bytes([i]) * 32) for i in range(128)]
    public = [k.get_g1() for k in keys]

    def batch(messages):
        signatures = [scheme.sign(k, m) for k, m in zip(keys, messages)]
        call, outputs, _ = kernels.prepare(
            table, "bls12381_min_pk_fast_aggregate", domain=augmented, publicKeys=[bytes(p) for p in public],
            message=[bytes(p) + m for p, m in zip(public, messages)], signature=[bytes(s) for s in signatures])
        return call, outputs, signatures

    messages = [be(i) for i in range(128)]
    call, outputs, signatures = batch(messages)
    ours = best(call) / 128
    assert set(outputs["verdict"][0].raw) == {0xA5}
    raw = [(bytes(p), m, bytes(s)) for p, m, s in zip(public, messages, signatures)]

    def one_by_one():
        for p, m, s in raw[:16]:
            assert scheme.verify(chia.G1Element.from_bytes(p), m, chia.G2Element.from_bytes(s))

    total = bytes(scheme.aggregate(signatures))

    def aggregate():
        decoded = [chia.G1Element.from_bytes(p) for p, _, _ in raw]
        assert scheme.aggregate_verify(decoded, messages, chia.G2Element.from_bytes(total))

    row("bls %s: 128 distinct messages, each" % table, ours, best(one_by_one) / 16, "blst (chia_rs), single")
    row("bls %s: the same" % table, ours, best(aggregate) / 128, "blst, one aggregate")
    # Nine in ten messages equal: the same key signs under Ethereum's tag through our own hash, so only ours is timed.
    try:
        from py_ecc.bls import G2ProofOfPossession as pop
    except ImportError:
        return
    secrets = list(range(1, 129))
    texts = [b"head" if i % 10 else be(i) for i in range(128)]
    call, outputs, _ = kernels.prepare(
        table, "bls12381_min_pk_fast_aggregate", domain=POP, publicKeys=[pop.SkToPk(s) for s in secrets], message=texts,
        signature=[pop.Sign(s, t) for s, t in zip(secrets, texts)])
    repeated = best(call) / 128
    assert set(outputs["verdict"][0].raw) == {0xA5}
    row("bls %s: 128, nine in ten messages equal" % table, repeated, best(one_by_one) / 16, "blst (chia_rs), single")


def main():
    vectors = sys.argv[1]
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    kernels = Kernels()
    for table in kernels.providers("groth16_bn254"):
        if only in ("", "groth16"):
            groth16(kernels, table, vectors + "/zk/groth16-bn254/margin/")
        if only in ("", "kzg"):
            kzg(kernels, table, vectors + "/zk/c-kzg-4844/trusted_setup.txt")
        if only in ("", "bls"):
            bls(kernels, table)


if __name__ == "__main__":
    main()
