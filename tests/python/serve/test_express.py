"""The express lane: what it answers, what it leaves to the event loop, and that nobody can tell."""

import http.client
import json
import threading
import time

import numpy as np
import pytest
from serving_helpers import ask, save_network

import mxnet as mx

ROW = np.float32([[1, 2, 3]])


class Client:
    """A connection that stays open, and sends tensors in bytes."""

    def __init__(self, server):
        self.server = server
        self.connection = http.client.HTTPConnection(
            server.inference.host, server.inference.port, timeout=20
        )

    def ask(self, path="/v2/models/double/infer", array=ROW, headers=(), **more):
        """Status, headers, JSON and bytes of the answer."""
        described = {
            "name": "data",
            "datatype": {"f": "FP32", "i": "INT32"}[array.dtype.kind],
            "shape": list(array.shape),
            "parameters": {"binary_data_size": array.nbytes},
        }
        more = {"parameters": {"binary_data_output": True}, **more}
        head = json.dumps({"inputs": [described], **more}).encode()
        length = {"Inference-Header-Content-Length": str(len(head)), **dict(headers)}
        self.connection.request("POST", path, head + array.tobytes(), length)
        return self._answer()

    def get(self, path):
        """The same for a request without a body."""
        self.connection.request("GET", path)
        return self._answer()

    def _answer(self):
        answer = self.connection.getresponse()
        body, headers = answer.read(), {k.lower(): v for k, v in answer.getheaders()}
        size = int(headers.get("inference-header-content-length", len(body)))
        return answer.status, headers, json.loads(body[:size] or b"{}"), body[size:]

    @property
    def is_with_the_lane(self):
        """Whether the lane has the connection, and no other is open."""
        until = time.monotonic() + 5
        while time.monotonic() < until:  # it goes there behind the answer
            if self.server.inference.express.open == 1:
                return True
            time.sleep(0.01)
        return False

    def come_into_the_lane(self, path="/v2/models/double/infer"):
        """Ask until the lane has the connection: rows are joined once that has been tried."""
        for _ in range(3):
            assert self.ask(path)[0] == 200
            if self.is_with_the_lane:
                return self
        raise AssertionError("the lane does not take the connection")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.connection.close()
        until = time.monotonic() + 5
        while self.server.inference.express.open and time.monotonic() < until:
            time.sleep(0.01)


@pytest.fixture(scope="module")
def double(tmp_path_factory):
    """A network that doubles its input, and gives the sum of a row too."""
    data = mx.sym.Variable("data", shape=(0, 3))
    outputs = mx.sym.Group([mx.sym.identity(data * 2, name="twice"), data.sum(axis=1, name="sum")])
    return save_network(tmp_path_factory.mktemp("double") / "double", outputs)


@pytest.fixture(scope="module")
def server(serving, double):
    return serving({"double": double})


def test_answers_are_those_of_the_event_loop(serving, double, server):
    plain = serving({"double": double}, access_log=True)  # which has no lane
    wishes = [{"name": "sum", "parameters": {"binary_data": True}}]
    rows = np.arange(12, dtype=np.float32).reshape(4, 3)
    with Client(server) as client:
        client.come_into_the_lane()
        slow = Client.__new__(Client)
        slow.server = plain
        slow.connection = http.client.HTTPConnection(plain.inference.host, plain.inference.port)
        for changes in (
            {},
            {"array": rows},
            {"id": "a"},
            {"id": 'ä"b'},
            {"outputs": wishes},
            {"outputs": [{"name": "twice_output"}, *wishes]},
            {"path": "/v2/models/double/versions/1/infer"},
            {"headers": {"X-Request-Id": "seven"}},
        ):
            lane, loop = client.ask(**changes), slow.ask(**changes)
            assert client.is_with_the_lane
            assert lane[0] == loop[0] == 200 and lane[2:] == loop[2:]
            assert list(lane[1]) == list(loop[1])
            for name in lane[1].keys() - {"date", "x-request-id"}:
                assert lane[1][name] == loop[1][name]
        assert lane[1]["x-request-id"] == "seven"
        slow.connection.close()


def test_what_is_not_plain_is_answered_by_the_event_loop(server):
    with Client(server) as client:
        client.come_into_the_lane()
        assert client.get("/v2/models/double")[2]["name"] == "double"
        assert client.ask(array=np.int32([[1, 2, 3]]))[3] == np.float32([2, 4, 6, 6]).tobytes()
        status, _, document, _ = client.ask(array=np.float32([[1, 2]]))
        assert status == 400 and "shape" in document["error"]
        assert client.ask("/v2/models/none/infer")[0] == 404
        status, _, document, _ = client.ask(parameters={})
        assert status == 200 and document["outputs"][0]["data"] == [2, 4, 6]


def test_a_connection_comes_back_to_the_lane_but_not_for_ever(server):
    with Client(server) as client:
        client.come_into_the_lane()
        for _ in range(6):
            assert client.get("/v2/models/double")[0] == 200
            assert client.ask()[0] == 200
        assert server.inference.express.open == 0
        assert client.ask()[3] == np.float32([2, 4, 6, 6]).tobytes()


def test_a_connection_stays_where_too_many_files_are_open(server, monkeypatch):
    with Client(server) as client:
        client.come_into_the_lane()
        assert client.get("/v2/models/double")[0] == 200

        def fail(number):
            raise OSError(24, "Too many open files")

        with monkeypatch.context() as patch:
            patch.setattr("mxnet.serve.http.express.os.dup", fail)
            for _ in range(2):
                assert client.ask()[0] == 200
            time.sleep(0.1)
            assert server.inference.express.open == 0
            (connection,) = server.inference.express._port.connections
            assert connection.deadline is not None  # it is not kept for ever
        client.come_into_the_lane()


def test_many_clients_get_their_own_rows(server):
    wrong = []

    def work(number):
        with Client(server) as client:
            for i in range(100):
                row = np.float32([[number, i, 0]])
                if (
                    client.ask(array=row)[3]
                    != np.float32([2 * number, 2 * i, 0, number + i]).tobytes()
                ):
                    wrong.append((number, i))
                if i % 25 == number:  # others, which Python sees, join the same batches
                    body = {"inputs": row.tolist()}
                    ask(f"{server.url}/v1/models/double:predict", body)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_plain_requests_are_counted(server):
    def counted():
        text = ask(f"{server.url}/metrics").body.decode()
        line = 'remx_requests_total{code="200",model="double",version="1"}'
        requests = [each for each in text.splitlines() if each.startswith(line)]
        stats = ask(f"{server.url}/v2/models/double/stats").document["model_stats"][0]
        return float(requests[0].split()[1]), stats["inference_stats"]["success"]["count"]

    with Client(server) as client:
        client.come_into_the_lane()
        before = counted()
        for _ in range(5):
            client.ask()
        assert counted() == (before[0] + 5, before[1] + 5)


def test_a_version_that_is_replaced_or_removed(serving, double, tmp_path):
    server = serving({"double": double})
    thrice = save_network(tmp_path / "thrice", mx.sym.Variable("data", shape=(0, 3)) * 3)
    with Client(server) as client:
        client.come_into_the_lane()
        server.service.load_all(str(thrice), "double")
        assert client.ask()[3] == (ROW * 3).tobytes()
        client.come_into_the_lane()
        assert client.ask()[3] == (ROW * 3).tobytes()
        server.service.repository.remove("double")
        assert client.ask()[0] == 404


class Slow:
    """A runner that gives zeros until it is told to wait, or to fail."""

    has_more = False

    def __init__(self):
        self.may_go, self.has_begun, self.fails = threading.Event(), threading.Event(), False
        self.may_go.set()

    def wait(self):
        """Have the next batch wait for `may_go`."""
        self.may_go.clear()
        self.has_begun.clear()

    def run(self, batch):
        self.has_begun.set()
        self.may_go.wait(20)
        if self.fails:
            raise RuntimeError("as asked")
        return [self._zeros(each, each is batch.plain) for each in batch.members]

    @staticmethod
    def _zeros(member, is_plain):
        arrays = [np.zeros((member.rows, 3), np.float32), np.zeros(member.rows, np.float32)]
        return [(each, "FP32") for each in arrays] if is_plain else arrays

    def close(self):
        pass


def serve_slowly(serving, path, monkeypatch, **settings):
    """A server of a model with such a runner; gives the server, the version and the runner."""
    from mxnet.serve import ModelSettings
    from mxnet.serve.core.tensor_model import TensorModel

    server, runner = serving({}), Slow()
    monkeypatch.setattr(TensorModel, "make_runners", lambda model, is_urgent: [runner])
    (version,) = server.service.load_all(str(path), "double", ModelSettings(**settings))
    version.model.sizes, version.model.joins = (1, 2, 4), True
    server.inference.express.publish()
    return server, version, runner


@pytest.mark.parametrize("fails, settings, status, text", [
    (True, {}, 500, "double: RuntimeError: as asked"),
    (False, {"timeout": 0.3}, 504, "double: no answer within 0.3 s; it was given up"),
])  # fmt: skip
def test_plain_requests_that_fail(serving, double, monkeypatch, fails, settings, status, text):
    server, version, runner = serve_slowly(serving, double, monkeypatch, **settings)
    with Client(server) as client:
        client.come_into_the_lane()
        runner.fails = fails
        if not fails:
            runner.wait()
        answer = client.ask(headers={"X-Request-Id": "mine"})
        assert answer[0] == status and answer[2] == {"error": text}
        assert answer[1]["x-request-id"] == "mine"
        assert client.is_with_the_lane
        assert version.statistics.describe()["inference_stats"]["fail"]["count"] == 1
        runner.may_go.set()


def test_a_full_queue(serving, double, monkeypatch):
    server, version, runner = serve_slowly(serving, double, monkeypatch, queue_size=1)
    clients, threads = [Client(server) for _ in range(4)], []
    for client in clients[:3]:
        client.ask()
    while server.inference.express.open < 3:
        time.sleep(0.001)
    runner.wait()
    for client in clients[:2]:  # one is computed, one waits
        threads.append(threading.Thread(target=client.ask))
        threads[-1].start()
        assert runner.has_begun.wait(20)
    while not len(version.queue):
        time.sleep(0.001)
    refusals = [client.ask() for client in clients[2:]]  # one by the lane, one by the event loop
    for status, headers, document, _ in refusals:
        assert status == 503 and headers["retry-after"] == "1"
        assert "1 requests wait" in document["error"]
    assert list(refusals[0][1]) == list(refusals[1][1])
    assert server.inference.express.open == 3
    runner.may_go.set()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    assert clients[2].ask()[0] == 200
    for client in clients:
        client.connection.close()


def test_the_end_answers_what_was_accepted(serving, double, monkeypatch):
    server, _, runner = serve_slowly(serving, double, monkeypatch)
    busy, idle, answers = Client(server), Client(server), []
    busy.ask()
    idle.ask()
    while server.inference.express.open < 2:
        time.sleep(0.001)
    runner.wait()
    thread = threading.Thread(target=lambda: answers.append(busy.ask()))
    thread.start()
    assert runner.has_begun.wait(20)
    closing = threading.Thread(target=server.close)
    closing.start()
    assert idle.connection.sock.recv(1) == b""
    runner.may_go.set()
    thread.join(20)
    closing.join(20)
    assert answers and answers[0][0] == 200
    assert not closing.is_alive()
