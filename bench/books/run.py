"""Books through `assay price` on one core, beside readers and writers of the same text: run.py ASSAY [ROWS]

Needs polars, pyarrow and numpy (PyPI). Every contender reads the same book of twelve columns and writes nine: six numbers with all
their digits, the identifier, an empty reason and an unknown column; `assay` computes those six numbers on the way, and writes
the shortest decimals that read back. Processor seconds, best of three interleaved rounds.
"""
import json
import os
import resource
import subprocess
import sys
import tempfile

PEER = """
import sys
name, source, target = sys.argv[1:]
if name == "polars":
    import polars
    book = polars.read_csv(source)
    numbers = [polars.col(c).cast(polars.Float64) * 1.0000001 for c in ("spot", "strike", "years", "volatility", "rate", "dividendYield")]
    book.select("id", *numbers, polars.lit("").alias("reason"), "trader").write_csv(target)
else:
    import pyarrow, pyarrow.csv, pyarrow.compute as compute
    pyarrow.set_cpu_count(1)
    pyarrow.set_io_thread_count(1)
    book = pyarrow.csv.read_csv(source, read_options=pyarrow.csv.ReadOptions(use_threads=False))
    names = ["spot", "strike", "years", "volatility", "rate", "dividendYield"]
    columns = [compute.multiply(book[c].cast("float64"), 1.0000001) for c in names]
    out = pyarrow.table([book["id"], *columns, pyarrow.array([""] * len(book)), book["trader"]], names=["id", *names, "reason", "trader"])
    pyarrow.csv.write_csv(out, target)
"""


def make(rows, csv, arrow):
    import numpy
    import polars

    random = numpy.random.default_rng(1)
    spot = random.choice([5900.0, 97000.0, 187.5, 3300.25], rows)
    book = polars.DataFrame({
        "id": [f"P-{i}" for i in range(rows)],
        "underlying": random.choice(["SPX", "BTC", "AAPL", "ETH"], rows),
        "type": random.choice(["call", "put"], rows),
        "strike": numpy.round(spot * random.uniform(0.6, 1.4, rows), 2),
        "spot": spot,
        "years": numpy.round(random.uniform(0.01, 2, rows), 6),
        "rate": random.choice([0.045, 0.04, 0.03], rows),
        "dividendYield": random.choice([0, 0.013], rows),
        "volatility": numpy.round(random.uniform(0.1, 0.9, rows), 4),
        "quantity": random.integers(-50, 50, rows),
        "multiplier": random.choice([1, 100], rows),
        "trader": random.choice(["bo", "ann", "li"], rows),
    })
    book.write_csv(csv)
    book.write_ipc(arrow, compression="uncompressed", compat_level=polars.CompatLevel.oldest())


def seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, env={**os.environ, "POLARS_MAX_THREADS": "1", "ARROW_NUM_THREADS": "1"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    assay, rows = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = lambda name: os.path.join(folder, name)
        make(rows, path("book.csv"), path("book.arrow"))
        with open(path("peer.py"), "w") as file:
            file.write(PEER)
        with open(path("empty.csv"), "w") as file:
            file.write(open(path("book.csv")).readline())
        price = lambda book, out, *more: [assay, "price", path(book), "--threads", "1", "--quiet", "--output", path(out), *more]
        peer = lambda name: [sys.executable, path("peer.py"), name, path("book.csv"), path(name + ".csv")]
        contenders = {
            "start of assay": price("empty.csv", "empty.out"),
            "assay price, CSV to CSV": price("book.csv", "book.out"),
            "assay price, Arrow to Arrow": price("book.arrow", "out.arrow"),
            "polars, CSV to CSV, no pricing": peer("polars"),
            "pyarrow, CSV to CSV, no pricing": peer("pyarrow"),
        }
        best = {}
        for _ in range(3):
            for name, command in contenders.items():
                best[name] = min(best.get(name, 1e9), seconds(command))
        subprocess.run(price("book.csv", "book.out", "--receipt", path("receipt.json")), check=True)
        kernel = json.load(open(path("receipt.json")))["nanoseconds"]["compute"] / 1e9
    start = best.pop("start of assay")
    print(f"{rows:,} rows; assay starts in {start:.3f} s; its kernel takes {kernel:.3f} s of the book")
    for name, time in best.items():
        if name.startswith("assay"):
            time -= start
        print(f"{name:34} {time:7.3f} s  {rows / time / 1e6:6.2f} million rows/s")
    both = best["assay price, CSV to CSV"] - start - kernel
    print(f"{'assay, reading and writing CSV':34} {both:7.3f} s  {rows / both / 1e6:6.2f} million rows/s")


main()
