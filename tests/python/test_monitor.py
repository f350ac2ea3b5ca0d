"""The monitor: what it sees and when."""

import numpy as np
import pytest

import mxnet as mx


@pytest.fixture
def module():
    dense = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    module = mx.mod.Module(mx.sym.Activation(dense, act_type="relu", name="act"), label_names=None)
    module.bind([("data", (3, 4))], for_training=False)
    module.init_params(mx.init.One())
    return module


def run(module, monitor):
    monitor.tic()
    module.forward(mx.io.DataBatch([mx.nd.ones((3, 4))]))
    return monitor.toc()


def test_outputs_and_parameters(module):
    monitor = mx.mon.Monitor(2, pattern="fc.*|act.*", sort=True)
    module.install_monitor(monitor)
    found = run(module, monitor)
    assert [name for _, name, _ in found] == ["act_output", "fc_bias", "fc_output", "fc_weight"]
    assert [float(text) for _, _, text in found] == [4.0, 0.0, 4.0, 1.0]
    assert {step for step, _, _ in found} == {1}
    assert run(module, monitor) == []
    assert len(run(module, monitor)) == 4


def test_own_statistic(module, caplog):
    caplog.set_level("INFO")
    monitor = mx.mon.Monitor(1, lambda array: np.max(array.asnumpy()), pattern="act_output")
    module.install_monitor(monitor)
    monitor.tic()
    module.forward(mx.io.DataBatch([mx.nd.ones((3, 4))]))
    monitor.toc_print()
    assert [line.split() for line in caplog.messages] == [["Batch:", "1", "act_output", "4.0"]]
