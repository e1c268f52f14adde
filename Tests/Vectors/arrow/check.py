"""Whether pyarrow and polars read what `assay price` writes, with the values of its text output, and it reads what they write:

    python3 check.py ASSAY FOLDER
"""

import csv
import io
import pathlib
import subprocess
import sys
import tempfile

import polars
import pyarrow as pa
import pyarrow.ipc as ipc

assay, folder = sys.argv[1], pathlib.Path(sys.argv[2])


def price(*arguments):
    run = subprocess.run([assay, "price", "--quiet", *map(str, arguments)], capture_output=True)
    assert run.returncode in (0, 1), run.stderr.decode()
    return run.stdout.decode()


def agree(table, rows, name):
    """Every measure, null where the text has nothing; the identifier and the reason."""
    assert table.column_names[: len(rows[0])] == list(rows[0]), (name, table.column_names)
    for column in ("id", "reason"):
        assert [str(v) for v in table[column].to_pylist()] == [row[column] for row in rows], (name, column)
    for column in ("price", "delta", "gamma", "vega", "theta", "rho", "ultima"):
        assert table[column].to_pylist() == [float(row[column]) if row[column] else None for row in rows], (name, column)


with tempfile.TemporaryDirectory() as temporary:
    out = pathlib.Path(temporary) / "out.arrow"
    books = sorted(folder.glob("good-*.arrow")) + [folder / "passed.arrow"]
    # Bad rows, and more rows than one record batch has.
    spots = [float(row % 50 - 1) for row in range(70_000)]
    big = pa.table({"type": ["call", "put"] * 35_000, "spot": spots, "strike": [25] * 70_000, "years": [1.0] * 70_000, "volatility": [0.25] * 70_000})
    with ipc.new_file(str(pathlib.Path(temporary) / "big.arrow"), big.schema) as writer:
        writer.write_table(big, max_chunksize=50_000)
    books.append(pathlib.Path(temporary) / "big.arrow")
    for book in books:
        rows = list(csv.DictReader(io.StringIO(price(book, "--measures", "all"))))
        price(book, "--measures", "all", "--output", out)
        with pa.memory_map(str(out)) as source:
            table = ipc.open_file(source).read_all()
            table.validate(full=True)
            agree(table, rows, book.name)
            for column in table.columns:
                for chunk in column.chunks:
                    for buffer in chunk.buffers():
                        assert buffer is None or buffer.size == 0 or buffer.address % 64 == 0, book.name
        agree(polars.read_ipc(out).to_arrow(), rows, book.name)
    print(f"pyarrow {pa.__version__} and polars {polars.__version__} agree on {len(books)} books")
