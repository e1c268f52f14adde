"""Where the time of `assay price` goes on an Arrow book of ten million rows, one thread: arrow.py ASSAY [ROWS]

Needs polars and numpy (PyPI). Processor seconds, best of three: in the kernels (the receipt's own account), in the rest of the process,
and in the system, which copies the results into its page cache. A second line asks for every measure. The book is on disk and read
before; results go to memory (/dev/shm), so no disk is measured.
"""
import json
import os
import resource
import subprocess
import sys
import tempfile


def make(rows, path):
    import numpy
    import polars

    random = numpy.random.default_rng(1)
    spot = random.choice([5900.0, 97000.0, 187.5, 3300.25], rows)
    polars.DataFrame({
        "id": numpy.arange(rows),
        "type": random.integers(0, 2, rows).astype("uint8"),
        "strike": numpy.round(spot * random.uniform(0.6, 1.4, rows), 2),
        "spot": spot,
        "years": numpy.round(random.uniform(0.01, 2, rows), 6),
        "rate": random.choice([0.045, 0.04, 0.03], rows),
        "dividendYield": random.choice([0, 0.013], rows),
        "volatility": numpy.round(random.uniform(0.1, 0.9, rows), 4),
    }).write_ipc(path, compression="uncompressed", compat_level=polars.CompatLevel.oldest())


def run(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime


def main():
    assay, rows = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        book, empty, out = (os.path.join(folder, "book.arrow"), os.path.join(folder, "empty.csv"), os.path.join(memory, "out.arrow"))
        make(rows, book)
        with open(empty, "w") as file:
            file.write("type,spot,strike,years,volatility\ncall,1,1,1,1\n")
        price = lambda source, target, *more: [assay, "price", source, "--threads", "1", "--quiet", "--output", target, *more]
        start = min(run(price(empty, "/dev/null")) for _ in range(3))
        print(f"{rows:,} rows; assay starts in {start[0]:.3f} s of the process and {start[1]:.3f} s of the system")
        for measures in ("price,delta,gamma,vega,theta,rho", "all"):
            best = min((run(price(book, out, "--measures", measures)) for _ in range(3)), key=sum)
            receipt = os.path.join(memory, "receipt.json")
            subprocess.run(price(book, out, "--measures", measures, "--receipt", receipt), check=True)
            kernel = json.load(open(receipt))["nanoseconds"]["compute"] / 1e9
            process, system = best[0] - start[0], best[1] - start[1]
            print(
                f"{measures:32} kernels {kernel:.3f} s, rest of the process {process - kernel:.3f} s, system {system:.3f} s "
                f"for {os.path.getsize(out) / 1e6:,.0f} MB of results: {rows / (process + system) / 1e6:.1f} million rows/s")


main()
