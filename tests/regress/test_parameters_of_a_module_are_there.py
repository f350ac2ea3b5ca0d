"""Scripts read `module._arg_params` right after init_params, as in 1.9.1; it was None."""

import mxnet as mx


def test_copies_are_made_when_they_are_asked_for():
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    module = mx.mod.Module(mx.sym.BatchNorm(net, name="bn"), label_names=None)
    module.bind([("data", (1, 2))])
    assert module._arg_params is None
    module.init_params(mx.init.One())
    assert module._arg_params["fc_weight"].asnumpy().tolist() == [[1, 1], [1, 1]]
    assert sorted(module._aux_params) == ["bn_moving_mean", "bn_moving_var"]
