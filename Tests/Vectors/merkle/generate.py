#!/usr/bin/env python3
"""Writes proofs.json: random Merkle proofs made by implementations that have nothing to do with Assay.

    python3 -m venv /tmp/venv
    /tmp/venv/bin/pip install pymerkle==7.0.0 trie==4.0.0 remerkleable==0.1.28 'eth-hash[pycryptodome]==0.8.0'
    /tmp/venv/bin/python Tests/Vectors/merkle/generate.py

pymerkle makes the RFC 6962 roots and inclusion paths (its consistency proofs have a format of their own, so those paths are
RFC 6962's PROOF over hashlib, under pymerkle's roots); py-trie the Merkle-Patricia proofs; remerkleable the SSZ trees; hashlib the
Bitcoin branches and merkleblocks, subtree proofs of logs, and the trees of ICS-23; pycryptodome's Keccak the OpenZeppelin proofs.
"""
import hashlib
import json
import pathlib
import random

import rlp
from eth_hash.auto import keccak
from pymerkle import InmemoryTree
from remerkleable.basic import uint64
from remerkleable.byte_arrays import Bytes32
from remerkleable.complex import Container, List
from trie import HexaryTrie

random.seed(6962)


def noise(count):
    return bytes(random.randrange(256) for _ in range(count))


def sha256(data):
    return hashlib.sha256(data).digest()


def hexes(items):
    return [item.hex() for item in items]


def below(count):
    """The largest power of two below count."""
    return 1 << ((count - 1).bit_length() - 1)


def mth(leaves):
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    k = below(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:]))


def subproof(m, leaves, known):
    if m == len(leaves):
        return [] if known else [mth(leaves)]
    k = below(len(leaves))
    if m <= k:
        return subproof(m, leaves[:k], known) + [mth(leaves[k:])]
    return subproof(m - k, leaves[k:], False) + [mth(leaves[:k])]


def rfc6962():
    inclusion, consistency = [], []
    for size in (1, 2, 3, 7, 8, 13, 33):
        leaves = [noise(random.randrange(40)) for _ in range(size)]
        tree = InmemoryTree(algorithm="sha256")
        for leaf in leaves:
            tree.append_entry(leaf)
        for index in sorted({0, size // 3, size - 1}):
            proof = tree.prove_inclusion(index + 1).serialize()
            inclusion.append(
                {
                    "leaf": leaves[index].hex(),
                    "index": index,
                    "treeSize": size,
                    "path": proof["path"][1:],
                    "root": tree.get_root().hex(),
                }
            )
        for first in sorted({1, size // 2, size - 1} - {0, size}):
            consistency.append(
                {
                    "firstSize": first,
                    "secondSize": size,
                    "firstRoot": tree.get_root(first).hex(),
                    "secondRoot": tree.get_root().hex(),
                    "path": hexes(subproof(first, leaves, True)),
                }
            )
    return inclusion, consistency


def bitcoin():
    proofs = []
    for size in (1, 2, 3, 6, 11):
        row = [noise(32) for _ in range(size)]
        rows = [row]
        while len(row) > 1:
            pairs = [(row[i], row[min(i + 1, len(row) - 1)]) for i in range(0, len(row), 2)]
            row = [sha256(sha256(a + b)) for a, b in pairs]
            rows.append(row)
        for index in sorted({0, size // 2, size - 1}):
            path = [row[min(index >> level ^ 1, len(row) - 1)] for level, row in enumerate(rows[:-1])]
            proofs.append(
                {
                    "txid": rows[0][index][::-1].hex(),
                    "index": index,
                    "treeSize": size,
                    "path": hexes(node[::-1] for node in path),
                    "root": row[0][::-1].hex(),
                }
            )
    return proofs


def sorted_keccak():
    proofs = []
    for size in (1, 2, 5, 16):
        heap = [b""] * (2 * size - 1)
        for index in reversed(range(2 * size - 1)):
            heap[index] = noise(32) if index >= size - 1 else keccak(b"".join(sorted(heap[2 * index + 1 : 2 * index + 3])))
        for index in sorted({size - 1, 2 * size - 2}):
            path, node = [], index
            while node:
                path.append(heap[node + 1 if node % 2 else node - 1])
                node = (node - 1) // 2
            proofs.append({"leaf": heap[index].hex(), "path": hexes(path), "root": heap[0].hex()})
    return proofs


class Record(Container):
    slot: uint64
    parent: Bytes32
    roots: List[Bytes32, 64]
    state: Bytes32
    balances: List[uint64, 1024]


def ssz():
    record = Record(
        slot=random.randrange(2**64),
        parent=noise(32),
        roots=[noise(32) for _ in range(11)],
        state=noise(32),
        balances=[random.randrange(2**64) for _ in range(37)],
    )
    backing = record.get_backing()

    def node(gindex):
        return bytes(backing.getter(gindex).merkle_root())

    root = node(1)
    gindices = [8, 9, 11, 10 * 2 * 64 + 3, 10 * 2 * 64 + 10, 10 * 2 + 1, 12 * 2 * 256 + 9]
    single = []
    for gindex in gindices:
        path, at = [], gindex
        while at > 1:
            path.append(node(at ^ 1))
            at //= 2
        single.append({"leaf": node(gindex).hex(), "generalizedIndex": gindex, "path": hexes(path), "root": root.hex()})
    multi = []
    for chosen in (gindices[:2], gindices[1:5], gindices[3:], gindices):
        on_path, helpers = set(), set()
        for gindex in chosen:
            at = gindex
            while at > 1:
                on_path.add(at)
                helpers.add(at ^ 1)
                at //= 2
        multi.append(
            {
                "leaves": hexes(node(gindex) for gindex in chosen),
                "generalizedIndices": chosen,
                "path": hexes(node(at) for at in sorted(helpers - on_path, reverse=True)),
                "root": root.hex(),
            }
        )
    return single, multi


def patricia():
    proofs = []
    for count, width, secure in ((1, 2, False), (12, 2, False), (40, 3, False), (60, 20, True)):
        trie = HexaryTrie({})
        pairs = {}
        for _ in range(count):
            key = bytes(byte & (0xFF if secure else 0x37) for byte in noise(width))
            pairs[key] = noise(random.randrange(1, 70 if secure else 30))
            trie[keccak(key) if secure else key] = pairs[key]
        keys = sorted(pairs)[:6] + [noise(width) for _ in range(3)]
        for key in keys:
            nodes = [rlp.encode(node) for node in trie.get_proof(keccak(key) if secure else key)]
            # Nodes below 32 bytes stand inside their parents; py-trie lists them too.
            nodes = [node for position, node in enumerate(nodes) if position == 0 or len(node) >= 32]
            proofs.append(
                {
                    "root": trie.root_hash.hex(),
                    "key": key.hex(),
                    "secure": secure,
                    "value": pairs[key].hex() if key in pairs else None,
                    "proof": hexes(nodes),
                }
            )
    return proofs


def field(number, data):
    """A length-delimited Protocol Buffers field."""
    length, rest = b"", len(data)
    while rest > 127:
        length, rest = length + bytes([rest & 127 | 128]), rest >> 7
    return bytes([number << 3 | 2]) + length + bytes([rest]) + data


class SparseTree:
    """Celestia's sparse Merkle tree as ICS-23's SmtSpec has it: a leaf stands as high as it is alone, an empty child is zeros."""

    EMPTY = bytes(32)

    def __init__(self, pairs):
        self.pairs = {sha256(key): (key, value) for key, value in pairs.items()}

    def leaf(self, place):
        return sha256(b"\x00" + place + sha256(self.pairs[place][1]))

    def node(self, places, depth):
        if not places:
            return self.EMPTY
        if len(places) == 1:
            return self.leaf(places[0])
        return sha256(b"\x01" + self.child(places, depth, 0) + self.child(places, depth, 1))

    def half(self, places, depth, side):
        return [place for place in places if place[depth // 8] >> (7 - depth % 8) & 1 == side]

    def child(self, places, depth, side):
        return self.node(self.half(places, depth, side), depth + 1)

    def root(self):
        return self.node(sorted(self.pairs), 0)

    def existence(self, place):
        key, value = self.pairs[place]
        # SHA-256 for the leaf, its key and its value; no length; prefix 0x00.
        fields = field(1, key) + field(2, value) + field(3, bytes([8, 1, 16, 1, 24, 1]) + field(5, b"\x00"))
        steps, places, depth = [], sorted(self.pairs), 0
        while len(places) > 1:
            side = place[depth // 8] >> (7 - depth % 8) & 1
            sibling = self.child(places, depth, 1 - side)
            parts = field(2, b"\x01" + sibling) if side else field(2, b"\x01") + field(3, sibling)
            steps.insert(0, field(4, bytes([8, 1]) + parts))
            places, depth = self.half(places, depth, side), depth + 1
        return fields + b"".join(steps)


def ics23_smt():
    """Proofs of keys that are there, and of keys that are not by their neighbours in the order of hashed keys."""
    source, proofs = random.Random(23), []
    for size in (1, 2, 3, 9, 40):
        tree = SparseTree({source.randbytes(source.randrange(1, 20)): source.randbytes(source.randrange(1, 40)) for _ in range(size)})
        places = sorted(tree.pairs)

        def add(key, value, proof):
            value = None if value is None else value.hex()
            proofs.append({"root": tree.root().hex(), "key": key.hex(), "value": value, "proof": proof.hex()})

        for place in source.sample(places, min(3, size)):
            add(*tree.pairs[place], field(1, tree.existence(place)))
        for _ in range(3):
            key = source.randbytes(8)
            left = [place for place in places if place < sha256(key)][-1:]
            right = [place for place in places if place > sha256(key)][:1]
            gap = field(1, key)
            gap += b"".join(field(2, tree.existence(place)) for place in left)
            gap += b"".join(field(3, tree.existence(place)) for place in right)
            add(key, None, field(2, gap))
    return proofs


def subtrees():
    """draft-ietf-plants-merkle-tree-certs: PATH and SUBTREE_PROOF."""
    source = random.Random(9162)

    def path(index, leaves):
        if len(leaves) == 1:
            return []
        k = below(len(leaves))
        if index < k:
            return path(index, leaves[:k]) + [mth(leaves[k:])]
        return path(index - k, leaves[k:]) + [mth(leaves[:k])]

    def subproof(start, end, leaves, known):
        if start == 0 and end == len(leaves):
            return [] if known else [mth(leaves)]
        k = below(len(leaves))
        if end <= k:
            return subproof(start, end, leaves[:k], known) + [mth(leaves[k:])]
        if k <= start:
            return subproof(start - k, end - k, leaves[k:], known) + [mth(leaves[:k])]
        return subproof(0, end - k, leaves[k:], False) + [mth(leaves[:k])]

    inclusion, consistency = [], []
    for size, start, end in ((5, 4, 5), (7, 0, 3), (13, 8, 13), (21, 8, 15), (33, 16, 32), (50, 32, 43), (50, 0, 37)):
        leaves = [source.randbytes(source.randrange(40)) for _ in range(size)]
        part = leaves[start:end]
        index = source.randrange(start, end)
        inclusion.append(
            {
                "leaf": leaves[index].hex(),
                "index": index,
                "start": start,
                "end": end,
                "path": hexes(path(index - start, part)),
                "root": mth(part).hex(),
            }
        )
        consistency.append(
            {
                "start": start,
                "end": end,
                "treeSize": size,
                "subtreeRoot": mth(part).hex(),
                "root": mth(leaves).hex(),
                "path": hexes(subproof(start, end, leaves, True)),
            }
        )
    return inclusion, consistency


def merkleblocks():
    """BIP 37's partial trees, in the payload of a merkleblock message."""
    source, blocks = random.Random(37), []
    for size in (1, 2, 3, 7, 12, 25):
        row = [source.randbytes(32) for _ in range(size)]
        rows = [row]
        while len(row) > 1:
            pairs = [(row[i], row[min(i + 1, len(row) - 1)]) for i in range(0, len(row), 2)]
            row = [sha256(sha256(a + b)) for a, b in pairs]
            rows.append(row)
        matches = set(source.sample(range(size), min(size, 2)))
        bits, hashes = [], []

        def walk(height, position):
            leads = any(index >> height == position for index in matches)
            bits.append(leads)
            if height == 0 or not leads:
                hashes.append(rows[height][position])
                return
            for child in (2 * position, 2 * position + 1):
                if child < len(rows[height - 1]):
                    walk(height - 1, child)

        walk(len(rows) - 1, 0)
        flags = bytearray((len(bits) + 7) // 8)
        for index, bit in enumerate(bits):
            flags[index // 8] |= bit << index % 8
        header = source.randbytes(36) + row[0] + source.randbytes(12)
        message = header + size.to_bytes(4, "little") + bytes([len(hashes)]) + b"".join(hashes) + bytes([len(flags)]) + flags
        blocks.append(
            {
                "message": message.hex(),
                "root": row[0][::-1].hex(),
                "txids": [rows[0][index][::-1].hex() for index in sorted(matches)],
            }
        )
    return blocks


def keccak_multiproofs():
    """OpenZeppelin merkle-tree's getMultiProof."""
    source, proofs = random.Random(34459), []
    for size in (1, 2, 5, 16, 23):
        heap = [b""] * (2 * size - 1)
        for index in reversed(range(2 * size - 1)):
            children = heap[2 * index + 1 : 2 * index + 3]
            heap[index] = source.randbytes(32) if index >= size - 1 else keccak(b"".join(sorted(children)))
        for count in sorted({1, min(size, 3), size}):
            stack = sorted(source.sample(range(size - 1, 2 * size - 1), count), reverse=True)
            leaves, path, flags = [heap[index] for index in stack], [], []
            while stack[0] > 0:
                node = stack.pop(0)
                sibling = node + 1 if node % 2 else node - 1
                flags.append(bool(stack) and stack[0] == sibling)
                if flags[-1]:
                    stack.pop(0)
                else:
                    path.append(heap[sibling])
                stack.append((node - 1) // 2)
            proofs.append({"leaves": hexes(leaves), "path": hexes(path), "flags": flags, "root": heap[0].hex()})
    return proofs


def varint(value):
    length = b""
    while value > 127:
        length, value = length + bytes([value & 127 | 128]), value >> 7
    return length + bytes([value])


class OrderedTree:
    """The ordered trees of ICS-23 as recursions over sorted pairs: Tendermint's, of RFC 6962's form, and IAVL+, balanced, whose nodes
    begin with height, size and version as zigzag varints."""

    def __init__(self, kind, pairs, source):
        self.kind, self.pairs, self.version = kind, sorted(pairs.items()), source.randrange(1, 1 << 20)
        self.leaf_prefix = self.header(0, 1) if kind == "iavl" else b"\x00"

    def header(self, height, size):
        return varint(2 * height) + varint(2 * size) + varint(2 * self.version)

    def build(self, start, end):
        """Hash and height of the tree over a range, and for each of its leaves the (prefix, suffix) steps to its top."""
        if end - start == 1:
            key, value = self.pairs[start]
            digest = sha256(self.leaf_prefix + varint(len(key)) + key + varint(32) + sha256(value))
            return digest, 0, [[]]
        middle = start + (below(end - start) if self.kind == "tendermint" else (end - start) // 2)
        left, left_height, left_steps = self.build(start, middle)
        right, right_height, right_steps = self.build(middle, end)
        height = max(left_height, right_height) + 1
        if self.kind == "iavl":
            prefix, length = self.header(height, end - start), b"\x20"
        else:
            prefix, length = b"\x01", b""
        before_left, after_left = prefix + length, length + right
        before_right = prefix + length + left + length
        steps = [path + [(before_left, after_left)] for path in left_steps]
        steps += [path + [(before_right, b"")] for path in right_steps]
        return sha256(before_left + left + after_left), height, steps

    def proofs(self):
        """The root, and an ExistenceProof for each pair."""
        root, _, paths = self.build(0, len(self.pairs))
        existences = []
        for (key, value), path in zip(self.pairs, paths):
            # SHA-256 of the leaf and of its value, its key as it is, lengths as varints.
            leaf = bytes([8, 1, 24, 1, 32, 1]) + field(5, self.leaf_prefix)
            steps = [bytes([8, 1]) + field(2, before) + (field(3, after) if after else b"") for before, after in path]
            existences.append(field(1, key) + field(2, value) + field(3, leaf) + b"".join(field(4, step) for step in steps))
        return root, existences


def ics23_ordered():
    source, proofs = random.Random(1023), []
    for kind in ("iavl", "tendermint"):
        for size in (1, 2, 3, 10, 41):
            pairs = {source.randbytes(source.randrange(1, 20)): source.randbytes(source.randrange(1, 40)) for _ in range(size)}
            tree = OrderedTree(kind, pairs, source)
            root, existences = tree.proofs()
            keys = [key for key, _ in tree.pairs]

            def add(key, value, proof):
                value = None if value is None else value.hex()
                proofs.append({"tree": kind, "root": root.hex(), "key": key.hex(), "value": value, "proof": proof.hex()})

            for index in source.sample(range(len(keys)), min(3, len(keys))):
                add(*tree.pairs[index], field(1, existences[index]))
            for key in (b"\x00", source.randbytes(8), b"\xff" * 20):
                if key in pairs:
                    continue
                place = sum(other < key for other in keys)
                gap = field(1, key)
                gap += field(2, existences[place - 1]) if place > 0 else b""
                gap += field(3, existences[place]) if place < len(keys) else b""
                add(key, None, field(2, gap))
    return proofs


inclusion, consistency = rfc6962()
subtree_inclusion, subtree_consistency = subtrees()
single, multi = ssz()
document = {
    "rfc6962Inclusion": inclusion,
    "rfc6962Consistency": consistency,
    "bitcoin": bitcoin(),
    "keccakSorted": sorted_keccak(),
    "ssz": single,
    "sszMultiproof": multi,
    "patricia": patricia(),
    "ics23Smt": ics23_smt(),
    "rfc6962SubtreeInclusion": subtree_inclusion,
    "rfc6962SubtreeConsistency": subtree_consistency,
    "bitcoinMerkleBlocks": merkleblocks(),
    "keccakMultiproofs": keccak_multiproofs(),
    "ics23Ordered": ics23_ordered(),
}
target = pathlib.Path(__file__).with_name("proofs.json")
target.write_text(json.dumps(document, indent=1) + "\n")
print({name: len(proofs) for name, proofs in document.items()}, target.stat().st_size, "bytes")
