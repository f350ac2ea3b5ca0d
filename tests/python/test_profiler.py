"""mx.profiler: traces, tables and the program's own marks. Times are never looked at."""

import json
import os
import subprocess
import sys
import threading

import pytest

import mxnet as mx
from mxnet import profiler


@pytest.fixture
def trace(tmp_path):
    """Runs the profiler; gives a function that ends it and returns the events."""
    path = tmp_path / "profile.json"
    profiler.set_config(profile_all=True, aggregate_stats=True, filename=str(path))
    profiler.dumps(reset=True)
    profiler.set_state("run")

    def finish():
        mx.nd.waitall()
        profiler.dump()
        return json.loads(path.read_text())["traceEvents"]

    yield finish
    profiler.set_state("stop")
    profiler.dump()
    profiler.dumps(reset=True)
    profiler.set_config(profile_all=False, aggregate_stats=False)


def named(events, name, **fields):
    return [
        e for e in events if e["name"] == name and all(e.get(k) == v for k, v in fields.items())
    ]


def is_inside(inner, outer):
    return (
        inner["tid"] == outer["tid"]
        and outer["ts"] <= inner["ts"]
        and inner["ts"] + inner["dur"] <= outer["ts"] + outer["dur"] + 0.01
    )


def test_eager_operators_with_kernel_shapes_and_cost(trace):
    x = mx.nd.ones((2, 3))
    mx.nd.FullyConnected(x, mx.nd.ones((4, 3)), no_bias=True, num_hidden=4).wait_to_read()
    (call,) = named(trace(), "FullyConnected", ph="X", cat="operator")
    assert call["args"]["in"] == "float32(2, 3) float32(4, 3)"
    assert call["args"]["out"] == "float32(2, 4)"
    assert call["args"]["kernel"]
    assert call["args"]["bytes"] == 4 * (6 + 12 + 8)
    assert call["args"]["flops"] == 2 * 2 * 3 * 4


def test_queued_work_lies_in_the_row_of_its_lane(trace):
    x = mx.nd.ones((400, 400))
    mx.nd.dot(x, x).wait_to_read()
    events = trace()
    rows = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
    (kernel,) = named(events, "dot", cat="operator")
    (operation,) = named(events, "dot", cat="engine")
    assert rows[kernel["tid"]] == "compute lane"
    assert is_inside(kernel, operation)
    assert kernel["args"]["flops"] == 2 * 400**3
    assert [rows[e["tid"]] for e in named(events, "MXImperativeInvokeEx")] == ["main"] * 2


def test_nodes_of_executors_and_cached_operators(trace):
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=3, name="fc1")
    executor = net.simple_bind(mx.cpu(), data=(2, 4))
    executor.forward(is_train=True)
    executor.backward([mx.nd.ones((2, 3))])
    block = mx.gluon.nn.Dense(3, in_units=2)
    block.initialize()
    block.hybridize()
    block(mx.nd.ones((1, 2))).wait_to_read()
    events = trace()
    nodes = {e["args"].get("node") for e in events if e.get("cat") == "operator"}
    assert "fc1" in nodes
    assert any(node and node.startswith("dense") for node in nodes)
    for name in ("MXExecutorForward", "MXExecutorBackwardEx", "MXInvokeCachedOpEx"):
        assert len(named(events, name, cat="MXNET_C_API")) == 1


def test_memory_counter(trace):
    x = mx.nd.ones((1 << 20,))
    x.wait_to_read()
    values = [e["args"]["Memory: cpu/0"] for e in named(trace(), "Memory: cpu/0", ph="C")]
    assert max(values) >= x.size * 4
    assert values[-1] <= mx.context.memory_stats()["peak_bytes_in_use"]


def test_marks_of_the_program(trace):
    domain = profiler.Domain("dom")
    task, frame = domain.new_task("task"), domain.new_frame("frame")
    outer, inner = profiler.Event("outer"), profiler.Event("inner")
    counter = domain.new_counter("counter", 5)
    counter += 2
    counter -= 1
    counter.increment(3)
    counter.decrement(4)
    domain.new_marker("mark").mark("process")
    task.start()
    outer.start()
    inner.start()
    with frame, profiler.scope("scope"):
        mx.nd.ones((1,)).wait_to_read()
    inner.stop()
    outer.stop()
    threading.Thread(target=task.stop).start()
    assert [str(x) for x in (domain, task, frame, outer, counter)] == [
        "dom",
        "task",
        "frame",
        "outer",
        "counter",
    ]
    while not profiler.dumps().count("task"):
        pass
    events = trace()
    assert [e["args"]["counter"] for e in named(events, "counter")] == [5, 7, 6, 9, 5]
    assert [e["ph"] for e in named(events, "task", cat="dom")] == ["b", "e"]
    assert [e["ph"] for e in named(events, "frame", cat="dom,frame")] == ["b", "e"]
    assert named(events, "mark", cat="dom,instant_marker", ph="i")[0]["s"] == "p"
    (big,), (small,) = named(events, "outer"), named(events, "inner")
    assert is_inside(small, big)
    assert is_inside(named(events, "scope")[0], small)


def test_tables(trace):
    for _ in range(3):
        mx.nd.exp(mx.nd.ones((2,))).wait_to_read()
    text = profiler.dumps()
    lines = [line.split() for line in text.splitlines()]
    (row,) = [line for line in lines if line[:1] == ["exp"]]
    assert row[1] == "3" and len(row) == 6
    assert "Profile Statistics:" in text
    assert "Device Storage" in text and "operator" in text and "MXNET_C_API" in text
    table = json.loads(profiler.dumps(format="json", sort_by="count", ascending=True))
    assert table["Time"]["operator"]["exp"]["Count"] == 3
    counts = [entry["Count"] for entry in table["Time"]["operator"].values()]
    assert counts == sorted(counts)
    profiler.dumps(reset=True)
    assert "exp" not in profiler.dumps()


def test_pause_and_resume(trace):
    mx.nd.exp(mx.nd.ones((2,))).wait_to_read()
    profiler.pause()
    mx.nd.sin(mx.nd.ones((2,))).wait_to_read()
    profiler.resume()
    mx.nd.cos(mx.nd.ones((2,))).wait_to_read()
    events = trace()
    assert named(events, "exp") and named(events, "cos") and not named(events, "sin")


def test_nothing_is_recorded_unless_asked_for(trace):
    profiler.set_state("stop")
    profiler.dump()
    profiler.set_config(profile_all=False, profile_imperative=False, profile_api=False)
    profiler.set_state("run")
    mx.nd.exp(mx.nd.ones((2,))).wait_to_read()
    events = trace()
    profiler.set_config(profile_imperative=True, profile_api=True)
    assert not [e for e in events if e.get("cat") in ("operator", "MXNET_C_API")]
    mx.nd.exp(mx.nd.ones((2,))).wait_to_read()
    assert not [e for e in trace() if e["ph"] != "M"]


@pytest.mark.parametrize(
    "call, text",
    [
        (lambda: profiler.set_config(colour=1), "colour=1 is not a setting"),
        (lambda: profiler.set_state("walk"), "state=walk"),
        (lambda: profiler.dumps(sort_by="name"), "sort_by=name"),
        (lambda: profiler.dumps(format="xml"), "format=xml"),
        (lambda: profiler.pause("scheduler"), "profile_process=scheduler"),
        (lambda: profiler.Domain("d").new_marker("m").mark("world"), "scope=world"),
    ],
)
def test_mistakes(call, text):
    with pytest.raises(ValueError, match=text):
        call()


def test_older_names(tmp_path):
    path = tmp_path / "old.json"
    with pytest.warns(UserWarning, match="deprecated"):
        profiler.profiler_set_config(mode="all", filename=str(path))
        profiler.profiler_set_state("run")
    mx.nd.exp(mx.nd.ones((2,))).wait_to_read()
    with pytest.warns(UserWarning, match="deprecated"):
        profiler.profiler_set_state("stop")
        profiler.dump_profile()
    profiler.set_config(profile_all=False)
    assert named(json.loads(path.read_text())["traceEvents"], "exp", cat="operator")


def test_from_the_environment_and_over_a_fork(tmp_path):
    program = """
import os
import mxnet as mx
mx.nd.exp(mx.nd.ones((400, 400))).wait_to_read()
pid = os.fork()
mx.nd.sin(mx.nd.ones((400, 400))).wait_to_read()
if pid:
    assert os.waitpid(pid, 0)[1] == 0
"""
    subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        check=True,
        timeout=120,
        env={**os.environ, "MXNET_PROFILER_AUTOSTART": "1", "MXNET_PROFILER_MODE": "1"},
    )
    events = json.loads((tmp_path / "profile.json").read_text())["traceEvents"]
    assert len(named(events, "exp", cat="operator")) == 1
    assert len(named(events, "sin", cat="operator")) == 1
