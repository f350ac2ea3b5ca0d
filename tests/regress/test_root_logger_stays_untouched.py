"""Logging through the functions of the module `logging` configured the program's root logger."""

import subprocess
import sys

TRAINING = """
import logging
import numpy as np
import mxnet as mx

def train():
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2)
    module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"), logger=LOGGER)
    data = mx.io.NDArrayIter(np.ones((4, 3)), np.zeros(4), 2)
    module.fit(data, num_epoch=1, batch_end_callback=mx.callback.Speedometer(2, 1),
               optimizer_params={"lr_scheduler": mx.lr_scheduler.FactorScheduler(1, 0.5)},
               initializer=mx.init.Uniform().set_verbosity(True))
    module.fit(data, num_epoch=1)
    module.save_checkpoint(PREFIX, 1)
    mx.model.load_checkpoint(PREFIX, 1)
"""


def run(script, tmp_path, logger="logging"):
    head = TRAINING.replace("LOGGER", logger).replace("PREFIX", repr(str(tmp_path / "x")))
    return subprocess.run(
        [sys.executable, "-c", head + script], capture_output=True, text=True, check=True
    ).stderr


def test_the_root_logger_gets_no_handler(tmp_path):
    script = """
train()
assert logging.getLogger().handlers == []
"""
    assert "Already bound" in run(script, tmp_path)
    run(script, tmp_path, logger="None")


def test_a_level_is_enough_to_see_the_training(tmp_path):
    script = """
logging.getLogger().setLevel(logging.INFO)
train()
"""
    assert "Epoch[0] Train-accuracy=" in run(script, tmp_path)


def test_a_handler_of_the_program_gets_each_line_once(tmp_path):
    script = """
logging.basicConfig(level=logging.INFO, format="%(name)s|%(message)s")
train()
"""
    lines = run(script, tmp_path).splitlines()
    assert sum("Epoch[0] Train-accuracy" in line for line in lines) == 2  # two calls of fit
    assert all(line.startswith("mxnet|") for line in lines if "Epoch[0]" in line)
