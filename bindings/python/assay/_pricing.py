"""Prices, Greeks and implied volatilities of option books."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Sequence

import numpy as np

from . import _arrow, _names
from ._native import ACCEPTED, OPERATIONS, REASONS, AssayError, Engine, Operation, engine as _engine

#: Every model of this build, with the operation that prices it.
MODELS = {
    name.replace("_", "-"): operation
    for name, operation in OPERATIONS.items()
    if {"type", "strike", "years"} <= {column.name for column in operation.inputs}
    and any(column.name == "price" and column.use == column.OPTIONAL for column in operation.outputs)
}

#: What is computed when nothing else is asked for.
STANDARD = ("price", "delta", "gamma", "vega", "theta", "rho")

_TYPES = {"call": 0, "c": 0, "ce": 0, "put": 1, "p": 1, "pe": 1}
_DEFAULTS = {"rate": 0.0, "dividendYield": 0.0}


class Measures(Mapping[str, np.ndarray]):
    """Measures of a book, a NumPy array per name, in the book's order.

    A row that could not be computed has NaN in every measure, and its reason in ``reasons``.
    """

    def __init__(self, columns: dict[str, np.ndarray], verdicts: np.ndarray) -> None:
        self._columns = columns
        self.verdicts: np.ndarray = verdicts

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._columns:
            raise KeyError(f"{name} was not asked for; there are {', '.join(self._columns)}")
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.verdicts)

    @property
    def accepted(self) -> np.ndarray:
        """Whether each row was computed."""
        accepted: np.ndarray = self.verdicts == ACCEPTED
        return accepted

    @property
    def reasons(self) -> list[str | None]:
        """The reason of each row, None for a good one."""
        return [REASONS[verdict] or None for verdict in self.verdicts.tolist()]

    def to_dict(self) -> dict[str, Any]:
        """The measures and the reasons as a dictionary of columns, as DataFrames take it."""
        return {**self._columns, "reason": self.reasons}

    def to_pandas(self) -> Any:
        """A pandas DataFrame."""
        import pandas

        return pandas.DataFrame(self.to_dict())

    def to_polars(self) -> Any:
        """A polars DataFrame."""
        import polars

        return polars.DataFrame(self.to_dict())

    def to_arrow(self) -> Any:
        """A pyarrow Table."""
        import pyarrow

        return pyarrow.table(self.to_dict())

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        rejected = int(self.rows - self.accepted.sum())
        return f"<assay.Measures of {self.rows:,} rows, {rejected:,} rejected: {', '.join(self)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in self)
        body = "".join(
            "<tr>" + "".join(f"<td>{self[name][row]:.6g}</td>" for name in self) + "</tr>"
            for row in range(min(self.rows, 5))
        )
        return f"<table><tr>{head}</tr>{body}</table><p>{self.rows:,} rows</p>"


def _types(values: Any) -> np.ndarray:
    """Option types as the kernels read them; a value that is not a type becomes 255, which a kernel rejects."""
    array = np.asarray(values)
    if array.dtype.kind in "OUS":
        names = [_TYPES.get(str(value).strip().lower(), 255) for value in np.atleast_1d(array).tolist()]
        return np.array(names, np.uint8).reshape(array.shape)
    if array.dtype.kind not in "biu":
        raise AssayError("Option types are 'call' or 'put', or 0 for a call and 1 for a put.")
    return np.where((array == 0) | (array == 1), array, 255).astype(np.uint8)


def _numbers(values: Any, name: str) -> np.ndarray:
    try:
        return np.asarray(values, np.float64)
    except (TypeError, ValueError) as error:
        raise AssayError(f"The column {name} does not hold numbers: {error}.") from error


def tables(book: Any, columns: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The tables that a book's rows come in, one after the other, each extended by ``columns``."""
    if book is None:
        yield columns
    elif isinstance(book, Mapping):
        yield {**book, **columns}
    elif hasattr(book, "__arrow_c_stream__"):
        for _, chunk in _arrow.chunks(book):
            yield {**chunk, **columns}
    elif hasattr(book, "columns"):
        # A DataFrame without the Arrow interface: pandas before 2.2.
        yield {**{str(name): np.asarray(book[name]) for name in book.columns}, **columns}
    else:
        raise AssayError(
            f"A book is a DataFrame, an Arrow table or a mapping of columns; {type(book).__name__} is none of these.")


def _compute(
    operation: Operation, book: Any, columns: Mapping[str, Any], wanted: Sequence[str], on: Engine | None,
) -> Measures:
    known = [column.name for column in operation.inputs]
    parts = []
    for table in tables(book, columns):
        found = _names.resolve(table, known)
        unknown = [name for name in columns if name not in found.values()]
        if unknown:
            raise AssayError(f"{operation.name} does not read {unknown[0]}. It reads: {', '.join(known)}.")
        values: dict[str, np.ndarray] = {}
        for name in known:
            if name in found:
                column = table[found[name]]
                values[name] = _types(column) if name == "type" else _numbers(column, name)
            elif name in _DEFAULTS:
                values[name] = np.array(_DEFAULTS[name])
            else:
                raise AssayError(f"The book does not have a column {name}, which {operation.name} needs.")
        try:
            arrays = np.broadcast_arrays(*(np.atleast_1d(values[name]) for name in known))
        except ValueError as error:
            lengths = ", ".join(f"{name}: {np.size(values[name])}" for name in known)
            raise AssayError(f"The columns differ in length ({lengths}).", 1) from error
        flat = [array.reshape(-1) for array in arrays]
        parts.append((on or _engine()).execute(operation.name, flat[0].size, flat, wanted))
    if not parts:
        return Measures({name: np.empty(0) for name in wanted}, np.empty(0, np.uint8))

    def join(name: str) -> np.ndarray:
        return parts[0][name] if len(parts) == 1 else np.concatenate([part[name] for part in parts])

    return Measures({name: join(name) for name in wanted}, join("verdict"))


def _operation(model: str) -> Operation:
    operation = MODELS.get(model)
    if operation is None:
        raise AssayError(f"There is no model {model}. There are: {', '.join(MODELS)}.")
    return operation


def price(
    book: Any = None, *, model: str = "black-scholes", measures: str | Sequence[str] = STANDARD,
    engine: Engine | None = None, **columns: Any,
) -> Measures:
    """Prices a book of options.

    ``book`` is anything with ``__arrow_c_stream__`` (polars, pandas, pyarrow, DuckDB), or a mapping of columns; columns may
    also be given as keywords, and single numbers count for every row. Names are those of the command: ``type``, ``spot``
    (``forward`` for models on forwards), ``strike``, ``years``, ``rate``, ``dividendYield``, ``volatility``; case and
    underscores do not count. ``measures`` are names, or ``"all"``.

    Everything is annual, continuous and per 1.00: vega and rho not per 1%, theta per year and as time passes.

    >>> import assay
    >>> prices = assay.price(type=["call", "put"], spot=100, strike=[100, 95], years=1, volatility=0.2)
    >>> float(prices["price"][0])
    7.965567455405797
    """
    operation = _operation(model)
    optional = [column.name for column in operation.outputs if column.use == column.OPTIONAL]
    if measures == "all":
        names = optional
    elif isinstance(measures, str):
        names = [name.strip() for name in measures.split(",")]
    else:
        names = list(measures)
    if tuple(names) == STANDARD:
        names = [name for name in names if name in optional]
    for name in names:
        if name not in optional:
            raise AssayError(f"The model {model} does not compute {name}. It computes: {', '.join(optional)}.")
    return _compute(operation, book, columns, names, engine)


def implied_volatility(
    book: Any = None, *, model: str = "black-scholes", engine: Engine | None = None, **columns: Any,
) -> Measures:
    """The volatility at which the model gives each option's ``price``; see :func:`price` for the columns.

    >>> import assay
    >>> found = assay.implied_volatility(type="call", spot=100, strike=100, years=1, price=7.965567455405798)
    >>> float(found["impliedVolatility"][0])
    0.2
    """
    operation = OPERATIONS.get(_operation(model).name + "_implied_volatility")
    if operation is None:
        raise AssayError(f"The model {model} does not have an implied volatility in this build.")
    return _compute(operation, book, columns, ["impliedVolatility"], engine)
