"""An initializer in an operator's attr was refused; in 1.9.1 every value there becomes text."""

import numpy as np
import pytest

import mxnet as mx


def test_initializers_reach_the_parameters():
    symbol = mx.sym.FullyConnected(
        mx.sym.Variable("data"), num_hidden=3, name="fc", attr={"__init__": mx.init.Constant(0.25)}
    )
    assert symbol.attr_dict()["fc_weight"]["__init__"] == mx.init.Constant(0.25).dumps()
    module = mx.mod.Module(symbol, label_names=None)
    module.bind([("data", (2, 4))])
    module.init_params(mx.init.Zero())
    np.testing.assert_array_equal(
        module.get_params()[0]["fc_weight"].asnumpy(), np.full((3, 4), 0.25)
    )


def test_other_values_become_text():
    attr = {"__lr_mult__": 3, "__pair__": (1, 2), "__none__": None}
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3, name="fc", attr=attr)
    found = symbol.attr_dict()["fc"]
    assert [found[name] for name in attr] == ["3", "(1, 2)", "None"]
    with pytest.raises(TypeError, match="3"):
        mx.sym.exp(mx.sym.Variable("x"), attr={3: "a"})


def test_variables_and_scopes_still_take_strings_only():
    with pytest.raises(ValueError):
        mx.AttrScope(a=3)
    with pytest.raises((TypeError, ValueError)):
        mx.sym.Variable("a", attr={"a": 3})
