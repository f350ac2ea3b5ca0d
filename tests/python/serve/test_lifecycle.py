"""Models that are replaced and removed while requests run; the end of a server."""

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

import numpy as np
import pytest
from serving_helpers import ask, save_network

import mxnet as mx

MARK = f"test-of-serving-{os.getpid()}"
SLEEPER = """
import os, time
def transform_fn(model, data, content_type, accept):
    if data == b"hang":
        while True:
            time.sleep(1)
    if data == b"pid":
        return str(os.getpid())
    with open(data.decode(), "w"):
        time.sleep(1)
    return "slept"
def model_fn(folder):
    return None
"""


def constant_network(prefix, value):
    """A network whose answer is its input times `value`."""
    data = mx.sym.Variable("data", shape=(0, 3))
    return save_network(
        prefix,
        mx.sym.broadcast_mul(data, mx.sym.Variable("factor_weight")),
        {"factor_weight": np.full((1, 1), value, np.float32)},
    )


@pytest.fixture
def folders(tmp_path):
    return [constant_network(tmp_path / f"net{value}", value) for value in (1, 2)]


def test_replacing_loses_no_request(serving, folders):
    server = serving({"net": folders[0]})
    load, failures, seen = server.service.load_all, [], set()
    ending = threading.Event()

    def work():
        while not ending.is_set():
            reply = ask(f"{server.url}/invocations", [[1, 1, 1]])
            if reply.status != 200:
                failures.append(reply.body)
            else:
                seen.add(json.dumps(reply.document))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(10):
        load(str(folders[number % 2]), "net")
        time.sleep(0.02)
    ending.set()
    for thread in threads:
        thread.join(20)
    assert not failures
    assert seen == {"[[1.0, 1.0, 1.0]]", "[[2.0, 2.0, 2.0]]"}
    assert len(server.service.repository.all_versions()) == 1


def test_versions_that_were_replaced_leave_nothing(serving, folders):
    server = serving({"net": folders[0]})
    gone = weakref.ref(server.service.repository.get("net"))
    assert ask(f"{server.url}/invocations", [[1, 1, 1]]).status == 200
    gc.collect()
    gc.disable()  # the memory of networks does not wait for the collector
    try:
        server.service.load_all(str(folders[1]), "net")
        until = time.monotonic() + 20  # which is less than requests may take
        while gone() is not None and time.monotonic() < until:
            time.sleep(0.01)
        assert gone() is None
    finally:
        gc.enable()


def test_versions_side_by_side(serving, folders, tmp_path):
    for number, prefix in enumerate(folders, 1):
        folder = tmp_path / "both" / str(number)
        folder.mkdir(parents=True)
        for ending in ("-symbol.json", "-0000.params"):
            (folder / f"n{ending}").write_bytes(open(f"{prefix}{ending}", "rb").read())
    server = serving()
    server.service.load_all(str(tmp_path / "both"))
    url = f"{server.url}/v2/models/both"
    tensor = {"name": "data", "datatype": "FP32", "shape": [1, 3], "data": [1, 1, 1]}

    def answer(version=""):
        return ask(f"{url}{version}/infer", {"inputs": [tensor]}).document["outputs"][0]["data"][0]

    assert ask(url).document["versions"] == ["1", "2"]
    assert (answer(), answer("/versions/1"), answer("/versions/2")) == (2, 1, 2)
    server.service.repository.remove("both", "2")
    assert answer() == 1
    assert ask(f"{url}/versions/2/infer", {"inputs": [tensor]}).status == 404


def test_a_load_that_fails_leaves_what_is_there(serving, folders, tmp_path):
    server = serving({"net": folders[0]})
    broken = constant_network(tmp_path / "broken", 3)
    with open(f"{broken}-0000.params", "r+b") as stream:
        stream.truncate(20)
    with pytest.raises(mx.MXNetError):
        server.service.load_all(str(broken), "net")
    assert ask(f"{server.url}/invocations", [[1, 1, 1]]).document == [[1, 1, 1]]


def test_rows_that_depend_on_their_neighbours_are_not_joined(serving, tmp_path):
    data = mx.sym.Variable("data", shape=(0, 3))
    prefix = save_network(
        tmp_path / "centred", mx.sym.broadcast_sub(data, mx.sym.mean(data, axis=0, keepdims=True))
    )
    server = serving({"centred": prefix})
    assert server.service.repository.get().model.max_rows == 1
    assert ask(f"{server.url}/invocations", [[1, 1, 1]]).document == [[0, 0, 0]]
    # Filled up with zeros to four rows, the mean of these three would be another.
    reply = ask(f"{server.url}/invocations", [[1, 1, 1], [2, 2, 2], [3, 3, 3]])
    assert reply.document == [[-1, -1, -1], [0, 0, 0], [1, 1, 1]]


def wait_until_prepared(server):
    """Wait until the runners of the only model have nothing to prepare."""
    version = server.service.repository.get()
    wait_for(lambda: not any(runner.has_more for runner in version._runners))
    return version.model


def test_neighbours_are_looked_at_when_shapes_are_unknown(serving, tmp_path):
    data = mx.sym.Variable("data")
    for name, symbol, joins in (
        ("centred", mx.sym.broadcast_sub(data, mx.sym.mean(data, axis=0, keepdims=True)), False),
        ("double", data * 2, True),
        ("total", mx.sym.sum(data), False),
    ):
        server = serving({name: save_network(tmp_path / name, symbol)})
        assert server.service.repository.get().model.joins is None
        first = ask(f"{server.url}/invocations", [[1, 2], [3, 4], [8, 9]]).document
        assert wait_until_prepared(server).joins is joins
        assert ask(f"{server.url}/invocations", [[1, 2], [3, 4], [8, 9]]).document == first


def test_a_server_that_starts_answers_before_all_is_compiled(serving, folders):
    from mxnet.serve.core.network import Predictor

    server, sizes = serving(), []
    run = Predictor.run
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Predictor, "run",
            lambda self, inputs: sizes.append(len(inputs["data"])) or run(self, inputs),
        )  # fmt: skip
        server.service.is_starting = True
        (version,) = server.service.load_all(str(folders[0]), "net")
        server.service.is_starting = False
        assert sizes[0] == 1
        assert wait_until_prepared(server).sizes == (1, 2, 4, 8, 16)
        assert set(sizes) == {1, 2, 4, 8, 16}
        del sizes[:]
        ask(f"{server.url}/invocations", [[1, 1, 1]] * 3)
        assert sizes == [4]


def test_a_graph_with_one_size_of_batch(serving, tmp_path):
    data = mx.sym.Variable("data")
    symbol = mx.sym.Reshape(mx.sym.Reshape(data * 2, shape=(12,)), shape=(4, 3))
    prefix = save_network(tmp_path / "model", symbol)
    (tmp_path / "model-shapes.json").write_text('[{"name": "data", "shape": [4, 3]}]')
    server = serving({"fixed": prefix})
    for rows in (1, 4, 6):
        values = np.arange(3.0 * rows).reshape(rows, 3)
        reply = ask(f"{server.url}/invocations", values.tolist())
        assert reply.document == (2 * values).tolist()


def test_inputs_of_unknown_shape(serving, tmp_path):
    prefix = save_network(tmp_path / "double", mx.sym.Variable("data") * 2)
    server = serving({"double": prefix})
    for rows in ([[1, 2]], [[1, 2], [3, 4], [5, 6]], [[[1]], [[2]]]):
        reply = ask(f"{server.url}/invocations", rows)
        assert reply.document == (2 * np.array(rows)).tolist()


@pytest.fixture
def program(tmp_path):
    """`remx serve` as a process of its own, with a script that sleeps."""
    folder = tmp_path / "model"
    (folder / "code").mkdir(parents=True)
    (folder / "code/inference.py").write_text(SLEEPER)
    arguments = ["serve", str(folder), "--port", "0", "--management-port", "none", "--json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "mxnet.cli", *arguments, "--code", "allow", "--drain", "2"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "MARK": MARK},
    )
    text = ""
    while "\n}" not in text:
        line = process.stdout.readline()
        assert line, "the server has ended"
        text += line
    yield process, json.loads(text)["url"]
    process.kill()
    process.wait()
    process.stdout.close()


def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition):
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.01)


def test_sigterm_drains(program, tmp_path):
    process, url = program
    worker = int(ask(f"{url}/invocations", b"pid").body)
    started, replies = tmp_path / "started", []
    asking = threading.Thread(
        target=lambda: replies.append(ask(f"{url}/invocations", str(started).encode()))
    )
    asking.start()
    wait_for(started.exists)
    process.send_signal(signal.SIGTERM)
    asking.join(20)
    assert [each.body for each in replies] == [b"slept"]
    assert process.wait(20) == 0
    assert not is_there(worker)


def test_a_handler_that_hangs_does_not_keep_the_server(program):
    process, url = program
    worker = int(ask(f"{url}/invocations", b"pid").body)
    asking = threading.Thread(target=lambda: ask_in_vain(f"{url}/invocations", b"hang"))
    asking.start()
    assert set(processes_with(MARK)) == {process.pid, worker}
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0  # --drain is 2 seconds
    asking.join(20)
    wait_for(lambda: not is_there(worker))
    wait_for(lambda: not processes_with(MARK))


def ask_in_vain(url, body):
    """Send a request whose connection may be closed without an answer."""
    try:
        ask(url, body)
    except OSError:
        pass


def processes_with(mark):
    """Numbers of the processes whose environment holds a text."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue  # it has ended, or is somebody else's
    return found


def test_workers_end_with_a_server_that_is_killed(program):
    process, url = program
    worker = int(ask(f"{url}/invocations", b"pid").body)
    assert is_there(worker)
    process.kill()
    process.wait()
    wait_for(lambda: not is_there(worker))
