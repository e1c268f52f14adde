"""Tables of every kind as the bytes of a book: Arrow where pyarrow is there, CSV with numbers in full otherwise."""

from __future__ import annotations

import csv
import io
import json
import os
import pathlib
from typing import Any, Mapping

import numpy as np

from . import _arrow, _names, _pricing
from ._native import AssayError

_WORDS = {0: "call", 1: "put"}


def file_bytes(value: Any, name: str) -> bytes:
    """The bytes of a file that is given as bytes, as text, as a path, or, where it is JSON, as what json.dumps takes."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, os.PathLike):
        try:
            return pathlib.Path(value).read_bytes()
        except OSError as error:
            raise AssayError(f"{os.fspath(value)}: cannot be read: {error.strerror}.", 4) from error
    if isinstance(value, str):
        return value.encode()
    try:
        return json.dumps(value).encode()
    except TypeError as error:
        raise AssayError(f"{name} cannot be written as JSON: {error}.") from error


def book_bytes(book: Any, columns: Mapping[str, Any]) -> bytes:
    """A book as the command reads it: a path, bytes, anything with ``__arrow_c_stream__``, or a mapping of columns."""
    if isinstance(book, (bytes, bytearray, memoryview, str, os.PathLike)):
        if columns:
            raise AssayError(f"A file is not extended by columns: {next(iter(columns))} has no place in it.")
        return file_bytes(pathlib.Path(book) if isinstance(book, str) else book, "The book")
    if book is not None and not isinstance(book, Mapping) and not columns and hasattr(book, "__arrow_c_stream__"):
        stream = _arrow_file(book)
        if stream is not None:
            return stream
    tables = list(_pricing.tables(book, columns))
    if not tables:
        raise AssayError("The book does not have columns.", 4)
    first = tables[0]
    joined = {
        name: np.concatenate([np.atleast_1d(np.asarray(table[name])) for table in tables]) for name in first
    } if len(tables) > 1 else first
    return _csv(joined)


def _arrow_file(book: Any) -> bytes | None:
    """The table as an Arrow file; None without pyarrow."""
    try:
        import pyarrow
    except ImportError:
        return None
    reader = pyarrow.RecordBatchReader.from_stream(book)
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_file(sink, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
    return bytes(sink.getvalue())


def _cells(name: str, values: np.ndarray) -> list[str]:
    """The cells of a column; numbers have all the digits that they need."""
    if _names.fold(name) == "type" and values.dtype.kind in "biu":
        return [_WORDS.get(int(value), str(int(value))) for value in values.tolist()]
    if values.dtype.kind == "M":
        return ["" if text == "NaT" else text + "Z" for text in np.datetime_as_string(values, unit="ms").tolist()]
    if values.dtype.kind == "f":
        return [repr(value) for value in values.astype(np.float64).tolist()]
    return ["" if value is None else str(value) for value in values.tolist()]


def _csv(columns: Mapping[str, Any]) -> bytes:
    arrays = [np.atleast_1d(np.asarray(values)) for values in columns.values()]
    try:
        arrays = [array.reshape(-1) for array in np.broadcast_arrays(*arrays)]
    except ValueError as error:
        lengths = ", ".join(f"{name}: {np.size(values)}" for name, values in columns.items())
        raise AssayError(f"The columns differ in length ({lengths}).", 1) from error
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(_cells(name, array) for name, array in zip(columns, arrays))))
    return text.getvalue().encode()
