"""Operators of a shared object: results, gradients, states, sparse arrays, errors."""

import logging
import threading

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, nd, sym
from mxnet.gluon import HybridBlock

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def x():
    return nd.array([[1, 2], [3, 4]])


def test_results_and_arguments(x):
    np.testing.assert_array_equal(nd.scaled_square(x).asnumpy(), [[1, 4], [9, 16]])
    np.testing.assert_array_equal(nd.scaled_square(x, factor=3).asnumpy(), [[3, 12], [27, 48]])
    out = nd.zeros((2, 2))
    nd.scaled_square(x, factor="0.5", out=out)
    np.testing.assert_array_equal(out.asnumpy(), [[0.5, 2], [4.5, 8]])


def test_gradients(x):
    x.attach_grad()
    with autograd.record():
        y = nd.scaled_square(x, factor=3)
    y.backward(nd.array([[1, 2], [1, 1]]))
    np.testing.assert_array_equal(x.grad.asnumpy(), [[6, 24], [18, 24]])


def test_a_call_has_a_state_of_its_own_and_backward_sees_it(x):
    for _ in range(2):
        np.testing.assert_array_equal(nd.counted_sum(x, x, step=10).asnumpy(), 2 * x.asnumpy())
    x.attach_grad()
    with autograd.record():
        y = nd.counted_sum(x, x)
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), np.full((2, 2), 2.0))


def test_an_executor_keeps_the_state():
    a, b = sym.Variable("a"), sym.Variable("b")
    symbol = sym.counted_sum(a, b, step=10, name="sum")
    assert symbol.list_arguments() == ["a", "b"] and symbol.list_outputs() == ["sum_output"]
    executor = symbol.simple_bind(mx.cpu(), a=(2,), b=(2,))
    executor.arg_dict["a"][:] = executor.arg_dict["b"][:] = 1
    found = [executor.forward(is_train=True)[0].asnumpy().tolist() for _ in range(3)]
    assert found == [[2, 2], [12, 12], [22, 22]]
    executor.backward(nd.ones((2,)))
    np.testing.assert_array_equal(executor.grad_dict["a"].asnumpy(), [3, 3])


@pytest.mark.parametrize("stype", ["default", "row_sparse", "csr"])
def test_storage_kinds(stype):
    dense = np.array([[0, 0], [1, 2], [0, 3]], dtype="float32")
    found = nd.doubled_rows(nd.array(dense).tostype(stype))
    assert found.stype == stype
    np.testing.assert_array_equal(found.asnumpy(), 2 * dense)


def test_random_numbers_follow_the_seed():
    draws = []
    for _ in range(2):
        mx.random.seed(3)
        draws.append(nd.noise(nd.zeros((4,))).asnumpy())
    np.testing.assert_array_equal(*draws)
    # The draws of MXNet 1.9.1 for this seed.
    np.testing.assert_allclose(draws[0], [0.5853022, 0.7539792, 0.4399161, 0.7855979], rtol=1e-6)
    assert (nd.noise(nd.zeros((4,))).asnumpy() != draws[0]).any()


def test_inputs_that_are_updated(x):
    total = nd.zeros((2, 2))
    copy = total.copy()
    for count in (1, 2):
        np.testing.assert_array_equal(nd.tally(x, total).asnumpy(), count * x.asnumpy())
    np.testing.assert_array_equal(total.asnumpy(), 2 * x.asnumpy())
    np.testing.assert_array_equal(copy.asnumpy(), np.zeros((2, 2)))
    symbol = sym.tally(sym.Variable("a"), sym.Variable("b"), name="t")
    assert (symbol.list_arguments(), symbol.list_auxiliary_states()) == (["a"], ["b"])


class Network(HybridBlock):
    """Operators of the library between others."""

    def hybrid_forward(self, F, x):
        return F.log(F.exp(F.scaled_square(x, factor=2)))


@pytest.mark.parametrize("hybrid", [False, True])
def test_gluon(x, hybrid):
    net = Network()
    if hybrid:
        net.hybridize()
    x.attach_grad()
    for _ in range(2):
        with autograd.record():
            y = net(x)
        y.backward()
        np.testing.assert_allclose(y.asnumpy(), 2 * x.asnumpy() ** 2, rtol=1e-5)
        np.testing.assert_allclose(x.grad.asnumpy(), 4 * x.asnumpy(), rtol=1e-5)


def test_json_keeps_operators(x):
    text = sym.scaled_square(sym.Variable("a"), factor=3, name="s").tojson()
    executor = sym.load_json(text).bind(mx.cpu(), {"a": x})
    np.testing.assert_array_equal(executor.forward()[0].asnumpy(), 3 * x.asnumpy() ** 2)


def test_errors_are_those_of_the_library(x):
    with pytest.raises(mx.MXNetError, match="scaled_square: .*refuse=yes was asked for"):
        nd.scaled_square(x, refuse="yes")
    failed = nd.scaled_square(x, fail=1)
    with pytest.raises(mx.MXNetError, match="the forward function of .* failed: .*fail was asked"):
        failed.asnumpy()
    # Everything is usable afterwards, and old messages are not told again.
    np.testing.assert_array_equal(nd.scaled_square(x).asnumpy(), x.asnumpy() ** 2)
    with pytest.raises(mx.MXNetError) as caught:
        nd.scaled_square(x, refuse="again")
    assert "fail was asked" not in str(caught.value)
    x.attach_grad()
    with autograd.record():
        y = nd.doubled_rows(x)
    y.backward()
    with pytest.raises(NotImplementedError, match="doubled_rows: .* has no backward function"):
        x.grad.asnumpy()
    with pytest.raises(ValueError, match="counted_sum"):
        nd.counted_sum(x)


def test_many_threads(x):
    wrong = []

    def work(factor):
        for _ in range(50):
            if (nd.scaled_square(x, factor=factor).asnumpy() != factor * x.asnumpy() ** 2).any():
                wrong.append(factor)

    threads = [threading.Thread(target=work, args=(factor,)) for factor in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_names(library):
    assert "scaled_square" in dir(nd) and "scaled_square" in dir(sym)
    assert "scaled_square" in mx.operator.get_all_registered_operators()
    assert "scaled_square" not in mx._core.list_ops()  # what Remx itself brings


def test_loading(library, tmp_path, monkeypatch, caplog):
    with caplog.at_level(logging.INFO):
        mx.library.load(library)  # once more: nothing happens but the log
    assert "scaled_square" in caplog.text and "example_pass" in caplog.text
    empty = tmp_path / "empty.so"
    empty.write_text("nothing")
    monkeypatch.chdir(tmp_path)
    for path, text in (
        ("/there/is/none.so", "does NOT exist"),
        ("empty.so", "not an absolute path"),
        (str(tmp_path), "is not a library"),
        (str(empty), "cannot be opened"),
        (mx._core.__file__, "has no function _opVersion"),
    ):
        with pytest.raises(mx.MXNetError, match=text):
            mx.library.load(path)
