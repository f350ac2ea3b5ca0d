"""zeros_like(x, dtype="int64") was an error; 1.9.1 lets operators without parameters take it."""

import warnings

import numpy as np
import pytest

import mxnet as mx


def test_results_stay_and_a_warning_names_the_argument():
    x = mx.nd.array([[1.5, -2.0]])
    with pytest.warns(UserWarning, match="zeros_like: dtype has no effect") as seen:
        zeros = mx.nd.zeros_like(x, dtype="int64")
    assert seen[0].filename == __file__
    assert zeros.dtype == np.float32
    np.testing.assert_array_equal(zeros.asnumpy(), [[0, 0]])


@pytest.mark.parametrize("call", [lambda x: x.relu(foo=3), lambda x: mx.nd.relu(x, foo=None)])
def test_methods_and_functions(call):
    with pytest.warns(UserWarning, match="relu: foo has no effect"):
        result = call(mx.nd.array([-1.0, 2.0]))
    np.testing.assert_array_equal(result.asnumpy(), [0, 2])


def test_one_warning_for_each_place():
    x = mx.nd.ones((2,))
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("default")
        for _ in range(3):
            mx.nd.exp(x, foo=1)
        mx.nd.exp(x, foo=1)
    assert len(seen) == 2


def test_symbols_keep_it_as_an_attribute():
    x = mx.sym.Variable("x")
    for call in (lambda: mx.sym.exp(x, foo=3, name="e"), lambda: x.exp(foo=3, name="e")):
        with pytest.warns(UserWarning, match="exp: foo has no effect"):
            symbol = call()
        assert symbol.attr_dict() == {"e": {"foo": "3"}}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mx.sym.exp(x, __lr_mult__="3", attr={"mood": "good"})


def test_a_program_can_make_errors_of_them():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="has no effect"):
            mx.nd.exp(mx.nd.ones((2,)), foo=1)


def test_operators_with_parameters_refuse():
    x = mx.nd.ones((2, 2))
    with pytest.raises(mx.base.MXNetError, match="sum: foo=3 is not an argument"):
        mx.nd.sum(x, foo=3)
    with pytest.raises(mx.base.MXNetError, match="foo"):
        mx.sym.sum(mx.sym.Variable("x"), foo=3)
    with pytest.raises(TypeError):
        x.round(decimals=2)
