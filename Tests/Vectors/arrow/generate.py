"""Arrow books of every kind that Assay reads, each saying the same as book.csv, and of kinds that it refuses, by pyarrow and polars:

    python3 generate.py FOLDER        writes book.csv, dates.csv, good-*.arrow, dates-*.arrow, left-*.arrow and bad-*.arrow

Needs pyarrow and polars (PyPI). The files in this folder were written by pyarrow 26.0.1 and polars 2.1.0.
"""

import datetime
import pathlib
import sys

import polars
import pyarrow as pa
import pyarrow.ipc as ipc

folder = pathlib.Path(sys.argv[1])

# Numbers that binary16 and, where they are strikes, 8 bits hold exactly.
ROWS = 11
book = {
    "id": [f"p-{row}" for row in range(ROWS)],
    "type": ["call", "put", "call", "put", "call", "put", "call", "put", "call", "put", "call"],
    "spot": [100.0, 100.5, 64.0, 96.25, 0.0, 120.0, 100.0, 1.0, 80.0, 90.0, 104.0],
    "strike": [100, 96, 72, 100, 100, 0, 101, 2, 80, 99, 127],
    "years": [1.0, 0.5, 0.25, 0.0, 2.0, 1.0, 0.125, 1.5, 3.0, 0.0625, 1.0],
    "rate": [0.0625, 0.03125, 0.0, None, -0.03125, 0.0625, None, 0.0, 0.0625, 0.0625, 0.0],
    "volatility": [0.25, 0.5, 0.125, 0.25, 0.25, 0.25, 0.0, 1.5, 0.375, 0.25, 0.75],
    "note": ["plain", "with, comma", 'with "quotes"', "", None, "a longer text than twelve bytes", "é", "x", "y", "z", "w"],
}


def table(**changes):
    columns = {name: pa.array(values) for name, values in book.items()}
    columns.update(changes)
    return pa.table({name: column for name, column in columns.items() if column is not None})


def cast(name, kind):
    return {name: pa.array(book[name]).cast(kind)}


def cell(value):
    if value is None:
        return ""
    text = repr(value) if isinstance(value, float) else str(value)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"') else text


def write_csv(name, columns):
    lines = [",".join(columns)] + [",".join(cell(v) for v in row) for row in zip(*columns.values())]
    (folder / name).write_text("\n".join(lines) + "\n")


def write_file(name, table, options=None, rows=None):
    with ipc.new_file(str(folder / name), table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=rows)


def write_stream(name, table, options=None, rows=None):
    with ipc.new_stream(str(folder / name), table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=rows)


def dictionary(name, index, values=pa.string()):
    return {name: pa.array(book[name]).cast(values).dictionary_encode().cast(pa.dictionary(index, values))}


def good():
    write_csv("book.csv", book)
    write_file("good-float64.arrow", table(**cast("strike", pa.float64())))
    write_stream("good-stream.arrow", table())
    write_file("good-batches.arrow", table(), rows=3)
    write_stream("good-stream-batches.arrow", table(), rows=4)
    for kind in ("float16", "float32", "int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64"):
        write_file(f"good-strike-{kind}.arrow", table(**cast("strike", getattr(pa, kind)())))
    for kind in ("float16", "float32"):
        write_file(f"good-{kind}.arrow", table(**cast("spot", getattr(pa, kind)()), **cast("rate", getattr(pa, kind)()), **cast("years", getattr(pa, kind)())))
    text = {"large": pa.large_string(), "view": pa.string_view()}
    for name, kind in text.items():
        write_file(f"good-text-{name}.arrow", table(**cast("id", kind), **cast("type", kind), **cast("note", kind)))
    for index in (pa.int8(), pa.uint16(), pa.int32(), pa.int64()):
        write_file(f"good-dictionary-{index}.arrow", table(**dictionary("type", index), **dictionary("note", index)))
    write_file("good-dictionary-large.arrow", table(**dictionary("type", pa.int8(), pa.large_string())))
    numbers = pa.array([0 if kind == "call" else 1 for kind in book["type"]])
    write_file("good-type-uint8.arrow", table(type=numbers.cast(pa.uint8())))
    write_file("good-type-int64.arrow", table(type=numbers))
    write_file("good-type-case.arrow", table(type=pa.array(["CALL", "Put", "c", "P", "C", "p", "Call", "pUT", "call", "PUT", "cAlL"])))
    write_file("good-model.arrow", table(model=pa.array(["", None, "Black-Scholes"] + ["black-scholes"] * (ROWS - 3))))
    write_file("good-empty-batch.arrow", pa.concat_tables([table().slice(0, 5), table().slice(0, 0), table().slice(5)]))
    # Slices whose buffers begin in mid byte, with text offsets that do not start at 0.
    twice = pa.concat_tables([table(), table()]).combine_chunks()
    write_file("good-sliced.arrow", pa.concat_tables([twice.slice(ROWS, 3), twice.slice(3, ROWS - 3)]))
    # The dictionary grows from batch to batch in the file, and is another one in every batch of the stream.
    fields = table(**dictionary("type", pa.int8())).schema
    parts = []
    for first in range(0, ROWS, 4):
        part = table().slice(first, 4).combine_chunks()
        texts = ["put", "call"] if first % 8 else ["call", "put"]
        keys = pa.array([texts.index(kind.as_py()) for kind in part["type"]], pa.int8())
        columns = [pa.DictionaryArray.from_arrays(keys, texts) if name == "type" else part[name].combine_chunks() for name in fields.names]
        parts.append(pa.record_batch(columns, schema=fields))
    with ipc.new_stream(str(folder / "good-stream-replaced.arrow"), fields) as writer:
        for part in parts:
            writer.write_batch(part)
    grown = []
    for count, first in ((1, 0), (2, 1)):
        texts = ["call", "put"][:count]
        rows = [0] if count == 1 else range(1, ROWS)
        part = table().take(list(rows)).combine_chunks()
        keys = pa.array([texts.index(kind.as_py()) for kind in part["type"]], pa.int8())
        columns = [pa.DictionaryArray.from_arrays(keys, texts) if name == "type" else part[name].combine_chunks() for name in fields.names]
        grown.append(pa.record_batch(columns, schema=fields))
    for name, new in (("good-delta.arrow", ipc.new_file), ("good-stream-delta.arrow", ipc.new_stream)):
        with new(str(folder / name), fields, options=ipc.IpcWriteOptions(emit_dictionary_deltas=True)) as writer:
            for part in grown:
                writer.write_batch(part)
    frame = polars.from_arrow(table())
    frame.write_ipc(folder / "good-polars.arrow", compression="uncompressed")
    frame.write_ipc_stream(folder / "good-polars-stream.arrow", compression="uncompressed")
    frame.with_columns(polars.col("type").cast(polars.Categorical)).write_ipc(folder / "good-polars-categorical.arrow", compression="uncompressed")


def dates():
    start = datetime.date(2026, 11, 21)
    days = [start + datetime.timedelta(days=30 * row) for row in range(ROWS)]
    columns = {**{name: book[name] for name in book if name != "years"}, "expiry": [day.isoformat() for day in days]}
    write_csv("dates.csv", columns)
    base = table(years=None)
    for name, kind in {"date32": pa.date32(), "date64": pa.date64(), "s": pa.timestamp("s"), "ms": pa.timestamp("ms"), "us": pa.timestamp("us"), "ns-utc": pa.timestamp("ns", "UTC")}.items():
        write_file(f"dates-{name}.arrow", base.append_column("expiry", pa.array(days).cast(pa.timestamp("s")).cast(kind)))
    write_file("dates-text.arrow", base.append_column("expiry", pa.array(columns["expiry"])))
    write_file("dates-dictionary.arrow", base.append_column("expiry", pa.array(columns["expiry"]).dictionary_encode()))


def passed():
    """Unknown columns of every type that is passed through."""
    moments = pa.array([None if row == 2 else row * 86_400_123_456_789 - 86_400_000_000_000 for row in range(ROWS)], pa.int64())
    write_file("passed.arrow", table(
        note=None,
        truth=pa.array([None if row == 3 else row % 2 == 0 for row in range(ROWS)]),
        whole=pa.array([None if row == 4 else row - 5 for row in range(ROWS)], pa.int16()),
        single=pa.array([row / 4 for row in range(ROWS)], pa.float32()),
        day=pa.array([None if row == 5 else row * 1000 - 1000 for row in range(ROWS)], pa.int32()).cast(pa.date32()),
        midnight=pa.array([row * 86_400_000 for row in range(ROWS)], pa.int64()).cast(pa.date64()),
        second=pa.array(range(ROWS), pa.int64()).cast(pa.timestamp("s", "UTC")),
        nanosecond=moments.cast(pa.timestamp("ns")),
        label=pa.array([None if row == 6 else "ab"[row % 2] for row in range(ROWS)]).dictionary_encode(),
    ))


def compressed():
    for codec in ["lz4", "zstd"]:
        write_file(f"good-{codec}.arrow", table(), options=ipc.IpcWriteOptions(compression=codec))
    write_file("good-decimal.arrow", table(**cast("strike", pa.decimal128(21, 2))))


def bad():
    write_file("left-nested.arrow", table(list=pa.array([[row] for row in range(ROWS)])))
    write_file("bad-text-strike.arrow", table(**cast("strike", pa.string())))
    write_file("bad-bool-type.arrow", table(type=pa.array([row % 2 == 0 for row in range(ROWS)])))
    write_file("bad-null-strike.arrow", table(strike=pa.nulls(ROWS)))
    write_file("left-binary.arrow", table(**cast("note", pa.binary())))
    write_file("bad-column.arrow", table(strike=None))
    write_file("bad-twice.arrow", pa.Table.from_arrays([*table().columns, pa.array(book["note"])], names=[*book, "note"]))


good()
compressed()
dates()
passed()
bad()
