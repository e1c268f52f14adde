"""The Python package: what it computes, what it refuses, what it takes."""

import doctest
import math
import pickle
import random
import threading

import numpy as np
import pytest

import assay


def book(rows, seed=1):
    rng = np.random.default_rng(seed)
    return {
        "type": rng.integers(0, 2, rows).astype(np.uint8), "spot": rng.uniform(50, 150, rows),
        "strike": rng.uniform(50, 150, rows), "years": rng.uniform(0.01, 3, rows), "rate": rng.uniform(-0.02, 0.1, rows),
        "dividendYield": rng.uniform(0, 0.05, rows), "volatility": rng.uniform(0.05, 1.5, rows),
    }


@pytest.mark.parametrize("module", [assay, assay._pricing, assay._verify, assay._sums, assay.vollib])
def test_examples_of_the_docs_run(module):
    assert doctest.testmod(module).failed == 0


def test_the_same_bits_on_every_backend():
    columns = book(5_000)
    host = assay.price(columns, measures="all")
    portable = assay.price(columns, measures="all", engine=assay.Engine("portable"))
    assert len(host) == 17
    for name in host:
        assert host[name].tobytes() == portable[name].tobytes()


def test_every_operation_takes_hostile_rows():
    random.seed(7)
    portable, host = assay.Engine("portable"), assay.engine()
    for name, operation in assay.OPERATIONS.items():
        rows = 3
        inputs = []
        for column in operation.inputs:
            count = 1 if column.use == column.SHARED else rows
            if column.kind == column.MESSAGE:
                inputs.append([random.randbytes(random.choice([0, 1, 33, 256])) for _ in range(count)])
            else:
                inputs.append(np.frombuffer(random.randbytes(count * column.width), column.dtype.base))
        one, other = (engine.execute(name, rows, inputs) for engine in (host, portable))
        for output in one:
            assert one[output].tobytes() == other[output].tobytes(), (name, output)


def test_rows_have_reasons():
    prices = assay.price(type=["call", "spread", "put"], spot=[100, 100, -1], strike=100, years=1, volatility=0.2)
    assert prices.reasons[0] is None and all(prices.reasons[1:])
    assert prices.reasons[2] == "invalid-spot"
    assert math.isnan(prices["price"][2]) and list(prices.accepted) == [True, False, False]


def test_names_fold_and_near_misses_are_told():
    options = dict(type="call", spot=100, strike=100, years=1, volatility=0.2)
    plain = assay.price(**options, dividendYield=0.03)["price"]
    assert assay.price({**options, "Dividend_Yield": 0.03})["price"] == plain
    with pytest.raises(assay.AssayError, match="did you mean dividendYield"):
        assay.price({**options, "dividendYeild": 0.03})
    with pytest.raises(assay.AssayError, match="both mean"):
        assay.price({**options, "dividendYield": 0.03, "dividend_yield": 0.03})
    assert assay.price({**options, "bid": 1.0})["price"].size == 1
    with pytest.raises(assay.AssayError, match="does not read"):
        assay.price(**options, bid=1.0)


@pytest.mark.parametrize("call, words", [
    (lambda: assay.price(model="heston"), "no model"),
    (lambda: assay.price(type="call", spot=1, strike=1, years=1), "does not have a column volatility"),
    (lambda: assay.price(book(2), measures=["colour"]), "does not compute"),
    (lambda: assay.price({**book(2), "spot": [1, 2, 3]}), "differ in length"),
    (lambda: assay.price({**book(2), "spot": ["a", "b"]}), "does not hold numbers"),
    (lambda: assay.price(3), "A book is"),
    (lambda: assay.Engine("abacus"), "abacus"),
    (lambda: assay.engine().execute("no_such", 1, []), "no operation"),
    (lambda: assay.engine().execute("sha256_pair", 2, [np.zeros(64)]), "needs 2 x 64 bytes"),
    (lambda: assay.ExactSum.from_bytes(b"\xff" * 288), "not an exact sum"),
])
def test_wrong_calls_say_why(call, words):
    with pytest.raises(assay.AssayError, match=words):
        call()


def test_dataframes_of_every_kind():
    columns = book(1_000)
    expected = assay.price(columns)["price"].tobytes()
    for name in ("pandas", "polars", "pyarrow"):
        module = pytest.importorskip(name)
        frame = module.table(columns) if name == "pyarrow" else module.DataFrame(columns)
        prices = assay.price(frame)
        assert prices["price"].tobytes() == expected
    texts = {**columns, "type": ["put" if put else "call" for put in columns["type"]]}
    assert assay.price(pytest.importorskip("polars").DataFrame(texts))["price"].tobytes() == expected


def test_verdicts_in_order():
    rows = [
        {"type": "merkle-keccak-sorted", "id": "a", "leaf": bytes(32), "path": [], "root": bytes(32)},
        {"type": "merkle-keccak-sorted", "id": "b", "leaf": bytes(32), "path": [], "root": b"\1" * 32},
    ]
    verdicts = assay.verify(rows)
    assert [(row["row"], row["id"], row["accepted"]) for row in verdicts] == [(1, "a", True), (2, "b", False)]
    assert verdicts[1]["reason"] == "root-mismatch"
    assert assay.verify("not json\n")[0]["reason"] == "malformed-row"
    assert assay.verify([]) == []


def test_sums_merge_in_any_order():
    values = np.random.default_rng(3).normal(size=1_000) * 10.0 ** np.random.default_rng(4).integers(-200, 200, 1_000)
    parts = [assay.ExactSum(part) for part in np.array_split(values, 7)]
    random.seed(5)
    random.shuffle(parts)
    total = parts[0]
    for part in parts[1:]:
        total = total + pickle.loads(pickle.dumps(part))
    assert float(total) == math.fsum(values) == float(assay.ExactSum(values))
    assert total == assay.ExactSum(values)


def test_vollib_takes_numbers_and_arrays():
    price = assay.vollib.black_scholes("c", 100, 90, 0.5, 0.01, 0.2)
    assert isinstance(price, float)
    assert abs(price - 12.111581435) < 1e-8  # vollib's own documented example
    assert abs(assay.vollib.implied_volatility(price, 100, 90, 0.5, 0.01, "c") - 0.2) < 1e-12
    many = assay.vollib.black_scholes(["c", "p"], [100, 100], 90, 0.5, 0.01, 0.2)
    assert many[0] == price and many.shape == (2,)


def test_threads_share_an_engine():
    expected = assay.price(book(100))["price"].tobytes()
    wrong = []

    def work():
        for _ in range(5):
            if assay.price(book(100))["price"].tobytes() != expected:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_arrow_c_data_interface_of_the_library():
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.cffi import ffi

    from assay import _native

    library = ffi.dlopen(_native._library._name)
    ffi.cdef("""
      int32_t assay_execute(void *, void *, const char *, int64_t, void *, size_t, const char **, size_t, void **, void **);
      int32_t assay_results_export(void *, const char **, size_t, struct ArrowSchema *, struct ArrowArray *, void **);
      void assay_results_release(void *);
      struct view { const void *data; int64_t size; const int64_t *offsets; };
    """, override=True)
    columns = {**book(100), "volatility": np.where(np.arange(100) % 10 == 0, -1.0, 0.2)}
    order = [column.name for column in assay.OPERATIONS["black_scholes"].inputs]
    views = ffi.new("struct view[]", len(order))
    for view, name in zip(views, order):
        view.data = ffi.cast("void *", columns[name].ctypes.data)
        view.size = columns[name].nbytes
    texts = [ffi.new("char[]", name) for name in (b"price", b"verdict")]
    results, schema, array = ffi.new("void **"), ffi.new("struct ArrowSchema *"), ffi.new("struct ArrowArray *")
    engine = ffi.cast("void *", assay.engine()._handle.value)
    assert library.assay_execute(
        engine, ffi.NULL, b"black_scholes", 100, views, len(order), ffi.new("char *[]", texts), 1, results, ffi.NULL) == 0
    assert library.assay_results_export(results[0], ffi.new("char *[]", texts), 2, schema, array, ffi.NULL) == 0
    library.assay_results_release(results[0])
    batch = pyarrow.RecordBatch._import_from_c(int(ffi.cast("uintptr_t", array)), int(ffi.cast("uintptr_t", schema)))
    batch.validate(full=True)
    expected = assay.price(columns)
    assert batch.column("price").null_count == 10
    assert batch.column("price").drop_null().to_numpy().tobytes() == expected["price"][expected.accepted].tobytes()
    assert batch.column("verdict").to_numpy().tobytes() == expected.verdicts.tobytes()
