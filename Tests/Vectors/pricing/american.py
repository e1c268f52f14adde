#!/usr/bin/env python3
"""Writes reference-american.csv: American options with a continuous yield, as Tests/AssayPricingTests/AmericanTests.swift compares them.

    python3 Tests/Vectors/pricing/american.py > Tests/Vectors/pricing/reference-american.csv      needs numpy and scipy (PyPI)

An implementation of its own, in another formulation than the kernels': equation B of Andersen, Lake and Offengenden at 48
Chebyshev nodes in the square root of time, 64 points of Gauss and Legendre, the plain fixed point until nothing changes, and the
price by 160 points. `--check` compares with QuantLib's QdFpAmericanEngine in its high-precision scheme (PyPI: QuantLib) and with the
premium that the paper's table 2 publishes. Each row's uncertainty is what halving the nodes to 36 changes, a column of its own.
"""
import sys

import numpy as np
from scipy.special import log_ndtr, ndtr

ROWS, SEED = 240, 20261130


def matrix(nodes, places):
    """Values at `places` from values at the Chebyshev extrema of [0, 1], by the barycentric formula."""
    x = (1 + np.cos(np.pi * np.arange(nodes + 1) / nodes)) / 2
    weight = np.where(np.arange(nodes + 1) % 2 == 0, 1.0, -1.0)
    weight[[0, -1]] *= 0.5
    distance = places[..., None] - x
    hit = np.abs(distance) < 1e-15
    terms = weight / np.where(hit, 1, distance)
    result = terms / terms.sum(-1, keepdims=True)
    exact = hit.any(-1)
    result[exact] = hit[exact]
    return result


def put(spot, rate, yield_, years, volatility, nodes, inner=64, outer=160):
    """The put of strike 1, one boundary: arrays of numbers with rate > 0."""
    r, q, time = rate / volatility**2, yield_ / volatility**2, volatility**2 * years
    limit = np.where(q > 0, np.minimum(1, r / np.where(q > 0, q, 1)), 1.0)
    x = ((1 + np.cos(np.pi * np.arange(nodes) / nodes)) / 2)[:, None]
    t, weight = np.polynomial.legendre.leggauss(inner)
    t, weight = (t + 1) * np.pi / 4, weight * np.pi / 4
    sine, cosine = np.sin(t)[None, :, None], np.cos(t)[None, :, None]
    table = matrix(nodes, x * np.sin(t)[None, :])
    left = time * x * x
    root, z = np.sqrt(left), left[:, None] * cosine**2
    growth_r, growth_q = np.exp(r * left[:, None] * sine**2), np.exp(q * left[:, None] * sine**2)
    measure = (2 * weight[None, :, None] * sine * cosine) * left[:, None]
    log = -0.6 * root / (1 + root)
    for _ in range(400):
        square = np.vstack([log * log, np.zeros((1, len(time)))])
        moved = log[:, None] + np.sqrt(np.maximum(np.einsum("ikj,jn->ikn", table, square), 0))
        d2 = (moved + (r - q) * z) / np.sqrt(z) - np.sqrt(z) / 2
        at = (log + np.log(limit) + (r - q) * left) / root - root / 2
        above = ndtr(at) + r * (measure * growth_r * ndtr(d2)).sum(1)
        below = ndtr(at + root) + q * (measure * growth_q * ndtr(d2 + np.sqrt(z))).sum(1)
        # Half a step where a whole one would leave the domain.
        following = np.minimum(np.log(above / below) - (r - q) * left - np.log(limit), 0.5 * log)
        change = np.abs(following - log).max(0)
        log = following
        if change.max() < 1e-14:
            break
    square = np.vstack([log * log, np.zeros((1, len(time)))])
    # The price: time left u = time (1 - v^2), v = c sinh(..), which crowds points where the integrand is steep.
    s, weight = np.polynomial.legendre.leggauss(outer)
    s, weight = (s + 1)[:, None] / 2, weight[:, None] / 2
    boundary = np.log(limit) + log[0]
    c = np.clip(np.abs(np.log(spot) - boundary) / np.sqrt(time), 1e-4, None)
    reach = np.arcsinh(np.pi / 2 / c)
    angle, measure = c * np.sinh(reach * s), weight * c * reach * np.cosh(reach * s)
    v, left = np.sin(angle), np.cos(angle)
    place = np.einsum("knj,jn->kn", matrix(nodes, left), square)
    then, z = np.log(limit) - np.sqrt(np.maximum(place, 0)), time * v * v
    d1 = (np.log(spot) - then + (r - q) * z) / np.sqrt(z) + np.sqrt(z) / 2
    rate_part = np.exp(-r * z) * ndtr(np.sqrt(z) - d1)
    inside = r * rate_part - q * spot * np.exp(-q * z) * ndtr(-d1)
    premium = (2 * time * inside * v * left * measure).sum(0)
    d1 = (np.log(spot) + (r - q) * time) / np.sqrt(time) + np.sqrt(time) / 2
    european = np.exp(log_ndtr(np.sqrt(time) - d1) - r * time) - spot * np.exp(log_ndtr(-d1) - q * time)
    return np.where(np.log(spot) <= boundary, 1 - spot, european + premium)


def options():
    random = np.random.default_rng(SEED)
    years = np.round(np.exp(random.uniform(np.log(4), np.log(1825), ROWS))) / 365
    volatility = np.round(np.exp(random.uniform(np.log(0.05), np.log(1.5), ROWS)), 4)
    rate, yield_ = np.round(random.uniform(0.002, 0.12, ROWS), 4), np.round(random.uniform(0.002, 0.12, ROWS), 4)
    deviation = np.minimum(volatility * np.sqrt(years), 0.6)
    spot = np.round(100 * np.exp(random.normal(0, 0.8, ROWS) * deviation), 4)
    kind = random.integers(0, 2, ROWS)
    return kind, spot, np.full(ROWS, 100.0), years, rate, yield_, volatility


def prices(rows, nodes):
    kind, spot, strike, years, rate, yield_, volatility = rows
    call = kind == 0
    s, k = np.where(call, strike, spot), np.where(call, spot, strike)
    r, q = np.where(call, yield_, rate), np.where(call, rate, yield_)
    value = np.empty(ROWS)
    for first in range(0, ROWS, 40):
        part = slice(first, first + 40)
        value[part] = k[part] * put(s[part] / k[part], r[part], q[part], years[part], volatility[part], nodes)
    return value


def check(rows, value):
    import QuantLib as ql

    one = np.array([0.05])
    premium = 100 * put(np.ones(1), one, one, np.ones(1), np.array([0.25]), 48)[0]
    european = 100 * np.exp(-0.05) * (2 * ndtr(0.125) - 1)
    print(f"published premium 0.106952702747: off by {premium - european - 0.106952702747:.1e}", file=sys.stderr)
    today, day_count = ql.Date(1, 1, 2026), ql.Actual365Fixed()
    ql.Settings.instance().evaluationDate = today
    worst = []
    for i, (kind, spot, strike, years, rate, yield_, volatility) in enumerate(zip(*(column.tolist() for column in rows))):
        flat = lambda r: ql.YieldTermStructureHandle(ql.FlatForward(today, r, day_count))
        vol = ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), volatility, day_count))
        process = ql.BlackScholesMertonProcess(ql.QuoteHandle(ql.SimpleQuote(spot)), flat(yield_), flat(rate), vol)
        payoff = ql.PlainVanillaPayoff(ql.Option.Put if kind else ql.Option.Call, strike)
        option = ql.VanillaOption(payoff, ql.AmericanExercise(today, today + round(years * 365)))
        option.setPricingEngine(ql.QdFpAmericanEngine(process, ql.QdFpAmericanEngine.highPrecisionScheme()))
        worst.append(abs(option.NPV() - value[i]))
    print(f"QuantLib, high precision: median {np.median(worst):.1e}, largest {max(worst):.1e}", file=sys.stderr)


rows = options()
fine, coarse = prices(rows, 48), prices(rows, 36)
if "--check" in sys.argv:
    check(rows, fine)
print("type,spot,strike,years,rate,dividendYield,volatility,price,uncertainty")
for row in zip(*(column.tolist() for column in rows), fine.tolist(), np.abs(fine - coarse).tolist()):
    print(",".join(["put" if row[0] else "call"] + [repr(x) for x in row[1:8]] + [f"{row[8]:.0e}"]))
