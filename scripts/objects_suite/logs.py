"""Transparency logs and Wormhole's guardians."""
import time

from .case import Case


def transparency(path, entries):
    for index, entry in enumerate(entries):
        if "sct" in entry:
            row = {"type": "sct", **{k: entry[k] for k in ("sct", "certificate", "publicKey")}}
            # A timestamp from the future is refused by the time of the check, which the row states. An entry that is named after the
            # future is checked just before its own timestamp, as the tests that it comes from do.
            stamp = int.from_bytes(bytes.fromhex(entry["sct"].removeprefix("0x"))[33:41], "big")
            row["now"] = entry.get("now", stamp - 1 if "future" in entry["name"] else int(time.time() * 1000))
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
        # Guardians sign once, in the order of their indices: a repeated one is refused, though its signature is good.
        indices = [signer["index"] for signer in entry["signers"]]
        good = entry.get("valid", True) and all(a < b for a, b in zip(indices, indices[1:]))
        fields = ("timestamp", "nonce", "emitterChain", "emitter", "sequence", "consistency", "payload")
        yield Case(index, row, good, {k: entry[k] for k in fields if k in entry} if good else {})
