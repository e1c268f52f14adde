"""Price errors of the peers on the rows that docs/accuracy.md uses, in ulp of the true value: median / p99 / max.

    python accuracy.py PRICES_BINARY REFERENCE.csv      needs numpy, scipy and, where installed, py_vollib
"""

import csv
import math
import subprocess
import sys
from decimal import Decimal

import numpy as np
from scipy.special import ndtr

rows = list(csv.DictReader(open(sys.argv[2])))
names = ("S_hex", "K_hex", "T_hex", "r_hex", "q_hex", "sigma_hex")
S, K, T, r, q, sigma = (np.array([float.fromhex(row[n]) for row in rows]) for n in names)
sign = np.array([float(row["cp"]) for row in rows])
text = "".join(" ".join(["0" if row["cp"] == "1" else "1"] + [row[n] for n in names]) + "\n" for row in rows)
lines = subprocess.run([sys.argv[1]], input=text, capture_output=True, text=True, check=True).stdout.splitlines()
peers = {
    "QuantLib BlackCalculator": [float.fromhex(line.split()[0]) for line in lines],
    "Jaeckel": [float.fromhex(line.split()[1]) for line in lines],
}
v = sigma * np.sqrt(T)
d1 = (np.log(S / K) + (r - q) * T) / v + 0.5 * v
peers["numpy + scipy"] = sign * (S * np.exp(-q * T) * ndtr(sign * d1) - K * np.exp(-r * T) * ndtr(sign * (d1 - v)))
try:
    from py_vollib.black_scholes_merton import black_scholes_merton

    peers["vollib"] = [black_scholes_merton("c" if sign[i] > 0 else "p", S[i], K[i], T[i], r[i], sigma[i], q[i])
                       for i in range(len(rows))]
except ImportError:
    pass


def cell(errors):
    errors.sort()
    figure = lambda x: f"{x:.1f}" if x < 100 else f"{x:.1e}"
    return " / ".join(figure(errors[i]) for i in (len(errors) // 2, int(len(errors) * 0.99), -1))


print("| regime | " + " | ".join(peers) + " |")
print("|---" * (len(peers) + 1) + "|")
for regime in dict.fromkeys(row["regime"] for row in rows):
    cells = []
    for prices in peers.values():
        errors = []
        for row, price in zip(rows, prices):
            if row["regime"] == regime:
                true = Decimal(row["price"])
                unit = Decimal(math.ulp(max(abs(float(true)), 2.3e-308)))
                errors.append(float(abs(Decimal(float(price)) - true) / unit) if math.isfinite(price) else math.inf)
        cells.append(cell(errors))
    print(f"| {regime} | " + " | ".join(cells) + " |")
