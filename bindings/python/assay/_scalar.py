"""One option at a time: what a scalar call needs stands ready, so that a call is a handful of stores and one function."""

from __future__ import annotations

import ctypes as c
import os
import threading
from typing import Any

from . import _native

# Without argument types: arguments that are ctypes objects already pass as they are.
_price, _implied_volatility = _native._library.assay_price, _native._library.assay_implied_volatility


class Option:
    """The memory of one option under one model, and the call that computes one measure of it. Of one thread."""

    def __init__(self, model: str, measure: str | None) -> None:
        self._numbers = (c.c_double * 8)()
        self._type, self._verdict, self._error = c.c_uint8(), c.c_uint8(), c.c_void_p()
        at = [c.addressof(self._numbers) + 8 * place for place in range(8)]
        self._model = model.encode()
        self._book = _native._Book(
            c.sizeof(_native._Book), 1, self._model, c.addressof(self._type), at[0], at[1], at[2], at[3], at[4], at[5], at[5])
        self._engine = _native.engine()
        self._arguments: tuple[Any, ...]
        verdict, error = c.byref(self._verdict), c.byref(self._error)
        if measure is None:
            self._call = _implied_volatility
            self._arguments = (self._engine._handle, None, c.byref(self._book), c.c_void_p(at[6]), verdict, error)
        else:
            self._call = _price
            self._names, self._out = (c.c_char_p * 1)(measure.encode()), (c.c_void_p * 1)(at[6])
            self._arguments = (
                self._engine._handle, None, c.byref(self._book), self._names, c.c_size_t(1), self._out, verdict, error)

    def compute(
        self, is_put: bool, underlying: float, strike: float, years: float, rate: float, dividend_yield: float, last: float,
    ) -> float:
        """The measure, where ``last`` is the volatility, or the price whose volatility is wanted; NaN for a bad row."""
        numbers = self._numbers
        numbers[0], numbers[1], numbers[2] = underlying, strike, years
        numbers[3], numbers[4], numbers[5] = rate, dividend_yield, last
        self._type.value = is_put
        _native._check(self._call(*self._arguments), self._error)
        return numbers[6]


_threads = threading.local()


def option(model: str, measure: str | None) -> Option:
    """This thread's option for a measure of a model, or with None for its implied volatility."""
    options: dict[tuple[str, str | None], Option] | None = getattr(_threads, "options", None)
    if options is None or _threads.process != os.getpid():
        options = _threads.options = {}
        _threads.process = os.getpid()
    found = options.get((model, measure))
    if found is None:
        found = options[model, measure] = Option(model, measure)
    return found
