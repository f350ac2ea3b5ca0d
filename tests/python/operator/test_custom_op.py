"""mx.operator: what custom operators declare and compute, alone and in networks."""

import numpy as np
import pytest

import mxnet as mx


class _Scale(mx.operator.CustomOp):
    def __init__(self, factor):
        self.factor = factor
        self.calls = 0

    def forward(self, is_train, req, in_data, out_data, aux):
        self.calls += 1
        if is_train and aux:
            aux[0][:] = aux[0] + 1
        self.assign(out_data[0], req[0], in_data[0] * self.factor)

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        self.assign(in_grad[0], req[0], out_grad[0] * self.factor)


@mx.operator.register("test_scale")
class _ScaleProp(mx.operator.CustomOpProp):
    made = []

    def __init__(self, factor="2"):
        super().__init__(need_top_grad=True)
        self.factor = float(factor)

    def list_auxiliary_states(self):
        return ["count"]

    def infer_shape(self, in_shape):
        return in_shape, [in_shape[0]], [(1,)]

    def create_operator(self, ctx, in_shapes, in_dtypes):
        type(self).made.append((ctx, in_shapes, in_dtypes))
        return _Scale(self.factor)


class _Softmax(mx.operator.CustomOp):
    def forward(self, is_train, req, in_data, out_data, aux):
        x = in_data[0].asnumpy()
        y = np.exp(x - x.max(axis=1, keepdims=True))
        self.assign(out_data[0], req[0], mx.nd.array(y / y.sum(axis=1, keepdims=True)))

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        assert out_grad == []
        label = in_data[1].asnumpy().astype(int)
        grad = out_data[0].asnumpy()
        grad[np.arange(label.size), label] -= 1.0
        self.assign(in_grad[0], req[0], mx.nd.array(grad))


@mx.operator.register("test_softmax")
class _SoftmaxProp(mx.operator.CustomOpProp):
    def __init__(self):
        super().__init__(need_top_grad=False)

    def list_arguments(self):
        return ["data", "label"]

    def infer_shape(self, in_shape):
        return [in_shape[0], (in_shape[0][0],)], [in_shape[0]], []

    def create_operator(self, ctx, in_shapes, in_dtypes):
        return _Softmax()


def _scale(x, **kwargs):
    return mx.nd.Custom(x, mx.nd.zeros((1,)), op_type="test_scale", **kwargs)


def test_eager_call_gets_arguments_as_text():
    np.testing.assert_array_equal(
        _scale(mx.nd.ones((2, 3)), factor=5).asnumpy(), np.full((2, 3), 5)
    )


def test_create_operator_is_told_shapes_and_types_of_all_inputs():
    _ScaleProp.made.clear()
    count = mx.nd.zeros((1,), dtype="float64")
    mx.nd.Custom(mx.nd.ones((2, 3), dtype="float64"), count, op_type="test_scale").wait_to_read()
    ((ctx, shapes, dtypes),) = _ScaleProp.made
    assert ctx == mx.cpu()
    assert (shapes, dtypes) == ([[2, 3], [1]], [1, 1])


def test_infer_type_defaults_to_the_first_argument():
    with pytest.raises(mx.MXNetError, match="count"):
        mx.nd.Custom(
            mx.nd.ones((2,), dtype="float64"), mx.nd.zeros((1,)), op_type="test_scale"
        ).wait_to_read()


def test_gradient_and_out():
    x = mx.nd.array([1.0, 2.0])
    x.attach_grad()
    with mx.autograd.record():
        y = _scale(x, factor=3)
        z = (y * y).sum()
    z.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [18, 36])
    out = mx.nd.zeros((2,))
    assert _scale(x, out=out) is out
    np.testing.assert_array_equal(out.asnumpy(), [2, 4])


def test_named_arrays():
    data, label = mx.nd.ones((2, 3)), mx.nd.array([0, 1])
    got = mx.nd.Custom(label=label, data=data, op_type="test_softmax")
    np.testing.assert_allclose(got.asnumpy(), np.full((2, 3), 1 / 3), rtol=1e-6)


def test_assign_obeys_each_request():
    op = mx.operator.CustomOp()
    dst = mx.nd.ones((2,))
    for req, expected in [("null", 1), ("write", 3), ("inplace", 3), ("add", 6)]:
        op.assign(dst, req, mx.nd.full((2,), 3))
        np.testing.assert_array_equal(dst.asnumpy(), [expected] * 2)
    with pytest.raises(ValueError, match="req=other"):
        op.assign(dst, "other", dst)


def test_executor_keeps_one_object_and_updates_states():
    data = mx.sym.var("data")
    net = mx.sym.Custom(data, op_type="test_scale", name="scale", factor=4)
    assert net.list_arguments() == ["data"]
    assert net.list_auxiliary_states() == ["scale_count"]
    assert net.list_outputs() == ["scale_output"]
    executor = net.simple_bind(mx.cpu(), data=(2, 2))
    _ScaleProp.made.clear()
    for _ in range(3):
        executor.forward(is_train=True, data=mx.nd.ones((2, 2)))
        executor.backward([mx.nd.ones((2, 2))])
    assert len(_ScaleProp.made) == 1
    np.testing.assert_array_equal(executor.aux_dict["scale_count"].asnumpy(), [3])
    np.testing.assert_array_equal(executor.grad_dict["data"].asnumpy(), np.full((2, 2), 4))


def test_gradient_requests_of_an_executor():
    net = mx.sym.Custom(mx.sym.var("data"), op_type="test_scale", name="scale")
    grad = mx.nd.ones((2,))
    executor = net.bind(
        mx.cpu(),
        {"data": mx.nd.ones((2,))},
        {"data": grad},
        "add",
        {"scale_count": mx.nd.zeros((1,))},
    )
    for _ in range(2):
        executor.forward(is_train=True)
        executor.backward([mx.nd.ones((2,))])
    np.testing.assert_array_equal(grad.asnumpy(), [5, 5])


def test_symbol_survives_json():
    net = mx.sym.Custom(mx.sym.var("data") + 1, op_type="test_scale", name="scale", factor=2.5)
    again = mx.sym.load_json(net.tojson())
    assert again.tojson() == net.tojson()
    executor = again.simple_bind(mx.cpu(), data=(2,))
    executor.forward(data=mx.nd.ones((2,)))
    np.testing.assert_array_equal(executor.outputs[0].asnumpy(), [5, 5])


def test_module_trains_with_a_custom_loss():
    rng = np.random.RandomState(0)
    data = rng.randn(64, 8).astype("float32")
    label = (data[:, 0] > 0).astype("float32")
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    net = mx.sym.Custom(
        data=net, label=mx.sym.var("softmax_label"), op_type="test_softmax", name="softmax"
    )
    assert net.list_arguments() == ["data", "fc_weight", "fc_bias", "softmax_label"]
    module = mx.mod.Module(net)
    batches = mx.io.NDArrayIter(data, label, batch_size=16, label_name="softmax_label")
    module.fit(batches, num_epoch=20, optimizer_params={"learning_rate": 0.5}, eval_metric="acc")
    assert dict(module.score(batches, "acc"))["accuracy"] > 0.95


@pytest.mark.parametrize("hybridize", [False, True])
def test_gluon_block_around_a_custom_operator(hybridize):
    class Net(mx.gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            with self.name_scope():
                self.dense = mx.gluon.nn.Dense(3, in_units=2)
                self.count = self.params.get("count", shape=(1,), init="zeros", grad_req="null")

        def hybrid_forward(self, F, x, count):
            return F.Custom(self.dense(x), count, op_type="test_scale", factor="3")

    net = Net()
    net.initialize(mx.init.One())
    if hybridize:
        net.hybridize()
    x = mx.nd.ones((4, 2))
    for step in range(2):
        with mx.autograd.record():
            y = net(x)
        y.backward()
        np.testing.assert_array_equal(y.asnumpy(), np.full((4, 3), 6))
        np.testing.assert_array_equal(net.dense.weight.grad().asnumpy(), np.full((3, 2), 12))
        np.testing.assert_array_equal(net.count.data().asnumpy(), [step + 1])


def test_backward_gets_only_what_it_declares():
    seen = []

    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            self.assign(out_data[0], req[0], in_data[0])

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            seen.append((len(out_grad), len(in_data), len(out_data), req))
            self.assign(in_grad[0], req[0], out_grad[0])

    @mx.operator.register("test_declares")
    class Prop(mx.operator.CustomOpProp):
        def list_arguments(self):
            return ["a", "b"]

        def declare_backward_dependency(self, out_grad, in_data, out_data):
            return out_grad

        def create_operator(self, *_):
            return Op()

    a, b = mx.nd.ones((2,)), mx.nd.ones((2,))
    a.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(a, b, op_type="test_declares")
    y.backward()
    a.grad.wait_to_read()
    assert seen == [(1, 0, 0, ["write", "null"])]


def test_sparse_storage():
    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            assert in_data[0].stype == "csr"
            self.assign(out_data[0], req[0], in_data[0])

    @mx.operator.register("test_sparse")
    class Prop(mx.operator.CustomOpProp):
        def infer_storage_type(self, in_stype):
            return in_stype, ["csr"], []

        def create_operator(self, *_):
            return Op()

    dense = np.array([[0, 1.0], [2, 0]], "float32")
    got = mx.nd.Custom(mx.nd.array(dense).tostype("csr"), op_type="test_sparse")
    assert got.stype == "csr"
    np.testing.assert_array_equal(got.asnumpy(), dense)
    with pytest.raises(ValueError, match="storage type of argument 0 is csr"):
        mx.nd.Custom(mx.nd.array(dense).tostype("csr"), mx.nd.zeros((1,)), op_type="test_scale")


@pytest.mark.parametrize(
    "function, result, text",
    [
        ("infer_shape", ([(2,)],), "lists"),
        ("infer_shape", ([(2,)], [(2,), (2,)], []), "2 entries for outputs; expected 1"),
        ("infer_type", ([], [np.float32], []), "0 entries for arguments; expected 1"),
        ("list_outputs", [], "no name"),
    ],
)
def test_wrong_declarations_are_told(function, result, text):
    prop = type("Prop", (mx.operator.CustomOpProp,), {function: lambda self, *_: result})
    mx.operator.register("test_wrong")(prop)
    with pytest.raises(mx.MXNetError, match=text):
        mx.nd.Custom(mx.nd.ones((2,)), op_type="test_wrong")


def test_names_of_operators():
    names = mx.operator.get_all_registered_operators()
    assert {"Custom", "FullyConnected"} <= set(names)
    got = mx.operator.get_operator_arguments("FullyConnected")
    assert got.narg == len(got.names) == len(got.types)
    assert got.names == ["data", "weight", "bias", "num_hidden", "no_bias", "flatten"]
    assert got.types[3:5] == ["int, required", "boolean, optional, default=0"]


def test_unknown_name():
    with pytest.raises(ValueError, match="op_type=test_nobody is not registered"):
        mx.nd.Custom(mx.nd.ones((1,)), op_type="test_nobody")
    with pytest.raises(TypeError, match="no CustomOpProp"):
        mx.operator.register("test_nobody")(int)


def _network(base, body):
    class Square(base):
        def list_arguments(self):
            return ["data"]

        forward = body["forward"]
        backward = body["backward"]

    with pytest.warns(UserWarning, match="deprecated"):
        op = Square()
    return op(mx.sym.var("x"), name="square")


@pytest.mark.parametrize("base", [mx.operator.NumpyOp, mx.operator.NDArrayOp])
def test_older_forms(base):
    expected = np.ndarray if base is mx.operator.NumpyOp else mx.nd.NDArray

    def forward(self, in_data, out_data):
        assert isinstance(in_data[0], expected)
        out_data[0][:] = in_data[0] * in_data[0]

    def backward(self, out_grad, in_data, out_data, in_grad):
        in_grad[0][:] = 2 * in_data[0] * out_grad[0]

    net = _network(base, {"forward": forward, "backward": backward})
    assert net.list_outputs() == ["square_output"]
    executor = net.simple_bind(mx.cpu(), x=(2,))
    executor.forward(is_train=True, x=mx.nd.array([2.0, 3.0]))
    executor.backward([mx.nd.array([1.0, 10.0])])
    np.testing.assert_array_equal(executor.outputs[0].asnumpy(), [4, 9])
    np.testing.assert_array_equal(executor.grad_dict["x"].asnumpy(), [4, 60])


@pytest.mark.parametrize("grad_req", ["write", "null"])
def test_inside_of_a_loop(grad_req):
    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            self.assign(out_data[0], req[0], in_data[0] * 2)

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            self.assign(in_grad[0], req[0], out_grad[0] * 2)

    @mx.operator.register("test_in_loop")
    class Prop(mx.operator.CustomOpProp):
        def create_operator(self, *_):
            return Op()

    def body(data, state):
        state = mx.sym.Custom(data + state, op_type="test_in_loop")
        return state, state

    out, _ = mx.sym.contrib.foreach(body, mx.sym.var("data"), mx.sym.var("state"))
    executor = out.simple_bind(mx.cpu(), data=(3, 2), state=(2,), grad_req=grad_req)
    executor.forward(is_train=True, data=mx.nd.ones((3, 2)), state=mx.nd.zeros((2,)))
    np.testing.assert_array_equal(executor.outputs[0].asnumpy(), [[2, 2], [6, 6], [14, 14]])
    if grad_req == "write":
        executor.backward([mx.nd.ones((3, 2))])
        np.testing.assert_array_equal(executor.grad_dict["state"].asnumpy(), [14, 14])


@pytest.mark.parametrize("stype", ["default", "row_sparse"])
def test_sparse_gradient(stype):
    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            self.assign(out_data[0], req[0], in_data[0] * 2)

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            assert in_grad[0].stype == "row_sparse"
            in_grad[0][:] = mx.nd.array([[2, 2], [0, 0]]).tostype("row_sparse")

    @mx.operator.register("test_sparse_gradient")
    class Prop(mx.operator.CustomOpProp):
        def infer_storage_type_backward(self, out_grad, in_data, out_data, in_grad, aux):
            assert in_grad == ["undefined"]
            return out_grad, in_data, out_data, ["row_sparse"], aux

        def create_operator(self, *_):
            return Op()

    x = mx.nd.ones((2, 2))
    x.attach_grad(stype=stype)
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="test_sparse_gradient")
    y.backward()
    assert x.grad.stype == stype
    np.testing.assert_array_equal(x.grad.asnumpy(), [[2, 2], [0, 0]])
