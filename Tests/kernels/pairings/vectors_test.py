"""Public vectors through every kernel table that has the operation: each verdict, each output, each failure case.

Reads the vectors from ASSAY_VECTORS (default ../shared/vectors beside the project); a suite that is not there is skipped and
says so. Needs PyYAML for c-kzg-4844's suites.
"""
import glob
import gzip
import json
import os
import sys

from kernel_library import ROOT, Kernels

VECTORS = os.environ.get("ASSAY_VECTORS", os.path.join(os.path.dirname(ROOT), "shared", "vectors"))
POP = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"


def unhex(text):
    return bytes.fromhex(text[2:] if text.startswith("0x") else text)


def be(value):
    return int(value).to_bytes(32, "big")


class Suite:
    def __init__(self, kernels, table):
        self.kernels, self.table, self.failures, self.checked = kernels, table, 0, 0

    def run(self, operation, **columns):
        return self.kernels.run(self.table, operation, **columns)

    def expect(self, condition, *what):
        self.checked += 1
        if not condition:
            self.failures += 1
            print("FAIL", self.table, *what)

    # Groth16

    def margin(self):
        folder = VECTORS + "/zk/groth16-bn254/margin/"
        key = snarkjs_key(json.load(open(folder + "verification_key.json")))
        proofs = [unhex(open(folder + "proof_%02d.eth.hex" % i).read().strip()) for i in range(16)]
        inputs = [b"".join(map(be, json.load(open(folder + "public_%02d.json" % i)))) for i in range(16)]
        for i in range(16):
            self.expect(snarkjs_proof(json.load(open(folder + "proof_%02d.json" % i))) == proofs[i], "snarkjs layout", i)

        result = self.run("groth16_bn254_prepare", verificationKey=[key, key[:-1], bytes(512)])
        self.expect(result["verdict"] == ["accepted", "proof-shape-invalid", "accepted"], "preparing", result["verdict"])
        prepared, none, foreign = result["prepared"]
        self.expect(not any(none), "nothing is prepared from a malformed key")

        def verdicts(key=key, proofs=proofs, inputs=inputs):
            columns = {"verificationKey": key, "proof": proofs, "publicInputs": inputs}
            # The same verdicts with the key prepared, not prepared, and with bytes that belong to another key.
            every = [self.run("groth16_bn254", prepared=p, **columns)["verdict"]
                     for p in (b"", prepared, foreign, prepared[:-1])]
            self.expect(every == every[:1] * 4, "verdicts with a prepared key", every)
            return every[0]

        self.expect(verdicts() == ["accepted"] * 16, "margin proofs")
        self.expect(verdicts(proofs=proofs[1:] + proofs[:1]) == ["pairing-mismatch"] * 16, "margin proofs, shuffled")
        p = 21888242871839275222246405745257275088696311157297823662689037894645226208583
        r = 21888242871839275222246405745257275088548364400416034343698204186575808495617
        damaged, expected = list(zip(proofs, inputs)), ["accepted"] * 16

        def damage(row, reason, proof=None, data=None):
            damaged[row] = (proof or proofs[row], inputs[row] if data is None else data)
            expected[row] = reason

        plus_p = lambda data, at: data[:at] + be(int.from_bytes(data[at:at + 32], "big") + p) + data[at + 32:]
        outside = json.load(open(VECTORS + "/zk/bn254_g2_on_curve_not_in_subgroup.json"))[0]
        x, y = outside["x"], outside["y"]
        damage(0, "non-canonical-encoding", plus_p(proofs[0], 0))
        damage(1, "non-canonical-encoding", plus_p(proofs[1], 64))
        damage(2, "point-not-on-curve", proofs[2][:32] + be(1) + proofs[2][64:])
        damage(3, "point-not-in-subgroup",
               proofs[3][:64] + be(x[1]) + be(x[0]) + be(y[1]) + be(y[0]) + proofs[3][192:])
        alias = int.from_bytes(inputs[4][:32], "big") + r
        damage(4, "scalar-out-of-range", data=be(alias) + inputs[4][32:])
        damage(5, "proof-shape-invalid", data=inputs[5][:-32])
        damage(6, "proof-shape-invalid", data=inputs[6] + bytes(32))
        damage(7, "proof-shape-invalid", data=inputs[7][:-1])
        damage(8, "pairing-mismatch", data=be(1) + inputs[8][32:])
        damage(9, "pairing-mismatch", bytes(64) + proofs[9][64:])
        damage(10, "pairing-mismatch", proofs[10][:192] + bytes(64))
        damage(11, "pairing-mismatch", proofs[11][:64] + bytes(128) + proofs[11][192:])
        # Negated: the same x, the other y.
        negated = be(p - int.from_bytes(proofs[12][32:64], "big"))
        damage(12, "pairing-mismatch", proofs[12][:32] + negated + proofs[12][64:])
        batch = verdicts(proofs=[d[0] for d in damaged], inputs=[d[1] for d in damaged])
        self.expect(batch == expected, "damaged margin proofs", batch)
        for row in range(16):
            single = verdicts(proofs=[damaged[row][0]], inputs=[damaged[row][1]])
            self.expect(single == [expected[row]], "one damaged margin proof", row, single)
        for length, reason in ((0, "proof-shape-invalid"), (448, "proof-shape-invalid"), (len(key) - 1, "proof-shape-invalid")):
            self.expect(verdicts(key=key[:length]) == [reason] * 16, "key cut to", length)
        bad_key = key[:64] + be(x[1]) + be(x[0]) + be(y[1]) + be(y[0]) + key[192:]
        self.expect(verdicts(key=bad_key) == ["point-not-in-subgroup"] * 16, "key outside the subgroup")

    # EVM precompiles

    def precompiles(self):
        folder = VECTORS + "/zk/go-ethereum-precompiles/"
        names = {"bn256Add": "bn254_add", "bn256ScalarMul": "bn254_mul", "bn256Pairing": "bn254_pairing",
                 "pointEvaluation": "kzg_point_evaluation", "blsG1Add": "bls12381_g1_add", "blsG1Mul": "bls12381_g1_msm",
                 "blsG1MultiExp": "bls12381_g1_msm", "blsG2Add": "bls12381_g2_add", "blsG2Mul": "bls12381_g2_msm",
                 "blsG2MultiExp": "bls12381_g2_msm", "blsPairing": "bls12381_pairing"}
        for name, operation in names.items():
            for path in (folder + name + ".json", folder + "fail-" + name + ".json"):
                if operation not in self.kernels.operations or not os.path.exists(path):
                    continue
                cases = json.load(open(path))
                result = self.run(operation, input=[unhex(c["Input"]) for c in cases])
                for case, verdict, output in zip(cases, result["verdict"], result["output"]):
                    if "Expected" in case:
                        self.expect(verdict == "accepted" and output.hex() == case["Expected"], path, case["Name"], verdict)
                    else:
                        self.expect(verdict != "accepted" and not any(output), path, case["Name"], verdict)
        outside = json.load(open(VECTORS + "/zk/bn254_g2_on_curve_not_in_subgroup.json"))
        points = [b"".join(be(c) for k in ("x", "y") for c in reversed(p[k])) for p in outside]
        for g1 in (bytes(64), be(1) + be(2)):
            verdicts = self.run("bn254_pairing", input=[g1 + q for q in points])["verdict"]
            self.expect(set(verdicts) == {"point-not-in-subgroup"}, "outside the subgroup", verdicts)

    # KZG

    def kzg(self):
        try:
            import yaml
        except ImportError:
            print("SKIP c-kzg-4844: PyYAML is not installed")
            return
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

        def cases(kind):
            for path in sorted(glob.glob(VECTORS + "/zk/c-kzg-4844/%s/**/data.yaml*" % kind, recursive=True)):
                with gzip.open(path) if path.endswith(".gz") else open(path) as f:
                    case = yaml.load(f, Loader=loader)
                yield os.path.basename(os.path.dirname(path)), case["input"], case["output"]

        def check(kind, operation, fields, widths):
            rows, expected = [], []
            for name, data, output in cases(kind):
                row = [unhex(data[field]) for field in fields]
                if [len(v) for v in row] != widths:
                    # A workload's length check comes before the kernel; the suite must then want a failure.
                    self.expect(output is not True, name, "has another length")
                    continue
                rows.append(row)
                expected.append((name, output))
            verdicts = self.run(operation, **dict(zip(fields, map(list, zip(*rows)))))["verdict"]
            for verdict, (name, output) in zip(verdicts, expected):
                self.expect((verdict == "accepted") == (output is True), name, verdict, output)
                self.expect((verdict == "pairing-mismatch") == (output is False), name, verdict, output)

        check("verify_kzg_proof", "kzg_proof", ["commitment", "z", "y", "proof"], [48, 32, 32, 48])
        check("verify_blob_kzg_proof", "kzg_blob", ["blob", "commitment", "proof"], [131072, 48, 48])
        for name, data, output in cases("verify_blob_kzg_proof_batch"):
            blobs, commitments, proofs = ([unhex(v) for v in data[k]] for k in ("blobs", "commitments", "proofs"))
            if not len(blobs) == len(commitments) == len(proofs) or not blobs:
                continue
            if {len(b) for b in blobs} != {131072} or {len(b) for b in commitments + proofs} != {48}:
                continue
            verdicts = self.run("kzg_blob", blob=blobs, commitment=commitments, proof=proofs)["verdict"]
            self.expect((set(verdicts) == {"accepted"}) == (output is True), name, verdicts, output)
        for name, data, output in cases("verify_cell_kzg_proof_batch"):
            commitments, cells, proofs = ([unhex(v) for v in data[k]] for k in ("commitments", "cells", "proofs"))
            indices = data["cell_indices"]
            if len({len(commitments), len(cells), len(proofs), len(indices)}) != 1 or not cells:
                continue
            if {len(c) for c in cells} != {2048} or {len(c) for c in commitments + proofs} != {48}:
                self.expect(output is not True, name, "has another length")
                continue
            verdicts = self.run("kzg_cell", commitment=commitments, cellIndex=[i.to_bytes(8, "little") for i in indices],
                                cell=cells, proof=proofs)["verdict"]
            self.expect((set(verdicts) == {"accepted"}) == (output is True), name, verdicts, output)

    # BLS signatures

    def bls(self):
        folder = VECTORS + "/signatures/bls12-381-tests/"
        rows = []
        for kind in ("verify", "fast_aggregate_verify"):
            for path in sorted(glob.glob(folder + kind + "/*.json")):
                case = json.load(open(path))
                data = case["input"]
                keys = [data["pubkey"]] if kind == "verify" else data["pubkeys"]
                rows.append((os.path.basename(path), b"".join(map(unhex, keys)), unhex(data["message"]),
                             unhex(data["signature"]), case["output"], POP))
        for path in sorted(glob.glob(VECTORS + "/signatures/bls_sig_g2_*_verify_test.json")):
            for group in json.load(open(path))["testGroups"]:
                for case in group["tests"]:
                    if "msg" not in case or "sig" not in case or "publicKey" not in group:
                        continue
                    rows.append(("%s %d" % (os.path.basename(path), case["tcId"]), unhex(group["publicKey"]["pk"]),
                                 unhex(case["msg"]), unhex(case["sig"]), case["result"] == "valid",
                                 group["ciphersuite"].encode()))
        for row in rows:
            self.expect(len(row[3]) == 96 or row[4] is not True, row[0], "has another length")
        for domain in sorted({row[5] for row in rows}):
            chosen = [row for row in rows if row[5] == domain and len(row[3]) == 96]
            verdicts = self.run("bls12381_min_pk_fast_aggregate", domain=domain, publicKeys=[r[1] for r in chosen],
                                message=[r[2] for r in chosen], signature=[r[3] for r in chosen])["verdict"]
            for verdict, row in zip(verdicts, chosen):
                self.expect((verdict == "accepted") == (row[4] is True), row[0], verdict, row[4])
        aggregates = [json.load(open(path)) for path in sorted(glob.glob(folder + "aggregate_verify/*.json"))]
        aggregates = [a for a in aggregates if len(unhex(a["input"]["signature"])) == 96]
        framed = lambda m: len(unhex(m)).to_bytes(4, "little") + unhex(m)
        verdicts = self.run("bls12381_min_pk_aggregate", domain=POP,
                            publicKeys=[b"".join(map(unhex, a["input"]["pubkeys"])) for a in aggregates],
                            messages=[b"".join(map(framed, a["input"]["messages"])) for a in aggregates],
                            signature=[unhex(a["input"]["signature"]) for a in aggregates])["verdict"]
        for verdict, case in zip(verdicts, aggregates):
            self.expect((verdict == "accepted") == (case["output"] is True), "aggregate_verify", verdict, case["output"])
        for path in sorted(glob.glob(folder + "batch_verify/*.json")):
            case = json.load(open(path))
            keys, messages, signatures = ([unhex(v) for v in case["input"][k]] for k in ("pubkeys", "messages", "signatures"))
            verdicts = self.run("bls12381_min_pk_fast_aggregate", domain=POP, publicKeys=keys, message=messages,
                                signature=signatures)["verdict"]
            self.expect((set(verdicts) == {"accepted"}) == case["output"], path, verdicts)
            for i, verdict in enumerate(verdicts):
                single = self.run("bls12381_min_pk_fast_aggregate", domain=POP, publicKeys=keys[i:i + 1],
                                  message=messages[i:i + 1], signature=signatures[i:i + 1])["verdict"]
                self.expect(single == [verdict], path, "alone", single, verdict)
        for suite, width in (("G1", 48), ("G2", 96)):
            for path in sorted(glob.glob(folder + "deserialization_%s/*.json" % suite)):
                case = json.load(open(path))
                point = unhex(case["input"]["pubkey" if suite == "G1" else "signature"])
                if len(point) != width:
                    self.expect(case["output"] is not True, path, "has another length")
                    continue
                key = point if suite == "G1" else GENERATOR
                signature = point if suite == "G2" else b"\xc0" + bytes(95)
                verdict = self.run("bls12381_min_pk_fast_aggregate", domain=POP, publicKeys=[key], message=[b""],
                                   signature=[signature])["verdict"][0]
                bad = verdict in ("public-key-invalid", "signature-encoding-invalid", "point-not-in-subgroup")
                # Infinity is a point but no public key.
                infinity = suite == "G1" and point[0] & 0x40
                self.expect(bad == (case["output"] is not True) or infinity, path, verdict, case["output"])


GENERATOR = unhex("97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb")


def snarkjs_key(key):
    g1 = lambda p: be(p[0]) + be(p[1])
    g2 = lambda p: be(p[0][1]) + be(p[0][0]) + be(p[1][1]) + be(p[1][0])
    return g1(key["vk_alpha_1"]) + g2(key["vk_beta_2"]) + g2(key["vk_gamma_2"]) + g2(key["vk_delta_2"]) + b"".join(
        map(g1, key["IC"]))


def snarkjs_proof(proof):
    a, b, c = proof["pi_a"], proof["pi_b"], proof["pi_c"]
    return b"".join(map(be, (a[0], a[1], b[0][1], b[0][0], b[1][1], b[1][0], c[0], c[1])))


def main():
    if not os.path.isdir(VECTORS):
        print("SKIP pairings vectors: no folder %s (set ASSAY_VECTORS)" % VECTORS)
        return
    kernels = Kernels(sys.argv[1:] or ("-O2",))
    failures = 0
    for table in kernels.providers("groth16_bn254"):
        suite = Suite(kernels, table)
        for part in (suite.margin, suite.precompiles, suite.kzg, suite.bls):
            part()
        print("%s: %d checks, %d failures" % (table, suite.checked, suite.failures))
        failures += suite.failures
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
