"""Sums that are exact until they are rounded, once: the same bits for any order, split or machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._native import OPERATIONS, AssayError, Engine, engine as _engine

_HEADER = b"ASXS" + OPERATIONS["exact_sum"].version.to_bytes(4, "little")
_BYTES = len(_HEADER) + 280


class ExactSum:
    """An exact partial sum, which pickles, merges with ``+`` in any order, and rounds once with ``float``.

    >>> import assay
    >>> float(assay.ExactSum([1e300, 1.0]) + assay.ExactSum([-1e300]))
    1.0
    """

    def __init__(self, values: Any = (), *, engine: Engine | None = None) -> None:
        self._limbs, self._sum = _add(np.ascontiguousarray(values, np.float64), b"", engine)

    @classmethod
    def from_bytes(cls, state: bytes) -> ExactSum:
        """The sum of a state of :meth:`to_bytes`. A malformed state is an AssayError."""
        if len(state) != _BYTES or not state.startswith(_HEADER) or state[-8] > 7 or any(state[-7:]):
            raise AssayError(f"The state is not an exact sum of this version: {_BYTES} bytes that begin with its header.", 4)
        total = cls.__new__(cls)
        total._limbs, total._sum = _add(np.empty(0), state[len(_HEADER) :], None)
        return total

    def to_bytes(self) -> bytes:
        """The state: what other processes and machines merge."""
        return _HEADER + self._limbs

    def __add__(self, other: ExactSum) -> ExactSum:
        total = ExactSum.__new__(ExactSum)
        total._limbs, total._sum = _add(np.empty(0), self._limbs + other._limbs, None)
        return total

    def __float__(self) -> float:
        return self._sum

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExactSum) and self._limbs == other._limbs

    def __hash__(self) -> int:
        return hash(self._limbs)

    def __reduce__(self) -> Any:
        return ExactSum.from_bytes, (self.to_bytes(),)


def _add(values: np.ndarray, states: bytes, engine: Engine | None) -> tuple[bytes, float]:
    out = (engine or _engine()).execute("exact_sum", 1, [[values.tobytes()], [states]])
    return out["accumulator"].tobytes(), float(out["sum"][0])
