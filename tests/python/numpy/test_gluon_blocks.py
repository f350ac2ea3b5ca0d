"""Blocks of one's own, parameters and files with arrays of mx.np."""

import numpy as onp
import pytest

import mxnet as mx
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn


@pytest.fixture(autouse=True)
def numpy_mode():
    with mx.util.np_shape(), mx.util.np_array():
        yield


class Attention(gluon.HybridBlock):
    """Uses arithmetic, slices, functions of mx.np and of mx.npx, and a parameter of its own."""

    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.scale = size**-0.5
        with self.name_scope():
            self.project = nn.Dense(size, flatten=False)
            self.shift = self.params.get("shift", shape=(size,), init="zeros")

    def hybrid_forward(self, F, x, shift):
        hidden = self.project(x) + shift
        scores = F.npx.batch_dot(hidden, hidden, transpose_b=True) * self.scale
        weights = F.npx.softmax(scores, axis=-1)
        return F.npx.batch_dot(weights, hidden), weights[:, 0]


def test_hybridized_block_equals_operators():
    block = Attention(4)
    block.initialize()
    x = np.array(onp.random.RandomState(0).rand(2, 3, 5), dtype="float32")
    results = []
    for hybridize in (False, True):
        block.hybridize(hybridize)
        with autograd.record():
            context, row = block(x)
        autograd.backward([context, row])
        grads = [each.grad().asnumpy() for each in block.collect_params().values()]
        results.append([context.asnumpy(), row.asnumpy(), *grads])
        assert type(context) is np.ndarray and row.shape == (2, 3)
    for eager, compiled in zip(*results, strict=True):
        onp.testing.assert_allclose(compiled, eager, rtol=1e-5, atol=1e-6)


def test_graph_follows_the_class_of_its_arguments():
    """Legacy arrays need equal shapes for +, those of mx.np broadcast."""

    class Sum(gluon.HybridBlock):
        def hybrid_forward(self, F, x, y):
            return x + y

    npx.reset_np()
    block = Sum()
    block.hybridize()
    assert type(block(mx.nd.ones((2, 2)), mx.nd.ones((2, 2)))) is mx.nd.NDArray
    found = block(mx.nd.ones((2, 2)).as_np_ndarray(), mx.nd.ones((2,)).as_np_ndarray())
    assert type(found) is np.ndarray and (found.asnumpy() == 2).all()
    with pytest.raises(mx.MXNetError):
        block(mx.nd.ones((2, 2)), mx.nd.ones((2,)))


def test_decorated_block_works_for_programs_with_legacy_arrays():
    npx.reset_np()

    @mx.use_np
    class Net(gluon.HybridBlock):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            with self.name_scope():
                self.dense = nn.Dense(2)
                self.weight = self.params.get("weight", shape=(2, 2))
                self.bias = self.params.get_constant("bias", [1, 2])

        def hybrid_forward(self, F, x, weight, bias):
            assert mx.util.is_np_array()
            return self.dense(x) * F.np.exp(weight) + bias

    net = Net()
    net.initialize()
    x = mx.nd.ones((2, 3)).as_np_ndarray()
    for hybridize in (False, True):
        net.hybridize(hybridize)
        assert type(net(x)) is np.ndarray
    assert {type(each.data()) for each in net.collect_params().values()} == {np.ndarray}
    assert type(net.weight.grad()) is np.ndarray
    assert not mx.util.is_np_array()


def test_decorated_class_keeps_static_and_class_methods_of_its_bases():
    class Base:
        @staticmethod
        def static():
            return mx.util.is_np_array()

        @classmethod
        def of_class(cls):
            return cls.__name__, mx.util.is_np_array()

        @property
        def mode(self):
            return mx.util.is_np_shape()

    npx.reset_np()
    kind = mx.util.use_np(type("Kind", (Base,), {}))
    assert kind.static() and kind.of_class() == ("Kind", True) and kind().mode
    assert not Base.static() and not Base().mode


def test_parameter_made_before_is_used_as_it_is():
    npx.reset_np()
    dense = nn.Dense(2, in_units=3)
    dense.initialize()
    npx.set_np()
    assert type(dense.weight.data()) is mx.nd.NDArray
    assert type(dense(np.ones((1, 3)))) is np.ndarray


def test_export_and_import(tmp_path):
    net = nn.HybridSequential()
    net.add(nn.Conv2D(3, 2, activation="relu"), nn.BatchNorm(), nn.Flatten(), nn.Dense(2))
    net.initialize()
    net.hybridize()
    x = np.array(onp.random.RandomState(1).rand(2, 1, 4, 4), dtype="float32")
    expected = net(x).asnumpy()
    net.export(str(tmp_path / "net"))
    files = str(tmp_path / "net-symbol.json"), ["data"], str(tmp_path / "net-0000.params")
    again = gluon.SymbolBlock.imports(*files)
    found = again(x)
    assert type(found) is np.ndarray
    assert type(next(iter(again.collect_params().values())).data()) is np.ndarray
    onp.testing.assert_allclose(found.asnumpy(), expected, rtol=1e-6)
    assert type(again(mx.sym.var("x").as_np_ndarray())) is mx.sym.np._Symbol
    npx.reset_np()
    legacy = gluon.SymbolBlock.imports(*files)(x.as_nd_ndarray())
    assert type(legacy) is mx.nd.NDArray
    onp.testing.assert_allclose(legacy.asnumpy(), expected, rtol=1e-6)


def test_export_of_functions_of_numpy(tmp_path):
    block = Attention(4)
    block.initialize()
    block.hybridize()
    x = np.array(onp.random.RandomState(0).rand(2, 3, 5), dtype="float32")
    expected = block(x)
    block.export(str(tmp_path / "net"))
    found = gluon.SymbolBlock.imports(
        str(tmp_path / "net-symbol.json"), ["data"], str(tmp_path / "net-0000.params")
    )(x)
    for one, other in zip(found, expected, strict=True):
        onp.testing.assert_allclose(one.asnumpy(), other.asnumpy(), rtol=1e-6)


@pytest.mark.parametrize("saved, loaded", [(True, True), (True, False), (False, True)])
def test_files_of_parameters(tmp_path, saved, loaded):
    path = str(tmp_path / "net.params")
    with mx.util.np_array(saved):
        net = nn.Dense(2, in_units=3)
        net.initialize()
        net.save_parameters(path)
    with mx.util.np_array(loaded):
        again = nn.Dense(2, in_units=3)
        again.load_parameters(path)
        assert type(again.weight.data()) is (np.ndarray if loaded else mx.nd.NDArray)
        assert type(again.weight.grad()) is type(again.weight.data())
    assert (again.weight.data().asnumpy() == net.weight.data().asnumpy()).all()


def test_files_are_those_of_nd(tmp_path):
    arrays = {"a": np.ones((2, 3)), "b": np.array(2.0), "c": np.zeros((0, 2))}
    npx.save(str(tmp_path / "np"), arrays)
    mx.nd.save(str(tmp_path / "nd"), {name: each.as_nd_ndarray() for name, each in arrays.items()})
    assert (tmp_path / "np").read_bytes() == (tmp_path / "nd").read_bytes()


def test_gradients_are_sparse_where_asked_for():
    layer = nn.Embedding(6, 2, sparse_grad=True)
    layer.initialize()
    with autograd.record():
        result = layer(np.array([1, 4]))
    result.backward()
    grad = layer.weight.grad()
    assert type(result) is np.ndarray and grad.stype == "row_sparse"
    assert grad.indices.asnumpy().tolist() == [1, 4]
    gluon.Trainer(layer.collect_params(), "sgd", {"learning_rate": 1.0}).step(1)
    assert type(layer.weight.data()) is np.ndarray


def test_summary(capsys):
    net = nn.HybridSequential()
    net.add(nn.Dense(4), nn.Dense(2))
    net.initialize()
    net.summary(np.ones((1, 3)))
    assert "Total params: 26" in capsys.readouterr().out


def test_hooks_see_arrays_of_numpy():
    seen = []
    net = nn.HybridSequential()
    net.add(nn.Dense(4), nn.Dense(2))
    net.initialize()
    net[0].register_forward_hook(lambda block, inputs, output: seen.append(type(output)))
    net(np.ones((1, 3)))
    assert seen == [np.ndarray]


def test_custom_operator():
    class Twice(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            self.assign(out_data[0], req[0], in_data[0] * 2)

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            self.assign(in_grad[0], req[0], out_grad[0] * 2)

    @mx.operator.register("numpy_twice")
    class TwiceProp(mx.operator.CustomOpProp):
        def create_operator(self, ctx, shapes, dtypes):
            return Twice()

    x = np.array([1.0, 2.0])
    x.attach_grad()
    with autograd.record():
        y = mx.nd.Custom(x, op_type="numpy_twice")
    y.backward()
    assert type(y) is np.ndarray and y.asnumpy().tolist() == [2, 4]
    assert x.grad.asnumpy().tolist() == [2, 2]

    class Net(gluon.HybridBlock):
        def hybrid_forward(self, F, x):
            return F.Custom(x, op_type="numpy_twice") + 1

    net = Net()
    net.hybridize()
    assert net(x).asnumpy().tolist() == [3, 5]


def test_function_of_ones_own():
    class Sigmoid(autograd.Function):
        def forward(self, x):
            y = 1 / (1 + np.exp(-x))
            self.save_for_backward(y)
            return y

        def backward(self, dy):
            (y,) = self.saved_tensors
            assert type(y) is np.ndarray and type(dy) is np.ndarray
            return dy * y * (1 - y)

    x = np.array([0.0, 1.0])
    x.attach_grad()
    with autograd.record():
        y = Sigmoid()(x)
    y.backward()
    known = 1 / (1 + onp.exp(-onp.array([0.0, 1.0])))
    onp.testing.assert_allclose(x.grad.asnumpy(), known * (1 - known), rtol=1e-6)


@pytest.mark.parametrize("hybridize", [False, True])
def test_loops_and_conditions(hybridize):
    class Net(gluon.HybridBlock):
        def hybrid_forward(self, F, x):
            sums, last = F.contrib.foreach(lambda row, s: (row + s, row + s), x, x[0] * 0)
            steps, final = F.contrib.while_loop(
                lambda i, s: i < 3, lambda i, s: (s, (i + 1, s * 2)), [last[0] * 0, last], 5
            )
            chosen = F.contrib.cond(last[0] > 1, lambda: last * 2, lambda: last)
            return sums, last, steps, final[1], chosen

    net = Net()
    net.hybridize(hybridize)
    x = np.array([[1.0, 2], [3, 4], [5, 6]])
    sums, last, steps, final, chosen = net(x)
    assert {type(each) for each in (sums, last, steps, final, chosen)} == {np.ndarray}
    assert sums.asnumpy().tolist() == [[1, 2], [4, 6], [9, 12]]
    assert last.asnumpy().tolist() == [9, 12]
    assert steps.asnumpy()[:3].tolist() == [[9, 12], [18, 24], [36, 48]]
    assert final.asnumpy().tolist() == [72, 96]
    assert chosen.asnumpy().tolist() == [18, 24]


def test_executor_of_a_symbol_of_numpy():
    x = mx.sym.var("x").as_np_ndarray()
    symbol = mx.sym.npx.fully_connected(x, num_hidden=3, name="fc")
    executor = symbol.simple_bind(mx.cpu(), x=(2, 4))
    arrays = executor.arg_arrays + executor.grad_arrays + executor.outputs
    assert {type(each) for each in arrays} == {np.ndarray}
    executor.arg_dict["x"][:] = 1
    executor.arg_dict["fc_weight"][:] = 1
    assert executor.forward(True)[0].asnumpy().tolist() == [[4, 4, 4], [4, 4, 4]]
    executor.backward(np.ones((2, 3)))
    assert executor.grad_dict["x"].asnumpy().tolist() == [[3] * 4] * 2


@pytest.mark.parametrize(
    "key",
    [
        (slice(None), None),
        None,
        Ellipsis,
        (),
        -1,
        (Ellipsis, 0),
        (Ellipsis, None),
        (0, Ellipsis, slice(1, None)),
        (Ellipsis, slice(None, None, -1)),
        (None, -1, Ellipsis, None, 2),
        (slice(None, None, -2), slice(1, 3), 0),
        (Ellipsis, slice(None), slice(0, 2)),
    ],
)
def test_slices_of_symbols_are_those_of_numpy(key):
    values = onp.arange(24, dtype="float32").reshape(2, 3, 4)
    x = mx.sym.var("x").as_np_ndarray()
    found = x[key].eval(x=np.array(values))[0]
    expected = values[key]
    assert found.shape == expected.shape
    onp.testing.assert_array_equal(found.asnumpy(), expected)


def test_threads_that_make_batches_work_as_the_program_does():
    data = gluon.data.ArrayDataset(onp.arange(12, dtype="float32").reshape(6, 2), onp.arange(6))
    for options in ({}, {"num_workers": 1}, {"num_workers": 1, "thread_pool": True}):
        loader = gluon.data.DataLoader(data.transform_first(_twice), 3, **options)
        for batch, labels in loader:
            assert type(batch) is np.ndarray and type(labels) is np.ndarray
        assert batch.asnumpy().tolist() == [[12, 14], [16, 18], [20, 22]]


def _twice(sample):
    assert mx.util.is_np_array()
    return np.array(sample) * 2


def test_iterators_give_arrays_of_numpy():
    values = onp.arange(10, dtype="float32").reshape(5, 2)
    for source in (values, np.array(values), mx.nd.array(values)):
        plain = mx.io.NDArrayIter(source, onp.arange(5), 2, shuffle=True)
        for iterator in (plain, mx.io.PrefetchingIter(plain), mx.io.ResizeIter(plain, 2)):
            iterator.reset()
            batch = next(iterator)
            assert type(batch.data[0]) is np.ndarray and type(batch.label[0]) is np.ndarray


def test_images_are_arrays_of_numpy(tmp_path):
    picture = onp.random.RandomState(0).randint(0, 255, (8, 8, 3)).astype("uint8")
    record = mx.recordio.MXIndexedRecordIO(str(tmp_path / "a.idx"), str(tmp_path / "a.rec"), "w")
    for number in range(4):
        header = mx.recordio.IRHeader(0, number, number, 0)
        record.write_idx(number, mx.recordio.pack_img(header, picture, img_fmt=".png"))
    record.close()
    options = {"path_imgrec": str(tmp_path / "a.rec"), "batch_size": 2, "data_shape": (3, 8, 8)}
    for iterator in (mx.io.ImageRecordIter(**options), mx.image.ImageIter(**options)):
        batch = next(iterator)
        assert type(batch.data[0]) is np.ndarray and type(batch.label[0]) is np.ndarray
        onp.testing.assert_array_equal(
            batch.data[0].asnumpy()[0], picture[..., ::-1].transpose(2, 0, 1)
        )
    dataset = gluon.data.vision.ImageRecordDataset(str(tmp_path / "a.rec"))
    assert type(dataset[0][0]) is np.ndarray
    transform = gluon.data.vision.transforms.Compose(
        [gluon.data.vision.transforms.RandomCrop(4), gluon.data.vision.transforms.ToTensor()]
    )
    found = transform(dataset[0][0])
    assert type(found) is np.ndarray and found.shape == (3, 4, 4)


@pytest.mark.parametrize("check", [True, False])
def test_clip_global_norm(check):
    arrays = [np.array([3.0]), np.array([[4.0]])]
    norm = gluon.utils.clip_global_norm(arrays, 1.0, check_isfinite=check)
    assert float(norm) == pytest.approx(5) and (check or type(norm) is np.ndarray)
    assert arrays[0].asnumpy() == pytest.approx(0.6) and arrays[1].asnumpy() == pytest.approx(0.8)


def test_states_of_a_trainer_go_through_files(tmp_path):
    def trained(net, steps):
        trainer = gluon.Trainer(net.collect_params(), "adam")
        if steps == 1:
            trainer.load_states(str(tmp_path / "states"))
        for _ in range(steps):
            with autograd.record():
                loss = net(np.ones((2, 3)))
            loss.backward()
            trainer.step(2)
        return trainer

    net = nn.Dense(2, in_units=3)
    net.initialize("ones")
    trained(net, 2).save_states(str(tmp_path / "states"))
    again = nn.Dense(2, in_units=3)
    again.initialize()
    again.weight.set_data(net.weight.data())
    again.bias.set_data(net.bias.data())
    trained(again, 1)
    straight = nn.Dense(2, in_units=3)
    straight.initialize("ones")
    trained(straight, 3)
    onp.testing.assert_allclose(
        again.weight.data().asnumpy(), straight.weight.data().asnumpy(), rtol=1e-6
    )


def test_size_of_a_parameter_follows_from_a_product():
    class Product(gluon.HybridBlock):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.weight = self.params.get("weight", shape=(-1, 3), allow_deferred_init=True)

        def hybrid_forward(self, F, x, weight):
            return F.np.dot(x, weight)

    for hybridize in (False, True):
        block = Product()
        block.initialize()
        block.hybridize(hybridize)
        assert block(np.ones((2, 5))).shape == (2, 3) and block.weight.shape == (5, 3)


def test_check_of_hybridized_blocks():
    check = mx.test_utils.check_gluon_hybridize_consistency
    x = np.array(onp.random.RandomState(0).rand(2, 4), dtype="float32")

    class Power(gluon.HybridBlock):
        def __init__(self, differs=False, **kwargs):
            super().__init__(**kwargs)
            self.differs = differs
            self.scale = self.params.get("scale", shape=(4,), init="ones")

        def hybrid_forward(self, F, x, scale):
            return F.np.exp(x * scale) + (self.differs and F is mx.sym)

    check(Power, [x], numpy_func=onp.exp)
    check(lambda prefix: nn.Dense(3, prefix=prefix), [x])
    with pytest.raises(AssertionError):
        check(Power, [x], numpy_func=onp.sin)
    with pytest.raises(AssertionError):
        check(lambda prefix: Power(differs=True, prefix=prefix), [x], test_grad=False)
