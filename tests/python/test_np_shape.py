"""The meaning of shapes: `mx.util.np_shape` and its kin. The answers are those of 1.9.1."""

import json
import threading

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, gluon, nd
from mxnet.util import is_np_shape, np_shape, set_np_shape, use_np_shape


def test_the_choice():
    assert not is_np_shape()
    with np_shape():
        assert is_np_shape() and not mx.util.is_np_array()
        with np_shape(False):
            assert not is_np_shape()
        assert is_np_shape()
    assert not is_np_shape()
    assert set_np_shape(1) is False and set_np_shape(0) is True
    with pytest.raises(TypeError):
        set_np_shape("yes")
    mx.util.set_np(array=False)
    assert is_np_shape()
    mx.util.reset_np()
    assert not is_np_shape()
    with pytest.raises(ValueError, match="array=True with shape=False"):
        mx.util.set_np(shape=False)


def test_each_thread_chooses_for_itself():
    seen = []
    with np_shape():
        thread = threading.Thread(target=lambda: seen.append(is_np_shape()))
        thread.start()
        thread.join()
    assert seen == [False]


def test_an_error_gives_the_choice_back():
    @use_np_shape
    def fails():
        """Text."""
        raise RuntimeError(is_np_shape())

    with pytest.raises(RuntimeError, match="True"):
        fails()
    assert not is_np_shape() and (fails.__name__, fails.__doc__) == ("fails", "Text.")


def test_decorated_class():
    @use_np_shape
    class Decorated:
        limit = 3

        def __init__(self):
            self.made = is_np_shape()

        def method(self):
            return is_np_shape()

        @property
        def value(self):
            return is_np_shape()

        @value.setter
        def value(self, _):
            self.set = is_np_shape()

        @staticmethod
        def static():
            return is_np_shape()

        @classmethod
        def of_class(cls):
            return cls.__name__, is_np_shape()

    it = Decorated()
    it.value = 1
    assert it.made and it.method() and it.value and it.set and it.static() and it.limit == 3
    assert it.of_class() == ("Decorated", True) and not is_np_shape()
    with pytest.raises(TypeError, match="3 is a int"):
        use_np_shape(3)


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (2, 0, 3)])
def test_makers(shape):
    makers = [nd.zeros, nd.ones, nd.empty, lambda s: nd.full(s, 2)]
    makers += [lambda s: nd.random.uniform(shape=s), lambda s: nd.random.randint(0, 9, shape=s)]
    with np_shape():
        for make in makers:
            array = make(shape)
            assert array.shape == shape and array.asnumpy().shape == shape
    if shape != (0,):  # that of one axis gets its size from nothing else
        for make in (nd.zeros, nd.ones):
            with pytest.raises(mx.MXNetError):
                make(shape)


def test_without_a_shape_there_is_one_number():
    with np_shape():
        assert nd.random.uniform().shape == nd.random.normal().shape == (1,)


def test_elements_of_a_vector():
    with np_shape():
        x = nd.array([1, 2, 3])
        assert [x[1].shape, x[-1].shape, x[np.int64(0)].shape] == [(), (), ()]
        assert [each.shape for each in x] == [(), (), ()]
        assert nd.ones((2, 2))[1, 1].shape == () and nd.ones((2, 2))[:, 1].shape == (2,)
        assert x[[1]].shape == (1,)
        x[1] = 5
        x[2] = nd.array(7.0)
        np.testing.assert_array_equal(x.asnumpy(), [1, 5, 7])
        x.attach_grad()
        with autograd.record():
            y = x[1] * 3
        y.backward()
        assert y.shape == () and y.asscalar() == 15
        np.testing.assert_array_equal(x.grad.asnumpy(), [0, 3, 0])
    assert nd.array([1, 2, 3])[1].shape == (1,)


def test_the_choice_is_seen_by_calls_that_were_made_before():
    """What an operator computes for its shapes is kept; not across the two meanings."""
    for _ in range(3):
        with np_shape():
            assert nd.zeros((0, 7)).shape == (0, 7)
        with pytest.raises(mx.MXNetError):
            nd.zeros((0, 7))


def test_gradients_of_no_element_and_of_one_number():
    with np_shape():
        for shape in [(), (0, 3)]:
            x = nd.ones(shape)
            x.attach_grad()
            with autograd.record():
                y = nd.sin(x) * 2
            y.backward()
            assert x.grad.shape == shape
            np.testing.assert_allclose(x.grad.asnumpy(), 2 * np.cos(np.ones(shape)), rtol=1e-6)


def test_inference_of_symbols():
    a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
    with np_shape():
        assert (a + b).infer_shape(a=(0, 2)) == ([(0, 2)] * 2, [(0, 2)], [])
        assert (a + b).infer_shape(a=()) == ([(), ()], [()], [])
        assert mx.sym.dot(a, b).infer_shape_partial(a=(-1, 2)) == ([(-1, 2), None], [None], [])
        dense = mx.sym.FullyConnected(a, num_hidden=3, name="fc")
        assert dense.infer_shape_partial(a=(-1, 2)) == ([(-1, 2), (3, 2), (3,)], [(-1, 3)], [])
        assert dense.infer_shape(a=(3, 0)) == ([(3, 0), (3, 0), (3,)], [(3, 3)], [])
        with pytest.warns(UserWarning, match=r"-1 is an unknown size.*\n\ta: \(-1, 2\)"):
            assert dense.infer_shape(a=(-1, 2)) == (None, None, None)
        assert mx.sym.zeros((0, 2)).infer_shape() == ([], [(0, 2)], [])
        assert mx.sym.zeros(()).infer_shape() == ([], [()], [])
        assert mx.sym.Variable("a", shape=(0, 2)).infer_shape() == ([(0, 2)], [(0, 2)], [])
        hinted = mx.sym.Variable("a", shape=(-1, 2))
        assert hinted.infer_shape_partial() == ([(-1, 2)], [(-1, 2)], [])
    assert (a + b).infer_shape_partial(a=(0, 2)) == ([(0, 2)] * 2, [(0, 2)], [])
    with pytest.warns(UserWarning, match="0 is an unknown size"):
        assert (a + b).infer_shape(a=(0, 2)) == (None, None, None)
    assert hinted.infer_shape_partial() == ([(0, 2)], [(0, 2)], [])


def test_executors():
    a = mx.sym.Variable("a")
    with np_shape():
        assert (a + 1).simple_bind(mx.cpu(), a=(0, 2)).forward()[0].shape == (0, 2)
        executor = (a + 1).bind(mx.cpu(), {"a": nd.ones(())})
    assert executor.forward()[0].asscalar() == 2
    with pytest.raises(RuntimeError):
        (a + 1).simple_bind(mx.cpu(), a=(0, 2))


def test_files_tell_the_meaning(tmp_path):
    symbol = mx.sym.Variable("a", shape=(0, 2))
    with np_shape():
        text = symbol.tojson()
        nd.save(str(tmp_path / "x"), [nd.ones((0, 2)), nd.ones(())])
        assert [x.shape for x in nd.load(str(tmp_path / "x"))] == [(0, 2), ()]
    assert text.endswith(
        '"attrs": {\n    "is_np_shape": ["int", 1], \n    "mxnet_version": ["int", 10901]\n  }\n}'
    )
    assert list(json.loads(symbol.tojson())["attrs"]) == ["mxnet_version"]
    assert mx.sym.load_json(text).tojson() == symbol.tojson()


def test_parameters():
    with np_shape():
        assert gluon.Parameter("w", shape=(0, 3), allow_deferred_init=True).shape == (-1, 3)
        weight = gluon.Parameter("w", shape=(-1, 3), allow_deferred_init=True)
        weight.initialize()
        weight.shape = (2, 3)
        assert weight.shape == (2, 3)
        number = gluon.Parameter("w", shape=())
        number.initialize()
        assert number.data().shape == ()
        with pytest.raises(ValueError, match=r"w: shape=\(-1, 2\)"):
            gluon.Parameter("w", shape=(0, 2)).initialize()
    assert gluon.Parameter("w", shape=(0, 3), allow_deferred_init=True).shape == (0, 3)


@pytest.mark.parametrize("hybridize", [False, True])
def test_networks_find_their_shapes(hybridize):
    with np_shape():
        net = gluon.nn.HybridSequential()
        net.add(gluon.nn.Conv2D(3, 3), gluon.nn.BatchNorm(), gluon.nn.Dense(2))
        net.initialize()
        if hybridize:
            net.hybridize()
        assert net[0].weight.shape == (3, -1, 3, 3)
        assert net(nd.ones((2, 4, 8, 8))).shape == (2, 2)
        assert net[0].weight.shape == (3, 4, 3, 3) and net[1].gamma.shape == (3,)
        dense = gluon.nn.Dense(3)
        dense.initialize()
        assert dense(nd.ones((0, 2))).shape == (0, 3) and dense.weight.shape == (3, 2)
        lstm = gluon.rnn.LSTM(5)
        lstm.initialize()
        assert lstm(nd.ones((2, 3, 4))).shape == (2, 3, 5)


def test_modules():
    with np_shape():
        dense = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2)
        module = mx.mod.Module(dense, label_names=None)
        module.bind([("data", (2, 3))], for_training=False)
        module.init_params()
        module.forward(mx.io.DataBatch([nd.ones((2, 3))]))
        assert module.get_outputs()[0].shape == (2, 2)


class _Twice(mx.operator.CustomOp):
    def forward(self, is_train, req, in_data, out_data, aux):
        self.assign(out_data[0], req[0], in_data[0] * 2)


@mx.operator.register("np_shape_twice")
class _TwiceProp(mx.operator.CustomOpProp):
    def __init__(self):
        super().__init__(need_top_grad=False)

    def infer_shape(self, in_shape):
        return in_shape, [in_shape[0]], []

    def create_operator(self, ctx, shapes, dtypes):
        return _Twice()


def test_custom_operators():
    with np_shape():
        assert nd.Custom(nd.ones((0, 2)), op_type="np_shape_twice").shape == (0, 2)
        assert nd.Custom(nd.ones(()), op_type="np_shape_twice").asscalar() == 2
