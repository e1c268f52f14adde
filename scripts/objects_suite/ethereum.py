"""Ethereum: transactions, blocks, typed data and messages, OP-stack outputs, signature precompiles."""
from .case import Case
from .keccak import keccak

# Rules of gas, which acceptance does not check (docs/objects/eth-transaction.md): the encoding and the signature are good.
GAS_RULES = {
    "INTRINSIC_GAS_TOO_LOW", "INTRINSIC_GAS_BELOW_FLOOR_GAS_COST", "GASLIMIT_PRICE_PRODUCT_OVERFLOW", "INITCODE_SIZE_EXCEEDED",
    "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS", "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS_2"}


def transactions(path, entries):
    for index, entry in enumerate(entries):
        if isinstance(entry.get("result"), dict) and "last" in entry:
            yield by_fork(entry)
        elif "signedLegacy" in entry:
            yield from ethers(entry)
        elif "transactions" in entry:
            yield block(index, entry)
        else:
            yield single(entry)


def by_fork(entry):
    """ethereum/tests: the outcome at the last fork, on chain 1."""
    outcome = entry["result"][entry["last"]]
    row = {"type": "eth-transaction", "raw": entry["raw"], "chainId": 1}
    if "exception" not in outcome:
        return Case(entry["name"], row, True, {"from": outcome["sender"], "hash": outcome["hash"]})
    rules = {name.split(".")[-1] for name in outcome["exception"].split("|")}
    return Case(entry["name"], row, bool(rules & GAS_RULES))


def ethers(entry):
    """One entry in several types. A blob transaction without blobs, or that creates a contract, is signed and never valid."""
    for name, raw in entry.items():
        if not name.startswith("signed"):
            continue
        good = name != "signedCancun" or blob_hashes(raw) > 0 and has_recipient(raw)
        results = {"from": entry["from"]} if good else {}
        yield Case(f"{entry['name']} {name}", {"type": "eth-transaction", "raw": raw}, good, results)


def rlp(data):
    """Nested lists of byte strings."""
    def item(at):
        tag = data[at]
        if tag < 0x80:
            return data[at:at + 1], at + 1
        base = 0xC0 if tag >= 0xC0 else 0x80
        size = tag - base
        at += 1
        if size > 55:
            width = size - 55
            size = int.from_bytes(data[at:at + width], "big")
            at += width
        if base == 0x80:
            return data[at:at + size], at + size
        end, items = at + size, []
        while at < end:
            value, at = item(at)
            items.append(value)
        return items, end
    return item(0)[0]


def blob_hashes(raw):
    return len(rlp(bytes.fromhex(raw[4:]))[10])


def has_recipient(raw):
    return len(rlp(bytes.fromhex(raw[4:]))[5]) == 20


def block(index, entry):
    """A block: its transactions one by one, and all under the root."""
    members = entry["transactions"]
    root = entry.get("transactionsRoot") or entry.get("transactionsRootComputed")
    rows = [{"type": "eth-transactions", "transactions": [t["raw"] for t in members], "transactionsRoot": root}]
    rows += [{"type": "eth-transaction", "raw": t["raw"], "from": t["sender"]} for t in members]
    name = f"block {entry.get('number', entry.get('blockNumber', index))}"
    return Case(name, rows, True, {"senders": [t["sender"] for t in members], "hashes": [t["hash"] for t in members]})


def single(entry):
    result = entry["result"]
    row = {"type": "eth-transaction", "raw": entry["raw"]}
    if "error" in result:
        return Case(entry["name"], row, False)
    wanted = {"from": result["sender"], "hash": result["hash"], "transactionType": result["type"]}
    if "authorities" in entry:
        wanted["authorities"] = entry["authorities"]
    return Case(entry["name"], dict(row, chainId=result["chainId"]), True, wanted)


def messages(path, entries):
    for index, entry in enumerate(entries):
        if "encoded" in entry:
            data = {"types": entry["types"], "primaryType": entry["primaryType"], "domain": entry["domain"],
                    "message": entry["data"]}
            yield typed(entry["name"], data, entry)
        elif "typedData" in entry:
            if "digest" in entry:
                yield typed(entry["name"], entry["typedData"], entry)
            else:
                yield refusal(entry)
        elif "expected" in entry:
            yield field(index, entry)
        elif "message" in entry:
            row = {"type": "ecdsa-secp256k1-recover", "message": entry["message"], "hash": "eip191",
                   "signature": entry["signature"], "address": entry["from"]}
            yield Case(f"personal_sign {index}", row, True)
        else:
            row = {"type": "eth-authorization", **{k: entry[k] for k in ("chainId", "address", "nonce", "signature")}}
            yield Case(f"authorization {index}", row, True, {"authority": entry["authority"], "hash": entry["hash"]})


def typed(name, data, entry):
    rows = [{"type": "typed-data", "typedData": data, "digest": entry["digest"]}]
    if "signature" in entry:
        rows.append({"type": "ecdsa-secp256k1-recover", "typedData": data, "signature": entry["signature"],
                     "address": entry["from"]})
    return Case(name, rows, True)


# The example of the standard, whose digest a member without a type does not change.
MAIL = "0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"


def refusal(entry):
    """A refused entry cannot have any digest; one that is not refused has that of the example."""
    row = {"type": "typed-data", "typedData": entry["typedData"], "digest": MAIL}
    return Case(entry["name"], row, not entry["refuse"], {})


def field(index, entry):
    """MetaMask's encoding of one field: ours where the value is one that the standard's types take, else refused."""
    kind, value, strict = entry["type"], entry["value"], is_strict(entry)
    value = {"number": int, "boolean": lambda text: text == "true"}.get(entry["jsType"], str)(value)
    data = {"types": {"Message": [{"name": "data", "type": kind}]}, "primaryType": "Message", "domain": {},
            "message": {"data": value}}
    encoded = bytes.fromhex(entry["expected"][2:])
    struct = keccak(encoded) if entry["fn"] == "encodeData" else encoded
    empty_domain = keccak(keccak(b"EIP712Domain()"))
    digest = keccak(b"\x19\x01" + empty_domain + struct)
    row = {"type": "typed-data", "typedData": data, "digest": "0x" + digest.hex()}
    return Case(f"{index} {kind} {entry['value'][:20]} ({entry['jsType']})", row, strict)


def is_strict(entry):
    kind, value, js = entry["type"], entry["value"], entry["jsType"]
    whole_bytes = js == "string" and value.startswith("0x") and len(value) % 2 == 0
    if kind == "string":
        return js == "string"
    if kind == "bool":
        return js == "boolean"
    if kind == "bytes":
        return whole_bytes
    if kind == "address":
        return whole_bytes and len(value) == 42
    if kind.startswith("bytes"):
        return whole_bytes and len(value) == 2 + 2 * int(kind[5:])
    signed = kind.startswith("int")
    width = kind[3:] if signed else kind[4:]
    if not width or js not in ("number", "string"):
        return False
    number, bits = int(value, 0), int(width)
    return -(1 << bits - 1) <= number < 1 << bits - 1 if signed else 0 <= number < 1 << bits


def outputs(path, entries):
    for index, entry in enumerate(entries):
        if "outputRoot" in entry:
            fields = ("version", "stateRoot", "messagePasserStorageRoot", "latestBlockhash", "outputRoot")
            yield Case(index, {"type": "op-output-root", **{k: entry[k] for k in fields}}, entry.get("valid", True))
        else:
            fields = ("nonce", "sender", "target", "value", "gasLimit", "data", "withdrawalHash", "sentMessagesSlot")
            yield Case(index, {"type": "op-withdrawal", **{k: entry[k] for k in fields}}, entry.get("hashRecomputed", True))


def precompiles(path, entries):
    address = "0x01" if "0x01" in path.name else "0x100"
    for index, entry in enumerate(entries):
        row = {"type": "evm-precompile", "address": address, "input": entry["input"], "output": entry["expected"]}
        yield Case(entry.get("name", index), row, True, {"output": entry["expected"]})
