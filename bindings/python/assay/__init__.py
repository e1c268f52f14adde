"""Assay: verification and option pricing in batches, with the same bits on every machine.

>>> import assay
>>> assay.price(type="call", spot=100, strike=100, years=1, volatility=0.2)
<assay.Measures of 1 rows, 0 rejected: price, delta, gamma, vega, theta, rho>
"""

from ._native import OPERATIONS, AssayError, Engine, engine, version
from ._pricing import MODELS, Measures, implied_volatility, price
from ._risk import Margin, Risk, margin, risk
from ._sums import ExactSum
from ._verify import Verdicts, verify, verify_columns, verify_lines
from . import merkle, vollib

__version__ = version()
__all__ = [
    "MODELS", "OPERATIONS", "AssayError", "Engine", "ExactSum", "Margin", "Measures", "Risk", "Verdicts", "engine",
    "implied_volatility", "margin", "merkle", "price", "risk", "verify", "verify_columns", "verify_lines", "version", "vollib",
]
