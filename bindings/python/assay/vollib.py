"""The functions of vollib and py_vollib by their names, arguments and units, over numbers and arrays alike.

Units are theirs: vega and rho per 1%, theta per day of 365.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _pricing, _scalar


_PUTS = {"c": False, "C": False, "p": True, "P": True}


def _is_scalar(flag: Any, *numbers: Any) -> bool:
    """Whether all arguments are a word and plain numbers: then no array needs to be made."""
    return flag in _PUTS and all(type(number) is float or type(number) is int for number in numbers)


def _flags(flag: Any) -> np.ndarray:
    return np.where(np.char.lower(np.asarray(flag, str)) == "p", 1, 0).astype(np.uint8)


def _shaped(values: np.ndarray, *arguments: Any) -> Any:
    return float(values[0]) if all(np.ndim(argument) == 0 for argument in arguments) else values


def _measure(name: str, scale: float, flag: Any, S: Any, K: Any, t: Any, r: Any, sigma: Any, q: Any) -> Any:
    if isinstance(flag, str) and _is_scalar(flag, S, K, t, r, sigma, q):
        return _scalar.option("black-scholes", name).compute(_PUTS[flag], S, K, t, r, q, sigma) * scale
    values = _pricing.price(
        type=_flags(flag), spot=S, strike=K, years=t, rate=r, volatility=sigma, dividendYield=q, measures=[name])
    return _shaped(values[name] * scale, flag, S, K, t, r, sigma, q)


def black_scholes(flag: Any, S: Any, K: Any, t: Any, r: Any, sigma: Any) -> Any:
    """The price under Black and Scholes.

    >>> import assay.vollib
    >>> assay.vollib.black_scholes("c", 100, 100, 1, 0, 0.2)
    7.965567455405797
    """
    return _measure("price", 1, flag, S, K, t, r, sigma, 0.0)


def black_scholes_merton(flag: Any, S: Any, K: Any, t: Any, r: Any, sigma: Any, q: Any) -> Any:
    """The price with a continuous dividend yield."""
    return _measure("price", 1, flag, S, K, t, r, sigma, q)


def black(flag: Any, F: Any, K: Any, t: Any, r: Any, sigma: Any) -> Any:
    """The discounted price of an option on a forward."""
    if isinstance(flag, str) and _is_scalar(flag, F, K, t, r, sigma):
        return _scalar.option("black-76", "price").compute(_PUTS[flag], F, K, t, r, 0.0, sigma)
    values = _pricing.price(
        model="black-76", type=_flags(flag), forward=F, strike=K, years=t, rate=r, volatility=sigma, measures=["price"])
    return _shaped(values["price"], flag, F, K, t, r, sigma)


def delta(flag: Any, S: Any, K: Any, t: Any, r: Any, sigma: Any, q: Any = 0.0) -> Any:
    """The first derivative by the spot."""
    return _measure("delta", 1, flag, S, K, t, r, sigma, q)


def gamma(flag: Any, S: Any, K: Any, t: Any, r: Any, sigma: Any, q: Any = 0.0) -> Any:
    """The second derivative by the spot."""
    return _measure("gamma", 1, flag, S, K, t, r, sigma, q)


def vega(flag: Any, S: Any, K: Any, t: Any, r: Any, sigma: Any, q: Any = 0.0) -> Any:
    """The derivative by volatility, per 1%."""
    return _measure("vega", 0.01, flag, S, K, t, r, sigma, q)


def rho(flag: Any, S: Any, K: Any, t: Any, r: Any, sigma: Any, q: Any = 0.0) -> Any:
    """The derivative by the rate, per 1%."""
    return _measure("rho", 0.01, flag, S, K, t, r, sigma, q)


def theta(flag: Any, S: Any, K: Any, t: Any, r: Any, sigma: Any, q: Any = 0.0) -> Any:
    """The change per day as time passes."""
    return _measure("theta", 1 / 365, flag, S, K, t, r, sigma, q)


def implied_volatility(price: Any, S: Any, K: Any, t: Any, r: Any, flag: Any, q: Any = 0.0) -> Any:
    """The volatility of a price under Black and Scholes; NaN where there is none.

    >>> import assay.vollib
    >>> assay.vollib.implied_volatility(7.965567455405798, 100, 100, 1, 0, "c")
    0.2
    """
    if isinstance(flag, str) and _is_scalar(flag, price, S, K, t, r, q):
        return _scalar.option("black-scholes", None).compute(_PUTS[flag], S, K, t, r, q, price)
    values = _pricing.implied_volatility(
        type=_flags(flag), spot=S, strike=K, years=t, rate=r, dividendYield=q, price=price)
    return _shaped(values["impliedVolatility"], price, S, K, t, r, flag, q)
