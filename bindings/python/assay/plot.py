"""Pictures with matplotlib, which ``pip install assay[plot]`` brings: a smile, a ladder of Greeks, a map of profit and loss.

Every function draws into ``axes``, or into a figure of its own, and returns the axes.
"""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np

from ._native import AssayError
from ._pricing import price
from ._risk import Risk


def _axes(axes: Any) -> Any:
    if axes is not None:
        return axes
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise AssayError("Pictures need matplotlib: pip install assay[plot].", 2) from error
    return pyplot.subplots()[1]


def smile(strikes: Any, volatilities: Any, *, axes: Any = None, label: str | None = None) -> Any:
    """Implied volatility, in percent, by strike; strikes without one are left out.

    ``volatilities`` is an array, or what :func:`assay.implied_volatility` returned.
    """
    values = np.asarray(
        volatilities["impliedVolatility"] if hasattr(volatilities, "verdicts") else volatilities, np.float64)
    places = np.asarray(strikes, np.float64)
    if places.shape != values.shape:
        raise AssayError(f"There are {places.size} strikes and {values.size} volatilities.", 1)
    good = np.isfinite(values)
    order = np.argsort(places[good], kind="stable")
    axes = _axes(axes)
    axes.plot(places[good][order], 100 * values[good][order], marker="o", label=label)
    axes.set_xlabel("strike")
    axes.set_ylabel("implied volatility, %")
    if label is not None:
        axes.legend()
    return axes


def ladder(measure: str = "delta", *, spots: Any, axes: Any = None, **option: Any) -> Any:
    """A measure of one option over ``spots``; ``option`` are the other columns as :func:`assay.price` takes them."""
    values = price(spot=np.asarray(spots, np.float64), measures=[measure], **option)[measure]
    axes = _axes(axes)
    axes.plot(spots, values)
    axes.set_xlabel("spot")
    axes.set_ylabel(measure)
    return axes


def heat_map(report: Risk, spots: Sequence[float], volatilities: Sequence[float], *, axes: Any = None) -> Any:
    """The whole book's profit and loss over the grid of scenarios that ``report`` was made with, spots outermost."""
    moves = report.total.profit_and_loss[0]
    if moves.size != len(spots) * len(volatilities):
        raise AssayError(
            f"The report has {moves.size} scenarios, which is not {len(spots)} spots x {len(volatilities)} volatilities.", 1)
    grid = moves.reshape(len(spots), len(volatilities)).T
    limit = float(np.nanmax(np.abs(grid))) or 1.0
    axes = _axes(axes)
    image = axes.imshow(grid, cmap="RdBu", vmin=-limit, vmax=limit, origin="lower", aspect="auto")
    axes.set_xticks(range(len(spots)), [f"{100 * move:+g}%" for move in spots])
    axes.set_yticks(range(len(volatilities)), [f"{100 * move:+g}" for move in volatilities])
    axes.set_xlabel("spot")
    axes.set_ylabel("volatility, points")
    axes.figure.colorbar(image, ax=axes, label="profit and loss")
    return axes
