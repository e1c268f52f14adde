"""Bitcoin: signature hashes, signed inputs, signed messages."""
from .case import Case


def bitcoin(path, entries):
    if isinstance(entries, dict):
        yield from bip322(entries)
        return
    for index, entry in enumerate(entries):
        if "spentOutputs" in entry:
            yield signed_input(entry)
        elif "scriptCode" in entry:
            fields = ("tx", "inputIndex", "scriptCode", "value", "hashType", "sighash", "sighashReversed")
            row = {"type": "bitcoin-sighash", **{k: entry[k] for k in fields if k in entry}}
            yield Case(entry.get("name", index), row, entry.get("valid", True))
        else:
            text = entry["message"]
            if text is None:
                text = entry["messageRepeat"][0] * entry["messageRepeat"][1]
            row = {"type": "bitcoin-signed-message", "message": text, "address": entry["address"],
                   "signature": entry["signature"]}
            yield Case(f"{index} {entry['address']}", row, entry["valid"])


def signed_input(entry):
    fields = ("tx", "inputIndex", "spentOutputs", "publicKey", "signature", "sighash")
    row = {"type": "bitcoin-input", **{k: entry[k] for k in fields}}
    return Case(entry["name"], row, entry["valid"])


def bip322(entries):
    for index, entry in enumerate(entries.get("simple", [])):
        for which, signature in enumerate(entry["bip322_signatures"]):
            row = {"type": "bip322", "message": entry["message"], "address": entry["address"], "signature": signature}
            yield Case(f"simple {index}.{which} {entry.get('type', '')}", row, True)
    for entry in entries.get("error", []):
        row = {"type": "bip322", **{k: entry[k] for k in ("message", "address", "signature")}}
        yield Case(entry["description"], row, False)
