"""Objects over pairings: the beacon chain's light clients, BLS with keys in G2, wrapped proofs."""
import hashlib
import json

from .case import Case


def committees(folder):
    """Committees that files of the folder keep by period: (file's first word, period) to committee."""
    found = {}
    for path in sorted(folder.glob("*committees*.json")):
        for entry in json.loads(path.read_text()):
            if "committee" in entry:
                found[path.name.split("_")[0], entry["period"]] = entry["committee"]
    return found


def beacon(path, entries):
    known = committees(path.parent)
    family = path.name.split("_")[0]
    for index, entry in enumerate(entries):
        if "committee" in entry:
            continue
        if "bootstrap" in entry:
            yield bootstrap(index, entry, known.get((family, entry.get("period"))))
        else:
            committee = entry.get("syncCommittee") or known[family, entry["committeePeriod"]]
            yield update(entry, committee)


def bootstrap(index, entry, committee):
    data = dict(entry["bootstrap"])
    data["current_sync_committee"] = data.get("current_sync_committee") or committee
    row = {"type": "beacon-bootstrap", "bootstrap": data}
    row["trustedBlockRoot"] = entry.get("trustedBlockRoot") or header_root(data["header"].get("beacon", data["header"]))
    if "fork" in entry:
        row["fork"] = entry["fork"]
    return Case(entry.get("name", f"bootstrap {index}"), row, entry["committeeProof"])


def header_root(header):
    """The root of a header that its file does not give."""
    def node(left, right):
        return hashlib.sha256(left + right).digest()
    chunks = [int(header[k]).to_bytes(32, "little") for k in ("slot", "proposer_index")]
    chunks += [bytes.fromhex(header[k][2:]) for k in ("parent_root", "state_root", "body_root")] + [bytes(32)] * 3
    while len(chunks) > 1:
        chunks = [node(*chunks[i:i + 2]) for i in range(0, len(chunks), 2)]
    return "0x" + chunks[0].hex()


def update(entry, committee):
    stated = entry["computed"]
    claims = ("signature", "finality", "nextCommittee", "execution_attested", "execution_finalize")
    good = entry.get("accept", all(stated.get(claim, True) for claim in claims))
    row = {"type": "beacon-update", "syncCommittee": committee, "fork": entry["fork"],
           **{k: entry[k] for k in ("update", "forkVersion", "genesisValidatorsRoot")}}
    results = {"participants": stated["participants"]} if good else {}
    after = entry.get("checksAfter", {}).get("optimistic_header", {})
    attested = entry["update"]["attested_header"]
    if good and str(after.get("slot")) == str(attested.get("beacon", attested)["slot"]):
        results["attestedRoot"] = after["beacon_root"]
    return Case(entry["name"], row, good, results)


def min_sig(path, entries):
    for index, entry in enumerate(entries):
        if "scheme" in entry and "round" in entry:
            yield drand(entry)
        elif "dst" in entry:
            yield solidity(index, entry)
        else:
            row = {"type": "bls12381-min-sig", **{k: entry[k] for k in ("publicKey", "message", "signature", "domain")}}
            yield Case(index, row, entry["valid"])


def drand(entry):
    fields = ("scheme", "publicKey", "round", "previousSignature", "signature", "randomness")
    row = {"type": "drand-round", **{k: entry[k] for k in fields if k in entry}}
    return Case(f"{entry['source'][:40]}: {entry['scheme']} {entry['round']}", row, entry["valid"])


def solidity(index, entry):
    if entry["scheme"].startswith("BN254"):
        row = {"type": "bn254-min-sig", "publicKey": entry["pk"], "message": entry["message"], "signature": entry["sig"],
               "domain": entry["dst"]}
    else:
        row = {"type": "bls12381-min-sig", "publicKey": entry["pkCompressed"], "message": entry["message"],
               "signature": entry["sig_compressed"], "domain": entry["dst"]}
    return Case(f"{index} {entry['scheme']}", row, entry.get("valid", entry.get("computed") is not False))


def wrappers(path, entries):
    if isinstance(entries, dict):
        for receipt in entries["receipts"]:
            common = {"type": "risc0", "seal": receipt["seal"], "imageId": receipt["imageId"]}
            digest = hashlib.sha256(bytes.fromhex(receipt["journal"].removeprefix("0x"))).hexdigest()
            inline = {k: receipt[k] for k in ("controlRoot", "bn254ControlId") if k in receipt}
            rows = [dict(common, journal=receipt["journal"], **inline), dict(common, journalDigest=digest, **inline),
                    dict(common, journal=receipt["journal"], verificationKey=entries["vk"], **inline)]
            yield Case(receipt["system"], rows, receipt["accept"],
                       {"claimDigest": "0x" + receipt["claimDigest"]} if receipt["accept"] else {})
        return
    for entry in entries:
        row = {"type": "sp1", **{k: entry[k] for k in ("proof", "programVKey", "publicValues")}}
        if "vk" not in entry:
            # A proof of another system (gnark's PLONK) is no Groth16 wrapper and must be refused.
            yield Case(entry["system"], row, False)
            continue
        inline = dict(row, verificationKey=entry["vk"])
        if "vkRoot" in entry:
            inline["vkRoot"] = entry["vkRoot"]
        yield Case(entry["system"], [row, inline], entry["accept"])
