"""Runs of the command line program, and small checkpoints for it."""

import json
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx
from mxnet.cli import main

ROOT = Path(__file__).resolve().parents[3]
DIGITS = ROOT / "examples/digits"


class Outcome:
    """What a run gave: `code`, `out` and `err`."""

    def __init__(self, code, captured):
        self.code, self.out, self.err = code, captured.out, captured.err

    @property
    def document(self):
        """The JSON document that was printed."""
        return json.loads(self.out)


@pytest.fixture
def remx(capsys):
    """Runs the program in this process."""

    def run(*arguments):
        capsys.readouterr()
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as end:  # argparse ends so after a wrong command line
            code = end.code
        return Outcome(code, capsys.readouterr())

    return run


@pytest.fixture
def digits():
    """Options that name the checkpoint which MXNet 1.9.1 wrote."""
    return ["--model", DIGITS / "digits-lenet", "--epoch", 10]


@pytest.fixture
def images():
    """The sample images, in order."""
    return [DIGITS / f"images/{digit}.png" for digit in range(10)]


@pytest.fixture
def save(tmp_path):
    """Writes a symbol with parameters as a checkpoint; gives the options that name it."""

    def write(symbol, shapes, epoch=0, skip=()):
        names = symbol.list_arguments()
        found, _, aux_found = symbol.infer_shape(**shapes)
        state = np.random.RandomState(1)

        def values(names, found):
            return {
                name: mx.nd.array(np.abs(state.randn(*shape)).astype("float32"))
                for name, shape in zip(names, found)
                if name not in shapes and not name.endswith("label") and name not in skip
            }

        auxs = values(symbol.list_auxiliary_states(), aux_found)
        prefix = tmp_path / "net"
        mx.model.save_checkpoint(str(prefix), epoch, symbol, values(names, found), auxs)
        return ["--model", prefix, "--epoch", epoch]

    return write


@pytest.fixture
def pixel_net(save):
    """A network for colour pictures of one pixel whose outputs are red, green and blue."""
    data = mx.sym.Variable("data", shape=(0, 3, 1, 1))
    options = save(mx.sym.Flatten(data, name="colors"), {"data": (1, 3, 1, 1)})
    return options
