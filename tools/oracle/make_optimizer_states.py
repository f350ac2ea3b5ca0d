"""Writes tests/data/optimizer_states.json: states of optimizers as MXNet 1.9.1 pickles them.

Run with the interpreter that has mxnet 1.9.1: `python tools/oracle/make_optimizer_states.py`. With
each stands what two further steps give. The test goes on from the same states.
"""

import base64
import json
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "python"))

import optimizer_states_programs as programs  # noqa: E402

import mxnet as mx  # noqa: E402


def text(content):
    return base64.b64encode(content).decode()


def file_of(save):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "states"
        save(str(path))
        return text(path.read_bytes())


def updaters():
    for name in programs.OPTIMIZERS:
        for dump in (False, True):
            states = programs.written(name, dump)
            yield f"{name} {dump}", [text(states), programs.after(name, states)]


def trained():
    made = programs.module([mx.cpu(0), mx.cpu(1)])
    programs.train(made, 3)
    states = file_of(made.save_optimizer_states)
    yield "module", [states, programs.train(made, 2)]
    net, made = programs.trainer()
    programs.train_block(net, made, 3)
    states = file_of(made.save_states)
    yield "trainer", [states, programs.train_block(net, made, 2)]


results = {"updaters": dict(updaters()), **dict(trained())}
path = ROOT / "tests" / "data" / "optimizer_states.json"
path.write_text(json.dumps(results).replace("]], ", "]],\n") + "\n")
