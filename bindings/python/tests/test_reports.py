"""Risk, margin and Merkle trees from Python: the documents are the command's, byte for byte."""

import doctest
import json
import os
import pathlib
import subprocess

import numpy as np
import pytest

import assay

EXAMPLES = pathlib.Path(__file__).parents[3] / "examples"
COMMAND = os.environ.get("ASSAY_COMMAND")
needs_command = pytest.mark.skipif(COMMAND is None, reason="ASSAY_COMMAND does not name the command to compare with")


def command(*arguments, allowed=(0, 1)):
    done = subprocess.run([COMMAND, *map(str, arguments), "--quiet"], capture_output=True, timeout=300)
    assert done.returncode in allowed, done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize("module", [assay._risk, assay.merkle])
def test_examples_of_the_docs_run(module):
    assert doctest.testmod(module).failed == 0


@needs_command
def test_currencies_are_never_added(tmp_path):
    path = tmp_path / "book.csv"
    path.write_text("type,spot,strike,years,volatility,currency\ncall,100,100,1,0.2,USD\nput,50,50,1,0.2,EUR\n")
    fx = {"currency": "USD", "rates": {"EUR": 1.1}}
    (tmp_path / "fx.json").write_text(json.dumps(fx))
    apart, together = assay.risk(path), assay.risk(path, fx=fx, units="market")
    assert apart.currencies == ["EUR", "USD"] and apart.total["price"].shape == (2,)
    assert together.currencies == [] and together.total["price"].shape == (1,)
    assert apart.document == command("risk", path, "--json")
    assert together.document == command("risk", path, "--json", "--fx", tmp_path / "fx.json", "--units", "market")
    assert repr(apart) == "<assay.Risk: 2 groups by currency, 2 positions, 0 rejected>"


@needs_command
def test_the_document_of_risk_is_the_commands():
    book, scenarios = EXAMPLES / "book.csv", EXAMPLES / "scenarios.json"
    arguments = ["risk", book, "--by", "underlying,trader", "--scenarios", scenarios, "--json"]
    report = assay.risk(book, by=["underlying", "trader"], scenarios=scenarios)
    assert report.document == command(*arguments)
    assert len(report.groups.positions) == len(report.keys["trader"]) > 4
    assert report.groups.profit_and_loss.shape == (len(report.groups.positions), len(report.scenarios))
    assert report.groups.positions.sum() == report.total.positions[0]
    assert command("risk", book, "--measures", "all", "--json") == assay.risk(book, measures="all").document


@needs_command
def test_tables_of_every_kind_have_the_totals_of_the_file(tmp_path):
    pandas = pytest.importorskip("pandas")
    pyarrow = pytest.importorskip("pyarrow")
    polars = pytest.importorskip("polars")
    frame = pandas.read_csv(EXAMPLES / "book.csv")
    good = frame[pandas.to_numeric(frame["volatility"], errors="coerce").notna() & frame["type"].isin(["call", "put"])]
    numbers = {name: pandas.to_numeric(good[name], errors="coerce").fillna(0.0)
               for name in ("strike", "spot", "years", "rate", "dividendYield", "volatility", "quantity", "multiplier")}
    good = good.assign(**numbers)[["type", "underlying", *numbers]]
    path = tmp_path / "book.csv"
    good.to_csv(path, index=False)
    expected = command("risk", path, "--by", "underlying", "--json")
    columns = {name: good[name].to_numpy() for name in good.columns}
    for book in (good, polars.DataFrame(columns), pyarrow.table(columns), columns):
        assert assay.risk(book, by="underlying").document == expected
    words = {**columns, "type": (columns["type"] == "put").astype(np.uint8)}
    assert assay.risk(words, by="underlying").document == expected


@needs_command
def test_margins_are_the_commands():
    folder = EXAMPLES / "margin"
    rule = folder / "rules" / "derive-pmrm2.json"
    files = ["--accounts", folder / "accounts.json", "--as-of", "2026-11-21"]
    expected = command("risk", folder / "book.csv", "--margin", rule, *files, "--json")
    result = assay.margin(folder / "book.csv", rule, accounts=folder / "accounts.json", as_of="2026-11-21")
    assert result.document == expected
    assert result["account-01"]["account"] == "account-01"
    same = assay.margin(
        (folder / "book.csv").read_bytes(), json.loads(rule.read_text()), accounts=folder / "accounts.json",
        as_of="2026-11-21")
    assert same.accounts == result.accounts
    trades = folder / "trades.csv"
    assert assay.margin(folder / "book.csv", rule, accounts=folder / "accounts.json", what_if=trades,
                        as_of="2026-11-21", explain="account-01").document == command(
        "risk", folder / "book.csv", "--margin", rule, *files, "--what-if", trades, "--explain", "account-01", "--json")


@needs_command
def test_trees_are_the_commands(tmp_path):
    leaves = [bytes([n]) * 32 for n in range(11)]
    path = tmp_path / "leaves"
    path.write_text("".join(leaf.hex() + "\n" for leaf in leaves))
    for rule in ("rfc6962", "ssz", "keccak-sorted"):
        root = assay.merkle.root(leaves, rule=rule)
        assert root.hex() == command("merkle", "root", path, "--rule", rule).decode().strip()
        proof = assay.merkle.prove(leaves, 7, rule=rule)
        assert proof == json.loads(command("merkle", "prove", path, "--index", 7, "--rule", rule))
        assert assay.merkle.verify(proof, root)
        assert not assay.merkle.verify(proof, bytes(32))
        assert not assay.merkle.verify({**proof, "leaf": "0x" + "ff" * 32})


def test_columns_have_the_verdicts_of_rows():
    leaf, other = [bytes(32)] * 3, [bytes(32), b"\1" * 32, bytes(32)]
    verdicts = assay.verify_columns("merkle-keccak-sorted", leaf=leaf, root=other, path=[[], [], []], id=["a", "b", "c"])
    rows = [{"type": "merkle-keccak-sorted", "leaf": a, "root": b, "path": [], "id": name}
            for a, b, name in zip(leaf, other, "abc")]
    assert [json.loads(line) for line in verdicts.lines.splitlines()] == assay.verify(rows)
    assert verdicts.accepted.tolist() == [True, False, True]
    assert verdicts.reasons == [None, "root-mismatch", None]
    polars = pytest.importorskip("polars")
    table = polars.DataFrame({"leaf": leaf, "root": other, "path": [["0x" + "22" * 32]] * 3})
    assert assay.verify_columns("merkle-keccak-sorted", table).accepted.tolist() == [False] * 3


@pytest.mark.parametrize("call, words", [
    (lambda: assay.risk(b""), "empty"),
    (lambda: assay.risk(b"type,spot\n"), "no column"),
    (lambda: assay.risk(pathlib.Path("/no/such/book.csv")), "cannot be read"),
    (lambda: assay.risk({"type": ["call"], "spot": [1.0]}, by="desk"), "column"),
    (lambda: assay.risk(b"type,spot,strike,years,volatility\n", scenarios={"volatilty": [0.1]}), "did you mean vol"),
    (lambda: assay.risk(b"type,spot,strike,years,volatility\n", measures="colour"), "no measure"),
    (lambda: assay.risk(b"ARROW1\0\0rubbish"), "book"),
    (lambda: assay.margin(b"account\n", {"rule": 1}), "margin"),
    (lambda: assay.merkle.prove([b"a"], 5), "none has the index 5"),
    (lambda: assay.merkle.root([b"a"], rule="oak"), "no rule"),
    (lambda: assay.merkle.root([b"a"], depth=2), "need the rule ssz"),
    (lambda: assay.engine().risk_document([("bok", b"")], "{}"), "no file 'bok'"),
    (lambda: assay.engine().risk_document([], "{}"), "no file 'book'"),
    (lambda: assay.engine().risk_document([("book", b""), ("prices", b"")], "{}"), "no effect"),
    (lambda: assay.engine().risk_document([("book", b"")], "{"), "not JSON"),
    (lambda: assay.engine().risk_document([("book", b"")], '{"bye": []}'), "not known"),
    (lambda: assay.verify_columns("ed25519", publicKey=[b"a"], message=[b"a", b"b"]), "differ in length"),
    (lambda: assay.verify({"type": ["ed25519"]}), "verify_columns"),
])
def test_wrong_calls_say_why(call, words):
    with pytest.raises(assay.AssayError, match=words):
        call()


def test_arrow_columns_go_in_through_the_c_data_interface():
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.cffi import ffi

    from assay import _native

    library = ffi.dlopen(_native._library._name)
    ffi.cdef("""
      int32_t assay_execute_arrow(
        void *, void *, const char *, struct ArrowSchema *, struct ArrowArray *, const char **, size_t, void **, void **);
      const void *assay_results_column(void *, const char *, size_t *);
      const char *assay_error_message(void *);
    """, override=True)
    engine = ffi.cast("void *", assay.engine()._handle.value)

    def run(operation, table, wanted):
        batch = table.combine_chunks().to_batches()[0] if isinstance(table, pyarrow.Table) else table
        schema, array = ffi.new("struct ArrowSchema *"), ffi.new("struct ArrowArray *")
        batch._export_to_c(int(ffi.cast("uintptr_t", array)), int(ffi.cast("uintptr_t", schema)))
        names = [ffi.new("char[]", name.encode()) for name in wanted]
        results, error, size = ffi.new("void **"), ffi.new("void **"), ffi.new("size_t *")
        status = library.assay_execute_arrow(
            engine, ffi.NULL, operation.encode(), schema, array, ffi.new("char *[]", names) if names else ffi.NULL,
            len(names), results, error)
        array.release(array)
        schema.release(schema)
        if status:
            return ffi.string(library.assay_error_message(error[0])).decode()
        column = (wanted or ["digest"])[0].encode()
        data = library.assay_results_column(results[0], column, size)
        return bytes(ffi.buffer(data, size[0]))

    rng = np.random.default_rng(9)
    columns = {
        "type": rng.integers(0, 2, 50).astype(np.uint8), "spot": rng.uniform(50, 150, 50), "strike": rng.uniform(50, 150, 50),
        "years": rng.uniform(0.1, 2, 50), "rate": np.zeros(50), "dividendYield": np.zeros(50),
        "volatility": rng.uniform(0.1, 1, 50),
    }
    expected = assay.price(columns, measures=["price"])["price"]
    table = pyarrow.record_batch(columns)
    assert run("black_scholes", table, ["price"]) == expected.tobytes()
    assert run("black_scholes", table.slice(7, 20), ["price"]) == expected[7:27].tobytes()
    spots = pyarrow.array(columns["spot"], mask=np.arange(50) == 3)
    holes = table.set_column(1, "spot", spots)
    prices = np.frombuffer(run("black_scholes", holes, ["price"]))
    assert np.isnan(prices[3]) and prices[4] == expected[4]
    messages = [b"", b"abc", b"a" * 200]
    for kind in (pyarrow.binary(), pyarrow.large_binary()):
        batch = pyarrow.record_batch({"message": pyarrow.array(messages, kind)})
        digests = assay.engine().execute("sha256_message", 3, [messages])["digest"].tobytes()
        assert run("sha256_message", batch, []) == digests
        assert run("sha256_message", batch.slice(1), []) == digests[32:]
    assert "reads a column spot" in run("black_scholes", table.drop_columns(["spot"]), [])
    assert "does not read a column bid" in run("black_scholes", table.append_column("bid", spots), [])
    assert "must be g" in run("black_scholes", table.set_column(1, "spot", pyarrow.array([1] * 50)), [])
    assert "is null" in run("sha256_message", pyarrow.record_batch({"message": pyarrow.array([None, b""], pyarrow.binary())}), [])
