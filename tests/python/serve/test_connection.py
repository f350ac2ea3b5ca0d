"""What a connection of HTTP/1.1 does: order, ends, large bodies, heads that ask for more."""

import asyncio
import json
import socket
import time
import types

import numpy as np
import pytest
from serving_helpers import save_network

import mxnet as mx

ROW = b"[[1, 2, 3]]"
ANSWER = b"[[2.0, 4.0, 6.0]]"


@pytest.fixture(scope="module")
def server(serving, tmp_path_factory):
    """A server of a network that doubles its input."""
    prefix = tmp_path_factory.mktemp("double") / "double"
    return serving({"double": save_network(prefix, mx.sym.Variable("data") * 2)}, read_timeout=1.0)


class Talk:
    """A connection that reads answers one by one."""

    def __init__(self, server):
        self.stream = socket.create_connection((server.inference.host, server.inference.port))
        self.stream.settimeout(10)
        self.left = b""

    def send(self, *pieces):
        for number, piece in enumerate(pieces):
            time.sleep(0.05 if number else 0)
            self.stream.sendall(piece)
        return self

    def _more(self):
        piece = self.stream.recv(65536)
        assert piece, "the server has closed the connection"
        self.left += piece

    def answer(self, has_body=True):
        """Status, headers and body of the next answer."""
        while b"\r\n\r\n" not in self.left:
            self._more()
        head, _, self.left = self.left.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        size = int(headers.get("content-length", 0)) if has_body else 0
        while len(self.left) < size:
            self._more()
        body, self.left = self.left[:size], self.left[size:]
        return int(first.split()[1]), headers, body

    @property
    def is_closed(self):
        """Whether the server closes the connection and sends nothing more."""
        return not self.left and self.stream.recv(1) == b""

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stream.close()


def post(body, *lines, path="/invocations", version="1.1", length=None):
    """The bytes of a request."""
    head = [f"POST {path} HTTP/{version}", "Host: a", "Content-Type: application/json", *lines]
    if length is not False:
        head.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*head, "", ""]).encode() + body


def test_requests_that_come_together_are_answered_in_order(server):
    with Talk(server) as talk:
        rows = [[[float(number)]] for number in range(20)]
        talk.send(b"".join(post(json.dumps(each).encode()) for each in rows))
        for each in rows:
            assert json.loads(talk.answer()[2]) == [[2 * each[0][0]]]
        assert talk.send(post(ROW)).answer()[2] == ANSWER


def test_requests_cut_anywhere(server):
    data = post(ROW, "X-Request-Id: one") * 2
    for at in range(1, len(data) // 2, 7):
        with Talk(server) as talk:
            talk.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            talk.stream.sendall(data[:at])
            time.sleep(0.002)
            talk.stream.sendall(data[at:])
            for _ in range(2):
                status, headers, body = talk.answer()
                assert (status, headers["x-request-id"], body) == (200, "one", ANSWER)


def tensor(rows):
    """A request for tensors in bytes, and its head's length."""
    values = np.arange(rows * 4, dtype=np.float32).reshape(rows, 4)
    described = {
        "name": "data",
        "datatype": "FP32",
        "shape": [rows, 4],
        "parameters": {"binary_data_size": values.nbytes},
    }
    document = {"inputs": [described], "parameters": {"binary_data_output": True}}
    head = json.dumps(document).encode()
    return post(
        head + values.tobytes(),
        f"Inference-Header-Content-Length: {len(head)}",
        path="/v2/models/double/infer",
    ), values


@pytest.mark.parametrize("rows", [1, 4090, 4097, 40_000])
def test_large_bodies_come_in_pieces(server, rows):
    """Some are longer than what is read at once, and a request stands behind each."""
    data, values = tensor(rows)
    for cut in (1, 300, len(data) // 2, len(data)):
        with Talk(server) as talk:
            talk.send(data[:cut], data[cut:] + post(ROW))
            status, headers, body = talk.answer()
            assert status == 200
            found = np.frombuffer(body[int(headers["inference-header-content-length"]) :], "<f4")
            np.testing.assert_array_equal(found.reshape(values.shape), 2 * values)
            assert talk.answer()[2] == ANSWER


def test_heads_that_came_before(server):
    """They need no parser; what is not equal byte by byte does."""
    with Talk(server) as talk:
        for number in range(5):
            row = json.dumps([[number, 2, 3]]).encode()
            assert json.loads(talk.send(post(row)).answer()[2]) == [[2 * number, 4, 6]]
        head, body = post(ROW)[: -len(ROW)], ROW
        assert talk.send(head, body).answer()[2] == ANSWER
        assert talk.send(head + body[:3], body[3:]).answer()[2] == ANSWER
        talk.send(head + body + head + body)
        assert talk.answer()[2] == talk.answer()[2] == ANSWER
        # Empty lines before a request are passed over, and are no head of their own.
        for _ in range(2):
            assert talk.send(b"\r\n\r\n" + head + body).answer()[2] == ANSWER
        assert talk.send(post(ROW, path="/nothing")).answer()[0] == 404
        assert talk.send(post(ROW, path="/nothing")).answer()[0] == 404
        ids = {talk.send(post(ROW)).answer()[1]["x-request-id"] for _ in range(3)}
        assert len(ids) == 3
        for _ in range(2):
            answer = talk.send(post(ROW, "X-Request-Id: mine")).answer()
            assert answer[1]["x-request-id"] == "mine"
        assert talk.send(post(ROW, "Connection: close")).answer()[2] == ANSWER
        assert talk.is_closed


def test_heads_whose_lines_end_otherwise(server):
    """The first empty line of two ends is in the body, if the parser takes such heads at all."""
    body = b"[[1,\r\n\r\n2, 3]]"
    data = post(body).replace(b"\r\n", b"\n", 4)
    with Talk(server) as talk:
        for _ in range(3):
            status, _, found = talk.send(data).answer()
            assert status in (200, 400)
            if status == 400:
                return
            assert found == ANSWER


def test_pieces_of_a_body_with_their_lengths(server):
    chunks = b"".join(b"%x\r\n%c\r\n" % (1, each) for each in ROW) + b"0\r\nX-Behind: 1\r\n\r\n"
    with Talk(server) as talk:
        talk.send(post(b"", "Transfer-Encoding: chunked", length=False), chunks[:20], chunks[20:])
        assert talk.answer()[2] == ANSWER
        assert talk.send(post(ROW)).answer()[2] == ANSWER


def test_heads_that_ask_for_another_protocol(server):
    """Java's client asks for HTTP/2 with its first request, whatever that is."""
    lines = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
    with Talk(server) as talk:
        talk.send(post(ROW, *lines) + post(ROW))
        assert talk.answer()[2] == talk.answer()[2] == ANSWER
        data = post(ROW, *lines)
        assert talk.send(data[:-5], data[-5:]).answer()[2] == ANSWER
        talk.send(b"GET /ping HTTP/1.1\r\nHost: a\r\n" + "\r\n".join([*lines, "", ""]).encode())
        assert talk.answer()[0] == 200
        chunked = post(b"1\r\n[\r\n", *lines, "Transfer-Encoding: chunked", length=False)
        assert talk.send(chunked).answer()[0] == 400
        assert talk.is_closed


def test_clients_that_wait_before_they_send_the_body(server):
    with Talk(server) as talk:
        head = post(b"", "Expect: 100-continue", length=len(ROW))
        assert talk.send(head).answer()[0] == 100
        assert talk.send(ROW).answer()[2] == ANSWER
        # What is refused by its head is not asked for its body.
        head = post(b"", "Expect: 100-continue", length=10**12)
        assert talk.send(head).answer()[0] == 413
        assert talk.is_closed


def test_a_refused_request_whose_body_is_there_keeps_the_connection(server):
    with Talk(server) as talk:
        assert talk.send(post(ROW, path="/nothing")).answer()[0] == 404
        assert talk.send(post(ROW)).answer()[2] == ANSWER
        assert talk.send(post(ROW, path="/nothing", length=100)).answer()[0] == 404
        assert talk.is_closed


def test_ends_that_clients_ask_for(server):
    with Talk(server) as talk:
        status, headers, body = talk.send(post(ROW, "Connection: close")).answer()
        assert (status, headers["connection"], body) == (200, "close", ANSWER)
        assert talk.is_closed
    with Talk(server) as talk:
        assert talk.send(post(ROW, version="1.0")).answer()[2] == ANSWER
        assert talk.is_closed


def test_heads_alone(server):
    with Talk(server) as talk:
        status, headers, _ = talk.send(b"HEAD /ping HTTP/1.1\r\nHost: a\r\n\r\n").answer(False)
        assert status == 405 and int(headers["content-length"]) > 0
        assert talk.send(post(ROW)).answer()[2] == ANSWER


def test_addresses_in_full(server):
    with Talk(server) as talk:
        assert talk.send(b"GET http://a/ping?x=1 HTTP/1.1\r\nHost: a\r\n\r\n").answer()[0] == 200
        assert talk.send(b"GET /%70ing HTTP/1.1\r\nHost: a\r\n\r\n").answer()[0] == 200


def test_a_second_request_that_does_not_come(server):
    with Talk(server) as talk:
        assert talk.send(post(ROW)).answer()[2] == ANSWER
        assert talk.send(b"POST /invoc").answer()[0] == 408
        assert talk.is_closed


def test_a_connection_that_says_nothing_is_closed(server):
    with Talk(server) as talk:
        assert talk.is_closed


def test_answers_that_are_not_read_stop_the_reading(server):
    """A client that asks and asks without reading is not listened to any more."""
    data, _ = tensor(40_000)
    with Talk(server) as talk:
        talk.stream.settimeout(0.5)
        with pytest.raises(socket.timeout):
            for _ in range(200):
                talk.stream.sendall(data)
        assert len(server.service.repository.get().queue) <= 1


@pytest.mark.parametrize(
    "kind, headers", [("a/b\r\nX: 1", ()), ("a/b", [("x", "1\nX: 2")]), ("a/b", [("x\r\ny", "1")])]
)
def test_what_a_handler_answers_adds_no_header_by_itself(kind, headers):
    from mxnet.serve.errors import RequestError
    from mxnet.serve.http.sagemaker import answer_raw

    class Service:
        async def predict_raw(self, *_):
            return types.SimpleNamespace(name="m"), 200, b"", kind, headers

    with pytest.raises(RequestError, match="two lines"):
        asyncio.run(answer_raw(Service(), "m", None, None, ""))
