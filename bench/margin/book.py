#!/usr/bin/env python3
"""Writes a book of 1,000 accounts with 100 positions each over 600 options on one underlying: bench/margin/README.md."""
import random
import sys

random.seed(20261130)
spot, positions, accounts = 97000, int(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else 1000
instruments = [
    (kind, round(spot * (0.5 + 0.02 * step), 0), days / 365, 0.4 + 0.01 * ((step * 7 + days) % 30))
    for kind in ("call", "put") for step in range(50) for days in (7, 14, 30, 60, 90, 180)
]
print("account,underlying,type,spot,strike,years,rate,volatility,quantity")
for account in range(accounts):
    for _ in range(positions):
        kind, strike, years, volatility = random.choice(instruments)
        print(f"account-{account:05},BTC,{kind},{spot},{strike},{years:.9f},0.03,{volatility:.2f},{random.choice([-1, 1]) * random.randint(1, 500) / 100}")
