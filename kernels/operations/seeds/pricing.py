#!/usr/bin/env python3
"""Writes pricing.seed.h: rows of the implied volatilities and of the scenario grid that random numbers seldom make.

  python3 kernels/operations/seeds/pricing.py          needs mpmath (PyPI), whose prices at 60 digits are rounded once

Each model gets ordinary rows, rows far out, deep in the money, within minutes of expiry, at tiny and huge volatilities; then
prices on, just below and far below the intrinsic value, on and above the bound, zero, negative and not finite.
"""
import math
import pathlib
import struct

from mpmath import erfc, exp, log, mp, mpf, pi, sqrt

mp.dps = 60
NAN, INF = math.nan, math.inf


def normal(d):
    return erfc(-d / sqrt(2)) / 2


def black_scholes(sign, spot, strike, years, rate, dividend, volatility):
    v = volatility * sqrt(years)
    d1 = (log(spot / strike) + (rate - dividend) * years) / v + v / 2
    near, far = spot * exp(-dividend * years), strike * exp(-rate * years)
    return sign * (near * normal(sign * d1) - far * normal(sign * (d1 - v)))


def bachelier(sign, forward, strike, years, rate, volatility):
    v = volatility * sqrt(years)
    d = (forward - strike) / v
    density = exp(-d * d / 2) / sqrt(2 * pi)
    return exp(-rate * years) * (sign * (forward - strike) * normal(sign * d) + v * density)


def exact(*numbers):
    return [mpf(x) for x in numbers]


# spot (or forward), strike, years, rate, yield, volatility
ORDINARY = [
    (100.0, 100.0, 1.0, 0.03, 0.01, 0.2), (100.0, 90.0, 0.5, 0.03, 0.0, 0.35), (100.0, 130.0, 2.0, -0.01, 0.02, 0.15),
    (63000.0, 70000.0, 0.25, 0.0, 0.0, 0.7), (1.08, 1.1, 0.08, 0.04, 0.03, 0.06), (55.5, 20.0, 3.0, 0.05, 0.0, 0.6),
    (100.0, 100.0, 1.0, 0.0, 0.0, 0.2), (100.0, 101.0, 30.0, -0.005, 0.01, 0.25),
]
FAR = [
    (100.0, 400.0, 0.25, 0.02, 0.0, 0.2), (100.0, 1000.0, 0.5, 0.0, 0.0, 0.15), (100.0, 10.0, 0.1, 0.01, 0.0, 0.4),
    (100.0, 250.0, 0.01, 0.0, 0.0, 0.3), (100.0, 99.0, 1e-4, 0.02, 0.0, 0.3), (100.0, 100.0, 1e-6, 0.0, 0.0, 0.5),
    (100.0, 100.001, 2e-7, 0.0, 0.0, 0.2), (100.0, 100.0000001, 1.0, 0.0, 0.0, 1e-6), (100.0, 100.0, 1.0, 0.0, 0.0, 1e-9),
    (100.0, 150.0, 1.0, 0.0, 0.0, 12.0), (100.0, 50.0, 4.0, 0.02, 0.01, 5.0), (1e-150, 2e-150, 1.0, 0.0, 0.0, 0.8),
    (1e200, 1.5e200, 1.0, 0.01, 0.0, 0.5),
]


def implied_rows(price_of, columns):
    """(type, numbers, price) of one model; `columns` are the inputs of a row above that the model has."""
    rows = []
    for row in ORDINARY + FAR:
        numbers = [row[i] for i in columns]
        for kind in (0, 1):
            price = price_of(1 - 2 * kind, *exact(*numbers, row[5] * (row[0] if price_of is bachelier else 1)))
            rows.append((kind, numbers, float(price)))
    ordinary = [[row[i] for i in columns] for row in ORDINARY[:3]]
    for numbers in ordinary[:2]:
        spot, strike, years, rate = numbers[:4]
        dividend = rate if len(numbers) == 4 else numbers[4]
        near, far = float(spot * exp(-mpf(dividend) * years)), float(strike * exp(-mpf(rate) * years))
        for kind, value, bound in ((0, near - far, near), (1, far - near, far)):
            intrinsic = max(value, 0.0)
            edges = [intrinsic, math.nextafter(intrinsic, -INF), math.nextafter(intrinsic, INF), intrinsic * 0.99,
                     math.nextafter(bound, 0.0), bound, math.nextafter(bound, INF), bound * 2, 0.0, -0.0, -1.0,
                     5e-324, 1e-310, NAN, INF, -INF]
            rows += [(kind, numbers, price) for price in edges]
    base = ordinary[0]
    for place, value in ((0, 0.0), (0, NAN), (1, 0.0), (1, INF), (2, 0.0), (2, -1.0), (3, 250.0), (3, NAN)):
        rows.append((0, base[:place] + [value] + base[place + 1 :], 7.5))
    rows.append((2, base, 7.5))
    return rows


def packed(rows):
    return [struct.pack(f"<B{len(numbers) + 1}d", kind, *numbers, last) for kind, numbers, last in rows]


def grid_rows():
    """Rows under 27 scenarios, of which some take a volatility to 0, and five that are padding or refused."""
    scenarios = [(0.05 * (i // 3 - 4), 0.1 * (i % 3 - 1)) for i in range(27)]
    scenarios += [(-1.0, 0.0), (-1.5, 0.0), (1e308, 0.0), (0.0, NAN), (0.0, 0.0)]
    shifts = struct.pack("<32d", *(s for s, _ in scenarios)) + struct.pack("<32d", *(v for _, v in scenarios))
    return [struct.pack("<B6d", i % 2, *row) + shifts for i, row in enumerate(ORDINARY)]


def array(name, rows):
    data = b"".join(rows)
    lines = [", ".join(f"0x{byte:02x}" for byte in data[i : i + 20]) for i in range(0, len(data), 20)]
    body = ",\n  ".join(lines)
    return f"#define ASSAY_SEEDS_{name} ~, 1\nstatic const uint8_t assay_seeds_{name}[] = {{\n  {body}}};\n"


def smiles():
    """Slices of total variance with a skew, a kink, noise and few points; then some that are refused."""
    slices = []
    for n, (a, b, rho, m, sigma, years) in enumerate([
        (0.02, 0.1, -0.4, 0.05, 0.2, 0.5), (0.0, 0.3, 0.2, -0.1, 0.01, 0.02), (0.1, 0.4, -0.9, 0.3, 0.6, 2.0), (0.04, 0.0, 0.0, 0.0, 1.0, 1.0),
    ]):
        points = []
        for i in range(5 + 7 * n):
            k = 0.12 * (i - 3 * n - 2)
            w = a + b * (rho * (k - m) + math.sqrt((k - m) ** 2 + sigma * sigma))
            noise = 1 + 0.01 * math.sin(17 * i + n)
            points += [100 * math.exp(k + 0.03 * years), 100.0, 0.03, math.sqrt(w / years) * noise, 1.0 + i % 3]
        slices.append((years, points))
    years, points = slices[0]
    slices += [(years, points[:10]), (years, points[:14]), (-1.0, points), (years, [NAN] + points[1:]), (years, points[:15])]
    slices.append((years, [100.0, 100.0, 0.0, 0.3, 1.0] * 6))
    return [struct.pack("<dI", years, 8 * len(points)) + struct.pack(f"<{len(points)}d", *points) for years, points in slices]


def pairs_of_slices():
    near, later, crossing = (0.02, 0.1, -0.4, 0.05, 0.2), (0.03, 0.12, -0.4, 0.05, 0.25), (0.001, 0.3, 0.1, 0.0, 0.1)
    spans = [(-1.0, 1.0), (-0.1, 3.0), (1.0, -1.0), (0.0, NAN)]
    return [struct.pack("<12d", *a, *b, *span) for a, b in ((near, later), (later, near), (near, crossing)) for span in spans]


def alias(name, other):
    """The rows of another operation once more."""
    return f"#define ASSAY_SEEDS_{name} ~, 1\n#define assay_seeds_{name} assay_seeds_{other}\n"


def black_76(sign, forward, strike, years, rate, volatility):
    return black_scholes(sign, forward, strike, years, rate, rate, volatility)


# spot, strike, years, rate, yield, volatility: puts and calls in and out of the money, with the limit of the boundary below the
# strike, near it, with two boundaries that meet or do not, low volatility, within an hour of expiry, and never exercised early.
AMERICAN = [
    (100.0, 100.0, 1.0, 0.05, 0.05, 0.25), (90.0, 100.0, 0.5, 0.06, 0.01, 0.3), (110.0, 100.0, 2.0, 0.03, 0.08, 0.2),
    (80.0, 100.0, 0.25, 0.08, 0.0, 0.4), (101.0, 100.0, 1 / 8760, 0.1, 0.02, 0.6), (97.0, 100.0, 3.0, 0.15, -0.05, 0.05),
    (100.0, 105.0, 5.0, -0.02, -0.05, 0.2), (85.0, 100.0, 5.0, -0.01, -0.015, 0.1), (100.0, 95.0, 1.0, -0.01, 0.02, 0.3),
    (100.0, 110.0, 10.0, 0.02, 0.1, 1.5), (100.0, 100.0, 0.7, 0.0, 0.0, 0.2), (63000.0, 70000.0, 0.25, 0.04, 0.0, 0.7),
]
# Values between exercise now and the bound for the rows above, beside the edges.
AMERICAN_PRICES = [9.5, 12.0, 6.0, 21.0, 0.5, 4.0, 18.0, 20.0, 12.0, 80.0, 6.5, 9000.0]


def inverse_quotes():
    """Prices in coin: Black-76's at rate 0 over the forward, and the edges."""
    rows = []
    for forward, strike, years, _, _, volatility in ORDINARY + FAR:
        for kind in (0, 1):
            price = black_76(1 - 2 * kind, *exact(forward, strike, years, 0.0, volatility)) / mpf(forward)
            rows.append((kind, [forward, strike, years], float(price)))
    for kind in (0, 1):
        for price in (0.0, 0.1, 0.9, 1.0, math.nextafter(1.0, 0.0), 5.0, -1.0, NAN, INF):
            rows.append((kind, [100.0, 90.0, 0.5], price))
    return rows + [(0, [0.0, 90.0, 0.5], 0.1), (0, [100.0, INF, 0.5], 0.1), (2, [100.0, 90.0, 0.5], 0.1)]


def american_rows():
    return [(kind, list(row[:5]), row[5]) for row in AMERICAN for kind in (0, 1)]


def american_quotes():
    rows = [(kind, list(row[:5]), price) for row, price in zip(AMERICAN, AMERICAN_PRICES) for kind in (0, 1)]
    edges = [20.0, math.nextafter(20.0, INF), math.nextafter(20.0, 0.0), 19.0, 99.0, 100.0, 101.0, 0.0, -1.0, NAN, INF]
    return rows + [(kind, list(AMERICAN[3][:5]), price) for price in edges for kind in (0, 1)]


text = "// Rows of the pricing operations. Made by pricing.py; do not edit.\n\n"
text += "\n".join([
    array("black_scholes_grid", grid_rows()),
    array("black_scholes_implied_volatility", packed(implied_rows(black_scholes, (0, 1, 2, 3, 4)))),
    array("black_76_implied_volatility", packed(implied_rows(black_76, (0, 1, 2, 3)))),
    array("inverse_implied_volatility", packed(inverse_quotes())),
    array("bachelier_implied_volatility", packed(implied_rows(bachelier, (0, 1, 2, 3)))),
    array("american", packed(american_rows())),
    alias("american_fast", "american"),
    alias("american_high", "american"),
    array("american_implied_volatility", packed(american_quotes())),
    alias("american_fast_implied_volatility", "american_implied_volatility"),
    alias("american_high_implied_volatility", "american_implied_volatility"),
    array("svi_slice", smiles()),
    array("svi_butterfly", [row[40:80] + row[80:96] for row in pairs_of_slices()]),
    array("svi_calendar", pairs_of_slices()),
])
pathlib.Path(__file__).with_name("pricing.seed.h").write_text(text)
