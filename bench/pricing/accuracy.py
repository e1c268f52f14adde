"""Errors of a kernel against a 60-digit reference, in ulp of the true value, per regime and measure.

    python3 bench/pricing/accuracy.py ACCURACY_BINARY [REFERENCE.csv] [KERNEL] [OPERATION]

ACCURACY_BINARY is bench/pricing/accuracy.c built by bench/pricing/build.sh; REFERENCE.csv comes from
Tests/Vectors/pricing/reference.py (default: the shared table). Each cell is median / p99 / max. For black_scholes the first
column of figures repeats the price of the prototype that ../shared/design/pricing.md reports.
"""

import csv
import math
import subprocess
import sys
from decimal import Decimal, getcontext

getcontext().prec = 60

PROTOTYPE = {
    "A market": "1.6 / 10 / 47",
    "B 0DTE nearATM": "4.8 / 1.4e3 / 4.1e3",
    "C2 OTM 4-8sd": "3.1 / 9.4 / 11",
    "C deep OTM 8-37sd": "2.7 / 9.0 / 11",
    "D deep ITM 4-20sd": "0.4 / 2 / 13",
    "E tiny vol OTM": "3.8 / 577 / 1.4e3",
    "F huge vol": "0.3 / 1.3 / 2.5",
    "G 30y neg rate": "1.1 / 6.4 / 11",
}
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


def main():
    binary = sys.argv[1]
    reference = sys.argv[2] if len(sys.argv) > 2 else "../shared/vectors/pricing/reference_bsm_mp60.csv"
    kernel = sys.argv[3] if len(sys.argv) > 3 else "portable"
    operation = sys.argv[4] if len(sys.argv) > 4 else "black_scholes"
    rows = list(csv.DictReader(open(reference)))
    output = computed(binary, kernel, operation, rows)
    names = MEASURES[operation].split()
    measures = [m for m in names if m in rows[0]]
    beside = ["prototype's price"] if operation == "black_scholes" else []
    print("| " + " | ".join(["regime"] + beside + measures) + " |")
    print("|---" * (1 + len(beside) + len(measures)) + "|")
    for regime in dict.fromkeys(row["regime"] for row in rows):
        errors = {m: [] for m in measures}
        for row, fields in zip(rows, output):
            if row["regime"] == regime:
                assert fields[0] == "165", (row, fields)
                for m in measures:
                    errors[m].append(ulps(float.fromhex(fields[1 + names.index(m)]), Decimal(row[m])))
        first = [PROTOTYPE.get(regime, "")] if beside else []
        print("| " + " | ".join([regime] + first + [cell(errors[m]) for m in measures]) + " |")


if __name__ == "__main__":
    main()
