"""What a server refuses: too much, too slow, the wrong people; what it says about itself."""

import json
import shutil
import socket
import ssl
import subprocess
import time

import pytest
from serving_helpers import LENET, ask, digit_rows

from mxnet import error


@pytest.fixture(scope="module")
def server(serving):
    return serving({"digits": LENET}, max_body=20_000, max_header=2000, read_timeout=1.0)


def talk(server, *pieces, pause=0):
    """What the server sends back to bytes, sent piece by piece."""
    with socket.create_connection((server.inference.host, server.inference.port)) as stream:
        stream.settimeout(10)
        try:
            for piece in pieces:
                stream.sendall(piece)
                time.sleep(pause)
        except OSError:
            pass  # it has stopped listening to us, and its answer is there
        answer = b""
        try:
            while piece := stream.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
    return answer


HEAD = b"POST /invocations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


def test_large_bodies(server):
    assert ask(f"{server.url}/invocations", b" " * 20_001, "application/json").status == 413
    chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"
    answer = talk(server, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 6)
    assert answer.startswith(b"HTTP/1.1 413")


def test_bodies_that_unpack_to_too_much(server):
    import gzip

    packed = gzip.compress(b" " * 1_000_000)
    reply = ask(f"{server.url}/invocations", packed, headers={"Content-Encoding": "gzip"})
    assert reply.status == 413
    reply = ask(f"{server.url}/invocations", b"x", headers={"Content-Encoding": "gzip"})
    assert reply.status == 400
    reply = ask(f"{server.url}/invocations", b"x", headers={"Content-Encoding": "br"})
    assert reply.status == 415


def test_large_heads(server):
    answer = talk(server, HEAD, b"X-Long: " + b"a" * 3000)
    assert answer.startswith(b"HTTP/1.1 431")


def test_heads_that_do_not_come(server):
    assert talk(server, b"GET / HT").startswith(b"HTTP/1.1 408")


def test_bodies_that_do_not_come(server):
    assert talk(server, HEAD + b"Content-Length: 100\r\n\r\n", b"[[").startswith(b"HTTP/1.1 408")


def test_broken_requests(server):
    assert talk(server, b"no HTTP at all\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert ask(f"{server.url}/ping").status == 200


def ping(stream):
    """The answer to a request whose connection stays open."""
    stream.settimeout(10)
    stream.sendall(b"GET /ping HTTP/1.1\r\nHost: a\r\n\r\n")
    answer = b""
    while not answer.endswith(b'{"status":"Healthy"}'):
        answer += stream.recv(65536)
    return answer


def test_too_many_connections(serving):
    server = serving({"digits": LENET}, max_connections=2)
    address = (server.inference.host, server.inference.port)
    with socket.create_connection(address) as one, socket.create_connection(address) as two:
        for stream in (one, two):
            assert ping(stream).startswith(b"HTTP/1.1 200")
        answer = talk(server, b"GET /ping HTTP/1.1\r\nHost: a\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 503") and b"retry-after: 1" in answer
        assert ping(one).startswith(b"HTTP/1.1 200")


def test_a_client_that_leaves(server):
    with socket.create_connection((server.inference.host, server.inference.port)) as stream:
        stream.sendall(HEAD + b"Content-Length: 100\r\n\r\n[")
    assert ask(f"{server.url}/ping").status == 200


def test_management_needs_the_token(serving):
    server = serving({"digits": LENET}, token="secret")
    management = f"http://127.0.0.1:{server.management.port}"
    reply = ask(f"{management}/models")
    assert (reply.status, reply.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert ask(f"{management}/models", headers={"Authorization": "Bearer other"}).status == 401
    assert ask(f"{management}/models", headers={"Authorization": "Bearer secret"}).status == 200
    rows, _ = digit_rows(1)
    assert ask(f"{management}/invocations", rows.tolist()).status == 200


def test_management_that_others_reach_needs_a_token(serving):
    with pytest.raises(error.ValueError, match="token"):
        serving(management_host="0.0.0.0")


def test_pages_of_other_sites_manage_nothing(digits):
    management = f"http://127.0.0.1:{digits.management.port}"
    assert ask(f"{management}/models", headers={"Origin": "http://evil.example"}).status == 403
    assert ask(f"{management}/models", headers={"Origin": management}).status == 200


def test_a_port_that_is_taken(serving, digits):
    with pytest.raises(error.OSError, match="cannot be listened on"):
        serving(port=digits.inference.port)


def test_tls(serving, tmp_path):
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl makes the certificate")
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    subprocess.run(
        [
            program,
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            key,
            "-out",
            certificate,
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
        ],
        check=True,
        capture_output=True,
    )
    import urllib.request

    server = serving({"digits": LENET}, certificate=certificate, key=key)
    context = ssl.create_default_context(cafile=certificate)
    with urllib.request.urlopen(f"{server.url}/ping", context=context) as answer:
        assert answer.status == 200
    with pytest.raises(error.ValueError, match="go together"):
        serving(certificate=certificate)


def test_figures_for_prometheus(digits):
    rows, _ = digit_rows(3)
    ask(f"{digits.url}/invocations", rows.tolist())
    ask(f"{digits.url}/invocations", b"[1")
    text = ask(f"{digits.url}/metrics").body.decode()

    def value(name):
        return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))

    labels = 'model="digits",version="1"'
    assert value(f'remx_requests_total{{code="200",{labels}}}') >= 1
    assert value('remx_requests_total{code="400",model="",version=""}') >= 1
    assert value(f"remx_batch_rows_sum{{{labels}}}") >= 3
    assert value(f"remx_request_seconds_count{{{labels}}}") >= 1
    assert value(f"remx_queue_requests{{{labels}}}") == 0


def test_figures_of_models_that_have_gone_are_dropped(serving):
    server = serving({"digits": LENET})
    rows, _ = digit_rows(1)
    ask(f"{server.url}/invocations", rows.tolist())
    assert b'model="digits"' in ask(f"{server.url}/metrics").body
    server.service.repository.remove("digits")
    until = time.monotonic() + 10
    while b'model="digits"' in ask(f"{server.url}/metrics").body:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_the_page(digits):
    page = ask(f"{digits.url}/")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "javascript" in ask(f"{digits.url}/page.js").headers["Content-Type"]
    (model,) = ask(f"{digits.url}/status").document["models"]
    assert (model["name"], model["pictures"]) == ("digits", True)
    assert model["versions"][0]["state"] == "READY"


def test_requests_are_logged(serving, capfd):
    server = serving({"digits": LENET}, access_log=True)
    rows, _ = digit_rows(1)
    ask(f"{server.url}/invocations", rows.tolist(), headers={"X-Request-Id": "abc"})
    until = time.monotonic() + 10
    lines = []
    while not lines and time.monotonic() < until:
        lines += [line for line in capfd.readouterr().err.splitlines() if '"abc"' in line]
    document = json.loads(lines[0])
    assert (document["status"], document["model"], document["path"]) == (
        200,
        "digits",
        "/invocations",
    )
    assert document["ms"] > 0
