"""Compares callers of the C library with the command: compare.py ASSAY FOLDER CALLER...

Every caller prices the good rows of examples/book.csv and verifies examples/mixed.jsonl; the numbers and lines must be the command's.
"""

import csv
import pathlib
import struct
import subprocess
import sys

command, folder, callers = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
examples = pathlib.Path(__file__).parent.parent / "examples"


def run(*arguments, allowed=(0, 1)):
    done = subprocess.run([str(argument) for argument in arguments], capture_output=True, timeout=300)
    if done.returncode not in allowed:
        sys.exit(f"{arguments[0]} ended with {done.returncode}: {done.stderr.decode()}")
    return done.stdout


# A book whose every row has a spot: the model of the callers reads nothing else.
rows = []
for row in csv.DictReader((examples / "book.csv").open()):
    try:
        numbers = [float(row[name] or 0) for name in ("spot", "strike", "years", "rate", "dividendYield", "volatility")]
    except ValueError:
        continue
    if row["type"] in ("call", "put"):
        rows.append((row["type"], numbers))
assert len(rows) > 3_000
book = folder / "book"
book.mkdir(exist_ok=True)
(book / "type").write_bytes(bytes(kind == "put" for kind, _ in rows))
names = ("spot", "strike", "years", "rate", "dividendYield", "volatility")
for place, name in enumerate(names):
    (book / name).write_bytes(b"".join(struct.pack("<d", numbers[place]) for _, numbers in rows))
text = "type," + ",".join(names) + "\n"
text += "".join(f"{kind},{','.join(map(repr, numbers))}\n" for kind, numbers in rows)
(folder / "book.csv").write_text(text)
priced = list(csv.DictReader(run(command, "price", folder / "book.csv", "--measures", "price,delta", "--quiet").decode().splitlines()))
lines = run(command, "verify", examples / "mixed.jsonl", "--quiet")

for caller in callers:
    if run(folder / caller, "verify", examples / "mixed.jsonl") != lines:
        sys.exit(f"{caller}: the verdict lines are not the command's")
    run(folder / caller, "price", book, allowed=(0,))
    verdicts = (book / "out.verdict").read_bytes()
    for measure in ("price", "delta"):
        values = [value for (value,) in struct.iter_unpack("<d", (book / f"out.{measure}").read_bytes())]
        for row, value, verdict in zip(priced, values, verdicts, strict=True):
            good = verdict == 0xA5
            if good != (row["reason"] == "") or (good and struct.pack("<d", float(row[measure])) != struct.pack("<d", value)):
                sys.exit(f"{caller}: {measure} is {value!r} where the command has {row}")
    print(f"{caller}: {len(rows):,} rows priced and {len(lines.splitlines()):,} verified with the command's bytes")
