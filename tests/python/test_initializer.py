"""Initializers: what stored results do not show."""

import json
import logging

import numpy as np
import pytest

import mxnet as mx


def filled(initializer, name="a_weight", shape=(3,), attrs=None):
    array = mx.nd.full(shape, 99.0)
    initializer(mx.init.InitDesc(name, attrs), array)
    return array.asnumpy()


@pytest.mark.parametrize(
    "name, value",
    [("moving_mean", 0), ("running_mean", 0), ("moving_var", 1), ("running_var", 1)],
)
def test_running_averages(name, value):
    assert filled(mx.init.Uniform(), f"bn_{name}").tolist() == [value] * 3


def test_name_that_tells_nothing():
    with pytest.raises(ValueError, match="Uniform: parameter alpha does not tell") as caught:
        filled(mx.init.Uniform(), "alpha")
    assert isinstance(caught.value, mx.MXNetError)


def test_plain_names_are_deprecated_but_work():
    array = mx.nd.zeros((1, 1, 4, 4))
    with pytest.warns(DeprecationWarning, match="InitDesc"):
        mx.init.One()("upsampling0_weight", array)
    assert array.asnumpy()[0, 0, 0].tolist() == [0.0625, 0.1875, 0.1875, 0.0625]
    with pytest.warns(DeprecationWarning):
        array = mx.nd.zeros(6)
        mx.init.One()("stn_loc_bias", array)
    assert array.asnumpy().tolist() == [1, 0, 0, 0, 1, 0]


@pytest.mark.parametrize(
    "text",
    [
        '["xavier", {"rnd_type": "gaussian", "factor_type": "in", "magnitude": 2}]',
        '["constant", {"value": 2.5}]',
        '["zero", {}]',
        '["msraprelu", {"factor_type": "avg", "slope": 0.25}]',
    ],
)
def test_json_makes_the_same_again(text):
    assert mx.init.create(text).dumps() == text
    assert mx.init.create(text) == mx.init.create(*json.loads(text)[:1], **json.loads(text)[1])


def test_aliases_and_equality():
    assert mx.init.create("zeros") == mx.init.Zero()
    assert mx.init.create("ones") == mx.init.One() != mx.init.Zero()
    assert mx.init.Uniform(1) != mx.init.Uniform(2)


def test_constant_array():
    initializer = mx.init.Constant([1, 2, 3])
    assert filled(initializer, shape=(2, 3)).tolist() == [[1, 2, 3]] * 2
    assert initializer.dumps() == '["constant", {"value": [1, 2, 3]}]'


@pytest.mark.parametrize(
    "initializer, shape, message",
    [
        (mx.init.Xavier(), (3,), r"Xavier: parameter a_weight has the shape \(3,\)"),
        (mx.init.Xavier(factor_type="no"), (3, 2), "factor_type='no' is unknown"),
        (mx.init.Xavier(rnd_type="no"), (3, 2), "rnd_type='no' is unknown"),
        (mx.init.Bilinear(), (3, 2), "4 dimensions are expected"),
    ],
)
def test_errors(initializer, shape, message):
    with pytest.raises(ValueError, match=message):
        filled(initializer, shape=shape)


def test_orthogonal_rows():
    matrix = filled(mx.init.Orthogonal(scale=2.0), shape=(4, 6))
    np.testing.assert_allclose(matrix @ matrix.T, 4 * np.eye(4), atol=1e-5)


def test_load(tmp_path):
    fname = str(tmp_path / "weights.params")
    mx.nd.save(fname, {"arg:w": mx.nd.array([1, 2, 3]), "aux:v": mx.nd.array([4])})
    load = mx.init.Load(fname, default_init=mx.init.One())
    assert filled(load, "w").tolist() == [1, 2, 3]
    assert filled(load, "v", (1,)).tolist() == [4]
    assert filled(load, "other_weight").tolist() == [1, 1, 1]
    with pytest.raises(ValueError, match=r"parameter w has the shape \(3,\); \(2,\) is expected"):
        filled(load, "w", (2,))
    with pytest.raises(ValueError, match="parameter q is not among those loaded"):
        filled(mx.init.Load({}), "q")


def test_mixed_needs_a_pattern_that_fits():
    with pytest.raises(ValueError, match="parameter zz matches no pattern"):
        filled(mx.init.Mixed(["bias"], [mx.init.One()]), "zz")


def test_verbosity(caplog):
    caplog.set_level(logging.INFO)
    filled(mx.init.One().set_verbosity(True))
    assert caplog.messages == ["Initialized a_weight as weight: 1.0"]


def test_own_initializer():
    @mx.init.register
    class Sevens(mx.init.Initializer):
        def _init_weight(self, _, arr):
            arr[:] = 7

    assert filled(mx.init.create("sevens")).tolist() == [7] * 3
    assert filled(mx.init.Uniform(), attrs={"__init__": Sevens().dumps()}).tolist() == [7] * 3
