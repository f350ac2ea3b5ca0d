"""Outputs that nothing had computed yet were shown: whatever the memory held."""

import numpy as np
import pytest

import mxnet as mx

NET = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3, name="fc")
DATA = [("data", (2, 4))]


def dirty_memory():
    """Blocks for reuse that hold other numbers than zero."""
    arrays = [mx.nd.full((n,), 7) for n in (4, 6, 8, 16)]
    mx.nd.waitall()
    del arrays


def bound(module):
    dirty_memory()
    module.bind(DATA)
    module.init_params()
    return module


@pytest.mark.parametrize(
    "make",
    [
        lambda: mx.mod.Module(NET, label_names=None),
        lambda: mx.mod.Module(NET, label_names=None, context=[mx.cpu(0), mx.cpu(1)]),
        lambda: mx.mod.BucketingModule(lambda key: (NET, ["data"], None), default_bucket_key=1),
        lambda: mx.mod.SequentialModule().add(mx.mod.Module(NET, label_names=None)),
    ],
)
def test_modules_say_so(make):
    module = bound(make())
    with pytest.raises(ValueError, match="get_outputs: no forward came before it"):
        module.get_outputs()
    module.forward(mx.io.DataBatch([mx.nd.ones((2, 4))], None), is_train=False)
    assert module.get_outputs()[0].shape == (2, 3)


@pytest.mark.parametrize("stype", ["default", "csr"])
def test_executors_have_zeros(stype):
    dirty_memory()
    net = mx.sym.dot(mx.sym.Variable("data", stype=stype), mx.sym.Variable("w"))
    executor = net.simple_bind(mx.cpu(), data=(2, 4), w=(4, 3))
    assert executor.outputs[0].asnumpy().tolist() == np.zeros((2, 3)).tolist()
