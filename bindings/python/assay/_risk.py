"""A book's totals by group, its profit and loss in scenarios, and its accounts' margins."""

from __future__ import annotations

import json
from typing import Any, Mapping, Sequence

import numpy as np

from . import _tables
from ._native import AssayError, Engine, engine as _engine


def _array(values: Sequence[float | None]) -> np.ndarray:
    """Numbers, NaN where the document has null."""
    return np.array([np.nan if value is None else value for value in values], np.float64)


class Lines(Mapping[str, np.ndarray]):
    """Lines of a risk report as arrays: by measure its totals, and what stands beside them.

    ``positions`` counts what the totals are of, ``rejected`` the positions that no total has, by line.
    ``profit_and_loss`` and ``delta_gamma_vega`` have a row per line and a column per scenario. A total is NaN where no
    position has the measure.
    """

    def __init__(self, lines: list[dict[str, Any]], measures: list[str], scenarios: int) -> None:
        self._totals = {name: _array([line["totals"][name] for line in lines]) for name in measures}
        self.positions = np.array([line["positions"] for line in lines], np.int64)
        self.rejected: list[dict[str, int]] = [line["rejected"] for line in lines]

        def moved(name: str) -> np.ndarray:
            values = [move[name] for line in lines for move in line["scenarios"]]
            return _array(values).reshape(len(lines), scenarios)

        self.profit_and_loss, self.delta_gamma_vega = moved("profitAndLoss"), moved("deltaGammaVega")

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._totals:
            raise KeyError(f"{name} was not asked for; there are {', '.join(self._totals)}")
        return self._totals[name]

    def __iter__(self) -> Any:
        return iter(self._totals)

    def __len__(self) -> int:
        return len(self._totals)


class Risk:
    """What :func:`risk` returns.

    ``groups`` are :class:`Lines`, one per group in the order of ``keys``; ``total`` is the line of the whole book, or a
    line for each of ``currencies`` where the book has several, which are never added. ``scenarios`` are the scenarios'
    names. ``document`` is the JSON document of ``assay risk --json``, byte for byte.
    """

    def __init__(self, document: bytes) -> None:
        self.document = document
        report = json.loads(document)
        lines = report["groups"]
        totals = [report["total"]] if report["total"] is not None else report["totals"]
        self.by: list[str] = report["by"]
        self.measures: list[str] = report["measures"]
        self.currencies: list[str] = [line["group"]["currency"] for line in totals] if len(totals) > 1 else []
        self.scenarios: list[str] = [move["name"] for move in totals[0]["scenarios"]]
        self.rejected: int = report["rejected"]
        self.keys = {name: np.array([line["group"][name] for line in lines], object) for name in self.by}
        self.groups = Lines(lines, self.measures, len(self.scenarios))
        self.total = Lines(totals, self.measures, len(self.scenarios))

    def to_dict(self) -> dict[str, np.ndarray]:
        """The groups' keys, positions, totals and profit and loss as a dictionary of columns, as DataFrames take it."""
        moves = {f"profitAndLoss {name}": self.groups.profit_and_loss[:, place]
                 for place, name in enumerate(self.scenarios)}
        return {**self.keys, "positions": self.groups.positions, **self.groups, **moves}

    def to_pandas(self) -> Any:
        """A pandas DataFrame, a row per group."""
        import pandas

        return pandas.DataFrame(self.to_dict())

    def to_polars(self) -> Any:
        """A polars DataFrame, a row per group."""
        import polars

        return polars.DataFrame(self.to_dict())

    def __repr__(self) -> str:
        by = f"{len(self.groups.positions):,} groups by {', '.join(self.by)}, " if self.by else ""
        return f"<assay.Risk: {by}{int(self.total.positions.sum()):,} positions, {self.rejected:,} rejected>"


def risk(
    book: Any = None, *, by: str | Sequence[str] = (), measures: str | Sequence[str] | None = None,
    scenarios: Any = None, fx: Any = None, units: str | None = None, as_of: str | None = None, model: str | None = None,
    strict_fields: bool = False, engine: Engine | None = None, **columns: Any,
) -> Risk:
    """Totals a book's measures by group, and its profit and loss in scenarios.

    ``book`` is what :func:`price` takes, or a path or the bytes of a file, CSV or Arrow; ``quantity`` and ``multiplier``
    count. ``by`` names columns to group by. ``scenarios`` is what a scenario file holds: a dictionary, a path, or JSON
    text; ``fx`` is what a file of ``--fx`` holds, and ``units`` is ``"annual"`` or ``"market"``. ``as_of`` is the valuation date of ``expiry`` dates. Totals are exact and rounded once, so the order of the
    rows does not matter.

    >>> import assay
    >>> book = {"type": ["call", "put", "call"], "spot": 100, "strike": [90, 100, 110], "years": 0.5,
    ...         "volatility": 0.2, "quantity": [10, -5, 3], "account": ["a", "b", "a"]}
    >>> report = assay.risk(book, by="account", measures="price,delta", scenarios={"spot": [-0.1, 0.1]})
    >>> report
    <assay.Risk: 2 groups by account, 3 positions, 0 rejected>
    >>> report.keys["account"].tolist(), report.groups.profit_and_loss.shape
    (['a', 'b'], (2, 2))
    """
    options = {
        "by": by if isinstance(by, str) else list(by), "asOf": as_of, "model": model,
        "measures": measures if measures is None or isinstance(measures, str) else list(measures),
        "scenarios": None if scenarios is None else json.loads(_tables.file_bytes(scenarios, "scenarios")),
        "fx": None if fx is None else json.loads(_tables.file_bytes(fx, "fx")), "units": units,
        "strictFields": strict_fields,
    }
    return Risk((engine or _engine()).risk_document([("book", _tables.book_bytes(book, columns))], json.dumps(options)))


class Margin:
    """What :func:`margin` returns.

    ``accounts`` are dictionaries with ``initialMargin``, ``maintenanceMargin``, ``equity``, ``ratio``, ``worstScenario``,
    ``liquidatable`` and ``distanceToLiquidation``; amounts are the decimal texts of the document, so that none loses a
    digit. ``document`` is that of ``assay risk --margin --json``, byte for byte.
    """

    def __init__(self, document: bytes) -> None:
        self.document = document
        report = json.loads(document)
        self.rule: str = report["rule"]
        self.arithmetic: str = report["arithmetic"]
        self.accounts: list[dict[str, Any]] = report["accounts"]
        self.liquidation_order: list[str] = report["liquidationOrder"]
        self.explanation: list[dict[str, str]] | None = report.get("explanation")

    def __getitem__(self, account: str) -> dict[str, Any]:
        """The account of that name; where it has several currencies, the first."""
        for entry in self.accounts:
            if entry["account"] == account:
                return entry
        raise KeyError(account)

    def __repr__(self) -> str:
        return f"<assay.Margin by {self.rule}: {len(self.accounts):,} accounts, {len(self.liquidation_order):,} to liquidate>"


def margin(
    book: Any, rule: Any, *, accounts: Any = None, prices: Any = None, signers: Any = None, what_if: Any = None,
    quorum: int | None = None, max_age: int | None = None, explain: str | None = None, as_of: str | None = None,
    engine: Engine | None = None,
) -> Margin:
    """Computes the margin of every account of a book by a rule.

    ``book`` and ``what_if`` are books as :func:`risk` takes them, CSV; ``rule``, ``accounts``, ``prices`` and
    ``signers`` are the command's files: paths, JSON text, or for JSON dictionaries and lists.
    """
    files = [("book", _tables.book_bytes(book, {})), ("margin", _tables.file_bytes(rule, "rule"))]
    for name, value in (("accounts", accounts), ("prices", prices), ("signers", signers)):
        if value is not None:
            files.append((name, _tables.file_bytes(value, name)))
    if what_if is not None:
        files.append(("whatIf", _tables.book_bytes(what_if, {})))
    options = {"quorum": quorum, "maxAge": max_age, "explain": explain, "asOf": as_of}
    return Margin((engine or _engine()).risk_document(files, json.dumps(options)))
