"""Verdicts over rows of signatures and proofs, and over columns of them."""

from __future__ import annotations

import json
from typing import Any, Iterable, Mapping

import numpy as np

from . import _arrow
from ._native import AssayError, Engine, engine as _engine


def _plain(value: Any) -> Any:
    """Bytes as the hexadecimal that rows hold, and numbers of NumPy as numbers."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "0x" + bytes(value).hex()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return {key: _plain(element) for key, element in value.items()}
    if isinstance(value, np.ndarray) and value.dtype == np.uint8:
        return "0x" + value.tobytes().hex()
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(element) for element in value]
    return value


def verify_lines(rows: str | bytes, *, engine: Engine | None = None) -> bytes:
    """Verifies JSON Lines: the lines that ``assay verify`` writes, byte for byte."""
    return (engine or _engine()).verify_lines(rows.encode() if isinstance(rows, str) else bytes(rows))


class Verdicts:
    """The verdicts of a table, a row each: ``accepted`` is an array, ``reasons`` has None for an accepted row.

    ``lines`` are those that ``assay verify`` writes for the rows.
    """

    def __init__(self, lines: bytes) -> None:
        self.lines = lines
        rows = [json.loads(line) for line in lines.splitlines()]
        self.accepted = np.array([row["accepted"] for row in rows], bool)
        self.reasons: list[str | None] = [row.get("reason") for row in rows]
        self.details: list[str | None] = [row.get("detail") for row in rows]

    def __len__(self) -> int:
        return len(self.reasons)

    def __repr__(self) -> str:
        return f"<assay.Verdicts of {len(self):,} rows, {len(self) - int(self.accepted.sum()):,} rejected>"


def verify(rows: str | bytes | Iterable[Mapping[str, Any]], *, engine: Engine | None = None) -> list[dict[str, Any]]:
    """Verifies rows: JSON Lines, or a mapping per row with the fields that ``assay types`` lists; bytes are taken as such.

    A dictionary per row comes back, in order: ``row``, ``id`` when given, ``accepted``, and ``reason`` for a rejected row.

    >>> import assay
    >>> assay.verify([{"type": "merkle-keccak-sorted", "leaf": bytes(32), "path": [], "root": bytes(32)}])
    [{'row': 1, 'accepted': True}]
    """
    if isinstance(rows, Mapping) or hasattr(rows, "__arrow_c_stream__"):
        raise AssayError("This is a table, not rows. Use assay.verify_columns, which takes the row type beside it.")
    if not isinstance(rows, (str, bytes, bytearray)):
        rows = _lines(rows)
    return [json.loads(line) for line in verify_lines(rows, engine=engine).splitlines()]


def verify_columns(
    type: str | None = None, table: Any = None, *, engine: Engine | None = None, **columns: Any,
) -> Verdicts:
    """Verifies a table with a column per field: a DataFrame, a mapping, or keywords; one value counts for every row.

    ``type`` is the rows' type where the table has no column of that name. Missing values (None) leave a field out.

    >>> import assay
    >>> assay.verify_columns("merkle-keccak-sorted", leaf=[bytes(32), b"1" * 32], path=[[], []], root=bytes(32)).accepted.tolist()
    [True, False]
    """
    parts = [dict(table)] if isinstance(table, Mapping) else []
    if table is not None and not parts:
        if not hasattr(table, "__arrow_c_stream__"):
            raise AssayError("A table is a DataFrame, an Arrow table or a mapping of columns.")
        parts = [_arrow_rows(table)]
    fields: dict[str, Any] = {**(parts[0] if parts else {}), **columns}
    if type is not None:
        if "type" in fields:
            raise AssayError("The row type is given, and the table has a column type too. Leave one of them out.")
        fields["type"] = type
    lengths = {name: len(values) for name, values in fields.items() if _is_column(values)}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        raise AssayError(f"The columns differ in length ({told}).", 1)
    count = next(iter(lengths.values()), 1)
    rows = (
        {name: value for name, values in fields.items()
         if (value := values[row] if name in lengths else values) is not None}
        for row in range(count)
    )
    return Verdicts(verify_lines(_lines(rows), engine=engine))


def _is_column(values: Any) -> bool:
    """Whether a field has a value per row: a list or an array, where bytes and texts are single values."""
    return isinstance(values, (list, tuple, np.ndarray)) or hasattr(values, "to_list")


def _arrow_rows(table: Any) -> dict[str, Any]:
    """A table's columns; binary and nested ones need pyarrow."""
    try:
        import pyarrow
    except ImportError:
        whole: dict[str, list[Any]] = {}
        for _, chunk in _arrow.chunks(table):
            for name, values in chunk.items():
                whole.setdefault(name, []).extend(values.tolist())
        return whole
    read = pyarrow.RecordBatchReader.from_stream(table).read_all()
    return {name: read[name].to_pylist() for name in read.column_names}


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    try:
        return "".join(json.dumps(_plain(row), separators=(",", ":")) + "\n" for row in rows)
    except TypeError as error:
        raise AssayError(f"A row cannot be written as JSON: {error}.") from error
