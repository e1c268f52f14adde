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

import grpc
import pyarrow
import pyarrow.csv
import pyarrow.ipc
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
        stream = stub.VerifyStream(
            (assay_pb2.VerifyRow(sequence=10 * i, row=row) for i, row in enumerate(one_by_one)), timeout=60)
        verdicts = list(stream)
        assert [verdict.sequence for verdict in verdicts] == [10 * i for i in range(len(one_by_one))]
        assert b"".join(verdict.line for verdict in verdicts) == lines
        assert stub.Price(assay_pb2.PriceRequest(arrow=arrow), timeout=60).arrow == expected
        try:
            stub.Price(assay_pb2.PriceRequest(arrow=b"no"), timeout=60)
            raise AssertionError("a broken book was priced")
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, error

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
    print("assayd: HTTP, gRPC and SIGTERM as they should be")
except BaseException:
    sys.stderr.write((work / "log").read_text()[-4000:])
    raise
finally:
    if service.poll() is None:
        service.kill()
