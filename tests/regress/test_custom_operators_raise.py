"""Errors of custom operators are raised where arrays are waited for, with the user's traceback."""

import numpy as np
import pytest

import mxnet as mx


class _Fails(mx.operator.CustomOp):
    def __init__(self, where, error):
        self.where, self.error = where, error

    def forward(self, is_train, req, in_data, out_data, aux):
        if self.where == "forward":
            raise self.error("from the user's code")
        self.assign(out_data[0], req[0], in_data[0])

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        raise self.error("from the user's code")


@mx.operator.register("test_fails")
class _FailsProp(mx.operator.CustomOpProp):
    def __init__(self, where="forward", error="KeyError"):
        super().__init__()
        self.where, self.error = where, getattr(__builtins__, error, None) or __builtins__[error]

    def create_operator(self, *_):
        return _Fails(self.where, self.error)


@pytest.mark.parametrize("error", ["KeyError", "ValueError", "TypeError", "IndexError", "OSError"])
def test_error_of_forward_stays_in_the_array(error):
    y = mx.nd.Custom(mx.nd.ones((2,)), op_type="test_fails", error=error)
    for _ in range(2):
        with pytest.raises(mx.MXNetError) as failure:
            y.asnumpy()
        assert "_Fails.forward" in str(failure.value)
        assert 'raise self.error("from the user\'s code")' in str(failure.value)
        if error in ("ValueError", "TypeError", "IndexError"):
            assert type(failure.value).__name__ == error
    with pytest.raises(mx.MXNetError, match="from the user's code"):
        (y + 1).asnumpy()
    y[:] = 3
    np.testing.assert_array_equal(y.asnumpy(), [3, 3])


def test_error_of_backward_stays_in_the_gradient():
    x = mx.nd.ones((2,))
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="test_fails", where="backward")
    y.backward()
    np.testing.assert_array_equal(y.asnumpy(), [1, 1])
    with pytest.raises(mx.MXNetError, match="_Fails.backward"):
        x.grad.asnumpy()
    with mx.autograd.record():
        z = (x * 2).sum()
    z.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [2, 2])


def test_executor_goes_on_after_an_error():
    fails = []

    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            if fails:
                raise KeyError(fails.pop())
            self.assign(out_data[0], req[0], in_data[0] * 2)

    @mx.operator.register("test_sometimes")
    class Prop(mx.operator.CustomOpProp):
        def create_operator(self, *_):
            return Op()

    net = mx.sym.Custom(mx.sym.var("x"), op_type="test_sometimes") + 1
    executor = net.simple_bind(mx.cpu(), x=(2,), grad_req="null")
    fails.append("once")
    executor.forward(x=mx.nd.ones((2,)))
    with pytest.raises(mx.MXNetError, match="once"):
        executor.outputs[0].asnumpy()
    executor.forward(x=mx.nd.ones((2,)))
    np.testing.assert_array_equal(executor.outputs[0].asnumpy(), [3, 3])


def test_errors_of_declarations_come_at_the_call():
    @mx.operator.register("test_declares_nothing")
    class Prop(mx.operator.CustomOpProp):
        def infer_shape(self, in_shape):
            raise LookupError("no shape")

    with pytest.raises(mx.MXNetError, match="infer_shape raised(.|\n)*no shape"):
        mx.nd.Custom(mx.nd.ones((2,)), op_type="test_declares_nothing")
    net = mx.sym.Custom(mx.sym.var("x"), op_type="test_declares_nothing")
    with pytest.raises(mx.MXNetError, match="no shape"):
        net.infer_shape(x=(2,))


def test_nothing_leaks_onto_the_tape():
    weight = mx.nd.ones((2,))
    weight.attach_grad()

    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            assert not mx.autograd.is_recording()
            self.assign(out_data[0], req[0], in_data[0] * weight)

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            assert not mx.autograd.is_recording()
            self.assign(in_grad[0], req[0], out_grad[0] * 5)

    @mx.operator.register("test_leaks")
    class Prop(mx.operator.CustomOpProp):
        def create_operator(self, *_):
            return Op()

    x = mx.nd.ones((2,))
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="test_leaks") * weight
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [5, 5])
    np.testing.assert_array_equal(weight.grad.asnumpy(), [1, 1])
    with mx.autograd.record():
        first = mx.autograd.grad(mx.nd.Custom(x, op_type="test_leaks") ** 2, x, create_graph=True)
        total = first[0].sum()
    with pytest.raises(NotImplementedError, match="second derivative"):
        total.backward()
