"""Loops and branches become Scan, Loop and If."""

import importlib.util
import pathlib

import numpy as np
import pytest

mx = pytest.importorskip("mxnet")
onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

TABLES = pathlib.Path(__file__).parents[3] / "ops" / "control_flow"


def load(path):
    spec = importlib.util.spec_from_file_location(f"onnx_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


running = load(pathlib.Path(__file__).with_name("running.py"))
LOOPS = load(TABLES / "foreach_cases.py").CASES
BRANCHES = load(TABLES / "branch_cases.py").CASES


def inner_nodes(graph):
    """Kinds of all nodes, with those of graphs inside."""
    for node in graph.node:
        yield node.op_type
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                yield from inner_nodes(attribute.g)


@pytest.mark.parametrize("name", LOOPS)
def test_foreach(name, tmp_path):
    symbol, shapes = LOOPS[name](mx)
    random = np.random.default_rng(1)
    feeds = {key: random.uniform(-1, 1, shape).astype("f") for key, shape in shapes.items()}
    path = tmp_path / "loop.onnx"
    running.check(symbol, {}, feeds, path)
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    kinds = list(inner_nodes(model.graph))
    assert kinds.count("Scan") == (2 if name == "nested" else 1)


@pytest.mark.parametrize("start", [0.5, 1, 2, 4])
@pytest.mark.parametrize("name", BRANCHES)
def test_conditions(name, start, tmp_path):
    symbol = BRANCHES[name](mx)
    feeds = {
        key: np.full(1, start + i / 4, "f") for i, key in enumerate(sorted(symbol.list_inputs()))
    }
    path = tmp_path / "branch.onnx"
    running.check(symbol, {}, feeds, path)
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert {"If", "Loop"} & set(inner_nodes(model.graph))


def test_one_file_for_every_number_of_steps(tmp_path):
    """Rows of steps that were not made are 0, also where there was no step."""
    var = mx.sym.Variable
    rows, (count, last) = mx.sym.contrib.while_loop(
        lambda i, s: i < 3,
        lambda i, s: (s * var("w"), [i + 1, s * var("w")]),
        [var("i"), var("s")],
        max_iterations=5,
    )
    symbol = mx.sym.Group([rows, count, last])
    path = tmp_path / "loop.onnx"
    names = symbol.list_inputs()
    mx.onnx.export_model(symbol, {}, [(1,)] * 3, np.float32, str(path))
    for start, steps in ((0, 3), (2, 1), (7, 0), (-9, 5)):
        feeds = {"i": np.array([start], "f"), "s": np.ones(1, "f"), "w": np.full(1, 2, "f")}
        assert set(feeds) == set(names)
        ours = running.run_symbol(symbol, {n: mx.nd.array(v) for n, v in feeds.items()})
        running.compare(ours, running.run_file(path, feeds), symbol.list_outputs())
        assert np.count_nonzero(ours[0]) == steps


def test_parameters_of_a_body_are_those_of_the_network(tmp_path):
    data, state = mx.sym.Variable("data"), mx.sym.Variable("state")

    def step(x, s):
        y = mx.sym.FullyConnected(x, num_hidden=3, name="fc") + s
        return y, y

    outputs, last = mx.sym.contrib.foreach(step, data, state)
    random = np.random.default_rng(2)
    params = {
        "fc_weight": mx.nd.array(random.normal(size=(3, 4))),
        "fc_bias": mx.nd.array(random.normal(size=3)),
    }
    feeds = {"data": np.ones((5, 2, 4), "f"), "state": np.zeros((2, 3), "f")}
    path = tmp_path / "body.onnx"
    running.check(mx.sym.Group([outputs, last]), params, feeds, path)
    assert sorted(each.name for each in onnx.load(path).graph.initializer) == sorted(params)
