"""The American kernels beside QuantLib's engines: errors on the references and options a second, one core.

    python3 bench/pricing/american.py ACCURACY_BINARY [KERNEL]        needs QuantLib (PyPI)

ACCURACY_BINARY is bench/pricing/accuracy.c built by bench/pricing/build.sh. Errors are those on
Tests/Vectors/pricing/reference-american.csv, strikes of 100. QuantLib's time is that of NPV() alone, called from Python.
"""

import csv
import pathlib
import subprocess
import sys
import time

import QuantLib as ql

NAMES = ("spot", "strike", "years", "rate", "dividendYield", "volatility")


def figures(errors):
    errors = sorted(errors)
    return " / ".join(f"{errors[int(q * (len(errors) - 1))]:.0e}" for q in (0.5, 0.99, 1))


def assay(binary, kernel, operation, rows):
    text = "".join(f"{int(row['type'] == 'put')} {' '.join(float(row[n]).hex() for n in NAMES)}\n" for row in rows)
    run = subprocess.run([binary, kernel, operation], input=text, capture_output=True, text=True, check=True)
    return [float.fromhex(line.split()[1]) for line in run.stdout.splitlines()]


def quantlib(rows):
    today, day_count = ql.Date(1, 1, 2026), ql.Actual365Fixed()
    ql.Settings.instance().evaluationDate = today
    flat = lambda rate: ql.YieldTermStructureHandle(ql.FlatForward(today, rate, day_count))
    options = []
    for row in rows:
        spot, strike, years, rate, dividend, volatility = (float(row[n]) for n in NAMES)
        vol = ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), volatility, day_count))
        process = ql.BlackScholesMertonProcess(ql.QuoteHandle(ql.SimpleQuote(spot)), flat(dividend), flat(rate), vol)
        payoff = ql.PlainVanillaPayoff(ql.Option.Put if row["type"] == "put" else ql.Option.Call, strike)
        options.append((ql.VanillaOption(payoff, ql.AmericanExercise(today, today + round(years * 365))), process))
    for name in ("fastScheme", "accurateScheme", "highPrecisionScheme"):
        part = options if name != "highPrecisionScheme" else options[:40]
        scheme = getattr(ql.QdFpAmericanEngine, name)()
        for option, process in part:
            option.setPricingEngine(ql.QdFpAmericanEngine(process, scheme))
        start = time.process_time()
        values = [option.NPV() for option, _ in part]
        yield f"QuantLib QdFp {name}", values, len(part) / (time.process_time() - start)


binary, kernel = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "portable"
reference = pathlib.Path(__file__).parents[2] / "Tests/Vectors/pricing/reference-american.csv"
rows = list(csv.DictReader(reference.open()))
true = [float(row["price"]) for row in rows]
for operation in ("american_fast", "american", "american_high"):
    print(f"{operation:34} {figures(abs(a - b) for a, b in zip(assay(binary, kernel, operation, rows), true))}")
for name, values, speed in quantlib(rows):
    print(f"{name:34} {figures(abs(a - b) for a, b in zip(values, true))}   {speed:8.0f} /s")
