"""Custom operators get arrays of mx.np where the thread works with these."""

import threading

import mxnet as mx
from mxnet import autograd, np

_seen = []


class _Center(mx.operator.CustomOp):
    """x - mean of each row; written with what arrays of mx.np alone can do."""

    def forward(self, is_train, req, in_data, out_data, aux):
        _seen.append({type(array) for array in (*in_data, *out_data)})
        x = in_data[0]
        self.assign(out_data[0], req[0], x - x.mean(axis=1, keepdims=True))

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        _seen.append({type(array) for array in (*out_grad, *in_data, *out_data, *in_grad)})
        d = out_grad[0]
        self.assign(in_grad[0], req[0], d - d.mean(axis=1, keepdims=True))


@mx.operator.register("numpy_center")
class _CenterProp(mx.operator.CustomOpProp):
    def create_operator(self, ctx, shapes, dtypes):
        return _Center()


@mx.use_np
def _recorded(x):
    with autograd.record():
        return mx.nd.Custom(x, op_type="numpy_center")


def test_operator_computes_with_arrays_of_the_chosen_kind():
    """`backward` too, though it is called outside of the function that chose them."""
    _seen.clear()
    x = np.array([[1.0, 3.0], [2.0, 8.0]])
    x.attach_grad()
    y = _recorded(x)
    y.backward(np.array([[1.0, 0.0], [0.0, 2.0]]))
    assert _seen == [{np.ndarray}, {np.ndarray}]
    assert type(y) is np.ndarray and y.tolist() == [[-1, 1], [-3, 3]]
    assert x.grad.tolist() == [[0.5, -0.5], [-1, 1]]


def test_backward_in_another_thread_sees_the_same_kind():
    _seen.clear()
    x = np.array([[1.0, 3.0]])
    x.attach_grad()
    y = _recorded(x)
    thread = threading.Thread(target=y.backward)
    thread.start()
    thread.join()
    assert _seen == [{np.ndarray}, {np.ndarray}]
    assert x.grad.tolist() == [[0, 0]]


@mx.use_np
def test_results_keep_the_kind_of_the_arguments():
    x = mx.nd.array([[1.0, 3.0]])
    y = mx.nd.Custom(x, op_type="numpy_center")
    assert type(y) is mx.nd.NDArray and y.asnumpy().tolist() == [[-1, 1]]


def test_without_the_choice_arrays_are_legacy():
    class Double(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            assert type(in_data[0]) is mx.nd.NDArray
            self.assign(out_data[0], req[0], in_data[0] * 2)

    @mx.operator.register("legacy_double")
    class DoubleProp(mx.operator.CustomOpProp):
        def create_operator(self, ctx, shapes, dtypes):
            return Double()

    assert mx.nd.Custom(mx.nd.ones(2), op_type="legacy_double").asnumpy().tolist() == [2, 2]
