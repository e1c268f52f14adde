#!/usr/bin/env python3
"""The same margin in numpy and scipy: every option once per scenario, then the accounts' sums. Prints seconds of the computation alone.

usage: numpy_peer.py BOOK.csv RULE.json [REPEAT]
"""
import csv
import json
import sys
import time

import numpy as np
from scipy.special import ndtr

rows = list(csv.DictReader(open(sys.argv[1])))
rule = json.load(open(sys.argv[2]))
scenarios = rule["scenarios"]
keys, index = {}, np.empty(len(rows), dtype=np.int64)
for place, row in enumerate(rows):
    index[place] = keys.setdefault((row["type"], float(row["strike"]), round(float(row["years"]) * 31536000), float(row["volatility"])), len(keys))
names = sorted({row["account"] for row in rows})
number = {name: place for place, name in enumerate(names)}
account = np.array([number[row["account"]] for row in rows])
amount = np.array([float(row["quantity"]) for row in rows])
is_call = np.array([key[0] == "call" for key in keys])
strike = np.array([key[1] for key in keys])
years = np.array([key[2] for key in keys]) / 31536000
volatility = np.array([key[3] for key in keys])
spot, rate = float(rows[0]["spot"]), float(rows[0]["rate"])


def price(forward, vol):
    total = vol * np.sqrt(years)
    d1 = (np.log(forward / strike) + total * total / 2) / total
    call = forward * ndtr(d1) - strike * ndtr(d1 - total)
    return np.exp(-rate * years) * np.where(is_call, call, call - forward + strike)


def margin():
    shock = rule["volatilityShock"]
    power = np.where(years <= 30 / 365, shock["shortPower"], shock["longPower"])
    multiple = (30 / 365 / np.maximum(years, shock["shortestSeconds"] / 31536000)) ** power
    forward = spot * np.exp(rate * years)
    mark = price(forward, volatility)
    changes = np.empty((len(scenarios), len(mark)))
    for place, scenario in enumerate(scenarios):
        vol = {
            "up": np.maximum(shock["minimumUp"], volatility * (1 + shock["up"] * multiple)),
            "down": volatility * np.maximum(0, 1 - shock["down"] * multiple), "none": volatility,
        }[scenario.get("volatility", "none")]
        changes[place] = (price(forward * float(scenario["spotFactor"]), vol) - mark) * float(scenario.get("damping", 1))
    losses = np.stack([np.bincount(account, weights=amount * change[index], minlength=len(names)) for change in changes])
    return np.minimum(losses.min(axis=0), 0)


times = []
for _ in range(int(sys.argv[3]) if len(sys.argv) > 3 else 5):
    begin = time.perf_counter()
    result = margin()
    times.append(time.perf_counter() - begin)
print(f"best {min(times):.4f} s, median {sorted(times)[len(times) // 2]:.4f} s, {len(keys)} instruments, worst loss {result.min():.6f}")
