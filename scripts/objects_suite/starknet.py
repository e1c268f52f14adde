"""Starknet: signatures on the STARK curve, Pedersen and Poseidon hashes."""
from .case import Case


def starknet(path, entries):
    for index, entry in enumerate(entries):
        if "signature" in entry:
            row = {"type": "starknet", "publicKey": entry["publicKey"], "hash": entry["hash"], "signature": entry["signature"]}
            yield Case(f"{index} {entry.get('source', '')}", row, entry["valid"])
        elif "inputs" in entry:
            row = {"type": "starknet-hash", "function": "poseidon", "kind": entry["kind"], "inputs": entry["inputs"],
                   "hash": entry["hash"]}
            yield Case(index, row, True)
        elif "a" in entry:
            row = {"type": "starknet-hash", "function": "pedersen", "inputs": [entry["a"], entry["b"]], "hash": entry["hash"]}
            yield Case(index, row, True)
        elif "scalar" in entry:
            yield Case(index, {"type": "starknet-key", "scalar": entry["scalar"], "publicKey": entry["publicKey"]}, True)
        elif "typedData" in entry:
            row = {"type": "starknet-typed-data", "typedData": entry["typedData"], "account": entry["account"],
                   "messageHash": entry["messageHash"]}
            yield Case(entry["name"], row, True)
