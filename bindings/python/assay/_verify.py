"""Verdicts over rows of signatures and proofs."""

from __future__ import annotations

import json
from typing import Any, Iterable, Mapping

from ._native import AssayError, Engine, engine as _engine


def _plain(value: Any) -> Any:
    """Bytes as the hexadecimal that rows hold."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "0x" + bytes(value).hex()
    if isinstance(value, Mapping):
        return {key: _plain(element) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(element) for element in value]
    return value


def verify_lines(rows: str | bytes, *, engine: Engine | None = None) -> bytes:
    """Verifies JSON Lines: the lines that ``assay verify`` writes, byte for byte."""
    return (engine or _engine()).verify_lines(rows.encode() if isinstance(rows, str) else bytes(rows))


def verify(rows: str | bytes | Iterable[Mapping[str, Any]], *, engine: Engine | None = None) -> list[dict[str, Any]]:
    """Verifies rows: JSON Lines, or a mapping per row with the fields that ``assay types`` lists; bytes are taken as such.

    A dictionary per row comes back, in order: ``row``, ``id`` when given, ``accepted``, and ``reason`` for a rejected row.

    >>> import assay
    >>> assay.verify([{"type": "merkle-keccak-sorted", "leaf": bytes(32), "path": [], "root": bytes(32)}])
    [{'row': 1, 'accepted': True}]
    """
    if not isinstance(rows, (str, bytes, bytearray)):
        try:
            rows = "".join(json.dumps(_plain(row), separators=(",", ":")) + "\n" for row in rows)
        except TypeError as error:
            raise AssayError(f"A row cannot be written as JSON: {error}.") from error
    return [json.loads(line) for line in verify_lines(rows, engine=engine).splitlines()]
