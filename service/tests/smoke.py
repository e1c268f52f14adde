"""Asks a running assayd everything once: smoke.py ASSAYD ASSAY. Answers must be the command's, byte for byte."""

import http.client
import io
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

import grpc
import pyarrow
import pyarrow.csv
import pyarrow.ipc

try:
    import pandas
    import pyarrow.flight
except ImportError as absent:
    pandas = None
    print(f"SKIPPED: Arrow Flight: {absent}")
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_tools import protoc

assayd, assay = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
root = pathlib.Path(__file__).resolve().parent.parent.parent
work = pathlib.Path(tempfile.mkdtemp(prefix="assayd-"))
unix, rpc = work / "http.sock", work / "grpc.sock"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class UnixConnection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(unix))


def ask(method, path, body=None, headers={}, connection=None):
    connection = connection or UnixConnection("localhost", timeout=120)
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response.status, response.read()


def command(*arguments, allowed=(0, 1)):
    done = subprocess.run([assay, *map(str, arguments), "--quiet"], capture_output=True, timeout=300)
    assert done.returncode in allowed, done.stderr.decode()
    return done.stdout


def as_stream(table):
    sink = io.BytesIO()
    with pyarrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def exchange(client, name, table, batch=None):
    writer, reader = client.do_exchange(pyarrow.flight.FlightDescriptor.for_command(name))
    with writer:
        writer.begin(table.schema)
        writer.write_table(table, max_chunksize=batch)
        writer.done_writing()
        return reader.read_all()


def check_flight(rows, lines, table):
    """Arrow Flight's DoExchange: results are those of the command, whatever types the columns have."""
    flight = pyarrow.flight
    text = table["type"]
    types = (
        pyarrow.string(), pyarrow.large_string(), pyarrow.string_view(), pyarrow.dictionary(pyarrow.int8(), pyarrow.string()))
    with flight.connect(f"grpc+unix://{rpc}") as client:
        (work / "flight.arrow").write_bytes(as_stream(table))
        command("price", work / "flight.arrow", "--output", work / "flight-out.arrow", "--measures", "price,vega")
        expected = pyarrow.ipc.open_file(str(work / "flight-out.arrow")).read_all()
        frame = pyarrow.Table.from_pandas(table.to_pandas(), preserve_index=False)
        books = [table.set_column(0, "type", text.cast(kind)) for kind in types] + [frame]
        for book in books:
            assert exchange(client, "price?measures=price,vega", book).equals(expected), book.schema
        # More than one record batch: the rows are the same, numbered on.
        assert exchange(client, "price?measures=price,vega", table, batch=7).equals(expected)

        book = table.drop_columns("volatility").append_column("price", pyarrow.array([15.0] * table.num_rows))
        (work / "flight.arrow").write_bytes(as_stream(book))
        command("implied-volatility", work / "flight.arrow", "--output", work / "flight-out.arrow")
        expected = pyarrow.ipc.open_file(str(work / "flight-out.arrow")).read_all()
        assert exchange(client, "implied-volatility", book).equals(expected)

        # Rows as JSON in a column, and rows whose fields are columns.
        texts = [line.decode() for line in rows.split(b"\n") if line.strip()]
        for kind in types[:3]:
            verdicts = exchange(client, "verify", pyarrow.table({"row": pyarrow.array(texts, kind)}))
            assert ("\n".join(verdicts["line"].to_pylist()) + "\n").encode() == lines
            parsed = [json.loads(line) for line in lines.splitlines()]
            assert verdicts["accepted"].to_pylist() == [line["accepted"] for line in parsed]
            assert verdicts["reason"].to_pylist() == [line.get("reason") for line in parsed]
        flat = [
            json.loads(row) for row, line in zip(texts, parsed)
            if '"ed25519' in row and line.get("reason") != "malformed-row"]
        flat = [{key: value for key, value in row.items() if isinstance(value, str)} for row in flat]
        assert flat
        (work / "flat.jsonl").write_text("".join(json.dumps(row) + "\n" for row in flat))
        verdicts = exchange(client, "verify", pyarrow.Table.from_pylist(flat))
        assert ("\n".join(verdicts["line"].to_pylist()) + "\n").encode() == command("verify", work / "flat.jsonl")

        # What is wrong is told in words, and the next call is answered.
        for name, book in (
            ("colour", table), ("price?measure=price", table), ("price?measures=colour", table), ("price", table.select(["type"])),
            ("verify", pyarrow.table({"row": [[1]]})),
        ):
            try:
                exchange(client, name, book)
                raise AssertionError(f"{name} was computed")
            except pyarrow.ArrowInvalid as error:
                assert len(str(error)) > 40, error
        writer, reader = client.do_exchange(flight.FlightDescriptor.for_command("price"))
        writer.begin(table.schema)
        writer.write_table(table)
        reader.cancel()
        assert exchange(client, "price?measures=price", table).num_rows == table.num_rows
    for _ in range(100):
        if b"assay_requests_running 0" in ask("GET", "/metrics")[1]:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("a cancelled request runs on")


port = free_port()
service = subprocess.Popen(
    [assayd, "--listen", f"unix:{unix}", "--listen", f"tcp:127.0.0.1:{port}", "--grpc-listen", f"unix:{rpc}"],
    stderr=(work / "log").open("wb"))
try:
    for _ in range(600):
        if unix.exists() and rpc.exists():
            break
        assert service.poll() is None, (work / "log").read_text()
        time.sleep(0.1)

    # HTTP
    assert ask("GET", "/healthz")[0] == 200
    assert ask("GET", "/readyz", connection=http.client.HTTPConnection("127.0.0.1", port, timeout=60))[0] == 200
    rows = (root / "examples/mixed.jsonl").read_bytes()
    lines = command("verify", root / "examples/mixed.jsonl")
    for kind in ("application/x-ndjson", "text/plain", "application/x-www-form-urlencoded"):
        assert ask("POST", "/v1/verify", rows, {"Content-Type": kind}) == (200, lines)
    assert ask("POST", "/v1/verify", b"") == (200, b"")
    book = (root / "examples/book.csv").read_bytes()
    assert ask("POST", "/v1/price?measures=price,vega", book) == (
        200, command("price", root / "examples/book.csv", "--measures", "price,vega"))
    status, words = ask("POST", "/v1/price?measures=colour", book)
    assert status == 400 and b"colour" in words, (status, words)
    status, words = ask("POST", "/v1/price", b"strike\n1\n")
    assert status == 400 and words, (status, words)
    assert ask("POST", "/v1/price?colour=1", book)[0] == 400
    assert ask("GET", "/nothing")[0] == 404
    assert b"<title>assayd</title>" in ask("GET", "/")[1]

    # A name that is nearly a parameter's is told; one of another case is the parameter.
    status, words = ask("POST", "/v1/price?measure=price", book)
    assert status == 400 and b"Did you mean measures?" in words, (status, words)
    assert ask("POST", "/v1/price?Measures=price", book)[0] == 200
    assert ask("POST", "/v1/price?measures=price&measures=delta", book)[0] == 400

    # Totals, and implied volatility.
    (work / "scenarios.json").write_text('{"spot": [-0.1, 0.1], "volatility": [0, 0.05]}')
    query = urllib.parse.urlencode(
        {"by": "type", "measures": "price,delta", "scenarios": (work / "scenarios.json").read_text()})
    assert ask("POST", f"/v1/risk?{query}", book) == (200, command(
        "risk", root / "examples/book.csv", "--json", "--by", "type", "--measures", "price,delta", "--scenarios",
        work / "scenarios.json"))
    assert ask("POST", "/v1/risk", book) == (200, command("risk", root / "examples/book.csv", "--json"))
    for query in ("by=colour", "scenarios=%7B", "measures=colour", "scenario=1", "operation=price"):
        status, words = ask("POST", f"/v1/risk?{query}", book)
        assert status == 400 and words, (query, status, words)
    prices = b"type,spot,strike,rate,years,price\ncall,100,100,0.05,1,10.45\nput,100,90,0.05,1,-1\n"
    (work / "prices.csv").write_bytes(prices)
    assert ask("POST", "/v1/implied-volatility", prices) == (200, command("implied-volatility", work / "prices.csv"))
    assert ask("POST", "/v1/implied-volatility?measures=vega", prices)[0] == 400

    # An Arrow book, and Arrow out.
    table = pyarrow.table({
        "type": ["call", "put"] * 50, "spot": [100.0] * 100, "strike": [90.0 + i for i in range(100)], "years": [0.5] * 100,
        "volatility": [0.2] * 100})
    (work / "book.arrow").write_bytes(b"")
    with pyarrow.ipc.new_file(str(work / "book.arrow"), table.schema) as writer:
        writer.write_table(table)
    command("price", work / "book.arrow", "--output", work / "out.arrow")
    expected = (work / "out.arrow").read_bytes()
    arrow = (work / "book.arrow").read_bytes()
    assert ask("POST", "/v1/price", arrow, {"Accept": "application/vnd.apache.arrow.file"}) == (200, expected)
    priced = ask("POST", "/v1/price", arrow, {"Accept": "application/vnd.apache.arrow.stream"})[1]
    assert pyarrow.ipc.open_stream(priced).read_all().equals(pyarrow.ipc.open_file(expected).read_all())
    # The record batches are those of the file: only its magic and footer are left out.
    assert priced[priced.index(b"\xff\xff\xff\xff", 8):] in expected

    # gRPC
    (work / "stubs").mkdir()
    assert protoc.main([
        "protoc", f"-I{root}/service/protos", f"--python_out={work}/stubs", f"--grpc_python_out={work}/stubs", "assay.proto"]) == 0
    sys.path.insert(0, str(work / "stubs"))
    import assay_pb2
    import assay_pb2_grpc

    with grpc.insecure_channel(f"unix:{rpc}", options=[("grpc.max_receive_message_length", -1)]) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        assert health.Check(health_pb2.HealthCheckRequest(service="assay.v1.Assay"), timeout=60).status == 1
        assert "assay.v1.Assay" in ProtoReflectionDescriptorDatabase(channel).get_services()
        stub = assay_pb2_grpc.AssayStub(channel)
        answer = stub.VerifyRows(assay_pb2.VerifyRowsRequest(rows=rows, want_receipt=True), timeout=60)
        assert answer.lines == lines and json.loads(answer.receipt)["summary"]["rows"] == len(lines.splitlines())
        one_by_one = [line for line in rows.split(b"\n") if line.strip()]
        answers = stub.VerifyStream(
            (assay_pb2.VerifyRow(sequence=10 * i, row=row) for i, row in enumerate(one_by_one)), timeout=60)
        verdicts = list(answers)
        assert [verdict.sequence for verdict in verdicts] == [10 * i for i in range(len(one_by_one))]
        assert b"".join(verdict.line for verdict in verdicts) == lines
        assert stub.Price(assay_pb2.PriceRequest(arrow=arrow), timeout=60).arrow == priced
        # A stream in, as the messages say, has the same prices.
        assert stub.Price(assay_pb2.PriceRequest(arrow=as_stream(table)), timeout=60).arrow == priced
        try:
            stub.Price(assay_pb2.PriceRequest(arrow=b"no"), timeout=60)
            raise AssertionError("a broken book was priced")
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, error

    if pandas is not None:
        check_flight(rows, lines, table)

    metrics = ask("GET", "/metrics")[1].decode()
    assert 'assay_rows_total{operation="verify",outcome="accepted"}' in metrics

    # A request that runs when SIGTERM comes is answered in full.
    connection = UnixConnection("localhost", timeout=120)
    connection.putrequest("POST", "/v1/verify")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    connection.send(b"%x\r\n%s\r\n" % (len(rows), rows))
    time.sleep(0.5)
    service.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    connection.send(b"0\r\n\r\n")
    response = connection.getresponse()
    assert (response.status, response.read()) == (200, lines)
    connection.close()
    assert service.wait(60) == 0

    # A request that is too long is refused: what was read of it must not pass for the whole.
    (work / "short.json").write_text(json.dumps({"listen": [f"unix:{unix}"], "maxRequestBytes": 1000}))
    service = subprocess.Popen([assayd, "--config", str(work / "short.json")], stderr=(work / "log").open("wb"))
    for _ in range(600):
        if b"answering HTTP" in (work / "log").read_bytes():
            break
        time.sleep(0.1)
    assert ask("POST", "/v1/verify", rows)[0] == 413
    assert ask("POST", "/v1/price", book)[0] == 413
    service.send_signal(signal.SIGTERM)
    assert service.wait(60) == 0
    print("assayd: HTTP, gRPC, Arrow and SIGTERM as they should be")
except BaseException:
    sys.stderr.write((work / "log").read_text()[-4000:])
    raise
finally:
    if service.poll() is None:
        service.kill()
