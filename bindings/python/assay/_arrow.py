"""Reads Arrow's C stream interface (polars, pandas, pyarrow, DuckDB) into NumPy arrays, without pyarrow.

https://arrow.apache.org/docs/format/CStreamInterface.html and PyCapsuleInterface.html.
"""

from __future__ import annotations

import ctypes as c
from typing import Any, Iterator

import numpy as np


class _Schema(c.Structure):
    pass


class _Array(c.Structure):
    pass


_Schema._fields_ = [
    ("format", c.c_char_p), ("name", c.c_char_p), ("metadata", c.c_void_p), ("flags", c.c_int64),
    ("n_children", c.c_int64), ("children", c.POINTER(c.POINTER(_Schema))), ("dictionary", c.POINTER(_Schema)),
    ("release", c.c_void_p), ("private_data", c.c_void_p),
]
_Array._fields_ = [
    ("length", c.c_int64), ("null_count", c.c_int64), ("offset", c.c_int64), ("n_buffers", c.c_int64),
    ("n_children", c.c_int64), ("buffers", c.POINTER(c.c_void_p)), ("children", c.POINTER(c.POINTER(_Array))),
    ("dictionary", c.POINTER(_Array)), ("release", c.c_void_p), ("private_data", c.c_void_p),
]


class _Stream(c.Structure):
    _fields_ = [
        ("get_schema", c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p)),
        ("get_next", c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p)),
        ("get_last_error", c.CFUNCTYPE(c.c_char_p, c.c_void_p)), ("release", c.c_void_p), ("private_data", c.c_void_p),
    ]


_release_of = c.CFUNCTYPE(None, c.c_void_p)
_capsule_pointer = c.pythonapi.PyCapsule_GetPointer
_capsule_pointer.restype, _capsule_pointer.argtypes = c.c_void_p, [c.py_object, c.c_char_p]
_NUMBERS = {
    b"g": "<f8", b"f": "<f4", b"e": "<f2", b"l": "<i8", b"i": "<i4", b"s": "<i2", b"c": "<i1", b"L": "<u8", b"I": "<u4",
    b"S": "<u2", b"C": "<u1",
}


class _Owned:
    """A schema or an array that is released with this object."""

    def __init__(self, kind: Any) -> None:
        self.value = kind()

    def __del__(self) -> None:
        if self.value.release:
            _release_of(self.value.release)(c.addressof(self.value))


def _view(address: int | None, dtype: str, count: int, owner: _Owned) -> np.ndarray:
    """`count` values at `address`, which live as long as `owner`."""
    if count == 0 or not address:
        return np.empty(0, dtype)
    interface = {"version": 3, "shape": (count,), "typestr": np.dtype(dtype).str, "data": (address, True)}
    return np.asarray(type("Memory", (), {"__array_interface__": interface, "owner": owner})())


def _texts(data: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    whole = data.tobytes()
    return np.array([whole[a:b].decode() for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist())], object)


def _views(array: _Array, start: int, rows: int, owner: _Owned) -> np.ndarray:
    """Texts of the string-view layout: 16 bytes per row, short texts inline, longer ones in further buffers."""
    cells = _view(array.buffers[1], "u1", 16 * (start + rows), owner).reshape(-1, 16)[start:]
    texts = np.empty(rows, object)
    for row, cell in enumerate(cells):
        length = int.from_bytes(cell[:4].tobytes(), "little")
        if length <= 12:
            texts[row] = cell[4 : 4 + length].tobytes().decode()
        else:
            buffer, at = (int.from_bytes(cell[i : i + 4].tobytes(), "little") for i in (8, 12))
            texts[row] = c.string_at(array.buffers[2 + buffer] + at, length).decode()
    return texts


def _column(schema: Any, array: Any, owner: _Owned) -> np.ndarray:
    """The values; numbers that are null become NaN, texts that are null become None."""
    form, rows, start = schema.format, array.length, array.offset
    values: np.ndarray
    if schema.dictionary:
        index = _view(array.buffers[1], _NUMBERS[form], start + rows, owner)[start:]
        values = _column(schema.dictionary[0], array.dictionary[0], owner)
        values = values[np.clip(index, 0, max(len(values) - 1, 0))] if len(values) else np.full(rows, None, object)
    elif form in _NUMBERS:
        values = _view(array.buffers[1], _NUMBERS[form], start + rows, owner)[start:]
    elif form in (b"u", b"U"):
        offsets = _view(array.buffers[1], "<i4" if form == b"u" else "<i8", start + rows + 1, owner)[start:]
        data = _view(array.buffers[2], "u1", int(offsets[-1]) if rows else 0, owner)
        values = _texts(data, offsets) if rows else np.empty(0, object)
    elif form == b"vu":
        values = _views(array, start, rows, owner)
    else:
        return np.full(rows, None, object)
    if array.null_count != 0 and array.n_buffers and array.buffers[0]:
        bits = _view(array.buffers[0], "u1", (start + rows + 7) // 8, owner)
        valid = np.unpackbits(bits, bitorder="little")[start : start + rows].astype(bool)
        missing = np.array(None if values.dtype == object else np.nan)
        values = np.where(valid, values, missing)
    return values


def chunks(source: Any) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """The record batches of anything with ``__arrow_c_stream__``: row count, and columns by name."""
    capsule = source.__arrow_c_stream__()
    stream = _Stream.from_address(_capsule_pointer(capsule, b"arrow_array_stream"))
    at, schema = c.addressof(stream), _Owned(_Schema)
    if stream.get_schema(at, c.addressof(schema.value)):
        raise ValueError((stream.get_last_error(at) or b"the stream does not give its schema").decode())
    while True:
        batch = _Owned(_Array)
        if stream.get_next(at, c.addressof(batch.value)):
            raise ValueError((stream.get_last_error(at) or b"the stream broke").decode())
        if not batch.value.release:
            return
        fields = [schema.value.children[place][0] for place in range(schema.value.n_children)]
        yield batch.value.length, {
            field.name.decode(): _column(field, batch.value.children[place][0], batch)
            for place, field in enumerate(fields)
        }
