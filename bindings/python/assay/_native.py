"""libassay through ctypes: handles, errors, and the few calls that the package makes."""

from __future__ import annotations

import ctypes as c
import os
import pathlib
import threading
from typing import Any, Sequence

import numpy as np

ACCEPTED = 0xA5


class AssayError(Exception):
    """A call that could not be carried out: what is wrong, why, and what to do next.

    Bad rows are not errors; they have reasons in the results.
    """

    STATUSES = {
        1: "shape", 2: "unavailable", 3: "mismatch", 4: "input", 5: "usage", 6: "forked", 7: "cancelled", 8: "deadline",
    }

    def __init__(self, message: str, status: int = 5) -> None:
        super().__init__(message)
        self.kind = self.STATUSES.get(status, "unknown")


class _Options(c.Structure):
    _fields_ = [("size", c.c_size_t), ("threads", c.c_int32), ("backend", c.c_char_p), ("strict", c.c_int32)]


class _View(c.Structure):
    _fields_ = [("data", c.c_void_p), ("size", c.c_int64), ("offsets", c.c_void_p)]


class _Target(c.Structure):
    _fields_ = [("data", c.c_void_p), ("size", c.c_int64)]


class _File(c.Structure):
    _fields_ = [("name", c.c_char_p), ("data", c.c_char_p), ("size", c.c_size_t)]


class _Book(c.Structure):
    _fields_ = [
        ("size", c.c_size_t), ("rows", c.c_int64), ("model", c.c_char_p), ("type", c.c_void_p), ("underlying", c.c_void_p),
        ("strike", c.c_void_p), ("years", c.c_void_p), ("rate", c.c_void_p), ("dividend_yield", c.c_void_p),
        ("volatility", c.c_void_p), ("price", c.c_void_p),
    ]


class _OperationInfo(c.Structure):
    _fields_ = [
        ("size", c.c_size_t), ("name", c.c_char_p), ("version", c.c_uint32), ("input_count", c.c_size_t),
        ("output_count", c.c_size_t), ("digest", c.c_char_p),
    ]


class _ColumnInfo(c.Structure):
    _fields_ = [("name", c.c_char_p), ("kind", c.c_int32), ("use", c.c_int32), ("width", c.c_int64)]


class Column:
    """One column of an operation, as assay.h describes it."""

    F64, U64, U32, U8, VERDICT, BYTES, MESSAGE = range(7)
    INPUT, SHARED, OUTPUT, OPTIONAL = range(4)

    def __init__(self, info: _ColumnInfo) -> None:
        self.name = info.name.decode()
        self.kind, self.use, self.width = info.kind, info.use, info.width

    @property
    def dtype(self) -> np.dtype:
        """The NumPy type of one value; raw bytes for columns that are not numbers."""
        if self.kind == Column.F64:
            return np.dtype("<f8")
        if self.kind == Column.U64:
            return np.dtype("<u8")
        if self.kind == Column.U32:
            return np.dtype("<u4")
        return np.dtype("u1") if self.width <= 1 else np.dtype(("u1", (self.width,)))


class Operation:
    """A batch operation: its name, semantics version and columns."""

    def __init__(self, name: str, version: int, digest: str, inputs: list[Column], outputs: list[Column]) -> None:
        self.name, self.version, self.digest = name, version, digest
        self.inputs, self.outputs = inputs, outputs


def _load() -> c.CDLL:
    folder = os.environ.get("ASSAY_LIBRARY")
    path = pathlib.Path(folder) if folder else pathlib.Path(__file__).parent
    try:
        return c.CDLL(str(path / "libassay.so.1"))
    except OSError as error:
        raise ImportError(f"libassay.so.1 cannot be loaded from {path}: {error}") from error


_library = _load()
_handle, _place = c.c_void_p, c.POINTER(c.c_void_p)


def _function(name: str, result: Any, *arguments: Any) -> Any:
    function = getattr(_library, name)
    function.restype, function.argtypes = result, list(arguments)
    return function


_version = _function("assay_version", c.c_char_p)
_error_message = _function("assay_error_message", c.c_char_p, _handle)
_error_release = _function("assay_error_release", None, _handle)
_reason_name = _function("assay_reason_name", c.c_char_p, c.c_uint8)
_engine_create = _function("assay_engine_create", c.c_int32, c.POINTER(_Options), _place, _place)
_engine_release = _function("assay_engine_release", None, _handle)
_operation_count = _function("assay_operation_count", c.c_size_t)
_operation_describe = _function("assay_operation_describe", c.c_int32, c.c_size_t, c.POINTER(_OperationInfo), _place)
_operation_column = _function(
    "assay_operation_column", c.c_int32, c.c_size_t, c.c_size_t, c.POINTER(_ColumnInfo), _place)
_execute_into = _function(
    "assay_execute_into", c.c_int32, _handle, _handle, c.c_char_p, c.c_int64, c.POINTER(_View), c.c_size_t,
    c.POINTER(_Target), c.c_size_t, _place)
_verify_rows = _function(
    "assay_verify_rows", c.c_int32, _handle, _handle, c.c_char_p, c.c_size_t, _place, _place)
_risk = _function(
    "assay_risk", c.c_int32, _handle, _handle, c.POINTER(_File), c.c_size_t, c.c_char_p, _place, _place)
_merkle = _function(
    "assay_merkle", c.c_int32, _handle, _handle, c.c_char_p, c.c_size_t, c.c_char_p, _place, _place)
_text_data = _function("assay_text_data", c.c_void_p, _handle)
_text_size = _function("assay_text_size", c.c_size_t, _handle)
_text_release = _function("assay_text_release", None, _handle)


def _check(status: int, error: c.c_void_p) -> None:
    if status == 0:
        return
    message = _error_message(error).decode(errors="replace")
    _error_release(error)
    raise AssayError(message, status)


def version() -> str:
    """The version of the library, such as ``0.2.0``."""
    return str(_version().decode())


REASONS = [(_reason_name(byte) or b"").decode() for byte in range(256)]


def _describe() -> dict[str, Operation]:
    operations = {}
    for index in range(_operation_count()):
        info, error = _OperationInfo(size=c.sizeof(_OperationInfo)), c.c_void_p()
        _check(_operation_describe(index, info, error), error)
        columns = []
        for place in range(info.input_count + info.output_count):
            column = _ColumnInfo()
            _check(_operation_column(index, place, column, error), error)
            columns.append(Column(column))
        name = info.name.decode()
        operations[name] = Operation(
            name, info.version, info.digest.decode(), columns[: info.input_count], columns[info.input_count :])
    return operations


OPERATIONS = _describe()


class Engine:
    """Every backend of this build behind one dispatcher; threads may share it.

    ``backend`` is None for the host's processors, else ``portable``, ``simd``, ``openblas``, ``opencl``, ``fpga`` or a
    device's id. The GIL is released while an engine computes.
    """

    def __init__(self, backend: str | None = None, *, threads: int = 0, strict: bool = False) -> None:
        options = _Options(c.sizeof(_Options), threads, backend.encode() if backend else None, int(strict))
        self._handle, error = c.c_void_p(), c.c_void_p()
        self._process = os.getpid()
        _check(_engine_create(options, self._handle, error), error)

    def __del__(self) -> None:
        if getattr(self, "_handle", None) and self._process == os.getpid():
            _engine_release(self._handle)

    def execute(
        self, operation: str, rows: int, inputs: Sequence[Any], wanted: Sequence[str] = (),
    ) -> dict[str, np.ndarray]:
        """Computes a batch of any operation.

        ``inputs`` are in the order of the operation's inputs: an array per column, or for messages a list of bytes.
        A shared column holds one value. The outputs come back by name, with the verdicts and the ``wanted`` columns.
        """
        known = OPERATIONS.get(operation)
        if known is None:
            raise AssayError(f"There is no operation {operation}.")
        if len(inputs) != len(known.inputs):
            names = ", ".join(column.name for column in known.inputs)
            raise AssayError(f"{operation} takes {len(known.inputs)} columns ({names}) and was given {len(inputs)}.", 1)
        views, held = (_View * max(len(inputs), 1))(), []
        for place, (column, values) in enumerate(zip(known.inputs, inputs)):
            if column.kind == Column.MESSAGE:
                messages = [bytes(value) for value in values]
                offsets = np.zeros(len(messages) + 1, np.int64)
                np.cumsum([len(message) for message in messages], out=offsets[1:])
                data: Any = np.frombuffer(b"".join(messages) or b"\0", np.uint8)
                expected = 1 if column.use == Column.SHARED else rows
                if len(messages) != expected:
                    raise AssayError(f"Column {column.name} has {len(messages)} messages where {expected} are needed.", 1)
                views[place] = _View(data.ctypes.data, int(offsets[-1]), offsets.ctypes.data)
                held += [data, offsets]
            else:
                base = column.dtype.base
                data = np.ascontiguousarray(values, base)
                views[place] = _View(data.ctypes.data, data.nbytes, None)
                held.append(data)
        outputs = {}
        targets = (_Target * max(len(known.outputs), 1))()
        for place, column in enumerate(known.outputs):
            if column.use == Column.OUTPUT or column.name in wanted:
                array = np.empty((rows,) + column.dtype.shape, column.dtype.base)
                outputs[column.name] = array
                targets[place] = _Target(array.ctypes.data, array.nbytes)
        unknown = [name for name in wanted if name not in outputs]
        if unknown:
            names = ", ".join(column.name for column in known.outputs)
            raise AssayError(f"{operation} does not have an output {unknown[0]}. It has: {names}.")
        error = c.c_void_p()
        status = _execute_into(
            self._handle, None, operation.encode(), rows, views, len(inputs), targets, len(known.outputs), error)
        _check(status, error)
        return outputs

    def verify_lines(self, rows: bytes) -> bytes:
        """Verifies JSON Lines: the lines that ``assay verify`` writes, byte for byte."""
        text, error = c.c_void_p(), c.c_void_p()
        _check(_verify_rows(self._handle, None, rows, len(rows), text, error), error)
        return _taken(text)

    def risk_document(self, files: Sequence[tuple[str, bytes]], options: str) -> bytes:
        """The document of ``assay risk --json`` over files in memory; assay.h names the files and the options, JSON text."""
        table = (_File * len(files))(*(_File(name.encode(), data, len(data)) for name, data in files))
        text, error = c.c_void_p(), c.c_void_p()
        _check(_risk(self._handle, None, table, len(files), options.encode(), text, error), error)
        return _taken(text)

    def merkle_document(self, leaves: bytes, options: str) -> bytes:
        """The document of ``assay merkle root --json``, or the row of ``assay merkle prove``; assay.h names the options."""
        text, error = c.c_void_p(), c.c_void_p()
        _check(_merkle(self._handle, None, leaves, len(leaves), options.encode(), text, error), error)
        return _taken(text)


def _taken(text: c.c_void_p) -> bytes:
    """The bytes of a text of the library's, which is released."""
    try:
        return c.string_at(_text_data(text), _text_size(text))
    finally:
        _text_release(text)


_lock = threading.Lock()
_default: Engine | None = None


def engine() -> Engine:
    """The engine that calls without ``engine=`` share; a process that forked gets its own."""
    global _default
    with _lock:
        if _default is None or _default._process != os.getpid():
            _default = Engine()
        return _default
