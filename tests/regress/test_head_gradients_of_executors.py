"""Head gradients of another number or dtype than the outputs, or of outputs that need none."""

import numpy as np
import pytest

import mxnet as mx

S = mx.sym


def gradient(symbol, heads, **shapes):
    executor = symbol.simple_bind(mx.cpu(), **shapes)
    for array in executor.arg_arrays:
        array[:] = 1
    executor.forward(is_train=True)
    executor.backward(heads)
    return executor.grad_arrays[0].asnumpy()


def test_those_behind_the_last_output_are_not_looked_at():
    heads = [mx.nd.ones((2,)), mx.nd.ones((5,))]
    assert gradient(S.Variable("x") * 2, heads, x=(2,)).tolist() == [2, 2]


@pytest.mark.parametrize("head", ["float16", "float64", "int32"])
@pytest.mark.parametrize("output", ["float32", "float64"])
def test_dtypes_are_converted(head, output):
    symbol = S.cast(S.Variable("x"), dtype=output) * 2
    assert gradient(symbol, [mx.nd.ones((4,), dtype=head)], x=(4,)).tolist() == [2] * 4


def test_module_fed_with_another_dtype():
    module = mx.mod.Module(S.Variable("data") * 2, label_names=None)
    module.bind([("data", (2,))], inputs_need_grad=True)
    module.init_params()
    ones = mx.nd.ones((2,), dtype="float64")
    module.forward(mx.io.DataBatch([ones]), is_train=True)
    module.backward([ones])
    assert module.get_outputs()[0].asnumpy().tolist() == [2, 2]
    assert module.get_input_grads()[0].asnumpy().tolist() == [2, 2]


def test_loss_beside_outputs_without_gradient():
    dense = S.FullyConnected(S.Variable("data"), num_hidden=3, name="fc")
    heads = [S.SoftmaxOutput(dense, name="softmax"), S.BlockGrad(dense), S.argmax(dense, axis=1)]
    module = mx.mod.Module(S.Group(heads))
    module.bind([("data", (2, 4))], [("softmax_label", (2,))])
    module.init_params(mx.init.One())
    module.forward_backward(mx.io.DataBatch([mx.nd.ones((2, 4))], [mx.nd.zeros((2,))]))
    found = module._exec_group.execs[0].grad_dict["fc_bias"].asnumpy()
    assert np.allclose(found, [-4 / 3, 2 / 3, 2 / 3])


def test_shapes_of_those_that_count_for_nothing():
    assert not gradient(S.topk(S.Variable("x"), k=1), mx.nd.ones((2, 3)), x=(2, 3)).any()


def test_missing_and_misshapen_ones_are_named():
    x = S.Variable("x")
    both = S.Group([S.exp(x, name="e"), x * 3])
    with pytest.raises(mx.MXNetError, match="output 0 .e_output. is not a loss"):
        gradient(both, None, x=(2,))
    with pytest.raises(mx.MXNetError, match=r"out_grads\[0\]=\(3, 2\) has the wrong shape"):
        gradient(S.exp(S.Variable("x")), [mx.nd.ones((3, 2))], x=(2, 3))
