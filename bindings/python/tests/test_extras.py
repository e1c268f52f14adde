"""What needs more than NumPy: pictures, and Parquet as Arrow."""

import pathlib

import numpy as np
import pytest

import assay


def test_pictures():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from assay import plot

    strikes = np.linspace(80, 120, 9)
    prices = assay.price(type="call", spot=100, strike=strikes, years=0.5, volatility=0.2, measures=["price"])["price"]
    prices[0] = -1.0
    found = assay.implied_volatility(type="call", spot=100, strike=strikes, years=0.5, price=prices)
    line = plot.smile(strikes, found).lines[0]
    assert np.allclose(line.get_ydata(), 20) and line.get_xdata().size == 8
    spots = np.linspace(50, 150, 21)
    deltas = plot.ladder("delta", spots=spots, type="call", strike=100, years=0.5, volatility=0.2).lines[0].get_ydata()
    assert (np.diff(deltas) > 0).all() and 0 < deltas[0] < deltas[-1] < 1
    moves, points = [-0.1, 0.0, 0.1], [-0.05, 0.05]
    report = assay.risk(
        {"type": ["call"], "spot": [100.0], "strike": [100.0], "years": [0.5], "volatility": [0.2]},
        scenarios={"spot": moves, "volatility": points})
    image = plot.heat_map(report, moves, points).images[0].get_array()
    assert image.shape == (2, 3) and image[0, 0] < image[0, 1] < image[0, 2] and (image[0] < image[1]).all()
    with pytest.raises(assay.AssayError, match="6 scenarios"):
        plot.heat_map(report, moves, moves)
    with pytest.raises(assay.AssayError, match="strikes"):
        plot.smile(strikes, [0.2])


def test_parquet_becomes_arrow(tmp_path: pathlib.Path, capsys):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    from assay.__main__ import main

    columns = {"type": ["call", "put"], "spot": [100.0, 90.0], "strike": [90.0, 100.0], "years": [0.5, 1.0],
               "volatility": [0.2, 0.3]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "book.parquet")
    assert main([str(tmp_path / "book.parquet"), str(tmp_path / "book.arrow")]) == 0
    assert assay.risk(tmp_path / "book.arrow").document == assay.risk(columns).document
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 and nothing else")
    assert main([str(tmp_path / "torn.parquet"), str(tmp_path / "torn.arrow")]) == 3
    assert "cannot be converted" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.arrow", "book.parquet", "torn.parquet"]
