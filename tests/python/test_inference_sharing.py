"""Executors share compiled graphs and packed weights, and never each other's changes."""

import gc
import threading

import numpy as np
import pytest

import mxnet as mx
from mxnet import _core
from mxnet.test_utils import environment

SHAPE = (3, 12, 12)


def network(prefix=""):
    """Convolution, batch norm, activation and a dense layer."""
    x = mx.sym.Variable("data")
    x = mx.sym.Convolution(x, kernel=(3, 3), num_filter=16, name=f"{prefix}conv")
    x = mx.sym.BatchNorm(x, fix_gamma=False, name=f"{prefix}norm")
    x = mx.sym.Activation(x, act_type="relu", name=f"{prefix}relu")
    x = mx.sym.FullyConnected(mx.sym.Flatten(x), num_hidden=7, name=f"{prefix}fc")
    return mx.sym.softmax(x, name=f"{prefix}prob")


def parameters(symbol, seed=0):
    """Arguments and auxiliary states by name."""
    state = np.random.RandomState(seed)
    arg_shapes, _, aux_shapes = symbol.infer_shape(data=(1, *SHAPE))

    def values(names, shapes):
        return {
            name: mx.nd.array(np.abs(state.randn(*shape)) / 10)
            for name, shape in zip(names, shapes)
            if name != "data"
        }

    return (
        values(symbol.list_arguments(), arg_shapes),
        values(symbol.list_auxiliary_states(), aux_shapes),
    )


def bound(symbol, params, batch=1):
    """A module with these parameters."""
    module = mx.mod.Module(symbol, label_names=None)
    module.bind([("data", (batch, *SHAPE))], for_training=False)
    module.set_params(*params)
    return module


def rows(batch, seed=0):
    """A batch of inputs."""
    return np.random.RandomState(seed).uniform(-1, 1, (batch, *SHAPE)).astype("float32")


def predict(module, data):
    """Outputs for a NumPy batch."""
    module.forward(mx.io.DataBatch([mx.nd.array(data)]), is_train=False)
    return module.get_outputs()[0].asnumpy()


def unfused(symbol, params, data):
    """What the operators give one by one, with parameters of its own."""
    args, auxs = ({k: mx.nd.array(v.asnumpy()) for k, v in kind.items()} for kind in params)
    with environment("MXNET_SUBGRAPH_BACKEND", "NONE"):
        executor = symbol.bind(mx.cpu(), dict(args, data=mx.nd.array(data)), aux_states=auxs)
        return executor.forward(is_train=False)[0].asnumpy()


class Counted:
    """How many graphs were compiled and constants computed inside a ``with`` block."""

    def __enter__(self):
        self._before = _core.inference_statistics()
        return self

    def __exit__(self, *error):
        after = _core.inference_statistics()
        self.graphs = after["graphs_compiled"] - self._before["graphs_compiled"]
        self.constants = after["constants_computed"] - self._before["constants_computed"]


def test_modules_share_one_graph_and_one_set_of_constants():
    symbol = network()
    params = parameters(symbol)
    first = bound(symbol, params)
    with Counted() as counted:
        expected = predict(first, rows(1))
    # Once more for the main thread where other tests forced kernels upon it.
    assert counted.graphs <= 2 and counted.constants > 0
    others = [bound(symbol, params) for _ in range(3)]
    others.append(bound(mx.sym.load_json(symbol.tojson()), params))
    with Counted() as counted:
        for module in others:
            np.testing.assert_array_equal(predict(module, rows(1)), expected)
    assert (counted.graphs, counted.constants) == (0, 0)


def test_constants_do_not_depend_on_names():
    symbol, renamed = network(), network("other_")
    args, auxs = parameters(symbol)
    first = bound(symbol, (args, auxs))
    expected = predict(first, rows(1))
    second = bound(
        renamed, *[[{f"other_{k}": v for k, v in kind.items()} for kind in (args, auxs)]]
    )
    with Counted() as counted:
        np.testing.assert_array_equal(predict(second, rows(1)), expected)
    assert (counted.graphs, counted.constants) == (1, 0)


def test_networks_of_one_shape_with_other_parameters_share_the_graph_only():
    symbol = network()
    modules = [bound(symbol, parameters(symbol, seed)) for seed in (0, 1)]
    predict(modules[0], rows(1))
    with Counted() as counted:
        found = predict(modules[1], rows(1))
    assert counted.graphs == 0 and counted.constants > 0
    expected = unfused(symbol, parameters(symbol, 1), rows(1))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_new_parameters_of_one_module_leave_the_others_alone():
    symbol = network()
    params, changed = parameters(symbol), parameters(symbol, 1)
    modules = [bound(symbol, params) for _ in range(3)]
    expected = [predict(module, rows(1)) for module in modules]
    modules[1].set_params(*changed)
    found = [predict(module, rows(1)) for module in modules]
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[2], expected[2])
    np.testing.assert_allclose(found[1], unfused(symbol, changed, rows(1)), rtol=1e-4, atol=1e-6)
    assert np.abs(found[1] - expected[1]).max() > 1e-3
    modules[1].set_params(*params)
    with Counted() as counted:
        np.testing.assert_array_equal(predict(modules[1], rows(1)), expected[1])
    assert counted.constants == 0


def _assign(array):
    array[:] = array * 2


def _update_in_place(array):
    steps = mx.nd.arange(array.size).reshape(array.shape) / array.size
    mx.nd.sgd_update(array, steps, lr=0.1, out=array)


def _scale(array):
    array *= 1.5


def _write_a_part(array):
    array[0:1] = 0.5


@pytest.mark.parametrize("write", [_assign, _update_in_place, _scale, _write_a_part])
@pytest.mark.parametrize("name", ["conv_weight", "norm_gamma", "fc_weight"])
def test_writes_after_the_first_forward_are_honoured(write, name):
    symbol = network()
    params = parameters(symbol)
    modules = [bound(symbol, params) for _ in range(2)]
    expected = [predict(module, rows(1)) for module in modules]
    array = modules[0]._exec_group.execs[0].arg_dict[name]
    for _ in range(2):
        write(array)
        mine = {**params[0], name: array}
        found = predict(modules[0], rows(1))
        np.testing.assert_allclose(
            found, unfused(symbol, (mine, params[1]), rows(1)), rtol=1e-4, atol=1e-6
        )
    assert np.abs(found - expected[0]).max() > 1e-4
    np.testing.assert_array_equal(predict(modules[1], rows(1)), expected[1])


def test_writing_the_source_of_parameters_changes_no_module():
    symbol = network()
    params = parameters(symbol)
    module = bound(symbol, params)
    expected = predict(module, rows(1))
    for array in params[0].values():
        array[:] = 0
    np.testing.assert_array_equal(predict(module, rows(1)), expected)
    np.testing.assert_array_equal(predict(bound(symbol, module.get_params()), rows(1)), expected)


def test_alternating_batch_sizes_compile_nothing_after_the_first_round():
    symbol = network()
    params = parameters(symbol)
    module = bound(symbol, params)
    sizes = [1, 4, 2, 8]
    expected = {size: predict(module, rows(size)) for size in sizes}
    with Counted() as counted:
        for size in sizes * 3:
            np.testing.assert_array_equal(predict(module, rows(size)), expected[size])
    assert (counted.graphs, counted.constants) == (0, 0)
    for size in sizes:
        np.testing.assert_allclose(
            expected[size], unfused(symbol, params, rows(size)), rtol=1e-4, atol=1e-6
        )


def test_batch_sizes_share_the_constants_of_equal_layout():
    symbol = network()
    module = bound(symbol, parameters(symbol), 1)
    with Counted() as first:
        predict(module, rows(1))
    with Counted() as second:
        predict(module, rows(4))
    assert second.graphs == 1
    assert second.constants < first.constants


def test_executor_reshape_goes_back_for_free():
    symbol = network()
    args, auxs = parameters(symbol)
    executor = symbol.bind(mx.cpu(), dict(args, data=mx.nd.array(rows(4))), aux_states=auxs)
    expected = executor.forward(is_train=False)[0].asnumpy()
    small = executor.reshape(data=(2, *SHAPE))
    small.forward(is_train=False, data=rows(4)[:2])[0].wait_to_read()
    del executor
    with Counted() as counted:
        back = small.reshape(allow_up_sizing=True, data=(4, *SHAPE))
        found = back.forward(is_train=False, data=rows(4))[0].asnumpy()
    assert (counted.graphs, counted.constants) == (0, 0)
    np.testing.assert_array_equal(found, expected)


def test_parameters_changed_between_batch_sizes_are_honoured():
    symbol = network()
    module = bound(symbol, parameters(symbol))
    predict(module, rows(1))
    predict(module, rows(4))
    changed = parameters(symbol, 1)
    module.set_params(*changed)
    for size in (4, 1, 4, 1):
        np.testing.assert_allclose(
            predict(module, rows(size)),
            unfused(symbol, changed, rows(size)),
            rtol=1e-4,
            atol=1e-6,
        )


@pytest.mark.parametrize("capacity", [0, 2])
def test_graphs_that_are_kept_are_bounded(capacity):
    gc.collect()
    before = _core.inference_statistics()["graphs"]
    symbol = network()
    with environment("REMX_INFERENCE_CACHE", str(capacity)):
        module = bound(symbol, parameters(symbol))
    for size in range(1, 8):
        predict(module, rows(size))
        alive = _core.inference_statistics()["graphs"] - before
        assert alive <= max(capacity, 1)
    assert alive == max(capacity, 1)
    with Counted() as counted:
        predict(module, rows(7))
        predict(module, rows(6))
    assert counted.graphs == (0 if capacity else 1)


def test_nothing_outlives_the_last_executor():
    gc.collect()
    before = _core.inference_statistics()
    symbol = network()
    params = parameters(symbol)
    modules = [bound(symbol, params) for _ in range(2)]
    for module in modules:
        predict(module, rows(2))
        predict(module, rows(1))
    during = _core.inference_statistics()
    assert during["graphs"] == before["graphs"] + 2
    assert during["constant_bytes"] > before["constant_bytes"]
    del module, modules
    gc.collect()
    mx.nd.waitall()
    after = _core.inference_statistics()
    for key in ("graphs", "constants", "constant_bytes"):
        assert after[key] == before[key]


def test_threads_compile_one_graph_together():
    symbol = network()
    params = parameters(symbol)
    expected = unfused(symbol, params, rows(2))
    errors, start = [], threading.Barrier(4)
    kept = []  # a graph lives as long as an executor of it does

    def work():
        try:
            start.wait(60)
            for _ in range(5):
                module = bound(symbol, params, 2)
                kept.append(module)
                found = predict(module, rows(2))
                np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
        except BaseException as error:
            errors.append(error)

    keeper = bound(symbol, params, 2)
    threads = [threading.Thread(target=work) for _ in range(4)]
    with Counted() as counted:
        for thread in threads:
            thread.start()
        predict(keeper, rows(2))
        for thread in threads:
            thread.join(120)
    assert not errors, errors[0]
    assert not any(thread.is_alive() for thread in threads)
    assert counted.graphs == 1


def test_a_monitor_sees_every_operator_of_a_shared_graph():
    symbol = network()
    params = parameters(symbol)
    module, watched = bound(symbol, params), bound(symbol, params)
    expected = predict(module, rows(1))
    names = []
    watched._exec_group.execs[0].set_monitor_callback(lambda name, array: names.append(name))
    np.testing.assert_allclose(predict(watched, rows(1)), expected, rtol=1e-4, atol=1e-6)
    assert "norm_output" in names and "relu_output" in names
    assert predict(module, rows(1)).tolist() == expected.tolist()


def test_bounds_that_make_no_sense_are_refused():
    symbol = network()
    for value in ("-1", "many"):
        with environment("REMX_INFERENCE_CACHE", value):
            with pytest.raises(mx.base.MXNetError, match=f"REMX_INFERENCE_CACHE={value}"):
                bound(symbol, parameters(symbol))
