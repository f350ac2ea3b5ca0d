"""Networks with custom operators: what lies between these is compiled, and computes the same."""

import numpy as np
import pytest

import mxnet as mx


class _Same(mx.operator.CustomOp):
    calls = 0

    def forward(self, is_train, req, in_data, out_data, aux):
        type(self).calls += 1
        self.assign(out_data[0], req[0], in_data[0])

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        self.assign(in_grad[0], req[0], out_grad[0])


@mx.operator.register("test_same")
class _SameProp(mx.operator.CustomOpProp):
    def create_operator(self, ctx, in_shapes, in_dtypes):
        return _Same()


def custom(x):
    return mx.sym.Custom(x, op_type="test_same")


def network(between):
    """Layers with `between` in three places, one of them behind a branch."""
    data = mx.sym.var("data")
    x = mx.sym.Convolution(data, kernel=(3, 3), num_filter=4, name="conv")
    x = mx.sym.Activation(mx.sym.BatchNorm(x, name="bn", fix_gamma=False), act_type="relu")
    left, right = between(x), mx.sym.sqrt(mx.sym.abs(x) + 1)
    mean = mx.sym.mean(between(left), axis=1, keepdims=True)
    x = mx.sym.Flatten(mx.sym.broadcast_add(left * right, mean))
    x = mx.sym.FullyConnected(x, num_hidden=3, name="fc")
    return mx.sym.Group([mx.sym.SoftmaxOutput(between(x), name="softmax"), mx.sym.BlockGrad(x)])


SHAPES = {"data": (2, 3, 6, 6), "softmax_label": (2,)}


def bound(net, grad_req="write"):
    executor = net.simple_bind(mx.cpu(), grad_req=grad_req, **SHAPES)
    rng = np.random.RandomState(1)
    for name in sorted(executor.arg_dict):
        shape = executor.arg_dict[name].shape
        executor.arg_dict[name][:] = rng.normal(size=shape) if name != "softmax_label" else [0, 2]
    executor.aux_dict["bn_moving_var"][:] = 1
    return executor


def results(executor):
    mx.nd.waitall()
    arrays = {f"out{i}": out for i, out in enumerate(executor.outputs)}
    arrays.update(executor.aux_dict)
    arrays.update({f"d_{n}": g for n, g in executor.grad_dict.items() if g is not None})
    return {name: array.asnumpy() for name, array in arrays.items()}


def compare(got, expected):
    assert got.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(got[name], value, rtol=1e-4, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("grad_req", ["write", "add"])
def test_training_is_as_without(grad_req):
    executors = [bound(network(between), grad_req) for between in (custom, lambda x: x)]
    for executor in executors:
        for _ in range(3):
            executor.forward(is_train=True)
            executor.backward()
        executor.forward(is_train=False)
    compare(*map(results, executors))


@pytest.mark.parametrize("is_train", [False, True])
def test_prediction_is_as_without(is_train):
    executors = [bound(network(between), "null") for between in (custom, lambda x: x)]
    for executor in executors:
        executor.forward(is_train=is_train)
    compare(*map(results, executors))


def test_each_operator_runs_once():
    executor = bound(network(custom))
    before = _Same.calls
    executor.forward(is_train=True)
    executor.backward()
    assert _Same.calls == before + 3


def test_backward_once_more():
    executors = [bound(network(between)) for between in (custom, lambda x: x)]
    for executor in executors:
        executor.forward(is_train=True)
        executor.backward()
        executor.backward()
    compare(*map(results, executors))


def test_backward_once_more_with_random_numbers():
    net = mx.sym.Dropout(custom(mx.sym.var("x")))
    executor = net.simple_bind(mx.cpu(), x=(3,))
    with pytest.raises(ValueError, match="no forward came before"):
        executor.backward([mx.nd.ones((3,))])
    executor.forward(is_train=True)
    executor.backward([mx.nd.ones((3,))])
    with pytest.raises(ValueError, match="random numbers cannot be drawn again"):
        executor.backward([mx.nd.ones((3,))])


def test_hybridized_is_as_without():
    def run(hybridize):
        block = mx.gluon.SymbolBlock(network(custom), [mx.sym.var(name) for name in SHAPES])
        source = bound(network(lambda x: x), "null")
        block.initialize()
        if hybridize:
            block.hybridize()
        inputs = [source.arg_dict[name] for name in SHAPES]
        block(*inputs)
        for name, parameter in block.collect_params().items():
            parameter.set_data({**source.arg_dict, **source.aux_dict}[name])
        with mx.autograd.record():
            out = block(*inputs)
        mx.autograd.backward(out[0])
        found = {n: p.grad().asnumpy() for n, p in block.collect_params("fc.*|conv.*").items()}
        return {**found, "out": out[0].asnumpy()}

    expected, got = run(False), run(True)
    compare(got, expected)
    source = bound(network(lambda x: x))
    source.forward(is_train=True)
    source.backward()
    np.testing.assert_allclose(
        got["conv_weight"], source.grad_dict["conv_weight"].asnumpy(), rtol=1e-4, atol=1e-5
    )


def test_monitor_sees_all_nodes():
    executor = bound(network(custom))
    seen = []
    executor.set_monitor_callback(lambda name, array: seen.append(name))
    executor.forward(is_train=True)
    executor.backward()
    assert {"conv_output", "bn_output", "fc_output", "softmax_output"} <= set(seen)
