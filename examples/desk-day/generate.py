#!/usr/bin/env python3
"""Writes the two books of examples/desk-day: 2,000 positions of a made-up desk at two closes.

    generate.py FOLDER

Four accounts, seven underlyings, five models, hedges in spot, futures, perpetuals and cash, two currencies. Every number follows from
the seed below, so the files are the same on every machine. No price is a market's.
"""
import csv
import math
import random
import sys
from datetime import date, timedelta
from pathlib import Path

TODAY, NEXT = date(2026, 11, 30), date(2026, 12, 1)
ACCOUNTS = ["atlas", "borealis", "cirrus", "delta-one"]
# underlying: model, spot at the two closes, volatility at the money at both, rate, dividend yield, currency, multiplier, strike step
UNDERLYINGS = {
    "SPX": ("black-scholes", (6480.0, 6431.5), (0.158, 0.169), 0.0385, 0.0130, "USD", 100, 25.0),
    "AAPL": ("american", (268.4, 265.1), (0.244, 0.252), 0.0385, 0.0040, "USD", 100, 5.0),
    "NVDA": ("american", (184.2, 179.9), (0.402, 0.431), 0.0385, 0.0002, "USD", 100, 5.0),
    "CL": ("black-76", (63.80, 64.35), (0.316, 0.309), 0.0385, 0.0, "USD", 1000, 1.0),
    "SOFR": ("bachelier", (96.35, 96.38), (0.86, 0.84), 0.0385, 0.0, "USD", 2500, 0.125),
    "SX5E": ("black-scholes", (5660.0, 5628.0), (0.171, 0.179), 0.0192, 0.0280, "EUR", 10, 25.0),
    "BTC": ("inverse", (91250.0, 88900.0), (0.465, 0.491), 0.0, 0.0, "BTC", 1, 1000.0),
}
COLUMNS = ["id", "account", "underlying", "currency", "type", "model", "spot", "forward", "strike", "expiry", "rate", "dividendYield",
           "volatility", "quantity", "multiplier"]


def smile(at_the_money, moneyness, years):
    """A volatility that rises to the wings, more so for short expiries."""
    tilt = -0.12 if at_the_money < 0.4 else -0.04
    return at_the_money * (1 + (tilt * moneyness + 0.55 * moneyness * moneyness) / math.sqrt(years + 0.08))


def expiries():
    """The third Fridays of the next months, and one this week."""
    found = [date(2026, 12, 4)]
    for year, month in [(2026, 12), (2027, 1), (2027, 3), (2027, 6), (2027, 12)]:
        first = date(year, month, 1)
        found.append(first + timedelta(days=(4 - first.weekday()) % 7 + 14))
    return found


def option(random, number, day):
    """One option position, priced from that day's market; its terms do not depend on the day."""
    name = random.choices(list(UNDERLYINGS), weights=[6, 4, 4, 3, 2, 3, 3])[0]
    model, spots, volatilities, rate, dividend, currency, multiplier, step = UNDERLYINGS[name]
    account = random.choices(ACCOUNTS, weights=[4, 3, 2, 1])[0]
    expiry = random.choice(expiries())
    width = 0.006 if model == "bachelier" else 0.22
    strike = round(spots[0] * (1 + random.gauss(0, width / 2)) / step) * step
    kind = random.choice(["call", "put"])
    quantity = random.choice([-1, 1]) * random.choice([1, 2, 5, 10, 20, 25, 40])
    spot = spots[day]
    years = max((expiry - (TODAY, NEXT)[day]).days, 1) / 365
    forward = spot * math.exp((rate - dividend) * years)
    if model == "bachelier":
        volatility = volatilities[day]
    else:
        volatility = smile(volatilities[day], math.log(strike / spot), years)
    forwards = {"black-76": forward, "bachelier": forward, "inverse": spot}
    return {
        "id": f"P{number:04}", "account": account, "underlying": name, "currency": currency, "type": kind, "model": model,
        "spot": "" if model in forwards else f"{spot:g}", "forward": f"{forwards[model]:.6g}" if model in forwards else "",
        "strike": f"{strike:g}", "expiry": f"{expiry}T16:00Z", "rate": f"{rate:g}", "dividendYield": f"{dividend:g}",
        "volatility": f"{volatility:.6f}", "quantity": quantity, "multiplier": multiplier}


def hedges(day):
    """What the desk holds beside options."""
    held = [("atlas", "SPX", "future", -6, 50), ("atlas", "AAPL", "spot", -1850, 1), ("atlas", "NVDA", "spot", 940, 1),
            ("borealis", "AAPL", "spot", 700, 1), ("borealis", "CL", "future", -12, 1000), ("cirrus", "SX5E", "future", 9, 10),
            ("cirrus", "BTC", "perpetual", -1.5, 1), ("delta-one", "SPX", "future", 2, 50), ("delta-one", "BTC", "spot", 0.75, 1)]
    for number, (account, name, kind, quantity, multiplier) in enumerate(held):
        currency = "USD" if name == "BTC" else UNDERLYINGS[name][5]
        yield {"id": f"H{number}", "account": account, "underlying": name, "currency": currency, "type": kind,
               "spot": f"{UNDERLYINGS[name][1][day]:g}", "quantity": quantity, "multiplier": multiplier}
    for number, (account, currency, amount) in enumerate([("atlas", "USD", 1_250_000), ("cirrus", "EUR", 310_000)]):
        yield {"id": f"C{number}", "account": account, "underlying": currency, "currency": currency, "type": "cash",
               "quantity": amount}


def book(day):
    """The positions of one close: the second has 20 that the first does not have, and lacks 20 of it."""
    source = random.Random(20261201)
    options = [option(random.Random(source.random()), number, day) for number in range(2009)]
    held = options[:1989] if day == 0 else options[20:2009]
    return held + list(hedges(day))


def main():
    folder = Path(sys.argv[1])
    for day, name in enumerate(["monday.csv", "tuesday.csv"]):
        with open(folder / name, "w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(book(day))


if __name__ == "__main__":
    main()
