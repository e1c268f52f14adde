"""``python -m assay IN.parquet OUT.arrow``: a Parquet file as the Arrow file that the command reads.

Row groups are converted one after the other, so memory holds one of them.
"""

from __future__ import annotations

import argparse
import os
import sys


def convert(source: str, target: str) -> int:
    """Writes the rows of a Parquet file as an Arrow file; returns how many there are. The target changes only when all are written."""
    import pyarrow
    from pyarrow import parquet

    with parquet.ParquetFile(source) as file:
        partial = f"{target}.partial"
        try:
            with pyarrow.ipc.new_file(partial, file.schema_arrow) as writer:
                for batch in file.iter_batches():
                    writer.write_batch(batch)
            os.replace(partial, target)
        except BaseException:
            if os.path.exists(partial):
                os.remove(partial)
            raise
        return int(file.metadata.num_rows)


def main(arguments: list[str] | None = None) -> int:
    """The program; returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m assay", description="Convert a Parquet file into the Arrow file that the command assay reads.")
    parser.add_argument("source", metavar="IN.parquet")
    parser.add_argument("target", metavar="OUT.arrow")
    options = parser.parse_args(arguments)
    try:
        rows = convert(options.source, options.target)
    except ImportError:
        print("assay: converting needs pyarrow: pip install pyarrow", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f"assay: {options.source}: cannot be converted: {error}", file=sys.stderr)
        return 3
    print(f"assay: {rows:,} rows in {options.target}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
