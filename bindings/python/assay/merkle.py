"""Merkle trees: roots, inclusion proofs, and whether a proof holds, by the rules of ``assay merkle``.

>>> import assay
>>> leaves = [bytes([n]) for n in range(5)]
>>> proof = assay.merkle.prove(leaves, 3)
>>> assay.merkle.verify(proof, assay.merkle.root(leaves))
True
"""

from __future__ import annotations

import json
from typing import Any, Iterable, Mapping

from ._native import Engine, engine as _engine
from ._verify import verify as _verify_rows


def root(
    leaves: Iterable[bytes], *, rule: str = "rfc6962", depth: int | None = None, is_list: bool = False,
    engine: Engine | None = None,
) -> bytes:
    """The root, 32 bytes, of a tree by ``rule``: ``rfc6962``, ``ssz``, ``keccak-sorted`` or ``keccak-standard``.

    ``depth`` and ``is_list`` are of SSZ: the depth to fill up to, and whether the length is hashed in.
    """
    document = json.loads(_document(leaves, {"rule": rule, "depth": depth, "list": is_list}, engine))
    return bytes.fromhex(document["root"])


def prove(
    leaves: Iterable[bytes], index: int, *, rule: str = "rfc6962", depth: int | None = None, is_list: bool = False,
    engine: Engine | None = None,
) -> dict[str, Any]:
    """The proof of the leaf at ``index``, from 0: the row that ``assay merkle prove`` writes and :func:`assay.verify` takes."""
    proof: dict[str, Any] = json.loads(
        _document(leaves, {"rule": rule, "depth": depth, "list": is_list, "index": index}, engine))
    return proof


def verify(proof: Mapping[str, Any], root: bytes | None = None, *, engine: Engine | None = None) -> bool:
    """Whether a proof leads to its root, and where ``root`` is given, to that one."""
    if root is not None and bytes.fromhex(str(proof.get("root", "")).removeprefix("0x")) != root:
        return False
    return bool(_verify_rows([proof], engine=engine)[0]["accepted"])


def _document(leaves: Iterable[bytes], options: Mapping[str, Any], engine: Engine | None) -> bytes:
    # A leaf without bytes is a line with 0x alone: blank lines do not count.
    text = "".join(f"0x{bytes(leaf).hex()}\n" for leaf in leaves)
    return (engine or _engine()).merkle_document(text.encode(), json.dumps(options))
