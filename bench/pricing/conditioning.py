"""Theta and charm where they miss their goal of 16 ulp, beside what the inputs determine.

    python3 bench/pricing/conditioning.py ACCURACY_BINARY REFERENCE.csv [KERNEL]

Where the terms of a measure nearly cancel, a rounding of an input moves it by many units in its last place. For each row of
black_scholes that is off by more than 16 ulp this compares the error with how far the true value moves, at 60 digits, when
each of the six inputs moves by 2^-54 of itself: half a unit in the last place at the least.
"""

import collections
import csv
import importlib.util
import math
import pathlib
import statistics
import sys
from decimal import Decimal

from accuracy import MEASURES, computed, ulps
from mpmath import mpf

here = pathlib.Path(__file__).resolve()
spec = importlib.util.spec_from_file_location("reference", here.parents[2] / "Tests/Vectors/pricing/reference.py")
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)


def movement(cp, inputs, measure):
    """How far a measure moves when each input does by 2^-54 of itself, by central differences."""
    step, total = mpf(10) ** -25, mpf(0)
    for place in range(len(inputs)):
        up, down = list(inputs), list(inputs)
        up[place] *= 1 + step
        down[place] *= 1 - step
        total += abs((reference.black_scholes(cp, *up)[measure] - reference.black_scholes(cp, *down)[measure]) / (2 * step))
    return total * mpf(2) ** -54


def main():
    rows = list(csv.DictReader(open(sys.argv[2])))
    output = computed(sys.argv[1], sys.argv[3] if len(sys.argv) > 3 else "portable", "black_scholes", rows)
    inputs = [name for name in rows[0] if name.endswith("_hex")]
    names = MEASURES["black_scholes"].split()
    for measure in ("theta", "charm"):
        beyond, ratios = collections.defaultdict(list), []
        for row, fields in zip(rows, output):
            error = ulps(float.fromhex(fields[1 + names.index(measure)]), Decimal(row[measure]))
            if error <= 16:
                continue
            exact = [mpf(float.fromhex(row[name])) for name in inputs]
            moved = float(movement(int(row["cp"]), exact, measure) / mpf(math.ulp(abs(float(row[measure])))))
            beyond[row["regime"]].append(error)
            ratios.append((error / moved, error))
        errors = [error for list in beyond.values() for error in list]
        print(f"{measure}: {len(errors)} of {len(rows)} rows beyond 16 ulp, {sum(e > 64 for e in errors)} beyond 64")
        print("  per regime:", ", ".join(f"{regime} {len(list)}" for regime, list in beyond.items()))
        if ratios:
            print(f"  error over what the inputs' last half unit moves: median {statistics.median(r for r, _ in ratios):.2f}, "
                  f"most {max(ratios)[0]:.2f}; beyond 64 ulp most {max((r for r, e in ratios if e > 64), default=0):.2f}")


main()
