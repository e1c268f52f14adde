"""Errors of a kernel against a 60-digit reference, in ulp of the true value, per regime and measure.

    python3 bench/pricing/accuracy.py ACCURACY_BINARY [REFERENCE.csv] [KERNEL] [OPERATION] [MEASURE...]

ACCURACY_BINARY is bench/pricing/accuracy.c built by bench/pricing/build.sh; REFERENCE.csv comes from
Tests/Vectors/pricing/reference.py (default: the shared table). Each cell is median / p99 / max. Names every cell that is
beyond its bound (docs/accuracy.md), and then exits with 1.
"""

import csv
import math
import subprocess
import sys
from decimal import Decimal, getcontext

getcontext().prec = 60

MEASURES = {
    "black_scholes": "price delta gamma vega theta rho dividendRho vanna volga charm speed zomma color veta ultima dualDelta dualGamma",
    "black_76": "price delta gamma vega theta rho vanna volga charm speed zomma color veta ultima dualDelta dualGamma",
    "inverse": "price delta gamma vega theta netDelta coinDelta coinGamma coinVega coinTheta",
    "bachelier": "price delta gamma vega theta rho vanna volga charm speed zomma dualDelta",
}


def ulps(got, true):
    """|got - true| in units in the last place of true; subnormal truths count in the smallest normal's unit."""
    unit = Decimal(math.ulp(max(abs(float(true)), 2.3e-308)))
    return float(abs(Decimal(got) - true) / unit) if math.isfinite(got) else math.inf


def computed(binary, kernel, operation, rows):
    """A kernel's output for the reference's rows: per row the verdict, then every measure as hexadecimal text."""
    inputs = [name for name in rows[0] if name.endswith("_hex")]
    text = "".join(
        " ".join(["0" if row["cp"] == "1" else "1"] + [row[name] for name in inputs]) + "\n" for row in rows
    )
    run = subprocess.run([binary, kernel, operation], input=text, capture_output=True, text=True, check=True)
    output = [line.split() for line in run.stdout.splitlines()]
    assert len(output) == len(rows)
    return output


def cell(errors):
    errors.sort()
    figure = lambda x: f"{x:.1f}" if x < 100 else f"{x:.1e}"
    return " / ".join(figure(errors[i]) for i in (len(errors) // 2, int(len(errors) * 0.99), -1))


def beyond(measure, regime, errors):
    """Whether sorted errors miss the goal: 4 ulp at p99 and 16 at most, 64 in the two hard regimes, other Greeks four times that."""
    scale = 1 if measure in ("price", "delta", "vega") else 4
    return errors[int(len(errors) * 0.99)] > 4 * scale or errors[-1] > (64 if regime[0] in "BE" else 16) * scale


def main():
    binary = sys.argv[1]
    reference = sys.argv[2] if len(sys.argv) > 2 else "../shared/vectors/pricing/reference_bsm_mp60.csv"
    kernel = sys.argv[3] if len(sys.argv) > 3 else "portable"
    operation = sys.argv[4] if len(sys.argv) > 4 else "black_scholes"
    rows = list(csv.DictReader(open(reference)))
    output = computed(binary, kernel, operation, rows)
    names = MEASURES[operation].split()
    measures = [m for m in sys.argv[5:] or names if m in rows[0]]
    missed = []
    print("| " + " | ".join(["regime"] + measures) + " |")
    print("|---" * (1 + len(measures)) + "|")
    for regime in dict.fromkeys(row["regime"] for row in rows):
        errors = {m: [] for m in measures}
        for row, fields in zip(rows, output):
            if row["regime"] == regime:
                assert fields[0] == "165", (row, fields)
                for m in measures:
                    errors[m].append(ulps(float.fromhex(fields[1 + names.index(m)]), Decimal(row[m])))
        print("| " + " | ".join([regime] + [cell(errors[m]) for m in measures]) + " |")
        missed += [f"{regime} {m}" for m in measures if beyond(m, regime, errors[m])]
    if missed:
        sys.exit("beyond the bound: " + ", ".join(missed))


if __name__ == "__main__":
    main()
