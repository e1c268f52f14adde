#!/usr/bin/env python3
"""Objects beside the plain batch of their signatures: bench/objects/bench.py VECTORS [ASSAY]

A block of 200 transactions beside 200 recovery rows, a commit of 150 validators beside its Ed25519 rows, a light-client update beside one BLS
row with the same keys. Both go through `assay verify` as many times as take about a second, in turns; the time of the command with one row is
taken off. A block is also put beside recoveries whose rows state the message instead of its digest, so that it is hashed. Time is that of the
processor, user and system, because others may use the machine. Prints best and median of nine turns, and the ratios of both.
"""
import base64
import hashlib
import json
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "scripts"))
TURNS = 9


def seconds(assay, rows):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(map(json.dumps, rows)) + "\n")
        file.flush()
        start = processor()
        run = subprocess.run([assay, "verify", file.name, "--threads", "1", "--quiet"], stdout=subprocess.DEVNULL)
        if run.returncode not in (0, 1):
            sys.exit(f"assay verify ended with {run.returncode}")
        return processor() - start


def processor():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def block(folder, has_messages=False):
    from objects_suite.ethereum import rlp
    entry = json.loads((folder / "eth-transaction/real_block_deneb.json").read_text())[0]
    members = entry["transactions"][:200]
    objects = [{"type": "eth-transaction", "raw": t["raw"]} for t in members]
    plain = []
    for t in members:
        raw = bytes.fromhex(t["raw"][2:])
        v, r, s = rlp(raw if raw[0] >= 0xC0 else raw[1:])[-3:]
        parity = int.from_bytes(v, "big")
        parity = (parity - 27 if parity < 35 else parity - 35) % 2 if raw[0] >= 0xC0 else parity
        # Any digest, and any message of the length, costs the same to recover from.
        subject = {"message": raw.hex(), "hash": "keccak256"} if has_messages else {"digest": hashlib.sha256(raw).hexdigest()}
        plain.append({"type": "ecdsa-secp256k1-recover", **subject, "signature": r.rjust(32, b"\0").hex() + s.rjust(32, b"\0").hex() + "%02x" % parity})
    return objects, plain


def block_of_messages(folder):
    return block(folder, has_messages=True)


def commit(folder):
    entry = next(e for e in json.loads((folder / "cometbft-commit/made_commits.json").read_text()) if e["commitAlone"]["verdict"])
    objects = [{"type": "cometbft-commit", **{k: entry[k] for k in ("chainId", "header", "commit", "validators")}}]
    votes = [(v, s) for v, s in zip(entry["validators"], entry["commit"]["signatures"]) if s["signature"]]
    plain = [{"type": "ed25519", "semantics": "zip215", "publicKey": "base64:" + v["pub_key"]["value"], "message": "00" * 120,
              "signature": base64.b64decode(s["signature"]).hex()} for v, s in votes]
    return objects, plain


def update(folder):
    from objects_suite.pairings import committees
    entry = json.loads((folder / "beacon-update/mainnet_capella_updates.json").read_text())[1]
    committee = committees(folder / "beacon-update")["mainnet", entry["committeePeriod"]]
    objects = [{"type": "beacon-update", "syncCommittee": committee, "fork": entry["fork"],
                **{k: entry[k] for k in ("update", "forkVersion", "genesisValidatorsRoot")}}]
    plain = [{"type": "bls12381-min-pk", "publicKeys": committee["pubkeys"], "message": "00" * 32,
              "signature": entry["update"]["sync_aggregate"]["sync_committee_signature"]}]
    return objects, plain


def main():
    folder = pathlib.Path(sys.argv[1]) / "objects"
    assay = sys.argv[2] if len(sys.argv) > 2 else str(HERE.parent.parent / ".build/release/assay")
    print("object, times, plain ms (best, median), object ms (best, median), ratio (bests, medians)")
    for name, make, times in (("block of 200", block, 20), ("block of 200, beside messages", block_of_messages, 20),
                              ("commit of 150", commit, 60), ("light-client update", update, 8)):
        objects, plain = make(folder)
        figures = {"plain": [], "object": []}
        for _ in range(TURNS):
            for what, rows in (("plain", plain), ("object", objects)):
                empty = seconds(assay, rows[:1])
                whole = seconds(assay, rows * times + rows[:1])
                figures[what].append(1000 * (whole - empty) / times)
        best = {what: min(values) for what, values in figures.items()}
        middle = {what: statistics.median(values) for what, values in figures.items()}
        print(f"{name}, {times}, {best['plain']:.2f}, {middle['plain']:.2f}, {best['object']:.2f}, {middle['object']:.2f}, "
              f"{best['object'] / best['plain']:.2f}, {middle['object'] / middle['plain']:.2f}", flush=True)


if __name__ == "__main__":
    main()
