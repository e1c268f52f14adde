"""Transparency logs and Wormhole's guardians."""
from .case import Case


def transparency(path, entries):
    for index, entry in enumerate(entries):
        if "sct" in entry:
            row = {"type": "sct", **{k: entry[k] for k in ("sct", "certificate", "publicKey")}}
            if "now" in entry:
                row["now"] = entry["now"]
            yield Case(entry["name"], row, entry["accepted"])
        else:
            yield rekor(entry)


def rekor(entry):
    fields = ("body", "logId", "logIndexGlobal", "integratedTime", "signedEntryTimestamp", "inclusionProof", "checkpoint",
              "publicKey")
    row = {"type": "rekor-entry", **{k: entry[k] for k in fields if entry.get(k) is not None}}
    claims = ("inclusion", "rootInCheckpoint", "checkpointSignature", "keyHint", "signedEntryTimestamp", "key")
    return Case(entry["name"], row, all(entry["computed"].get(claim, True) for claim in claims))


def vaas(path, entries):
    for index, entry in enumerate(entries):
        guardians = ["0x" + "00" * 20] * (1 + max(signer["index"] for signer in entry["signers"]))
        for signer in entry["signers"]:
            guardians[signer["index"]] = signer["address"]
        row = {"type": "vaa", "vaa": entry["vaa"], "guardians": guardians, "guardianSetIndex": entry["guardianSetIndex"]}
        good = entry.get("valid", True)
        fields = ("timestamp", "nonce", "emitterChain", "emitter", "sequence", "consistency", "payload")
        yield Case(index, row, good, {k: entry[k] for k in fields if k in entry} if good else {})
