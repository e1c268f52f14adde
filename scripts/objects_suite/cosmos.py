"""CometBFT's commits and votes, and proofs of Cosmos stores."""
from .case import Case


def commits(path, entries):
    if isinstance(entries, dict):
        yield client_update(path, entries)
        return
    for index, entry in enumerate(entries):
        if "signBytes" in entry:
            row = {"type": "cometbft-vote", "chainId": entry["chainId"], "voteType": entry["type"], "height": entry["height"],
                   "round": entry["round"], "timestamp": entry["timestamp"], "signBytes": entry["signBytes"],
                   "blockId": entry.get("blockId")}
            yield Case(f"vote {index}", row, True)
        elif "clientMessageHex" in entry or "update_client_message" in entry:
            yield client_update(path, entry)
        else:
            yield commit(entry)
            if entry.get("modelVerdict") in ("SUCCESS", "NOT_ENOUGH_TRUST"):
                yield step(entry)


def parts(entry):
    row = {"type": "cometbft-commit", "validators": entry["validators"]}
    if "chainId" in entry:
        row["chainId"] = entry["chainId"]
    if "rpcResponse" in entry:
        return dict(row, rpcResponse=entry["rpcResponse"])
    return dict(row, header=entry["header"], commit=entry["commit"])


def commit(entry):
    stated = entry["commitAlone"]
    results = {"signedPower": stated["signed"], "totalPower": stated["total"]} if stated["verdict"] else {}
    return Case(entry["name"], parts(entry), stated["verdict"], results)


def step(entry):
    """A light client's step: the commit must also have more than a third of the power that is trusted."""
    row = dict(parts(entry), trusted=entry["trusted"]["next_validators"])
    good = entry["modelVerdict"] == "SUCCESS"
    return Case(f"{entry['name']} with its trusted set", row, good)


def client_update(path, entry):
    message = entry["update_client_message"]["client_message_hex"]
    return Case("client message", {"type": "cometbft-commit", "clientMessage": message}, True,
                {"height": entry["update_client_message"]["new_height"]})


def chains(path, entries):
    for index, entry in enumerate(entries):
        if "merkleProof" in entry:
            common = {"type": "ics23-chain", "root": entry["root"], "key": entry["key"], "value": entry["value"],
                      "path": [entry["store"]]}
            rows = [dict(common, proofs=entry["proofs"]), dict(common, proof=entry["merkleProof"])]
            rows.append(dict(common, proofs=entry["proofs"], specs=["iavl", "tendermint"], path=entry["path"]))
            yield Case(entry["name"], rows, entry["valid"])
        else:
            fields = ("tx", "index", "total", "aunts", "dataHash", "leafHash")
            yield Case(index, {"type": "cometbft-transaction", **{k: entry[k] for k in fields}}, entry["valid"],
                       {"hash": "0x" + entry["hash"]} if entry["valid"] else {})
